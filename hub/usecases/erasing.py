"""Leaving for good: the account goes, what others rely on stays without a name (GDPR Art. 17).

What the law keeps stays under an id that leads to nobody: rentals and their rooms for claims, the things of the last
seven months, stars of reviews without their words. Messages stay with those who received them.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from hub.account import Actor
from hub.errors import Conflict
from hub.ids import CommandId, ItemId, SessionId, UserId, new_id
from hub.mail import Mail
from hub.ports import Note, Ports
from hub.rental import Decline, Rental, Role, State, Withdraw
from hub.usecases._again import again
from hub.usecases._exports import remove_export
from hub.usecases._people import existing
from hub.usecases.dealing import OnRental, act_as_party, role_of
from hub.usecases.photos import sweep_photos
from hub.usecases.retention import remove_if_unneeded

TALKS = frozenset({State.INQUIRY, State.NEGOTIATING})


@dataclass(frozen=True, slots=True)
class EraseAccount:
    pass


async def erase_account(ports: Ports, actor: Actor, command: EraseAccount) -> None:  # noqa: ARG001 - shape of an act
    """Erase oneself. Conflict("erasure_blocked") while something is lent or agreed, or a case is open.

    Talks that led to nothing yet are ended first, and one's things can no longer be asked for.
    """
    await _erase(ports, actor, by=actor.user)


async def erase_for(ports: Ports, user: UserId) -> None:
    """The same for somebody who asked the operator."""
    await _erase(ports, Actor(user, SessionId("")), by=None)


async def resume_erasures(ports: Ports) -> int:
    """Finish what a crash cut off; answers how many erasures there were."""
    unfinished = [user async for user in ports.erasures.unfinished()]
    for user in unfinished:
        await _finish(ports, user)
    return len(unfinished)


async def erase_again(ports: Ports, pseudonyms: Collection[str]) -> int:
    """Erase those whom a restored backup brought back; answers how many."""
    back = await ports.erasures.brought_back(pseudonyms)
    for user in back:
        await ports.erasures.erase(user, Note("account_erased", None, (user,)), restored=True)
        await _finish(ports, user)
    return len(back)


async def _erase(ports: Ports, actor: Actor, by: UserId | None) -> None:
    user = await existing(ports, actor.user)
    await _check(ports, user.id)
    await _withdraw_things(ports, user.id)
    for rental in await ports.rentals.of_in(user.id, TALKS):
        await _end_talk(ports, actor, rental)
    await ports.erasures.erase(user.id, Note("account_erased", by, (user.id,)))
    await ports.post.put(Mail("erased", user.email, user.locale))
    await _finish(ports, user.id)


async def _check(ports: Ports, user: UserId) -> None:
    count = await ports.erasures.hindered(user)
    if count:
        raise Conflict("erasure_blocked", {"rentals": count})


async def _finish(ports: Ports, user: UserId) -> None:
    """Everything here may be done again."""
    await _withdraw_things(ports, user)
    async for item in ports.items.of_owner(user):
        await remove_if_unneeded(ports, item)
    for export in await ports.exports.of(user):
        await remove_export(ports, export)
    await ports.erasures.remove_rest(user)
    await sweep_photos(ports)


async def _withdraw_things(ports: Ports, user: UserId) -> None:
    async for item in ports.items.of_owner(user):
        await _withdraw(ports, item)


async def _withdraw(ports: Ports, item: ItemId) -> None:
    async def attempt() -> None:
        found = await ports.items.get(item)
        if found is not None and found.deleted_at is None:
            gone = replace(found, status="archived", deleted_at=ports.clock.now(), media=(), rev=found.rev + 1)
            await ports.items.save(gone, found.rev)

    await again(attempt)


async def _end_talk(ports: Ports, actor: Actor, rental: Rental) -> None:
    command = OnRental(CommandId(new_id()), rental.id)
    closing = Decline if role_of(rental, actor.user) is Role.OWNER else Withdraw
    with suppress(Conflict):  # it moved on by itself; whether that hinders is judged with the erasure
        await act_as_party(ports, actor, command, lambda _, __: closing("other_plans"))
