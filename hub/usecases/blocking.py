"""Wanting nothing more to do with somebody (security.md B3): what is new ends at once, what runs ends as agreed.

A block works both ways and is told to nobody. Whoever is blocked meets the words of a thing that is not lent at the
moment; only who blocked is reminded of it. No rental is hindered: cancel, return, contest, case and review go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.account import Actor, User
from hub.errors import Invalid
from hub.ids import UserId
from hub.ports import Block, Ports
from hub.usecases._people import existing, named
from hub.usecases.telling import tell_hidden

MAX_BLOCKS: Final = 1000


@dataclass(frozen=True, slots=True)
class PutBlock:
    user: UserId


@dataclass(frozen=True, slots=True)
class RemoveBlock:
    user: UserId


@dataclass(frozen=True, slots=True)
class ListBlocks:
    pass


@dataclass(frozen=True, slots=True)
class BlockedPerson:
    user: User
    since: datetime


async def put_block(ports: Ports, actor: Actor, command: PutBlock) -> None:
    """Block a neighbour; doing it again changes nothing. Each vanishes from the other's sight at once."""
    other = (await existing(ports, command.user)).id
    if other == actor.user:
        raise Invalid("own_account", {"field": "user"})
    known = await ports.blocks.by(actor.user)
    if len(known) >= MAX_BLOCKS and other not in {block.blocked for block in known}:
        raise Invalid("too_many", {"field": "user", "max": MAX_BLOCKS})
    await ports.blocks.put(Block(actor.user, other, ports.clock.now()))
    tell_hidden(ports, actor.user, other)


async def remove_block(ports: Ports, actor: Actor, command: RemoveBlock) -> None:
    """Take one's own block back; there need not be one."""
    await ports.blocks.remove(actor.user, command.user)


async def list_blocks(ports: Ports, actor: Actor, command: ListBlocks) -> Sequence[BlockedPerson]:  # noqa: ARG001 - every act has the same shape
    """Whom one has blocked, the latest first."""
    blocks = await ports.blocks.by(actor.user)
    return [BlockedPerson(await named(ports, block.blocked), block.created_at) for block in blocks]
