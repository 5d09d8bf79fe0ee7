"""Protocols of condition at hand-over and return: written by one, confirmed by the other, then sealed for good."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.account import Actor
from hub.condition import (
    MAX_PROTOCOLS,
    Account,
    Condition,
    ConditionProtocol,
    Line,
    Pictured,
    check_giver,
    check_time,
)
from hub.errors import Conflict, Invalid, NotFound
from hub.events import Event
from hub.ids import CommandId, MediaId, ProtocolId, RentalId, derived_id
from hub.photo import SIZES
from hub.ports import Note, Ports, Transaction
from hub.rental import CodeKind, Rental, Role
from hub.usecases._again import again
from hub.usecases._codes import prove
from hub.usecases._move import add_fact
from hub.usecases._photos import UNSHOWN
from hub.usecases.dealing import of_moderator, of_party, role_of


@dataclass(frozen=True, slots=True)
class WriteProtocol:
    """``protocol`` is chosen by the client: sent again it does nothing twice, rewritten it changes until it is sealed.

    ``after`` is the last one its writer knew of, so that those written without a network come in in order. With the
    ``code`` (or the QR code's ``secret``) of who receives the thing it is sealed at once.
    """

    rental: RentalId
    protocol: ProtocolId
    kind: CodeKind
    made_at: datetime
    condition: Condition
    q: int = 1
    meter: str = ""
    note: str = ""
    lines: tuple[Line, ...] = ()
    photos: tuple[MediaId, ...] = ()
    after: ProtocolId | None = None
    code: str | None = None
    secret: bytes | None = None


@dataclass(frozen=True, slots=True)
class ConfirmProtocol:
    """``hash`` is of what one has read: another text is not confirmed by it."""

    rental: RentalId
    protocol: ProtocolId
    hash: str


@dataclass(frozen=True, slots=True)
class ListProtocols:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class ReadProtocols(ListProtocols):
    pass


async def write_protocol(ports: Ports, actor: Actor, command: WriteProtocol) -> ConditionProtocol:
    """Say how the thing is. The other side is asked to confirm it, unless their code proves that they have."""
    await of_party(ports, actor, command.rental)  # to others not even the photos' absence is told
    photos = await _pictured(ports, actor, command.photos)
    account = Account(
        command.kind, command.made_at, command.q, command.condition, command.meter, command.note, command.lines, photos
    )  # fmt: skip
    proven, shown = command.code is not None or command.secret is not None, False

    async def attempt() -> ConditionProtocol:
        nonlocal shown
        rental = await of_party(ports, actor, command.rental)
        role, now = role_of(rental, actor.user), ports.clock.now()
        before = await _before(ports, rental, role, command.protocol)
        if before is not None and (before.sealed_at or (before.account == account and not proven)):
            return _unchanged(before, account)
        if proven:
            check_giver(account.kind, role)
        check_time(rental, account, now)
        after = await _next(ports, rental, role, command, account) if before is None else _rewritten(before, account)
        if proven:
            if not shown:  # no try is lost on a race
                await prove(ports, rental, account.kind, command)
            shown, after = True, after.sealed(now, by_code=True)
        return await _keep(ports, actor, rental, after, before)

    return await again(attempt)


async def confirm_protocol(ports: Ports, actor: Actor, command: ConfirmProtocol) -> ConditionProtocol:
    """Say that it is as the other side has written. Not one's own: ``not_your_turn``."""

    async def attempt() -> ConditionProtocol:
        rental = await of_party(ports, actor, command.rental)
        before = await ports.protocols.get(command.protocol)
        if before is None or before.rental != rental.id:
            raise NotFound("protocol_not_found")
        if before.hash != command.hash:
            raise Conflict("protocol_changed", {"hash": before.hash})
        if before.by is role_of(rental, actor.user):
            raise Conflict("not_your_turn")
        if before.sealed_at:
            return before
        return await _keep(ports, actor, rental, before.sealed(ports.clock.now(), by_code=False), before)

    return await again(attempt)


async def list_protocols(ports: Ports, actor: Actor, command: ListProtocols) -> Sequence[ConditionProtocol]:
    """Those of a rental, in the order they came in."""
    rental = await of_party(ports, actor, command.rental)
    return await ports.protocols.of(rental.id)


async def read_protocols(ports: Ports, actor: Actor, command: ReadProtocols) -> Sequence[ConditionProtocol]:
    """The same for a moderator, who judges by them what others disagree about; each reading is in the audit log."""
    rental = await of_moderator(ports, actor, command.rental)
    await ports.audit.note(Note("protocols_read", actor.user, (rental.owner, rental.renter), rental.id))
    return await ports.protocols.of(rental.id)


async def _pictured(ports: Ports, actor: Actor, media: tuple[MediaId, ...]) -> tuple[Pictured, ...]:
    """One's own photos with the hash of what is kept of them; from now on they stay."""
    now = ports.clock.real()
    if media and not await ports.media.claim(actor.user, set(media), now, now + UNSHOWN):
        raise NotFound("photo_not_found")
    known = await ports.media.several(set(media)) if media else {}
    copies = {id_: photo.copy(SIZES[0]) for id_, photo in known.items()}
    return tuple(Pictured(id_, copy.sha256) for id_ in media if (copy := copies[id_]) is not None)


async def _before(ports: Ports, rental: Rental, role: Role, id_: ProtocolId) -> ConditionProtocol | None:
    known = await ports.protocols.get(id_)
    if known is not None and (known.rental != rental.id or known.by is not role):
        raise Conflict("protocol_taken")
    return known


def _unchanged(before: ConditionProtocol, account: Account) -> ConditionProtocol:
    if before.account != account:
        raise Conflict("protocol_sealed")
    return before


def _rewritten(before: ConditionProtocol, account: Account) -> ConditionProtocol:
    if before.account.kind is not account.kind:
        raise Invalid("bad_protocol", {"field": "kind"})
    return replace(before, account=account, rev=before.rev + 1)


async def _next(
    ports: Ports, rental: Rental, role: Role, command: WriteProtocol, account: Account
) -> ConditionProtocol:
    known = await ports.protocols.of(rental.id)
    if command.after is not None and all(each.id != command.after for each in known):
        raise Conflict("protocol_gap")
    if len(known) >= MAX_PROTOCOLS:
        raise Conflict("quota_exceeded", {"of": "protocols", "max": MAX_PROTOCOLS})
    received = ports.clock.now().replace(microsecond=0)
    return ConditionProtocol(
        command.protocol, rental.id, len(known) + 1, role, account, received, command.after
    )  # fmt: skip


async def _keep(
    ports: Ports, actor: Actor, rental: Rental, after: ConditionProtocol, before: ConditionProtocol | None
) -> ConditionProtocol:
    """With a row in the room's log that holds its hash, so that the chain of events proves it, too."""

    async def also(tx: Transaction) -> None:
        await tx.save_protocol(after, before.rev if before else None)

    type_ = "protocol_sealed" if after.sealed_at else "protocol_written"
    told: dict[str, Any] = {
        "rental": rental.id, "protocol": after.id, "no": after.no, "kind": after.account.kind.value,
        "seal": after.hash, "by_code": after.by_code,
    }  # fmt: skip
    cmd_id = CommandId(derived_id(type_, after.id, str(after.rev)))
    await add_fact(ports, rental, Event(type_, actor.user, told), cmd_id, also)
    return after
