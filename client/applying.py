"""Putting entries into the store: read, then one transaction for entry, cursor and outbox; told only after it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from client.errors import MALFORMED, Alarm, NotReady
from client.happenings import Happenings
from client.proof import REPORTABLE_MS, erased
from client.reading import Reader
from client.rosters import Rosters
from client.store import Store
from client.store.log import Entry
from client.when import now_ms
from crypto.dkx.rest import ContentType

ROSTER_CHANGED: Final = "roster_changed"
MAX_INT: Final = 2**53
DOUBT_MS: Final = 10 * 60_000
"""How long lists may differ before it is called odd: an honest hub needs seconds (e2ee.md §5)."""


class Applier:
    def __init__(self, store: Store, rosters: Rosters, reader: Reader, happenings: Happenings) -> None:
        self._store, self._trust, self._rosters = store, rosters.trust, rosters
        self._reader, self._happenings = reader, happenings
        self.on_stored: Callable[[str, int], None] = lambda _room, _seq: None
        """Told of each entry of somebody else once it is on disk."""

    async def apply(self, room: str, item: Mapping[str, Any]) -> None:
        """Make the entry after the cursor the newest one. Offline when it cannot be judged now: nothing changed."""
        try:
            entry, event_hash = await self._read(room, item)
            _check_storable(entry)
        except MALFORMED:
            self._trust.warn("altered", room, item["seq"])
            entry, event_hash = Entry(room, item["seq"], "message", 0, "", reason="altered"), None
        with self._store.transaction():
            self._store.log.append(entry, event_hash)
            mine = entry.device == self._own_device()
            seen = mine and entry.cid and entry.body is not None and self._store.outgoing.seen(entry.cid)
        if seen and entry.ctype == ContentType.FILE:
            self._store.forget_sent()
        self._happenings.tell("entry", room, seq=entry.seq, mine=mine)
        if not mine:
            self.on_stored(room, entry.seq)

    async def _read(self, room: str, item: Mapping[str, Any]) -> tuple[Entry, bytes | None]:
        match item["kind"]:
            case "message":
                return await self._reader.message(room, item), None
            case "event":
                await self._follow_roster(room, item)
                return self._reader.event(room, item)
            case _:
                return Entry(room, item["seq"], "gone", item["ts"], item["from"]), None

    async def heal(self, room: str | None = None) -> None:
        """Try again what could not be read; rows are replaced where they stand. Lets go of what was erased long ago."""
        self._store.log.forget_erased(now_ms() - REPORTABLE_MS)
        for entry in self._store.log.unreadable(room):
            healed = await self._reader.again(entry)
            if healed != entry:
                self._store.log.keep(healed)
                self._happenings.tell("healed", entry.room, seq=entry.seq)

    async def settle_doubts(self) -> None:
        """Look again at messages whose sender seemed to know other device lists; after ten minutes say so."""
        for entry in self._store.log.doubtful():
            agreed = await self._reader.lists_agree(entry.room, entry.doubt or b"")
            if not agreed and now_ms() - entry.at < DOUBT_MS:
                continue
            if not agreed:
                self._trust.warn("peers_differ", entry.room, entry.seq, {"account": entry.account})
            self._store.log.keep(replace(entry, doubt=None))

    def erase(self, room: str, seq: int) -> None:
        """``message:gone``: its author erased it; its place and its name stay."""
        entry = self._store.log.get(room, seq)
        if entry is not None and entry.kind == "message":
            self._store.log.keep(erased(entry))
            self._happenings.tell("entry", room, seq=seq, mine=False)

    def tell_presence(self, states: Mapping[str, str]) -> None:
        """Who is here, as a sync answers it."""
        for user, state in states.items():
            self._happenings.tell("presence", user=user, state=state)

    def skip_to(self, room: str, floor: int) -> None:
        """What may be read begins here; the event chain begins with whatever comes next."""
        self._trust.warn("history_begins", room, floor)
        self._store.log.skip_to(room, floor)

    def warn_hole(self, room: str, expected: int, got: int) -> None:
        self._trust.warn("log_hole", room, expected, {"got": got})

    def warn_unreadable(self, error: Exception) -> None:
        """The hub's answer is not of this protocol."""
        self._trust.warn("bad_answer", data={"error": type(error).__name__})

    async def _follow_roster(self, room: str, item: Mapping[str, Any]) -> None:
        if item["type"] == ROSTER_CHANGED:
            try:
                await self._rosters.catch_up(room)
            except (Alarm, NotReady):
                return

    def _own_device(self) -> str:
        return self._store.identity.own().device.hex()


def _check_storable(entry: Entry) -> None:
    """What the hub says around an entry is of the right kind and size for its column, or ValueError."""
    texts = entry.account, entry.device or "", entry.cid or ""
    if type(entry.at) is not int or not 0 <= entry.at < MAX_INT or not all(isinstance(text, str) for text in texts):
        raise ValueError("not an entry of a log")
