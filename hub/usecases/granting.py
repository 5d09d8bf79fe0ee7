"""Letting apps act for people: a code for whoever asked, and tokens for the code (OAuth 2.1, RFC 7636, RFC 9700)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from crypto import pkce
from crypto.tokens import new_slip, slip_hash
from hub.account import Actor, SignedIn
from hub.errors import Unauthenticated
from hub.grant import App, Grant
from hub.ids import SessionId, new_id
from hub.ports import Note, Ports
from hub.usecases._people import existing
from hub.usecases._sessions import Opening, begin_session, renew
from hub.usecases._signing import note_own

CODE_LIFE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class RedeemCode:
    """``verifier`` is what was hashed when the code was asked for."""

    code: str
    app: str
    redirect: str
    verifier: str


async def grant_access(ports: Ports, actor: Actor, app: App, redirect: str, challenge: str) -> str:
    """The person, who is there themselves, lets ``app`` act for them; answers the code that goes to ``redirect``."""
    now = ports.clock.real()
    actor.require_recent(now)
    code = new_slip()
    seen = actor.confirmed_at or now
    grant = Grant(actor.user, app.id, redirect, challenge, SessionId(new_id()), seen, now + CODE_LIFE)
    await ports.grants.add(slip_hash(code), grant)
    await note_own(ports, "app_granted", actor.user, grant.session)
    return code


async def redeem_code(ports: Ports, command: RedeemCode, app: App) -> SignedIn:
    """A session for the app. A code that comes twice was stolen by somebody: what it had opened ends.

    Unauthenticated("bad_grant") whatever is wrong with it.
    """
    code = slip_hash(command.code)
    grant = await ports.grants.redeem(code, ports.clock.real())
    if grant is None:
        await _end_reused(ports, code)
        raise Unauthenticated("bad_grant")
    if (grant.app, grant.redirect) != (app.id, command.redirect) or not pkce.matches(grant.challenge, command.verifier):
        raise Unauthenticated("bad_grant")
    user = await existing(ports, grant.user)
    opening = Opening(app.name, app=app.id, session=grant.session, confirmed_at=grant.confirmed_at)
    signed_in = await begin_session(ports, user, opening)
    if await ports.grants.is_reused(code):  # while this session was being made
        await ports.sessions.revoke([grant.session])
        raise Unauthenticated("bad_grant")
    return signed_in


async def renew_grant(ports: Ports, refresh: str, app: App) -> SignedIn:
    """The app's next tokens; the rule against reuse is that of every client. Unauthenticated."""
    session_id, _ = ports.tokens.read_refresh(refresh)
    session = await ports.sessions.get(session_id)
    if session is None or session.app != app.id:
        raise Unauthenticated("bad_grant")
    return await renew(ports, refresh)


async def end_grant(ports: Ports, session: SessionId, app: App) -> None:
    """End the app's session, if it is the app's (RFC 7009)."""
    found = await ports.sessions.get(session)
    if found is not None and found.app == app.id:
        await ports.sessions.revoke([session])


async def _end_reused(ports: Ports, code: bytes) -> None:
    stolen = await ports.grants.reuse(code)
    if stolen is not None:
        await ports.sessions.revoke([stolen.session])
        await ports.audit.note(Note("code_reused", None, (stolen.user,), stolen.session))
