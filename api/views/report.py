"""What is seen of reports: by those who made them what they said, by moderators also what was disclosed."""

import json
from collections.abc import Sequence
from typing import Any

from api.views.common import View
from api.views.person import neighbour
from crypto import b64
from crypto.dkx import report as dkx
from crypto.dkx.content import parse
from crypto.dkx.error import DkxError
from crypto.dkx.rest import Rest
from hub.period import stamp
from hub.report import Closing
from hub.usecases.reporting import ReportSheet


def report(sheet: ReportSheet) -> View:
    """Which messages, but not what they say: whoever may see this has them, or may not read them yet."""
    shown = sheet.report
    return {
        "id": shown.id,
        "room": shown.room,
        "rental": shown.rental,
        "by": neighbour(sheet.reporter),
        "at": stamp(shown.at),
        "reason": shown.reason.value,
        "words": shown.words,
        "case": shown.case,
        "seqs": list(shown.seqs),
        "closed": _closed(shown.closed) if shown.closed else None,
    }


def reports(sheets: Sequence[ReportSheet]) -> View:
    return {"reports": [report(sheet) for sheet in sheets]}


def disclosed(sheet: ReportSheet) -> View:
    """For a moderator: the messages that were disclosed, each proven when the report was made, and nothing else."""
    return report(sheet) | {"messages": [_message(message) for message in sheet.report.messages]}


def _closed(closed: Closing) -> View:
    return {"at": stamp(closed.at), "outcome": closed.outcome.value, "words": closed.words}


def _message(message: dkx.Report) -> View:
    _, rest = message.opened()
    return {
        "seq": message.seq,
        "from": message.sender.hex(),
        "ts": message.ts,
        "sent_at": rest.sent_at,
        "ctype": int(rest.ctype),
        "content": _content(rest),
        "body": b64.encode(rest.body),
    }


def _content(rest: Rest) -> Any:
    """The body as an object, if it is one of its kind; readers show nothing else of a message."""
    try:
        parse(rest.ctype, rest.body)
    except DkxError:
        return None
    return json.loads(rest.body)
