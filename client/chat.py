"""Saying things in a room: every kind of message, each on disk when the call returns (e2ee.md §5)."""

from client.errors import NotPossible
from client.outbox import Outbox
from client.revisions import Revisions, content_of
from client.store import Store
from client.store.log import Entry
from client.when import now_ms
from crypto.dkx import content as dkx
from crypto.dkx.content import Content
from crypto.dkx.rest import ContentType


class Chat:
    """Everything answers the message's client id and is in the log as soon as may be.

    ContentError for what no message may say; NotPossible for a change that readers would not believe.
    """

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._store, self._outbox = store, outbox

    def say(self, room: str, said: Content) -> str:
        """Send any content as it is."""
        cid = self._store.outgoing.add(room, said.ctype, said.to_bytes(), now_ms())
        self._outbox.nudge(room)
        return cid

    def text(self, room: str, text: str, reply_to: int | None = None) -> str:
        """Words, perhaps in answer to the message at a seq."""
        return self.say(room, dkx.Text(text, None if reply_to is None else self._name(room, reply_to)))

    def edit(self, room: str, seq: int, text: str) -> str:
        """Other words in place of one's own message."""
        entry = self._own(room, seq)
        if not isinstance(content_of(entry), dkx.Text | dkx.BotText):
            raise NotPossible("only words can be edited")
        return self.say(room, dkx.Edit(entry.name or b"", text))

    def delete(self, room: str, seq: int) -> str:
        """Take one's own message back: the hub erases it with its files, then the others are told."""
        return self.say(room, dkx.Delete(self._own(room, seq).name or b""))

    def react(self, room: str, seq: int, emoji: str) -> str:
        return self.say(room, dkx.Reaction(self._name(room, seq), emoji))

    def unreact(self, room: str, seq: int, emoji: str) -> list[str]:
        """Take back one's own reaction; answers the ids of what says so, none if there was nothing to take back."""
        given = Revisions(self._store.log.of(room)).given(self._message(room, seq), self._account(), emoji)
        return [self.say(room, dkx.Delete(entry.name or b"")) for entry in given]

    def refer(self, room: str, digest: bytes, kind: str) -> str:
        """Point to an offer or agreement by its digest; ``kind`` is offer, agreement, amendment, return, withdrawal."""
        return self.say(room, dkx.AgreementRef(digest, kind))

    def dummy(self, room: str) -> str:
        """Nothing, so that nobody sees when somebody writes."""
        return self.say(room, dkx.Dummy())

    def _account(self) -> str:
        return self._store.identity.own().account.hex()

    def _message(self, room: str, seq: int) -> Entry:
        entry = self._store.log.get(room, seq)
        if entry is None or entry.kind != "message" or entry.name is None or entry.body is None:
            raise NotPossible("no message that can be read is there")
        return entry

    def _name(self, room: str, seq: int) -> bytes:
        return self._message(room, seq).name or b""

    def _own(self, room: str, seq: int) -> Entry:
        entry = self._message(room, seq)
        if entry.account != self._account() or entry.ctype == ContentType.DUMMY:
            raise NotPossible("not a message of one's own")
        return entry
