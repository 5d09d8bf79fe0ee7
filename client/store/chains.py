"""Sender chains: the one this device sends with in each room, and the records by which messages are read."""

from client.store.database import Database, Row
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.keys import SigningKey
from crypto.dkx.sealing.record import ChainRecord


class Chains:
    """Only the newest chain key of a sending chain is kept here; its start is in the record."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sending(self, room: str) -> SendingChain | None:
        row = self._db.one("SELECT * FROM sending WHERE room = ?", room)
        return _sending(row) if row else None

    def keep_sending(self, chain: SendingChain) -> None:
        values = (
            chain.room.hex(), chain.device.hex(), chain.id, chain.index, chain.ck, chain.csk.seed,
            chain.roster_hash, chain.peers_hash, chain.created, chain.sent_before,
        )  # fmt: skip
        self._db.execute("INSERT OR REPLACE INTO sending VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *values)

    def discard(self, room: str | None = None) -> None:
        """Send no more with the chain of this room, or of any: the next message begins another."""
        self._db.execute("DELETE FROM sending WHERE ?1 IS NULL OR room = ?1", room)

    def record(self, room: str, device: str, chain: bytes) -> ChainRecord | None:
        row = self._row(room, device, chain)
        return _record(row) if row else None

    def sent_before(self, room: str, device: str, chain: bytes) -> int:
        """How many messages its sender claims to have sent before this chain."""
        row = self._row(room, device, chain)
        return row["sent_before"] if row else 0

    def keep_record(self, record: ChainRecord, sent_before: int) -> None:
        values = (
            record.room.hex(), record.device.hex(), record.chain, record.account.hex() if record.account else None,
            record.start, record.ck, record.csk, record.roster_hash, sent_before,
        )  # fmt: skip
        self._db.execute("INSERT OR REPLACE INTO chains VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *values)

    def _row(self, room: str, device: str, chain: bytes) -> Row | None:
        return self._db.one("SELECT * FROM chains WHERE room = ? AND device = ? AND chain = ?", room, device, chain)


def _sending(row: Row) -> SendingChain:
    return SendingChain(
        room=bytes.fromhex(row["room"]),
        device=bytes.fromhex(row["device"]),
        id=row["chain"],
        index=row["idx"],
        ck=row["ck"],
        csk=SigningKey.from_seed(row["csk_seed"]),
        roster_hash=row["roster_hash"],
        peers_hash=row["peers_hash"],
        created=row["created"],
        sent_before=row["sent_before"],
    )


def _record(row: Row) -> ChainRecord:
    return ChainRecord(
        bytes.fromhex(row["room"]),
        bytes.fromhex(row["device"]),
        row["chain"],
        bytes.fromhex(row["account"]) if row["account"] else None,
        row["start"],
        row["ck"],
        row["csk"],
        row["roster_hash"],
    )
