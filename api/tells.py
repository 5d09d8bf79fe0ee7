"""What the hub tells live sockets, a closed set: the payload of each and who hears it. Hints; the log is the truth."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from api.examples.sample import BYTES, DEVICE, EVENT, LINK, NOTICE, RENTAL, ROOM, SESSION, SID, USER
from api.field import Id
from api.wire import Wire

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class HelloLimits(Wire):
    max_frame: int
    max_body: int
    message_burst: int
    message_per_s: float
    room_per_min: int


class Hello(Wire):
    v: Literal[1]
    now: int
    user: Id
    session: Id
    device: Id | None
    exp: int
    limits: HelloLimits
    features: list[str]
    heads: dict[Id, int]


class MessageNew(Wire):
    room: Id
    seq: int
    ts: int
    sender: Annotated[Id, Field(alias="from")]
    dev: Id
    cid: Id
    env: Base64
    ft: Base64
    kid: str


class MessageGone(Wire):
    room: Id
    seq: int


class KeyNew(Wire):
    room: Id
    from_dev: Id
    chain: Id
    pkt: Base64


class KeyWanted(Wire):
    room: Id
    device: Id
    chain: Id
    to: Id


class PrekeyLow(Wire):
    left: int


class LinkChanged(Wire):
    link: Id
    step: Literal["opened", "answered", "revealed", "sealed"]


class RoomHead(Wire):
    room: Id
    head: int


class ReceiptChanged(Wire):
    room: Id
    user: Id
    delivered: int
    read: int


class TypingChanged(Wire):
    room: Id
    user: Id
    device: Id | None
    on: bool


class PresenceChanged(Wire):
    user: Id
    state: Literal["active", "idle", "offline", "unknown"]
    n: int


class DeviceChanged(Wire):
    account: Id
    epoch: int
    version: int


class RosterChanged(Wire):
    room: Id
    version: int


class EventItem(Wire):
    """A rental event, as in sync and history; ``hash`` chains over events only."""

    seq: int
    kind: Literal["event"]
    type: str
    by: str
    cmd_id: Id
    data: dict[str, Any]
    at: str
    prev_hash: Hash
    hash: Hash


class RentalChanged(Wire):
    room: Id
    rental: Id
    state: str
    rev: int
    item: EventItem


class NoticeItem(Wire):
    """As ``notification:list`` has it."""

    id: Id
    type: Code
    ref: Id
    data: dict[str, str]
    created_at: str
    read: bool


class Notice(Wire):
    code: Code
    session: Id | None = None
    notification: NoticeItem | None = None


class SessionExpiring(Wire):
    seconds: Annotated[int, Field(alias="in")]


class Bye(Wire):
    code: Code


@dataclass(frozen=True, slots=True)
class Tell:
    event: str
    payload: type[Wire]
    audience: Literal["socket", "room", "user", "device", "neighbours"]
    summary: str
    example: dict[str, Any]


TELLS: Final = (
    Tell("hello", Hello, "socket", "First of all: who one is here, and the limits.", {
        "v": 1, "now": 1_782_547_200_000, "user": USER, "session": SESSION, "device": DEVICE,
        "exp": 1_782_547_800_000, "features": ["rental", "dkx1", "devices", "receipts", "typing", "presence"],
        "limits": {"max_frame": 160_000, "max_body": 65_451, "message_burst": 20, "message_per_s": 1.0,
                   "room_per_min": 200},
        "heads": {ROOM: 41}}),
    Tell("message:new", MessageNew, "room", "A message is durable at this seq; to the sender's devices too.", {
        "room": ROOM, "seq": 42, "ts": 1_782_547_200_000, "from": USER, "dev": DEVICE, "cid": SID,
        "env": BYTES, "ft": BYTES, "kid": "f1"}),
    Tell("message:gone", MessageGone, "room", "Its sender erased a message.", {"room": ROOM, "seq": 42}),
    Tell("key:wanted", KeyWanted, "device", "A device lacks the key of a chain of this device or of the account.", {
        "room": ROOM, "device": DEVICE, "chain": SID, "to": SESSION}),
    Tell("prekey:low", PrekeyLow, "device", "Few one-time prekeys are left: publish more.", {"left": 19}),
    Tell("link:changed", LinkChanged, "user", "Linking a device of the account has gone a step on.", {
        "link": LINK, "step": "opened"}),
    Tell("key:new", KeyNew, "device", "The keys of a chain, before its first message or as an answer; `from_dev` is "
         "whose chain it is.", {
        "room": ROOM, "from_dev": DEVICE, "chain": SID, "pkt": BYTES}),
    Tell("room:head", RoomHead, "room", "How long the log is; sync if it is longer than one's own. Also: a new room.", {
        "room": ROOM, "head": 42}),
    Tell("receipt:changed", ReceiptChanged, "room", "How far a member has received and read.", {
        "room": ROOM, "user": USER, "delivered": 42, "read": 40}),
    Tell("typing:changed", TypingChanged, "room", "Somebody is about to write; forget it after 6 s.", {
        "room": ROOM, "user": USER, "device": DEVICE, "on": True}),
    Tell("presence:changed", PresenceChanged, "neighbours", "A neighbour came or left; a lower n is old news.", {
        "user": USER, "state": "active", "n": 7}),
    Tell("device:changed", DeviceChanged, "neighbours", "A newer device list of somebody one shares a room with.", {
        "account": USER, "epoch": 1, "version": 3}),
    Tell("roster:changed", RosterChanged, "room", "A newer roster of the room.", {"room": ROOM, "version": 2}),
    Tell("rental:changed", RentalChanged, "room", "A rental moved on; the item is the row of the room's log.", {
        "room": ROOM, "rental": RENTAL, "state": "confirmed", "rev": 2, "item": EVENT}),
    Tell("notice", Notice, "user", "Something the person should know, by its code. What waits is in the list.", {
        "code": "rental_requested", "notification": NOTICE}),
    Tell("session:expiring", SessionExpiring, "socket", "Bring a fresh token within so many seconds.", {"in": 60}),
    Tell("bye", Bye, "socket", "Why the hub closes this socket.", {"code": "session_revoked"}),
)  # fmt: skip

BY_TELL: Final = {tell.event: tell for tell in TELLS}
