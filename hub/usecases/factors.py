"""The second factor, and proving anew that one is there oneself."""

from dataclasses import dataclass

from crypto import spare_codes, totp
from hub.account import Actor
from hub.errors import Conflict, NotFound, Unauthenticated
from hub.ports import Ports
from hub.usecases._people import existing
from hub.usecases._sessions import Completed, complete
from hub.usecases._signing import end_others, note_own, tell_person


@dataclass(frozen=True, slots=True)
class StartFactor:
    pass


@dataclass(frozen=True, slots=True)
class ActivateFactor:
    """``code`` is what the app shows now."""

    code: str


@dataclass(frozen=True, slots=True)
class RemoveFactor:
    pass


@dataclass(frozen=True, slots=True)
class RenewSpareCodes:
    pass


@dataclass(frozen=True, slots=True)
class GetFactor:
    pass


@dataclass(frozen=True, slots=True)
class CompleteSession:
    """``code`` is what the app shows now, or a spare code."""

    code: str


@dataclass(frozen=True, slots=True)
class ConfirmSession:
    """The password, and the code as well where there is a second factor."""

    password: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ProposedFactor:
    """What the app needs: as a QR code of ``uri``, or ``secret`` typed."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class FactorState:
    """``spare``: codes left for a lost app."""

    active: bool
    spare: int


async def get_factor(ports: Ports, actor: Actor, command: GetFactor) -> FactorState:  # noqa: ARG001 - shape of an act
    found = await ports.factors.get(actor.user)
    return FactorState(True, found.spare) if found and found.active else FactorState(False, 0)


async def start_factor(ports: Ports, actor: Actor, command: StartFactor) -> ProposedFactor:  # noqa: ARG001 - shape of an act
    """A new secret, which counts from its first right code on."""
    user, secret = await existing(ports, actor.user), totp.new_secret()
    if not await ports.factors.propose(actor.user, secret):
        raise Conflict("factor_active")
    return ProposedFactor(secret, totp.provisioning_uri(secret, user.handle, ports.policy.village))


async def activate_factor(ports: Ports, actor: Actor, command: ActivateFactor) -> tuple[str, ...]:
    """From now on nobody signs in by the password alone; answers the spare codes, which are shown this once."""
    found = await ports.factors.get(actor.user)
    if found is None:
        raise NotFound("factor_not_found")
    step = totp.matching_step(found.secret, command.code, _now_s(ports))
    if step is None:
        raise Unauthenticated("bad_code")
    codes = spare_codes.new_codes()
    if found.active or not await ports.factors.activate(actor.user, step, _hashes(codes)):
        raise Conflict("factor_active")
    await note_own(ports, "factor_added", actor.user, actor.session)
    tell_person(ports, actor.user, "factor_added", actor.session)
    return codes


async def remove_factor(ports: Ports, actor: Actor, command: RemoveFactor) -> None:  # noqa: ARG001 - shape of an act
    """The password is enough again; whoever else is signed in has to sign in anew."""
    await ports.factors.remove(actor.user)
    await end_others(ports, actor)
    await note_own(ports, "factor_removed", actor.user, actor.session)
    tell_person(ports, actor.user, "factor_removed", actor.session)


async def renew_spare_codes(ports: Ports, actor: Actor, command: RenewSpareCodes) -> tuple[str, ...]:  # noqa: ARG001 - shape of an act
    """Other spare codes in place of those there were."""
    if not (await get_factor(ports, actor, GetFactor())).active:
        raise NotFound("factor_not_found")
    codes = spare_codes.new_codes()
    await ports.factors.replace_spare(actor.user, _hashes(codes))
    await note_own(ports, "spare_codes_renewed", actor.user, actor.session)
    return codes


async def complete_session(ports: Ports, actor: Actor, command: CompleteSession) -> Completed:
    """Finish a sign-in that waits for the second factor."""
    if not actor.pending:
        raise Conflict("session_complete")
    await _spend(ports, actor, command.code)
    return await complete(ports, actor)


async def confirm_session(ports: Ports, actor: Actor, command: ConfirmSession) -> None:
    """Prove to be there oneself: for five minutes this session may do what must not happen behind one's back."""
    user = await existing(ports, actor.user)
    known = await ports.users.credentials(user.email)
    if not await ports.passwords.verify(known[1] if known else None, command.password):
        raise Unauthenticated("bad_credentials")
    if (await get_factor(ports, actor, GetFactor())).active:
        await _spend(ports, actor, command.code)
    await ports.sessions.confirm(actor.session, ports.clock.real())


async def _spend(ports: Ports, actor: Actor, code: str) -> None:
    """Use up a code of the app or a spare one; each is good once, however many workers are asked at the same time."""
    found = await ports.factors.get(actor.user)
    step = totp.matching_step(found.secret, code, _now_s(ports)) if found else None
    if step is not None and await ports.factors.spend_step(actor.user, step):
        return
    if not await ports.factors.spend_spare(actor.user, spare_codes.code_hash(code)):
        raise Unauthenticated("bad_code")
    tell_person(ports, actor.user, "spare_code_used", actor.session)


def _hashes(codes: tuple[str, ...]) -> list[bytes]:
    return [spare_codes.code_hash(code) for code in codes]


def _now_s(ports: Ports) -> int:
    return int(ports.clock.real().timestamp())
