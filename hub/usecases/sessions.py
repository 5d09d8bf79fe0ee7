"""Signing in, staying signed in, signing out."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.account import Actor, Session, SignedIn, normalise_email
from hub.authority import OWN_SESSION, authorize
from hub.errors import Unauthenticated
from hub.ids import SessionId, UserId
from hub.ports import Note, Ports
from hub.usecases._people import existing
from hub.usecases._sessions import Opening, begin_session, check_not_suspended, live_session, owes_factor, renew
from hub.usecases._signing import end_others


@dataclass(frozen=True, slots=True)
class OpenSession:
    """``known`` is what this device was given at its last sign-in."""

    email: str
    password: str
    client: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Lent:
    """What a browser's scripts get: never the token that renews. ``pending`` as in ``SignedIn``."""

    user: UserId
    session: SessionId
    access: str
    access_expires: datetime
    pending: bool


@dataclass(frozen=True, slots=True)
class RenewSession:
    refresh: str


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """A fresh access token for a live socket; answered by the socket door, which holds the connection."""

    token: str


@dataclass(frozen=True, slots=True)
class ListSessions:
    pass


@dataclass(frozen=True, slots=True)
class RevokeSession:
    session: SessionId


@dataclass(frozen=True, slots=True)
class RevokeOtherSessions:
    pass


@dataclass(frozen=True, slots=True)
class SessionList:
    sessions: Sequence[Session]
    current: SessionId


async def open_session(ports: Ports, command: OpenSession) -> SignedIn:
    """Sign in. Unknown e-mail and wrong password cost the same work and get the same refusal (security.md N3)."""
    known = await ports.users.credentials(normalise_email(command.email))
    user, password_hash = known or (None, None)
    matches = await ports.passwords.verify(password_hash, command.password)
    if user is None or password_hash is None or not matches:
        await ports.audit.note(Note("sign_in_refused", None, (user.id,) if user else ()))
        raise Unauthenticated("bad_credentials")
    check_not_suspended(user)
    if ports.passwords.needs_rehash(password_hash):
        await ports.users.set_password_hash(user.id, await ports.passwords.hash(command.password))
    pending = await owes_factor(ports, user.id)
    return await begin_session(ports, user, Opening(command.client, command.known, pending))


async def renew_session(ports: Ports, command: RenewSession) -> SignedIn:
    """Swap the refresh token. Parallel use within the grace gets the same successor; later use ends the session.

    Source: RFC 9700 section 4.14.2, security.md N6.
    """
    return await renew(ports, command.refresh)


async def check_session(ports: Ports, actor: Actor) -> Session:
    """The live session behind a token, or the refusal that ends the conversation: for doors, before and during use."""
    session = await live_session(ports, actor.session)
    if session.user != actor.user:
        raise Unauthenticated("session_revoked")
    return session


async def check_browser(ports: Ports, refresh: str) -> Session:
    """The live session of a browser, whose cookie holds the refresh token and never rotates: no script can read it."""
    session_id, presented = ports.tokens.read_refresh(refresh)
    session = await live_session(ports, session_id)
    if not hmac.compare_digest(session.refresh_hash, presented):
        raise Unauthenticated("session_revoked")
    return session


async def lend_access(ports: Ports, refresh: str) -> Lent:
    """A short token for a browser's scripts, which never see its cookie (realtime.md, connecting).

    Raises as ``check_browser`` does, and Forbidden("suspended").
    """
    session = await check_browser(ports, refresh)
    user = await existing(ports, session.user)
    check_not_suspended(user)
    access = ports.tokens.issue_access(user.id, session.id, session.device, user.roles)
    return Lent(user.id, session.id, access.token, access.expires_at, session.pending)


async def list_sessions(ports: Ports, actor: Actor, command: ListSessions) -> SessionList:  # noqa: ARG001 - shape of an act
    return SessionList(await ports.sessions.live_of(actor.user), actor.session)


async def revoke_session(ports: Ports, actor: Actor, command: RevokeSession) -> None:
    session = authorize(actor, OWN_SESSION, await ports.sessions.get(command.session))
    await ports.sessions.revoke([session.id])


async def revoke_other_sessions(ports: Ports, actor: Actor, command: RevokeOtherSessions) -> int:  # noqa: ARG001 - shape of an act
    """End every session but this one; answers how many."""
    return await end_others(ports, actor)
