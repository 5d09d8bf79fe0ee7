"""Looking up people whom an act cannot do without."""

from collections.abc import Collection, Mapping

from hub.account import User, erased_user
from hub.errors import NotFound
from hub.ids import UserId
from hub.ports import Ports


async def named(ports: Ports, user: UserId) -> User:
    """Somebody as others see them beside what they did; without any name once they were erased."""
    return await ports.users.get(user) or erased_user(user)


async def all_named(ports: Ports, users: Collection[UserId]) -> Mapping[UserId, User]:
    """Several at once."""
    found = await ports.users.several(users) if users else {}
    return {user: found.get(user) or erased_user(user) for user in users}


async def existing(ports: Ports, user: UserId) -> User:
    """The neighbour with this id. NotFound("user_not_found")."""
    found = await ports.users.get(user)
    if found is None:
        raise NotFound("user_not_found")
    return found
