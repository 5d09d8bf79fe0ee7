"""What later messages make of earlier ones: edits, deletions, reactions and answers (e2ee.md §5).

A message is named by its envhash, which nobody can make up. Who may change it is decided by the account that wrote it,
as the keys prove it; the hub has no say.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from client.store.log import Entry
from crypto.dkx.content import BotText, Content, Delete, Edit, Reaction, Text, parse
from crypto.dkx.error import ContentError
from crypto.dkx.rest import ContentType

CHANGES: Final = frozenset({ContentType.EDIT, ContentType.DELETE, ContentType.REACTION})
"""They are no lines of their own."""


class Edited(NamedTuple):
    """``seq`` of the edit, and the words that hold since."""

    seq: int
    t: str


def content_of(entry: Entry) -> Content | None:
    """What a message says, or None where there is nothing to read or it is not as it must be."""
    if entry.kind != "message" or entry.body is None or entry.ctype is None:
        return None
    return read_content(ContentType(entry.ctype), entry.body)


@lru_cache(maxsize=4096)
def read_content(ctype: ContentType, body: bytes) -> Content | None:
    """Kept, because a timeline is made again with every message. None for what is not as it must be."""
    try:
        return parse(ctype, body)
    except ContentError:
        return None


class Revisions:
    """All changes of one room's log. They count wherever they stand in it: what they name may come after them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._named: dict[bytes, Entry] = {}
        self._edits: dict[bytes, list[tuple[Entry, Edit]]] = {}
        self._reactions: dict[bytes, list[tuple[Entry, Reaction]]] = {}
        self._deleting: dict[bytes, set[str]] = {}
        for entry in entries:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.name is not None and entry.kind in {"message", "gone"}:
            self._named[entry.name] = entry
        match content_of(entry):
            case Edit(ref=ref) as edit:
                self._edits.setdefault(ref, []).append((entry, edit))
            case Reaction(ref=ref) as reaction:
                self._reactions.setdefault(ref, []).append((entry, reaction))
            case Delete(ref=ref):
                self._deleting.setdefault(ref, set()).add(entry.account)

    def deleted(self, entry: Entry) -> bool:
        """Whether its own author took it back, from any of their devices."""
        return entry.name is not None and entry.account in self._deleting.get(entry.name, ())

    def edit(self, entry: Entry, said: Content) -> Edited | None:
        """The words that hold: those of its author's last edit in the log. Only words can be edited."""
        if entry.name is None or not isinstance(said, Text | BotText):
            return None
        own = [(edit, words.t) for edit, words in self._edits.get(entry.name, ()) if edit.account == entry.account]
        return Edited(own[-1][0].seq, own[-1][1]) if own else None

    def reactions(self, entry: Entry) -> Mapping[str, tuple[str, ...]]:
        """Each emoji with the accounts that gave it and have not taken it back, first come first."""
        found: dict[str, dict[str, None]] = {}
        for given, reaction in self._reactions.get(entry.name or b"", ()):
            if not self.deleted(given):
                found.setdefault(reaction.e, {})[given.account] = None
        return {emoji: tuple(accounts) for emoji, accounts in found.items()}

    def given(self, entry: Entry, account: str, emoji: str) -> list[Entry]:
        """The reactions by which somebody gave this emoji to a message and still does."""
        known = self._reactions.get(entry.name or b"", ())
        mine = (given for given, reaction in known if given.account == account and reaction.e == emoji)
        return [given for given in mine if not self.deleted(given)]

    def answered(self, said: Content) -> int | None:
        """The seq of the message that is answered, 0 if it is not on this device."""
        if not isinstance(said, Text | BotText) or said.reply_to is None:
            return None
        answered = self._named.get(said.reply_to)
        return answered.seq if answered else 0
