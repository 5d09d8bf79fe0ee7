"""Socket.IO 5 over Engine.IO 4 text packets of one namespace, read and written as bytes (realtime.md §2)."""

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from api.sockets.transport import text_frame

NAMESPACE: Final = "/hub"
MAX_ID_DIGITS: Final = 16
PING_FRAME: Final = text_frame(b"2")

_EVENT: Final = b"42/hub,"
_ID: Final = re.compile(rb"42/hub,(\d{1,16})(?!\d)")
_CONNECT: Final = re.compile(rb"40(/[!-+\--~]{0,64}|)(?:,|(?=\{)|$)")


class BadPacket(Exception):
    """A packet that cannot be taken: ``code`` for the ack when an ack id could be read, and for the log."""

    def __init__(self, code: str, ack_id: bytes = b"") -> None:
        super().__init__(code)
        self.code = code
        self.ack_id = ack_id


def read_event(packet: bytes, max_depth: int) -> tuple[bytes, str, dict[str, Any]]:
    """``42/hub,7["name",{…}]`` as ack id (empty when none is wanted), name and its one object."""
    start = packet.find(b"[", len(_EVENT), len(_EVENT) + MAX_ID_DIGITS + 1)
    ack_id = packet[len(_EVENT) : start]
    if start < 0 or (ack_id and not ack_id.isdigit()):
        raise BadPacket("bad_json", ack_id_of(packet))
    try:
        parsed = orjson.loads(packet[start:])
    except orjson.JSONDecodeError:
        raise BadPacket("bad_json", ack_id) from None
    if packet.count(b"[") + packet.count(b"{") > max_depth and deeper_than(max_depth, parsed):
        raise BadPacket("bad_json", ack_id)
    match parsed:
        case [str(name), dict(payload)]:
            return ack_id, name, payload
    raise BadPacket("bad_payload", ack_id)


def ack_id_of(packet: bytes) -> bytes:
    """The ack id in the prefix of an event that could not be read, or nothing."""
    found = _ID.match(packet)
    return found[1] if found else b""


def deeper_than(depth: int, value: Any) -> bool:
    """Tell whether ``value`` nests deeper than ``depth``; level by level, so that depth costs no stack."""
    level = [value]
    for _ in range(depth):
        level = [
            part
            for whole in level
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True


def read_connect(packet: bytes) -> tuple[str, dict[str, Any]]:
    """``40/hub,{…}`` as namespace and handshake object; a missing object reads as an empty one."""
    found = _CONNECT.match(packet)
    if not found:
        raise BadPacket("bad_connect")
    try:
        auth = orjson.loads(packet[found.end() :] or b"{}")
    except orjson.JSONDecodeError:
        raise BadPacket("bad_json") from None
    if not isinstance(auth, dict) or deeper_than(2, auth):
        raise BadPacket("bad_payload")
    return found[1].decode() or "/", auth


def encode_event(event: str, payload: Any, namespace: str = NAMESPACE) -> bytes:
    """The complete websocket frame of a server event: encode once, send to many."""
    return text_frame(b"42%b,%b" % (namespace.encode(), orjson.dumps([event, payload])))


def event_frame(event: str, body: bytes) -> bytes:
    """The same for one of our own events whose payload is JSON already."""
    return text_frame(b'42/hub,["%b",%b]' % (event.encode(), body))


def encode_ack(ack_id: bytes, answer: Mapping[str, Any]) -> bytes:
    """The complete websocket frame of the one ack to the event with this id."""
    return text_frame(b"43/hub,%b[%b]" % (ack_id, orjson.dumps(answer)))


def encode_connected(sid: str) -> bytes:
    """The frame that accepts CONNECT."""
    return text_frame(b"40/hub," + orjson.dumps({"sid": sid}))


def encode_refused(namespace: str, code: str, data: Mapping[str, Any]) -> bytes:
    """The CONNECT_ERROR frame; stock clients show ``message`` and ``data``."""
    prefix = b"44" if namespace == "/" else b"44%b," % namespace.encode()
    return text_frame(prefix + orjson.dumps({"message": code, "data": data}))


def encode_open(sid: str, ping_interval_s: float, ping_timeout_s: float, max_payload: int) -> bytes:
    """The Engine.IO handshake frame; times on the wire are milliseconds."""
    return text_frame(
        b"0"
        + orjson.dumps(
            {
                "sid": sid,
                "upgrades": [],
                "pingInterval": int(ping_interval_s * 1000),
                "pingTimeout": int(ping_timeout_s * 1000),
                "maxPayload": max_payload,
            }
        )
    )


def encode_bad(ack_id: bytes, code: str) -> bytes:
    """The ack of an event that could not be taken: the sender's fault."""
    return encode_ack(ack_id, {"ok": False, "error": {"code": code, "kind": "invalid"}})
