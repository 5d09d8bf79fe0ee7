"""Sealed files that go to the hub before the message that names them."""

from dataclasses import dataclass

from client.store.database import Database, Row


@dataclass(frozen=True, slots=True)
class Upload:
    """``size`` in sealed bytes; how many of them the hub has, it says itself."""

    file: str
    room: str
    cid: str
    size: int
    done: bool = False


class Uploads:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, upload: Upload) -> None:
        values = upload.file, upload.room, upload.cid, upload.size
        self._db.execute("INSERT INTO uploads (file, room, cid, size) VALUES (?, ?, ?, ?)", *values)

    def next(self) -> Upload | None:
        """The oldest that has not arrived, of a message that is still to be sent."""
        sql = (
            "SELECT uploads.* FROM uploads JOIN outbox USING (cid)"
            " WHERE NOT done AND failed IS NULL ORDER BY n, uploads.rowid LIMIT 1"
        )
        row = self._db.one(sql)
        return _upload(row) if row else None

    def of(self, cid: str) -> list[Upload]:
        return [_upload(row) for row in self._db.all("SELECT * FROM uploads WHERE cid = ? ORDER BY rowid", cid)]

    def set_done(self, file: str, *, done: bool) -> None:
        self._db.execute("UPDATE uploads SET done = ? WHERE file = ?", done, file)

    def forget_sent(self) -> set[str]:
        """Forget those whose message waits no longer; answers the ids of the others."""
        self._db.execute("DELETE FROM uploads WHERE cid NOT IN (SELECT cid FROM outbox)")
        return {row["file"] for row in self._db.all("SELECT file FROM uploads")}


def _upload(row: Row) -> Upload:
    return Upload(row["file"], row["room"], row["cid"], row["size"], bool(row["done"]))
