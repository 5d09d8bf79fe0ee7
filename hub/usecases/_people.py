"""Looking up people whom an act cannot do without."""

from collections.abc import Collection, Mapping

from hub.account import User, erased_user
from hub.errors import NotFound
from hub.ids import UserId
from hub.ports import Ports
from hub.reliability import LOOKED_AT, Reliability, reliability_of


async def named(ports: Ports, user: UserId) -> User:
    """Somebody as others see them beside what they did; without any name once they were erased."""
    return await ports.users.get(user) or erased_user(user)


async def all_named(ports: Ports, users: Collection[UserId]) -> Mapping[UserId, User]:
    """Several at once."""
    found = await ports.users.several(users) if users else {}
    return {user: found.get(user) or erased_user(user) for user in users}


async def reliability(ports: Ports, user: User) -> Reliability:
    """Their figures; none where they object to that."""
    if not user.measured:
        return Reliability()
    return reliability_of(user.id, await ports.rentals.of(user.id, LOOKED_AT))


async def shown(ports: Ports, user: UserId, reader: UserId) -> User:
    """The neighbour, if ``reader`` may look them up. NotFound("user_not_found") like somebody who never was."""
    found = await existing(ports, user)
    if found.restricted_at is not None and user != reader:
        raise NotFound("user_not_found")
    return found


async def existing(ports: Ports, user: UserId) -> User:
    """The neighbour with this id. NotFound("user_not_found")."""
    found = await ports.users.get(user)
    if found is None:
        raise NotFound("user_not_found")
    return found
