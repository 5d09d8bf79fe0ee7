"""Passkeys: made on a device, for signing in, as the second factor, and for proving anew that one is there."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from crypto import passkeys
from crypto.passkeys import PasskeyError, Proof
from hub.account import Actor, SignedIn, User
from hub.errors import Conflict, NotFound, Unauthenticated
from hub.ids import PasskeyId
from hub.passkey import MAX_PASSKEYS, Challenge, Passkey
from hub.ports import Ports
from hub.usecases._people import existing
from hub.usecases._sessions import Completed, Opening, begin_session, complete
from hub.usecases._signing import end_others, note_own, tell_person, warn_person

CHALLENGE_LIFE: Final = timedelta(minutes=5)
SIGN_IN: Final = "sign in"
"""Whom a challenge of the sign-in page is for shows only when it is answered."""


@dataclass(frozen=True, slots=True)
class OfferPasskey:
    pass


@dataclass(frozen=True, slots=True)
class AddPasskey:
    client_data: bytes
    attestation: bytes
    name: str


@dataclass(frozen=True, slots=True)
class ListPasskeys:
    pass


@dataclass(frozen=True, slots=True)
class RenamePasskey:
    passkey: PasskeyId
    name: str


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    passkey: PasskeyId


@dataclass(frozen=True, slots=True)
class ChallengePasskey:
    pass


@dataclass(frozen=True, slots=True)
class ChallengeSession:
    pass


@dataclass(frozen=True, slots=True)
class Proving:
    """What an authenticator answers; ``user_handle`` is whom the passkey was made for."""

    credential: bytes
    client_data: bytes
    authenticator: bytes
    signature: bytes
    user_handle: bytes = b""

    @property
    def proof(self) -> Proof:
        return Proof(self.credential, self.client_data, self.authenticator, self.signature, self.user_handle)


@dataclass(frozen=True, slots=True)
class OpenByPasskey(Proving):
    client: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class CompleteByPasskey(Proving):
    pass


@dataclass(frozen=True, slots=True)
class ConfirmByPasskey(Proving):
    pass


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a device is asked to make: a passkey of ``user`` at ``origin``, other than those it has already."""

    challenge: bytes
    origin: str
    village: str
    user: User
    known: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device is asked to sign at ``origin``: by one of ``known``, or by whatever it has for this place."""

    challenge: bytes
    origin: str
    known: Sequence[bytes] = ()


async def offer_passkey(ports: Ports, actor: Actor, command: OfferPasskey) -> Wanted:  # noqa: ARG001 - shape of an act
    user, known = await existing(ports, actor.user), await ports.passkeys.of(actor.user)
    if len(known) >= MAX_PASSKEYS:
        raise Conflict("too_many_passkeys", {"max": MAX_PASSKEYS})
    made = await _challenge(ports, f"add passkey {actor.session}")
    return Wanted(made, ports.policy.origin, ports.policy.village, user, [passkey.credential for passkey in known])


async def add_passkey(ports: Ports, actor: Actor, command: AddPasskey) -> Passkey:
    """From now on this passkey signs the person in; they are told wherever they are."""
    challenge = await _spent(ports, f"add passkey {actor.session}", command.client_data)
    try:
        new = passkeys.verify_new(
            command.client_data, command.attestation, challenge=challenge, origin=ports.policy.origin
        )
    except PasskeyError as error:
        raise Unauthenticated(error.code) from error
    user, now = await existing(ports, actor.user), ports.clock.real()
    id_ = PasskeyId(passkeys.name_of(new.credential).hex())
    passkey = Passkey(id_, user.id, command.name, new.credential, new.key, new.count, new.synced, now)
    if not await ports.passkeys.add(passkey):
        raise Conflict("passkey_known")
    await note_own(ports, "passkey_added", user.id, actor.session)
    await warn_person(ports, user, "passkey_added", actor.session, id_, mail="passkey")
    return passkey


async def list_passkeys(ports: Ports, actor: Actor, command: ListPasskeys) -> Sequence[Passkey]:  # noqa: ARG001 - shape of an act
    return await ports.passkeys.of(actor.user)


async def rename_passkey(ports: Ports, actor: Actor, command: RenamePasskey) -> None:
    if not await ports.passkeys.rename(actor.user, command.passkey, command.name):
        raise NotFound("passkey_not_found")


async def remove_passkey(ports: Ports, actor: Actor, command: RemovePasskey) -> None:
    """It opens nothing any more; whoever else is signed in has to sign in anew. The last way in stays."""
    match await ports.passkeys.remove(actor.user, command.passkey):
        case "missing":
            raise NotFound("passkey_not_found")
        case "last":
            raise Conflict("last_way_in")
        case "removed":
            await end_others(ports, actor)
            await note_own(ports, "passkey_removed", actor.user, actor.session)
            tell_person(ports, actor.user, "passkey_removed", actor.session)


async def challenge_passkey(ports: Ports, command: ChallengePasskey) -> Asked:  # noqa: ARG001 - shape of an act
    """For signing in without a name: the device shows what it has for this place."""
    return Asked(await _challenge(ports, SIGN_IN), ports.policy.origin)


async def challenge_session(ports: Ports, actor: Actor, command: ChallengeSession) -> Asked:  # noqa: ARG001 - shape of an act
    """For this session alone: its second factor, or a proof anew."""
    known = [passkey.credential for passkey in await ports.passkeys.of(actor.user)]
    return Asked(await _challenge(ports, f"session {actor.session}"), ports.policy.origin, known)


async def open_by_passkey(ports: Ports, command: OpenByPasskey) -> SignedIn:
    """Sign in. The passkey says who it is, and is both factors: its owner has it, and has unlocked it."""
    challenge = await _spent(ports, SIGN_IN, command.client_data)
    user = await existing(ports, (await _proven(ports, challenge, command.proof)).user)
    return await begin_session(ports, user, Opening(command.client, command.known))


async def complete_by_passkey(ports: Ports, actor: Actor, command: CompleteByPasskey) -> Completed:
    """Finish a sign-in that waits for the second factor."""
    if not actor.pending:
        raise Conflict("session_complete")
    await _prove_own(ports, actor, command.proof)
    return await complete(ports, actor)


async def confirm_by_passkey(ports: Ports, actor: Actor, command: ConfirmByPasskey) -> None:
    """Prove to be there oneself: for five minutes this session may do what must not happen behind one's back."""
    await _prove_own(ports, actor, command.proof)
    await ports.sessions.confirm(actor.session, ports.clock.real())


