"""A room as its neighbour reads it: messages and rental events of the one log, then what is still on its way.

It is made from the whole log each time, so the order in which things arrived, were opened or healed changes nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from client.revisions import CHANGES, Revisions, content_of, read_content
from client.store.log import Entry
from client.store.outgoing import Outgoing
from crypto.dkx import content as dkx
from crypto.dkx.content import Content
from crypto.dkx.rest import ContentType

Kind = Literal[
    "text", "file", "reference", "location", "preview", "bot", "event", "gone", "unreadable", "sending", "failed"
]  # fmt: skip
KINDS: Final[Mapping[type[Content], Kind]] = {
    dkx.Text: "text",
    dkx.File: "file",
    dkx.AgreementRef: "reference",
    dkx.Location: "location",
    dkx.Preview: "preview",
    dkx.BotText: "bot",
}
HIDDEN: Final = frozenset({*CHANGES, ContentType.DUMMY})


@dataclass(frozen=True, slots=True)
class Line:
    """``author`` is an account; for an event the one who acted. ``at`` is the hub's time in ms, 0 while sending.

    ``content`` is what a message says whole; ``text`` of it what is read first: words, a file's name, a title.
    ``edited`` is the seq of the edit that holds, ``reply_to`` of what is answered (0: not on this device).
    ``reactions`` maps an emoji to who gave it. ``reason`` tells why a message cannot be read, the code of the refusal
    that ended its sending, or of one that is gone ``deleted`` if its author said so, not the hub alone.
    """

    seq: int | None
    kind: Kind
    author: str
    at: int
    text: str = ""
    event: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    content: Content | None = None
    edited: int | None = None
    reply_to: int | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def lines(entries: Iterable[Entry], outgoing: Iterable[Outgoing], own: str) -> list[Line]:
    """What is shown, in order; entries that are not for people are left out."""
    known = list(entries)
    changes = Revisions(known)
    shown = [line for entry in known if (line := _line(entry, changes)) is not None]
    return shown + [line for waiting in outgoing if (line := _pending(waiting, own)) is not None]


def _line(entry: Entry, changes: Revisions) -> Line | None:
    if entry.kind == "duplicate" or entry.ctype in HIDDEN:
        return None
    if entry.kind == "gone" or changes.deleted(entry):
        reason = "deleted" if changes.deleted(entry) else ""
        return Line(entry.seq, "gone", entry.account, entry.at, reason=reason)
    if entry.reason is not None:
        return Line(entry.seq, "unreadable", entry.account, entry.at, reason=entry.reason)
    if entry.kind == "event":
        event = json.loads(entry.body or b"{}")
        return Line(entry.seq, "event", entry.account, entry.at, event=event["type"], data=event["data"])
    return _message(entry, changes)


def _message(entry: Entry, changes: Revisions) -> Line:
    said = content_of(entry)
    if said is None:
        return Line(entry.seq, "unreadable", entry.account, entry.at, reason="odd_body")
    edit = changes.edit(entry, said)
    return Line(
        seq=entry.seq,
        kind=KINDS[type(said)],
        author=entry.account,
        at=entry.at,
        text=edit.t if edit else text_of(said),
        content=said,
        edited=edit.seq if edit else None,
        reply_to=changes.answered(said),
        reactions=changes.reactions(entry),
    )


def text_of(said: Content) -> str:
    """What is read first of a message."""
    match said:
        case dkx.Text(t=text) | dkx.BotText(t=text) | dkx.Edit(t=text) | dkx.Reaction(e=text):
            return text
        case dkx.File(name=text) | dkx.Preview(title=text) | dkx.AgreementRef(kind=text):
            return text
    return ""


def _pending(waiting: Outgoing, own: str) -> Line | None:
    """What is on its way. Of what only changes other lines nothing is shown, unless it failed."""
    said = read_content(ContentType(waiting.ctype), waiting.body)
    if waiting.ctype in HIDDEN and (not waiting.failed or waiting.ctype == ContentType.DUMMY):
        return None
    kind: Kind = "failed" if waiting.failed else "sending"
    text = text_of(said) if said else ""
    return Line(None, kind, own, 0, text, reason=waiting.failed or "", content=said)
