"""Making a report: one opened message is disclosed, and nothing else."""

from crypto.dkx.envelope import HEADER
from crypto.dkx.error import ReportError
from crypto.dkx.report import Report
from crypto.dkx.sealing.message import Opened
from crypto.franking import Mark


def report(opened: Opened, envelope: bytes, *, seq: int, ts: int, mark: Mark) -> Report:
    """The report of a message that was opened here; ``seq``, ``ts`` and ``mark`` came with it from the hub.

    Raises ``ReportError`` for what would not be believed.
    """
    if opened.author is None:
        raise ReportError("its author is not known")
    rest = opened.rest.to_bytes()
    made = Report(opened.header.room, seq, envelope[:HEADER], opened.kf, rest, opened.author, ts, mark)
    made.opened()
    return made
