"""A room as its neighbour reads it: messages and rental events of the one log, then what is still on its way."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from client.store.log import Entry
from client.store.outgoing import Outgoing
from crypto.dkx.rest import ContentType

Kind = Literal["text", "event", "gone", "unreadable", "sending", "failed"]


@dataclass(frozen=True, slots=True)
class Line:
    """``author`` is an account; for an event the one who acted. ``at`` is the hub's time in ms, 0 while sending.

    ``reason`` tells why a message cannot be read, or the code of the refusal that ended its sending.
    """

    seq: int | None
    kind: Kind
    author: str
    at: int
    text: str = ""
    event: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def lines(entries: Iterable[Entry], outgoing: Iterable[Outgoing], own: str) -> list[Line]:
    """What is shown, in order; entries that are not for people are left out."""
    shown = [line for entry in entries if (line := _line(entry)) is not None]
    return shown + [_pending(waiting, own) for waiting in outgoing]


def _line(entry: Entry) -> Line | None:
    if entry.kind == "gone":
        return Line(entry.seq, "gone", entry.account, entry.at)
    if entry.reason is not None:
        return Line(entry.seq, "unreadable", entry.account, entry.at, reason=entry.reason)
    if entry.kind == "event":
        event = json.loads(entry.body or b"{}")
        return Line(entry.seq, "event", entry.account, entry.at, event=event["type"], data=event["data"])
    if entry.kind == "message" and entry.ctype == ContentType.TEXT:
        return _text(entry)
    return None


def _text(entry: Entry) -> Line:
    try:
        text = json.loads(entry.body or b"")["t"]
    except (ValueError, LookupError, TypeError):
        text = None
    if not isinstance(text, str):
        return Line(entry.seq, "unreadable", entry.account, entry.at, reason="odd_body")
    return Line(entry.seq, "text", entry.account, entry.at, text)


def _pending(waiting: Outgoing, own: str) -> Line:
    text = json.loads(waiting.body)["t"] if waiting.ctype == ContentType.TEXT else ""
    kind: Kind = "failed" if waiting.failed else "sending"
    return Line(None, kind, own, 0, text, reason=waiting.failed or "")


def text_body(text: str) -> bytes:
    """The body of a text message (e2ee.md §5, ctype 1)."""
    return json.dumps({"t": text}, ensure_ascii=False, separators=(",", ":")).encode()
