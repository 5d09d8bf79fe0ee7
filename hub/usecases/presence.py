"""Saying that one is here; the store works out what others see of it."""

from dataclasses import dataclass

from hub.account import Actor
from hub.ports import Ports
from hub.presence import PresenceState


@dataclass(frozen=True, slots=True)
class BeatPresence:
    """``connection`` names one live socket; the socket door fills it in."""

    state: PresenceState
    connection: str


async def beat_presence(ports: Ports, actor: Actor, command: BeatPresence) -> None:
    """Keep this connection's state alive; each person's most active connection counts."""
    await ports.presence.beat(actor.user, command.connection, command.state)
