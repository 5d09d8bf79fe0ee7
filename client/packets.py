"""Socket.IO 5 over Engine.IO 4, as text packets of the one namespace ``/hub`` (realtime.md §2)."""

import json
import re
from dataclasses import dataclass
from typing import Any

NAMESPACE = "/hub"
PING, PONG = "2", "3"
_SOCKET_IO = re.compile(r"4([0-4])/hub,(\d*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Opened:
    """The Engine.IO handshake; seconds after which silence means that the hub is gone."""

    patience_s: float


@dataclass(frozen=True, slots=True)
class Connected:
    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    code: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A server event with its one object."""

    event: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """The ack to the event that was sent with ``id``."""

    id: int
    answer: dict[str, Any]


class Closed:
    """The hub ended the namespace or the connection."""


class Pinged:
    """The hub wants to hear a pong."""


Packet = Opened | Connected | Refused | Told | Answered | Closed | Pinged


def read_packet(text: str) -> Packet | None:
    """One text packet, or None for what this protocol does not use; ``ValueError`` for what cannot be read."""
    if text == PING:
        return Pinged()
    if text == "1":
        return Closed()
    if text.startswith("0"):
        return _read_open(json.loads(text[1:]))
    match = _SOCKET_IO.fullmatch(text)
    return _read(match[1], match[2], json.loads(match[3] or "null")) if match else None


def _read_open(handshake: dict[str, Any]) -> Opened:
    try:
        return Opened((handshake["pingInterval"] + handshake["pingTimeout"]) / 1000)
    except (KeyError, TypeError) as error:
        raise ValueError("not an Engine.IO handshake") from error


def _read(kind: str, ack_id: str, body: Any) -> Packet | None:
    match kind, body:
        case "0", {"sid": str(sid)}:
            return Connected(sid)
        case "1", _:
            return Closed()
        case "2", [str(event), dict(payload)]:
            return Told(event, payload)
        case "3", [dict(answer)] if ack_id:
            return Answered(int(ack_id), answer)
        case "4", {"message": str(code)}:
            return Refused(code, body.get("data") or {})
        case _:
            return None


def write_connect(auth: dict[str, Any]) -> str:
    return f"40{NAMESPACE},{_dump(auth)}"


def write_event(ack_id: int, event: str, payload: dict[str, Any]) -> str:
    return f"42{NAMESPACE},{ack_id}{_dump([event, payload])}"


def write_disconnect() -> str:
    return f"41{NAMESPACE},"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
