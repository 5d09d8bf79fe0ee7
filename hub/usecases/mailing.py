"""What goes through a mailbox: confirming a new account, another password, another address."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.account import Actor, User, check_handle, normalise_email
from hub.errors import Conflict, HubError, NotFound
from hub.identity import Claimed
from hub.ids import SessionId, UserId, new_id
from hub.mail import Mail
from hub.ports import HeldMail, Ports
from hub.usecases._people import existing
from hub.usecases._signing import check_password, note_own, tell_person
from hub.usecases._slips import put_back, send_slip, taken


@dataclass(frozen=True, slots=True)
class ConfirmAccount:
    """``handle`` is another one than at first, where that was taken meanwhile."""

    slip: str
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class ForgetPassword:
    email: str


@dataclass(frozen=True, slots=True)
class ResetPassword:
    slip: str
    password: str


@dataclass(frozen=True, slots=True)
class ChangeAddress:
    email: str


@dataclass(frozen=True, slots=True)
class ConfirmAddress:
    slip: str


async def confirm_account(ports: Ports, command: ConfirmAccount) -> None:
    """The address is the person's: now there is an account."""
    handle = check_handle(command.handle) if command.handle else None
    content = await taken(ports, command.slip, "account")
    handle = handle or content["handle"]
    user = User(
        UserId(new_id()), handle, content["display_name"], content["email"], content["locale"], ports.clock.now(),
        email_verified=True,
    )  # fmt: skip
    try:
        await ports.users.add(user, content["password_hash"], _claimed(content))
    except Conflict:
        await put_back(ports, command.slip, "account", content)
        raise


async def forget_password(ports: Ports, command: ForgetPassword) -> None:
    """A link to another password goes to the address, if somebody with it lives here; the answer does not tell.

    What is stored and done now is the same for everybody: who it is for is looked up when the mail is delivered.
    """
    email = normalise_email(command.email)
    await send_slip(ports, "password", {"email": email}, Mail("reset", email, "de"))


async def reset_password(ports: Ports, command: ResetPassword) -> None:
    """Set another password by the link of a mail: every session ends, and the second factor is asked for as before."""
    content = await taken(ports, command.slip, "password")
    known = await ports.users.credentials(content["email"])
    if known is None:
        raise NotFound("slip_not_found")
    user, _ = known
    try:
        check_password(command.password, user.handle, user.email)
    except HubError:
        await put_back(ports, command.slip, "password", content)
        raise
    await ports.users.set_password_hash(user.id, await ports.passwords.hash(command.password))
    await ports.sessions.revoke([session.id for session in await ports.sessions.live_of(user.id)])
    await note_own(ports, "password_reset", user.id)
    await ports.post.put(Mail("password", user.email, user.locale))


async def change_address(ports: Ports, actor: Actor, command: ChangeAddress) -> None:
    """A link goes to the new address; the old one counts until it is followed. The answer does not tell who has it."""
    user, email = await existing(ports, actor.user), normalise_email(command.email)
    content = {"user": user.id, "session": actor.session, "email": email}
    await send_slip(ports, "address", content, Mail("address", email, user.locale))


async def confirm_address(ports: Ports, command: ConfirmAddress) -> None:
    """The new address is the person's; the old one is told. Refused like a wrong link where it is somebody else's."""
    content = await taken(ports, command.slip, "address")
    user = await ports.users.get(UserId(content["user"]))
    if user is None or not await ports.users.set_email(user.id, content["email"]):
        raise NotFound("slip_not_found")
    await note_own(ports, "address_changed", user.id, content["session"])
    await ports.post.put(Mail("moved", user.email, user.locale))
    tell_person(ports, user.id, "address_changed", SessionId(content["session"]))


def _claimed(content: Mapping[str, str]) -> Claimed | None:
    """Of whom joins by another server."""
    told = {name.removeprefix("claimed_"): text for name, text in content.items() if name.startswith("claimed_")}
    return Claimed(**told) if told else None


async def address_mail(ports: Ports, held: HeldMail) -> Mail | None:
    """The mail as it is to leave, in the reader's language; None where nobody is to read it."""
    if held.mail.kind != "reset":
        return held.mail
    known = await ports.users.credentials(held.mail.to)
    return None if known is None else Mail("reset", held.mail.to, known[0].locale, held.mail.secret)
