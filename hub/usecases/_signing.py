"""What several acts of signing in share: ending a person's other sessions, and telling them what happened."""

from hub.account import PASSWORD_MAX, PASSWORD_MIN, Actor, User
from hub.errors import Invalid
from hub.ids import SessionId, UserId
from hub.mail import Mail, MailKind
from hub.notice import account_notice
from hub.ports import Note, Ports
from hub.usecases.telling import notification_item

_WEAK = frozenset({"dorfkiste", "passwort", "password"})


def check_password(password: str, handle: str, email: str) -> None:
    """Long enough, and nothing that anybody would try first. ``Invalid("bad_password" | "weak_password")``."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Invalid("bad_password", {"field": "password", "min": PASSWORD_MIN, "max": PASSWORD_MAX})
    if password.casefold() in _WEAK | {handle, email, email.partition("@")[0]}:
        raise Invalid("weak_password", {"field": "password"})


async def end_others(ports: Ports, actor: Actor) -> int:
    """End every session of the person but this one, their sockets too; how many there were."""
    others = [session.id for session in await ports.sessions.live_of(actor.user) if session.id != actor.session]
    await ports.sessions.revoke(others)
    return len(others)


async def note_own(ports: Ports, act: str, user: UserId, session: str = "") -> None:
    """An entry of the audit log about what somebody did with their own account."""
    await ports.audit.note(Note(act, user, (user,), session))


async def warn_person(
    ports: Ports, user: User, kind: str, session: SessionId, about: str = "", *, mail: MailKind, keep: bool = True
) -> None:
    """Tell everything the person has here; with ``keep`` also by mail and as a notification, once for ``about``."""
    if not keep:
        tell_person(ports, user.id, kind, session)
        return
    notice = account_notice(kind, user.id, session, about or session, ports.clock.now())
    await ports.notifications.add(notice)
    await ports.post.put(Mail(mail, user.email, user.locale))
    payload = {"code": kind, "session": session, "notification": notification_item(notice)}
    ports.publisher.tell(("user", user.id), "notice", payload)


def tell_person(ports: Ports, user: UserId, code: str, session: SessionId) -> None:
    """Let the person's devices know of something that concerns their sign-ins."""
    ports.publisher.tell(("user", user), "notice", {"code": code, "session": session})
