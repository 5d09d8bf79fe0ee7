"""Joining and being looked up: accounts as the hub and other neighbours see them."""

from dataclasses import dataclass

from hub.account import (
    Actor,
    User,
    check_display_name,
    check_handle,
    normalise_email,
)
from hub.errors import Conflict
from hub.ids import UserId, new_id
from hub.mail import Mail
from hub.ports import Note, Ports
from hub.usecases._people import existing
from hub.usecases._signing import check_password, end_others, note_own, tell_person
from hub.usecases._slips import send_slip


@dataclass(frozen=True, slots=True)
class RegisterAccount:
    email: str
    password: str
    handle: str
    display_name: str
    locale: str = "de"


@dataclass(frozen=True, slots=True)
class GetMe:
    pass


@dataclass(frozen=True, slots=True)
class UpdateMe:
    display_name: str
    locale: str


@dataclass(frozen=True, slots=True)
class ChangePassword:
    password: str


async def register_account(ports: Ports, command: RegisterAccount) -> None:
    """Add a neighbour. A known e-mail gets the same answer after the same work, so nobody can ask who lives here.

    Where the hub can write mails, there is an account only once the link to the address was followed.

    The handle is public, so it is judged before the e-mail is looked at: the answer never depends on the e-mail.
    """
    email, handle = normalise_email(command.email), check_handle(command.handle)
    name = check_display_name(command.display_name)
    check_password(command.password, handle, email)
    password_hash = await ports.passwords.hash(command.password)
    if await ports.users.by_handle(handle):
        raise Conflict("handle_taken")
    if ports.policy.confirm_email:
        await _ask_mailbox(ports, command, {"email": email, "handle": handle, "display_name": name}, password_hash)
        return
    user = User(UserId(new_id()), handle, name, email, command.locale, ports.clock.now())
    await ports.users.add(user, password_hash)


async def _ask_mailbox(ports: Ports, command: RegisterAccount, names: dict[str, str], password_hash: str) -> None:
    """Write to the address: the link that makes the account, or that there is one already."""
    known = await ports.users.credentials(names["email"])
    if known is not None:
        await ports.post.put(Mail("known", names["email"], known[0].locale))
        return
    content = {**names, "locale": command.locale, "password_hash": password_hash}
    await send_slip(ports, "account", content, Mail("welcome", names["email"], command.locale))


async def get_me(ports: Ports, actor: Actor, command: GetMe) -> User:  # noqa: ARG001 - every act has the same shape
    return await existing(ports, actor.user)


async def update_me(ports: Ports, actor: Actor, command: UpdateMe) -> User:
    """Another name, or another language for mails; what was agreed and sealed under the old name stays as it is."""
    user, name = await existing(ports, actor.user), check_display_name(command.display_name)
    if (name, command.locale) != (user.display_name, user.locale):
        note = Note("account_updated", actor.user, (actor.user,), actor.session)
        await ports.users.set_name(user.id, name, command.locale, note)
    return await existing(ports, actor.user)


async def change_password(ports: Ports, actor: Actor, command: ChangePassword) -> int:
    """Set another password and end every other session; answers how many. The act asks for a recent confirmation."""
    user = await existing(ports, actor.user)
    check_password(command.password, user.handle, user.email)
    await ports.users.set_password_hash(user.id, await ports.passwords.hash(command.password))
    ended = await end_others(ports, actor)
    await note_own(ports, "password_changed", user.id, actor.session)
    tell_person(ports, user.id, "password_changed", actor.session)
    return ended
