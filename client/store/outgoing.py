"""What the neighbour wrote and the log has not shown yet: plaintext first, then the exact bytes that are sent."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from client.store.database import Database, Row


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``message`` is the sealed payload of ``message:send``, once made; it is then sent as it is until an answer."""

    n: int
    room: str
    cid: str
    ctype: int
    body: bytes
    written: int
    message: Mapping[str, Any] | None
    acked: int | None
    failed: str | None


class OutgoingMessages:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, room: str, ctype: int, body: bytes, now_ms: int, cid: str | None = None) -> str:
        """Keep what was written; answers the client id it will have for ever."""
        cid = cid or secrets.token_hex(16)
        self._db.execute(
            "INSERT INTO outbox (room, cid, ctype, body, written) VALUES (?, ?, ?, ?, ?)",
            room,
            cid,
            ctype,
            body,
            now_ms,
        )
        return cid

    def next(self, room: str) -> Outgoing | None:
        """The oldest that waits for an ack; what has files to upload lets others pass until these are there."""
        sql = (
            "SELECT * FROM outbox WHERE room = ? AND acked IS NULL AND failed IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM uploads WHERE uploads.cid = outbox.cid AND NOT done) ORDER BY n LIMIT 1"
        )
        row = self._db.one(sql, room)
        return _outgoing(row) if row else None

    def get(self, cid: str) -> Outgoing | None:
        row = self._db.one("SELECT * FROM outbox WHERE cid = ?", cid)
        return _outgoing(row) if row else None

    def rooms(self) -> list[str]:
        """Rooms with something to send."""
        rows = self._db.all("SELECT DISTINCT room FROM outbox WHERE acked IS NULL AND failed IS NULL")
        return [row["room"] for row in rows]

    def of(self, room: str) -> list[Outgoing]:
        return [_outgoing(row) for row in self._db.all("SELECT * FROM outbox WHERE room = ? ORDER BY n", room)]

    def keep_sealed(self, n: int, message: Mapping[str, Any]) -> None:
        self._db.execute("UPDATE outbox SET message = ? WHERE n = ?", json.dumps(message), n)

    def unseal(self, n: int) -> None:
        """Forget the sealed form, because the hub proved that it did not store it; the client id stays."""
        self._db.execute("UPDATE outbox SET message = NULL WHERE n = ?", n)

    def acked(self, n: int, seq: int) -> None:
        self._db.execute("UPDATE outbox SET acked = ? WHERE n = ?", seq, n)

    def failed(self, n: int, code: str) -> None:
        self._db.execute("UPDATE outbox SET failed = ? WHERE n = ?", code, n)

    def count_acked(self, room: str) -> int:
        """Messages that the hub stored and the log has not shown here yet."""
        row = self._db.one("SELECT count(*) AS n FROM outbox WHERE room = ? AND acked IS NOT NULL", room)
        return row["n"] if row else 0

    def drop(self, cid: str) -> bool:
        """Do not send it after all; False for what may be in the log already."""
        sql = "DELETE FROM outbox WHERE cid = ? AND (failed IS NOT NULL OR (message IS NULL AND acked IS NULL))"
        return self._db.execute(sql, cid).rowcount > 0

    def seen(self, cid: str) -> bool:
        """The log shows this message: it is sent, whether or not an ack ever came. False if it was not waiting."""
        return self._db.execute("DELETE FROM outbox WHERE cid = ?", cid).rowcount > 0


def _outgoing(row: Row) -> Outgoing:
    message = None if row["message"] is None else json.loads(row["message"])
    return Outgoing(
        row["n"],
        row["room"],
        row["cid"],
        row["ctype"],
        row["body"],
        row["written"],
        message,
        row["acked"],
        row["failed"],
    )
