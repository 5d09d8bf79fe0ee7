"""The limited process: a calendar file on its standard input, a line of JSON on its standard output."""

import json
import os
import sys
from datetime import datetime
from typing import Any

from api.darkroom.child import confine


def main() -> None:
    """Read the job from the command line, give everything else away, read the calendar."""
    job = json.loads(sys.argv[1])
    confine(job["limits"], job["deadline_s"])
    from api.calendars.reader import Refused, Wanted, read_busy  # noqa: PLC0415 - parsers are loaded inside the limits

    try:
        with os.fdopen(0, "rb") as file:
            start, end = (datetime.fromisoformat(job[name]) for name in ("start", "end"))
            busy, unread = read_busy(file.read(), Wanted(start, end, job["tz"], job["own"], job["most"]))
        answer: dict[str, Any] = {"busy": [[s.isoformat(), e.isoformat()] for s, e in busy], "unread": unread}
    except Refused as refused:
        answer = {"refused": refused.code}
    except Exception as error:  # noqa: BLE001 - parsers raise everything there is
        answer = {"refused": type(error).__name__}
    with os.fdopen(1, "wb") as output:
        output.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
