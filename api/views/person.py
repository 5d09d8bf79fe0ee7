"""What people see of themselves, each other and their sessions."""

from collections.abc import Sequence

from api.views.common import View, milliseconds
from hub.account import Session, SignedIn, User
from hub.identity import Identity
from hub.usecases._sessions import Completed
from hub.usecases.factors import FactorState, ProposedFactor
from hub.usecases.rights import Rights
from hub.usecases.sessions import Lent, SessionList


def me(user: User) -> View:
    """Oneself, with what nobody else sees."""
    return neighbour(user) | {"email": user.email, "locale": user.locale, "roles": sorted(user.roles)}


def rights(used: Rights) -> View:
    since = used.restricted_at
    return {"restricted_since": milliseconds(since) if since else None, "objections": sorted(used.objections)}


def neighbour(user: User) -> View:
    """Anybody, as neighbours see them."""
    return {"id": user.id, "handle": user.handle, "display_name": user.display_name}


def tokens(signed_in: SignedIn) -> View:
    renewing = {
        "refresh": signed_in.refresh,
        "refresh_expires": milliseconds(signed_in.refresh_expires),
        "known": signed_in.known,
    }
    return lent(signed_in) | renewing


def lent(token: Lent | SignedIn) -> View:
    """Nothing that renews: what the scripts of a browser get for its cookie."""
    return {
        "user": token.user,
        "session": token.session,
        "access": token.access,
        "access_expires": milliseconds(token.access_expires),
        "pending": token.pending,
    }


def refreshed(exp: int) -> View:
    return {"exp": exp * 1000}


def sessions(found: SessionList) -> View:
    return {"sessions": [_session(session, session.id == found.current) for session in found.sessions]}


def _session(session: Session, current: bool) -> View:
    return {
        "id": session.id,
        "client": session.client,
        "created_at": milliseconds(session.created_at),
        "expires_at": milliseconds(session.expires_at),
        "device": session.device,
        "current": current,
    }


def revoked(count: int) -> View:
    return {"revoked": count}


def completed(done: Completed) -> View:
    return {"refresh_expires": milliseconds(done.expires), "known": done.known}


def factor(state: FactorState) -> View:
    return {"active": state.active, "spare": state.spare}


def proposed_factor(made: ProposedFactor) -> View:
    return {"secret": made.secret, "uri": made.uri}


def identities(found: Sequence[Identity]) -> View:
    return {"identities": [_identity(each) for each in found]}


def _identity(found: Identity) -> View:
    return {
        "id": found.id,
        "provider": found.provider,
        "created_at": milliseconds(found.created_at),
        "used_at": milliseconds(found.used_at) if found.used_at else None,
    }


def spare_codes(codes: Sequence[str]) -> View:
    return {"codes": list(codes)}
