"""The rooms as this device has them: cursors, rosters, opened entries, and what was odd about them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from client.store.database import Database, Row
from crypto.dkx.event import GENESIS
from crypto.dkx.roster import Roster


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a room's log on this device.

    ``kind`` is ``message``, ``event``, ``gone`` or ``duplicate``; ``at`` the hub's time, ``sent_at`` the sender's (ms).
    ``name`` is what later messages call it by (e2ee.md §5). ``reason`` says why ``body`` is missing; as long as it may
    still be opened, ``item`` keeps what the hub delivered. ``doubt`` is a peers_hash that no known lists explain.
    ``proof`` is what a report of the message needs (``client.proof``).
    """

    room: str
    seq: int
    kind: str
    at: int
    account: str
    device: str | None = None
    chain: bytes | None = None
    idx: int | None = None
    cid: str | None = None
    name: bytes | None = None
    ctype: int | None = None
    sent_at: int | None = None
    body: bytes | None = None
    reason: str | None = None
    item: str | None = None
    doubt: bytes | None = None
    proof: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a person or operator should look at. ``code`` is stable; the words live in the locale files."""

    code: str
    room: str | None
    seq: int | None
    data: dict[str, Any]
    at: int


_COLUMNS = tuple(Entry.__dataclass_fields__)
_KEEP = f"INSERT OR REPLACE INTO entries ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - our own column names


class Log:
    def __init__(self, database: Database) -> None:
        self._db = database

    def rooms(self) -> dict[str, int]:
        """Every room known, with its cursor."""
        return {row["room"]: row["cursor"] for row in self._db.all("SELECT room, cursor FROM rooms")}

    def meet(self, room: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO rooms (room, cursor, event_hash) VALUES (?, 0, ?)", room, GENESIS)

    def cursor(self, room: str) -> int:
        row = self._db.one("SELECT cursor FROM rooms WHERE room = ?", room)
        return row["cursor"] if row else 0

    def event_hash(self, room: str) -> bytes | None:
        """The hash of the newest event, or None where our part of the log begins in the middle."""
        row = self._db.one("SELECT event_hash FROM rooms WHERE room = ?", room)
        return row["event_hash"] if row else GENESIS

    def floor(self, room: str) -> int:
        """The first seq this device could ever read."""
        row = self._db.one("SELECT floor FROM rooms WHERE room = ?", room)
        return row["floor"] if row else 1

    def append(self, entry: Entry, event_hash: bytes | None = None) -> None:
        """Store the entry and move the cursor onto it; an event also moves the event chain."""
        with self._db.transaction():
            self.keep(entry)
            self._db.execute("UPDATE rooms SET cursor = ? WHERE room = ?", entry.seq, entry.room)
            if event_hash is not None:
                self._db.execute("UPDATE rooms SET event_hash = ? WHERE room = ?", event_hash, entry.room)

    def skip_to(self, room: str, floor: int) -> None:
        """What we may read begins at ``floor``: nothing before it will come."""
        sql = "UPDATE rooms SET cursor = ?, floor = ?, event_hash = NULL WHERE room = ?"
        self._db.execute(sql, floor - 1, floor, room)

    def keep(self, entry: Entry) -> None:
        self._db.execute(_KEEP, *(getattr(entry, name) for name in _COLUMNS))

    def get(self, room: str, seq: int) -> Entry | None:
        row = self._db.one("SELECT * FROM entries WHERE room = ? AND seq = ?", room, seq)
        return _entry(row) if row else None

    def of(self, room: str) -> list[Entry]:
        return self._entries("room = ? ORDER BY seq", room)

    def forget_erased(self, before: int) -> None:
        """Let go of what proves messages from before that time (ms) which their authors have erased."""
        self._db.execute("UPDATE entries SET proof = NULL WHERE kind = 'gone' AND proof IS NOT NULL AND at < ?", before)

    def unreadable(self, room: str | None = None) -> list[Entry]:
        """Those that a key or a decision may still open."""
        return self._entries("item IS NOT NULL AND (?1 IS NULL OR room = ?1) ORDER BY room, seq", room)

    def give_up(self, entries: Iterable[Entry], reason: str) -> None:
        """Nothing will ever open these."""
        with self._db.transaction():
            for entry in entries:
                self.keep(replace(entry, reason=reason, item=None))

    def doubtful(self) -> list[Entry]:
        return self._entries("doubt IS NOT NULL")

    def newest_named(self, room: str) -> Entry | None:
        """The newest entry whose name is known: what a new message says it follows."""
        found = self._entries("room = ? AND name IS NOT NULL ORDER BY seq DESC LIMIT 1", room)
        return found[0] if found else None

    def at_slot(self, room: str, device: str, chain: bytes, idx: int) -> Entry | None:
        """The opened message that holds this index of this chain: the replay register."""
        where = "room = ? AND device = ? AND chain = ? AND idx = ? AND body IS NOT NULL AND kind = 'message'"
        found = self._entries(where, room, device, chain, idx)
        return found[0] if found else None

    def last_index(self, room: str, device: str, chain: bytes, before_seq: int) -> int | None:
        """The highest index of a chain in the log before an entry."""
        sql = "SELECT max(idx) AS last FROM entries WHERE room = ? AND device = ? AND chain = ? AND seq < ?"
        row = self._db.one(sql, room, device, chain, before_seq)
        return row["last"] if row else None

    def count_before(self, room: str, seq: int, device: str, account: str) -> int:
        """Messages of a device before an entry, and what its account erased before we could tell by which device."""
        sql = (
            "SELECT count(*) AS n FROM entries WHERE room = ? AND seq < ? AND ((device = ? AND kind != 'duplicate')"
            " OR (kind = 'gone' AND device IS NULL AND account = ?))"
        )
        row = self._db.one(sql, room, seq, device, account)
        return row["n"] if row else 0

    def named(self, room: str, name: bytes) -> Entry | None:
        """The message that others call by this name."""
        found = self._entries("room = ? AND name = ? AND kind IN ('message', 'gone')", room, name)
        return found[0] if found else None

    def roster(self, room: str) -> Roster | None:
        """The newest roster believed."""
        row = self._db.one("SELECT document FROM rosters WHERE room = ? ORDER BY version DESC LIMIT 1", room)
        return Roster.parse(row["document"]) if row else None

    def rosters(self, room: str) -> list[Roster]:
        """Every roster ever believed, oldest first."""
        rows = self._db.all("SELECT document FROM rosters WHERE room = ? ORDER BY version", room)
        return [Roster.parse(row["document"]) for row in rows]

    def roster_by_hash(self, room: str, name: bytes) -> Roster | None:
        row = self._db.one("SELECT document FROM rosters WHERE room = ? AND hash = ?", room, name)
        return Roster.parse(row["document"]) if row else None

    def roster_version_at(self, room: str, seq: int) -> int:
        """The version that an entry at ``seq`` must be sent under, 0 before any."""
        sql = "SELECT max(version) AS version FROM rosters WHERE room = ? AND from_seq < ?"
        row = self._db.one(sql, room, seq)
        return (row["version"] or 0) if row else 0

    def keep_roster(self, roster: Roster, from_seq: int) -> None:
        values = roster.room.hex(), roster.version, roster.raw, roster.hash, from_seq
        self._db.execute("INSERT OR IGNORE INTO rosters VALUES (?, ?, ?, ?, ?)", *values)

    def keep_warning(self, warned: Warned) -> None:
        sql = "INSERT INTO warnings (code, room, seq, data, at) VALUES (?, ?, ?, ?, ?)"
        self._db.execute(sql, warned.code, warned.room, warned.seq, json.dumps(warned.data), warned.at)

    def warnings(self) -> list[Warned]:
        rows = self._db.all("SELECT * FROM warnings ORDER BY n")
        return [Warned(row["code"], row["room"], row["seq"], json.loads(row["data"]), row["at"]) for row in rows]

    def _entries(self, where: str, *values: Any) -> list[Entry]:
        return [_entry(row) for row in self._db.all(f"SELECT * FROM entries WHERE {where}", *values)]  # noqa: S608 - our own text


def _entry(row: Row) -> Entry:
    return Entry(*(row[name] for name in _COLUMNS))
