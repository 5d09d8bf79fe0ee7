"""Signing in with another server, joining by it, and having it in one's account or not."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from crypto import b64, pkce
from crypto.tokens import slip_hash
from hub.account import Actor, SignedIn, User, check_display_name, check_handle, normalise_email
from hub.errors import Conflict, HubError, NotFound, Unauthenticated
from hub.identity import Claimed, Identity
from hub.ids import IdentityId, UserId, new_id
from hub.mail import Mail
from hub.ports import Ports
from hub.usecases._people import existing
from hub.usecases._sessions import Opening, begin_session, owes_factor
from hub.usecases._signing import end_others, note_own, tell_person, warn_person
from hub.usecases._slips import keep_slip, put_back, send_slip, taken

NONCE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser leaves for ``provider``; ``browser`` is a secret of its own, ``wanted`` where it goes afterwards.

    ``user``: whose account the identity is to be added to; nobody's, where somebody signs in.
    """

    provider: str
    browser: str
    wanted: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Departed:
    """What it takes along (``state``, ``nonce``, the hash of ``verifier``); the hub keeps nothing but sealed."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was remembered of the browser that came back."""

    departure: Departure
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class JoinByIdentity:
    """``slip`` stands for what the provider said; the rest is what the newcomer typed."""

    slip: str
    browser: str
    email: str
    handle: str
    display_name: str
    locale: str = "de"


@dataclass(frozen=True, slots=True)
class ListIdentities:
    pass


@dataclass(frozen=True, slots=True)
class RemoveIdentity:
    identity: IdentityId


async def depart(ports: Ports, departure: Departure) -> Departed:
    """Remember, for ten minutes and one return, who left and with what."""
    nonce, verifier = b64.encode(secrets.token_bytes(NONCE_BYTES)), pkce.new_verifier()
    content = {**asdict(departure), "browser": _bound(departure.browser), "nonce": nonce, "verifier": verifier}
    return Departed(await keep_slip(ports, "departure", content), nonce, verifier)


async def arrive(ports: Ports, state: str, provider: str, browser: str) -> Arrived:
    """Who left with this state, once, in the same browser and from the same provider. Unauthenticated("bad_state")."""
    try:
        content = dict(await taken(ports, state, "departure"))
    except NotFound:
        raise Unauthenticated("bad_state") from None
    nonce, verifier = content.pop("nonce"), content.pop("verifier")
    if content["provider"] != provider or not hmac.compare_digest(content["browser"], _bound(browser)):
        raise Unauthenticated("bad_state")
    return Arrived(Departure(**content), nonce, verifier)


async def open_by_identity(ports: Ports, claimed: Claimed, client: str, known: str) -> SignedIn | None:
    """Sign in whom the provider vouches for; None for somebody new. A second factor is asked for all the same."""
    identity = await ports.identities.find(claimed.issuer, claimed.subject)
    if identity is None:
        return None
    user = await existing(ports, identity.user)
    signed_in = await begin_session(ports, user, Opening(client, known, await owes_factor(ports, user.id)))
    await ports.identities.used(identity.id, ports.clock.real())
    return signed_in


async def link_identity(ports: Ports, actor: Actor, claimed: Claimed) -> None:
    """From now on the provider's word signs this person in; they are told wherever they are."""
    actor.require_recent(ports.clock.real())
    user = await existing(ports, actor.user)
    if not await ports.identities.add(user.id, claimed, ports.clock.real()):
        raise Conflict("identity_taken")
    await note_own(ports, "identity_added", user.id, actor.session)
    about = f"{claimed.issuer} {claimed.subject}"
    await warn_person(ports, user, "identity_added", actor.session, about, mail="identity")


async def remember_newcomer(ports: Ports, claimed: Claimed, browser: str) -> str:
    """Keep what the provider said until the newcomer has chosen a name; answers the slip for it."""
    return await keep_slip(ports, "newcomer", {**asdict(claimed), "browser": _bound(browser)})


async def newcomer(ports: Ports, slip: str, browser: str) -> Claimed:
    """What the provider said of whoever has this slip in the same browser."""
    content = await ports.slips.look(slip_hash(slip), "newcomer", ports.clock.real())
    if content is None or not hmac.compare_digest(content["browser"], _bound(browser)):
        raise NotFound("slip_not_found")
    return Claimed(**{name: text for name, text in content.items() if name != "browser"})


async def join_by_identity(ports: Ports, command: JoinByIdentity) -> None:
    """Add a neighbour without a password.

    An e-mail address that the provider has not verified is confirmed by mail, as every other, and one that is known
    gets the same answer: an identity comes to an account that exists only by signing in there first.
    """
    email, handle = normalise_email(command.email), check_handle(command.handle)
    name = check_display_name(command.display_name)
    content = await taken(ports, command.slip, "newcomer")
    try:
        await _join(ports, content, command, User(
            UserId(new_id()), handle, name, email, command.locale, ports.clock.now(),
            email_verified=email == content["email"],
        ))  # fmt: skip
    except HubError:
        await put_back(ports, command.slip, "newcomer", content)
        raise


async def list_identities(ports: Ports, actor: Actor, command: ListIdentities) -> Sequence[Identity]:  # noqa: ARG001 - shape of an act
    return await ports.identities.of(actor.user)


async def remove_identity(ports: Ports, actor: Actor, command: RemoveIdentity) -> None:
    """The provider's word opens nothing any more; whoever else is signed in has to sign in anew."""
    match await ports.identities.remove(actor.user, command.identity):
        case "missing":
            raise NotFound("identity_not_found")
        case "last":
            raise Conflict("last_way_in")
        case "removed":
            await end_others(ports, actor)
            await note_own(ports, "identity_removed", actor.user, actor.session)
            tell_person(ports, actor.user, "identity_removed", actor.session)


async def _join(ports: Ports, content: Mapping[str, str], command: JoinByIdentity, user: User) -> None:
    if not hmac.compare_digest(content["browser"], _bound(command.browser)):
        raise Unauthenticated("bad_state")
    if await ports.users.by_handle(user.handle):
        raise Conflict("handle_taken")
    claimed = _claimed(content)
    if user.email_verified or not ports.policy.confirm_email:
        await ports.users.add(user, "", claimed)
        return
    known = await ports.users.credentials(user.email)
    if known is not None:
        await ports.post.put(Mail("known", user.email, known[0].locale))
        return
    names = {"email": user.email, "handle": user.handle, "display_name": user.display_name, "locale": user.locale}
    content = {**names, "password_hash": "", **{f"claimed_{name}": text for name, text in asdict(claimed).items()}}
    await send_slip(ports, "account", content, Mail("welcome", user.email, user.locale))


def _claimed(content: Mapping[str, str]) -> Claimed:
    return Claimed(content["provider"], content["issuer"], content["subject"])


def _bound(browser: str) -> str:
    return slip_hash(browser).hex()
