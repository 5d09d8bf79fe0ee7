"""Looking up people whom an act cannot do without."""

from hub.account import User
from hub.errors import NotFound
from hub.ids import UserId
from hub.ports import Ports


async def existing(ports: Ports, user: UserId) -> User:
    """The neighbour with this id. NotFound("user_not_found")."""
    found = await ports.users.get(user)
    if found is None:
        raise NotFound("user_not_found")
    return found
