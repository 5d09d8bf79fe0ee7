"""The limited process: an upload on its standard input, a line of JSON and the copies on its standard output."""

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import Any


def main() -> None:
    """Read the job from the command line, give everything else away, develop."""
    job = json.loads(sys.argv[1])
    confine(job["limits"], job["deadline_s"])
    from api.darkroom.picture import Refused, develop  # noqa: PLC0415 - decoders are loaded inside the limits

    try:
        with os.fdopen(0, "rb") as upload:
            facts, files = develop(upload, tuple(job["sizes"]), job["max_pixels"])
        answer: dict[str, Any] = {"facts": facts}
    except Refused as refused:
        answer, files = {"refused": refused.code}, []
    except Exception as error:  # noqa: BLE001 - decoders raise everything there is
        answer, files = {"refused": type(error).__name__}, []
    with os.fdopen(1, "wb") as output:
        output.write(json.dumps(answer).encode() + b"\n" + b"".join(files))


def confine(limits: dict[str, Any], deadline_s: float) -> None:
    """``limits`` are names and values of ``setrlimit``; the alarm ends even a process whose parent has gone."""
    signal.setitimer(signal.ITIMER_REAL, deadline_s)
    for name, value in limits.items():
        with suppress(ValueError, OSError):  # macOS knows no limit of the address space
            resource.setrlimit(getattr(resource, name), (value, value))


if __name__ == "__main__":
    main()
