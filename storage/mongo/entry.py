"""Entries of the log as MongoDB keeps them, and the keys by which they are found.

``_id`` is room and seq in one, so that one index gives place and order; ``k`` names what was sent, so that the same
thing is stored once for ever.
"""

import hashlib
from typing import Any

from crypto.dkx.event import event_hash
from hub.ids import CommandId, DeviceId, RentalId, RoomId, UserId
from hub.room import Entry, EventEntry, MessageAddress, MessageEntry, NewMessage, Stored
from storage.mongo.store import Document

LAST_SEQ = 2**63 - 1
_SEQ = 8


def entry_id(room: RoomId, seq: int) -> bytes:
    """24 bytes that sort by room, then by seq."""
    return bytes.fromhex(room) + seq.to_bytes(_SEQ, "big")


def seq_of(entry: bytes) -> int:
    return int.from_bytes(entry[-_SEQ:], "big")


def room_of(entry: bytes) -> RoomId:
    return RoomId(entry[:-_SEQ].hex())


def stretch(room: RoomId, after: int = 0, before: int = LAST_SEQ) -> Document:
    """Matches the entries with ``after`` < seq < ``before``."""
    return {"_id": {"$gt": entry_id(room, after), "$lt": entry_id(room, before)}}


def message_key(message: NewMessage | MessageAddress) -> bytes:
    name = bytes.fromhex(message.room + message.device) + message.cid
    return hashlib.blake2b(name, digest_size=16).digest()


def command_key(room: RoomId, cmd_id: CommandId | str) -> bytes:
    return hashlib.blake2b(bytes.fromhex(room) + b"cmd" + cmd_id.encode(), digest_size=16).digest()


def fingerprint(envelope: bytes) -> bytes:
    """Stands for an envelope that was redacted, so that sending it again is still recognised."""
    return hashlib.blake2b(envelope, digest_size=16).digest()


def same_message(document: Document, message: NewMessage) -> bool:
    """Whether the stored bytes are those of ``message``."""
    stored = document.get("env")
    if stored is None:
        return bool(document.get("was") == fingerprint(message.envelope))
    return bool(stored == message.envelope)


def stored_at(document: Document, *, duplicate: bool) -> Stored:
    return Stored(seq_of(document["_id"]), document["ts"], document["kid"], document["ft"], duplicate)


def event_document(entry: EventEntry, room: RoomId, rental: RentalId, body_hash: bytes) -> Document:
    return {
        "_id": entry_id(room, entry.seq),
        "k": command_key(room, entry.cmd_id),
        "type": entry.type,
        "by": entry.by,
        "cmd_id": entry.cmd_id,
        "data": entry.data,
        "at": entry.at,
        "prev": entry.prev_hash,
        "hash": entry.hash,
        "rental": rental,
        "body": body_hash,
    }


def chained(entry: dict[str, Any], room: RoomId, prev: bytes) -> EventEntry:
    """An event with its hash, from its ``seq, type, by, cmd_id, data, at`` (DKX-1 section 9)."""
    return EventEntry(**entry, prev_hash=prev, hash=event_hash(prev, entry | {"room": room}))


PAGE_FIELDS = ("acct", "env", "ts", "kid", "ft", "type", "by", "cmd_id", "data", "at", "prev", "hash")


def projection(device: DeviceId | None) -> Document:
    """What a page shows: of the key packets only the one for ``device``."""
    keys = {"keys": {"$elemMatch": {"to": bytes.fromhex(device)}}} if device else {}
    return {**dict.fromkeys(PAGE_FIELDS, 1), **keys}


def read_entry(document: Document) -> Entry:
    seq = seq_of(document["_id"])
    if "type" in document:
        told = {name: document[name] for name in ("type", "by", "cmd_id", "data", "at")}
        return EventEntry(seq=seq, **told, prev_hash=document["prev"], hash=document["hash"])
    keys = document.get("keys")
    return MessageEntry(
        seq=seq,
        account=UserId(document["acct"].hex()),
        envelope=document.get("env", b""),
        ts=document["ts"],
        kid=document["kid"],
        ft=document["ft"],
        key=keys[0]["pkt"] if keys else None,
    )
