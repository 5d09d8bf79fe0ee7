"""What every way of signing in ends with: a session, its tokens, and a word to the person's other devices."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hub.account import Actor, Session, SignedIn, User
from hub.errors import Forbidden
from hub.ids import SessionId, new_id
from hub.ports import Ports
from hub.usecases._people import existing
from hub.usecases._signing import note_own, warn_person

PENDING: Final = timedelta(minutes=10)
"""How long a sign-in waits for its second factor."""
NEWCOMER: Final = timedelta(days=1)
"""For so long a person's first device is expected."""


@dataclass(frozen=True, slots=True)
class Completed:
    """How long the sign-in may last now, and what its device keeps for the next one."""

    expires: datetime
    known: str


async def begin_session(ports: Ports, user: User, client: str, known: str, *, pending: bool) -> SignedIn:
    """Sign ``user`` in, for the second factor alone if ``pending``. Forbidden("suspended")."""
    check_not_suspended(user)
    refresh, session = _new_session(ports, user, client, known, pending=pending)
    await ports.sessions.add(session)
    if not pending:
        await _tell_arrival(ports, user, session)
    return signed_in(ports, user, session, refresh)


async def complete(ports: Ports, actor: Actor) -> Completed:
    """The second factor was right: the sign-in is whole."""
    now = ports.clock.real()
    expires = now + timedelta(days=ports.policy.refresh_days)
    await ports.sessions.confirm(actor.session, now, expires)
    session = await ports.sessions.get(actor.session)
    if session is not None:
        await _tell_arrival(ports, await existing(ports, actor.user), session)
    return Completed(expires, ports.tokens.known_device(actor.user))


def signed_in(ports: Ports, user: User, session: Session, refresh: str) -> SignedIn:
    """The tokens of a session as its client gets them."""
    access = ports.tokens.issue_access(user.id, session.id, session.device, user.roles)
    known = "" if session.pending else ports.tokens.known_device(user.id)
    return SignedIn(
        user.id, session.id, access.token, access.expires_at, refresh, session.expires_at, session.pending, known
    )


def check_not_suspended(user: User) -> None:
    if user.suspended:
        raise Forbidden("suspended")


def _new_session(ports: Ports, user: User, client: str, known: str, *, pending: bool) -> tuple[str, Session]:
    session, now = SessionId(new_id()), ports.clock.real()
    refresh = ports.tokens.new_refresh(session)
    expires = now + (PENDING if pending else timedelta(days=ports.policy.refresh_days))
    _, refresh_hash = ports.tokens.read_refresh(refresh)
    made = Session(session, user.id, refresh_hash, None, now, now, expires, client)
    here = hmac.compare_digest(known.encode("utf-8", "surrogatepass"), ports.tokens.known_device(user.id).encode())
    return refresh, replace(made, pending=pending, confirmed_at=None if pending else now, known=here)


async def _tell_arrival(ports: Ports, user: User, session: Session) -> None:
    """Everywhere the person is; where the device is a new one also by mail, and so that it can be found later."""
    await note_own(ports, "signed_in", user.id, session.id)
    news = not session.known and not await _expected(ports, user, session)
    await warn_person(ports, user, "signed_in", session.id, mail="arrival", keep=news)


async def _expected(ports: Ports, user: User, session: Session) -> bool:
    """Whether it is the first device of somebody who has just joined."""
    if ports.clock.now() - user.created_at > NEWCOMER:
        return False
    return not [other for other in await ports.sessions.live_of(user.id) if other.id != session.id]
