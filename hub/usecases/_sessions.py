"""What every way of signing in ends with: a session, its tokens, and a word to the person's other devices."""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from hub.account import Actor, Session, SignedIn, User
from hub.errors import Forbidden, Unauthenticated
from hub.ids import SessionId, UserId, new_id
from hub.ports import Note, Ports
from hub.usecases._people import existing
from hub.usecases._signing import note_own, warn_person

PENDING: Final = timedelta(minutes=10)
"""How long a sign-in waits for its second factor."""
NEWCOMER: Final = timedelta(days=1)
"""For so long a person's first device is expected."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How somebody signs in: with which ``client``, ``pending`` a second factor, for an ``app`` or themselves.

    ``known`` is what the device kept of its last sign-in, ``confirmed_at`` when the person was there, if not now.
    """

    client: str
    known: str = ""
    pending: bool = False
    app: str = ""
    session: SessionId = field(default_factory=lambda: SessionId(new_id()))
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """How long the sign-in may last now, and what its device keeps for the next one."""

    expires: datetime
    known: str


async def begin_session(ports: Ports, user: User, opening: Opening) -> SignedIn:
    """Sign ``user`` in, for the second factor alone if that is pending. Forbidden("suspended")."""
    check_not_suspended(user)
    refresh, session = _new_session(ports, user, opening)
    await ports.sessions.add(session)
    if not opening.pending:
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


async def owes_factor(ports: Ports, user: UserId) -> bool:
    """Whether more is asked of this person than what is known, or what another server says."""
    factor = await ports.factors.get(user)
    return factor is not None and factor.active


async def renew(ports: Ports, refresh: str) -> SignedIn:
    """Swap a refresh token. Parallel use within the grace gets the same successor; later use ends the session."""
    session_id, presented = ports.tokens.read_refresh(refresh)
    successor = ports.tokens.successor(refresh)
    _, next_hash = ports.tokens.read_refresh(successor)
    swapped = await ports.sessions.rotate(session_id, presented, next_hash, ports.clock.real())
    session = await live_session(ports, session_id)
    if not (swapped or _was_just_swapped(ports, session, presented)):
        await _revoke_reused(ports, session)
    user = await ports.users.get(session.user)
    if user is None:
        raise Unauthenticated("session_revoked")
    check_not_suspended(user)
    return signed_in(ports, user, session, successor)


async def live_session(ports: Ports, session_id: SessionId) -> Session:
    """The session, or the refusal that ends the conversation."""
    session = await ports.sessions.get(session_id)
    if session is None or session.revoked:
        raise Unauthenticated("session_revoked")
    if session.expires_at <= ports.clock.real():
        raise Unauthenticated("session_expired")
    return session


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


def _new_session(ports: Ports, user: User, opening: Opening) -> tuple[str, Session]:
    now, pending = ports.clock.real(), opening.pending
    refresh = ports.tokens.new_refresh(opening.session)
    expires = now + (PENDING if pending else timedelta(days=ports.policy.refresh_days))
    _, refresh_hash = ports.tokens.read_refresh(refresh)
    made = Session(opening.session, user.id, refresh_hash, None, now, now, expires, opening.client)
    known = opening.known.encode("utf-8", "surrogatepass")
    here = hmac.compare_digest(known, ports.tokens.known_device(user.id).encode())
    confirmed = None if pending else opening.confirmed_at or now
    return refresh, replace(made, pending=pending, confirmed_at=confirmed, known=here, app=opening.app)


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


def _was_just_swapped(ports: Ports, session: Session, presented: bytes) -> bool:
    """Whether ``presented`` was swapped by a call that ran beside this one, or whose answer was lost."""
    grace = timedelta(seconds=ports.policy.refresh_grace_s)
    return session.previous_hash == presented and ports.clock.real() - session.rotated_at <= grace


async def _revoke_reused(ports: Ports, session: Session) -> None:
    await ports.sessions.revoke([session.id])
    await ports.audit.note(Note("refresh_reused", None, (session.user,), session.id))
    ports.publisher.tell(("user", session.user), "notice", {"code": "refresh_reused", "session": session.id})
    raise Unauthenticated("refresh_reused")
