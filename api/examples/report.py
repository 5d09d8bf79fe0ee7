"""Examples of reports."""

from typing import Final

from api.examples.sample import BYTES32, COMMAND, ME, MS, NEIGHBOUR, RENTAL, REPORT, ROOM, Example

BODY: Final = "eyJ0IjoiRGFubiBpc3QgZXMgZXJzdCBtYWwgd2VnLiJ9"
HEADER: Final = "A" * 139
REST: Final = "A" * 71
MESSAGE: Final = {
    "room": ROOM, "seq": 18, "hdr104": HEADER, "kf": BYTES32, "rest": REST, "acct": NEIGHBOUR, "ts": MS, "kid": "f1",
    "ft": BYTES32,
}  # fmt: skip
SHEET: Final = {
    "id": REPORT, "room": ROOM, "rental": RENTAL, "by": ME, "at": "2026-07-05T09:00:00Z", "reason": "threat",
    "words": "Er droht, das Rad zu behalten.", "case": None, "seqs": [18], "closed": None,
}  # fmt: skip
READ: Final = SHEET | {"messages": [{
    "seq": 18, "from": NEIGHBOUR, "ts": MS, "sent_at": MS - 300, "ctype": 1,
    "content": {"t": "Dann ist es erst mal weg."}, "body": BODY,
}]}  # fmt: skip
CLOSED: Final = SHEET | {
    "closed": {"at": "2026-07-05T18:00:00Z", "outcome": "acted", "words": "Wir haben ihn verwarnt."},
}  # fmt: skip

EXAMPLES: Final = {
    "report:send": Example(
        {"cmd_id": COMMAND, "room": ROOM, "reason": "threat", "words": SHEET["words"], "messages": [MESSAGE]}, SHEET),
    "report:list": Example({"room": ROOM}, {"reports": [CLOSED]}),
    "mediation:list_reports": Example({}, {"reports": [SHEET]}),
    "mediation:read_report": Example({"report": REPORT}, READ),
    "mediation:close_report": Example(
        {"report": REPORT, "outcome": "acted", "words": "Wir haben ihn verwarnt."}, CLOSED),
}  # fmt: skip
