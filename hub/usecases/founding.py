"""The first admin: by a secret that only whoever runs the machine can read, once, while there is no admin yet."""

from dataclasses import dataclass

from hub.account import User, UserRole, check_display_name, check_handle, normalise_email
from hub.errors import Conflict, HubError, NotFound
from hub.ids import UserId, new_id
from hub.ports import Note, Ports
from hub.usecases._signing import check_password
from hub.usecases._slips import keep_slip, put_back, taken


@dataclass(frozen=True, slots=True)
class FoundHub:
    slip: str
    email: str
    password: str
    handle: str
    display_name: str
    locale: str = "de"


async def offer_setup(ports: Ports) -> str | None:
    """The secret that makes the first admin, in place of an earlier one; None where there is an admin."""
    if await ports.users.has_admin():
        return None
    await ports.slips.drop("setup")
    return await keep_slip(ports, "setup", {})


async def found_hub(ports: Ports, command: FoundHub) -> None:
    """Add the first admin. A fault that can be mended does not cost the link."""
    user = User(
        UserId(new_id()),
        check_handle(command.handle),
        check_display_name(command.display_name),
        normalise_email(command.email),
        command.locale,
        ports.clock.now(),
        frozenset({UserRole.ADMIN}),
    )
    check_password(command.password, user.handle, user.email)
    password_hash = await ports.passwords.hash(command.password)
    content = await taken(ports, command.slip, "setup")
    if await ports.users.has_admin():
        raise NotFound("slip_not_found")
    try:
        if not await ports.users.add(user, password_hash):
            raise Conflict("account_exists")
    except HubError:
        await put_back(ports, command.slip, "setup", content)
        raise
    await ports.audit.note(Note("hub_founded", user.id, (user.id,)))