async def _prove_own(ports: Ports, actor: Actor, proof: Proof) -> None:
    challenge = await _spent(ports, f"session {actor.session}", proof.client_data)
    if (await _proven(ports, challenge, proof)).user != actor.user:
        raise Unauthenticated("bad_passkey")


async def _challenge(ports: Ports, bound: str) -> bytes:
    made = Challenge(secrets.token_bytes(passkeys.CHALLENGE), ports.clock.real() + CHALLENGE_LIFE)
    await ports.challenges.add(bound, made.challenge, made.expires)
    return made.challenge


async def _spent(ports: Ports, bound: str, client_data: bytes) -> bytes:
    """The challenge that was answered, used up whatever comes of it."""
    try:
        challenge = passkeys.challenge_of(client_data)
    except PasskeyError as error:
        raise Unauthenticated(error.code) from error
    if not await ports.challenges.take(bound, challenge, ports.clock.real()):
        raise Unauthenticated("challenge_expired")
    return challenge


async def _proven(ports: Ports, challenge: bytes, proof: Proof) -> Passkey:
    """The passkey that signed; one whose count did not go on may be a copy, and its owner is told."""
    passkey = await ports.passkeys.get(PasskeyId(passkeys.name_of(proof.credential).hex()))
    if passkey is None or passkey.credential != proof.credential or proof.user_handle not in {b"", _handle(passkey)}:
        raise Unauthenticated("bad_passkey")
    try:
        count, synced = passkeys.verify_proof(proof, challenge=challenge, origin=ports.policy.origin, key=passkey.key)
    except PasskeyError as error:
        raise Unauthenticated(error.code) from error
    if not await ports.passkeys.use(passkey.id, count, ports.clock.real(), synced=synced):
        ports.publisher.tell(("user", passkey.user), "notice", {"code": "passkey_copied"})
        raise Unauthenticated("bad_passkey")
    return passkey


def _handle(passkey: Passkey) -> bytes:
    return bytes.fromhex(passkey.user)
