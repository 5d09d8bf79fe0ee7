"""A report of one message: what its reader discloses, and how the hub knows that it was really said (e2ee.md §8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from crypto import b64
from crypto.dkx.envelope import HEADER, EnvelopeHeader
from crypto.dkx.error import EnvelopeError, ReportError, ShapeError
from crypto.dkx.rest import FRANK_KEY, Rest, check_opened
from crypto.dkx.shape import Reader, based, hexed, integer, read, text
from crypto.franking import FrankRing, Mark

_FIELDS: dict[str, Reader] = {
    "acct": hexed(16),
    "ft": based(32),
    "hdr104": based(HEADER),
    "kf": based(FRANK_KEY),
    "kid": text(1, 64),
    "rest": based(),
    "room": hexed(16),
    "seq": integer(1),
    "ts": integer(0),
}


class Said(NamedTuple):
    """A message as a moderator may see it: its sender is the account under the hub's own mark."""

    header: EnvelopeHeader
    rest: Rest
    sender: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """``ts`` is when the hub received the message, ``mark`` what it gave it then, ``kf`` and ``rest`` open it."""

    room: bytes
    seq: int
    header: bytes
    kf: bytes = field(repr=False)
    rest: bytes = field(repr=False)
    sender: bytes
    ts: int
    mark: Mark

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Self:
        """Read the object a client sends, or raise ``ReportError``."""
        try:
            found = read(value, _FIELDS)
        except ShapeError as error:
            raise ReportError(str(error)) from error
        mark = Mark(found["kid"], found["ft"])
        keys = found["hdr104"], found["kf"], found["rest"]
        return cls(found["room"], found["seq"], *keys, found["acct"], found["ts"], mark)

    def to_json(self) -> dict[str, Any]:
        """The object to send."""
        return {
            "acct": self.sender.hex(),
            "ft": b64.encode(self.mark.ft),
            "hdr104": b64.encode(self.header),
            "kf": b64.encode(self.kf),
            "kid": self.mark.kid,
            "rest": b64.encode(self.rest),
            "room": self.room.hex(),
            "seq": self.seq,
            "ts": self.ts,
        }

    def opened(self) -> tuple[EnvelopeHeader, Rest]:
        """Header and words if the commitment holds, judged by the very code that judged them for the reader."""
        try:
            header, rest = check_opened(self.header, self.kf, self.rest)
        except EnvelopeError as error:
            raise ReportError(str(error)) from error
        if header.room != self.room:
            raise ReportError("of another room")
        return header, rest


def verify_report(report: Report, ring: FrankRing, stored: bytes | None) -> Said:
    """What was really said, or ``ReportError``: "not verifiable", whatever the reporter claims.

    ``stored`` is the envelope or its 104-byte header, None when the message was erased: the mark alone decides then.
    """
    if stored is not None and stored[:HEADER] != report.header:
        raise ReportError("not the header that is stored")
    header, rest = report.opened()
    if not ring.is_mine(report.mark, report.header, report.seq, report.sender, report.ts):
        raise ReportError("not marked by this hub")
    return Said(header, rest, report.sender)
