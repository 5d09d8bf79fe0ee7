"""Linking a new device through the hub: both devices are signed in to one account and say one thing after another.

Nothing here is trusted by them: they check every step by the scanned code or the compared digits (e2ee.md §7).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hub.account import Actor
from hub.errors import NotFound
from hub.ids import LinkId
from hub.link import LIFE, Link
from hub.ports import Ports
from hub.usecases._once import patiently


@dataclass(frozen=True, slots=True)
class OpenLink:
    """``commit`` where digits are compared; without it the code on the new device's screen is scanned."""

    link: LinkId
    commit: bytes | None = None


@dataclass(frozen=True, slots=True)
class AnswerLink:
    link: LinkId
    eph: bytes


@dataclass(frozen=True, slots=True)
class RevealLink:
    link: LinkId
    revealed: bytes


@dataclass(frozen=True, slots=True)
class SealLink:
    link: LinkId
    bundle: bytes


@dataclass(frozen=True, slots=True)
class GetLink:
    link: LinkId


@dataclass(frozen=True, slots=True)
class CloseLink:
    link: LinkId


@dataclass(frozen=True, slots=True)
class ListLinks:
    pass


async def open_link(ports: Ports, actor: Actor, command: OpenLink) -> Link:
    """A sign-in without a device asks the account's devices to let it in; again, it answers how far that has come."""
    if await ports.devices.newest(actor.user) is None:
        raise NotFound("devices_not_found")
    now = ports.clock.real()
    known = await ports.links.get(command.link, actor.user, now)
    if known is not None and (known.session, known.commit) == (actor.session, command.commit):
        return known
    link = Link(command.link, actor.user, actor.session, now + LIFE, command.commit)
    await ports.links.add(link)
    _tell(ports, link)
    return link


async def answer_link(ports: Ports, actor: Actor, command: AnswerLink) -> Link:
    """A device of the account tells its ephemeral key."""
    device = actor.proven_device()
    return await _move(ports, actor, command.link, lambda link: link.answered(device, command.eph))


async def reveal_link(ports: Ports, actor: Actor, command: RevealLink) -> Link:
    """The new device shows the keys it committed to."""
    return await _move(ports, actor, command.link, lambda link: link.revealing(actor.session, command.revealed))


async def seal_link(ports: Ports, actor: Actor, command: SealLink) -> Link:
    """The device that answered hands over the account's keys, sealed."""
    device, now = actor.proven_device(), ports.clock.real()
    return await _move(ports, actor, command.link, lambda link: link.sealed(device, command.bundle, now))


async def get_link(ports: Ports, actor: Actor, command: GetLink) -> Link:
    return await _link(ports, actor, command.link)


async def list_links(ports: Ports, actor: Actor, command: ListLinks) -> Sequence[Link]:  # noqa: ARG001 - shape of an act
    """What is under way in one's own account."""
    return await ports.links.of(actor.user, ports.clock.real())


async def close_link(ports: Ports, actor: Actor, command: CloseLink) -> None:
    """The new device has its keys, or somebody thought better of it; the others look again."""
    link = await ports.links.get(command.link, actor.user, ports.clock.real())
    await ports.links.remove(command.link, actor.user)
    if link is not None:
        _tell(ports, link)


async def _link(ports: Ports, actor: Actor, name: LinkId) -> Link:
    link = await ports.links.get(name, actor.user, ports.clock.real())
    if link is None:
        raise NotFound("link_not_found")
    return link


async def _move(ports: Ports, actor: Actor, name: LinkId, step: Callable[[Link], Link]) -> Link:
    async def attempt() -> Link:
        before = await _link(ports, actor, name)
        after = step(before)
        if after is not before:
            await ports.links.save(after, before.step)
            _tell(ports, after)
        return after

    return await patiently(attempt)


def _tell(ports: Ports, link: Link) -> None:
    ports.publisher.tell(("user", link.user), "link:changed", {"link": link.id, "step": link.step.value})
