"""Sender chains: the one this device sends with in each room, and the records by which messages are read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from client.store.database import Database, Row
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.keys import SigningKey
from crypto.dkx.sealing.record import ChainRecord

Stamps = Mapping[str, list[int]]
"""For each account the (epoch, version) of the device list that counted."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a chain beside its keys: messages ``sent_before`` it and when it was ``created``.

    Of one's own chains also for which ``lists`` it was made.
    """

    sent_before: int = 0
    created: int = 0
    lists: Stamps | None = None


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

    def about(self, room: str, device: str, chain: bytes) -> About:
        row = self._row(room, device, chain)
        if row is None:
            return About()
        return About(row["sent_before"], row["created"], json.loads(row["lists"]) if row["lists"] else None)

    def keep_record(self, record: ChainRecord, about: About) -> None:
        values = (
            record.room.hex(), record.device.hex(), record.chain, record.account.hex() if record.account else None,
            record.start, record.ck, record.csk, record.roster_hash, about.sent_before, about.created,
            json.dumps(about.lists) if about.lists is not None else None,
        )  # fmt: skip
        self._db.execute("INSERT OR REPLACE INTO chains VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *values)

    def unbacked(self, limit: int) -> list[ChainRecord]:
        """Records that the backup does not hold yet, or not from their start."""
        sql = (
            "SELECT chains.* FROM chains LEFT JOIN backed USING (room, device, chain)"
            " WHERE backed.start IS NULL OR backed.start > chains.start LIMIT ?"
        )
        return [_record(row) for row in self._db.all(sql, limit)]

    def set_backed(self, room: str, device: str, chain: bytes, start: int) -> None:
        sql = "INSERT INTO backed VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET start = min(start, excluded.start)"
        self._db.execute(sql, room, device, chain, start)

    def forget_backed(self) -> None:
        """There is another backup key: everything goes into the backup again."""
        self._db.execute("DELETE FROM backed")

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
