"""Handing over and giving back: who has the thing, by whose word, and what is said of the state it is in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hub.account import Actor
from hub.ids import RentalId
from hub.ports import Code, Ports
from hub.rental import (
    AmendReturn,
    CaseKind,
    ClaimNonReturn,
    CodeKind,
    Command,
    ConfirmReturn,
    DisputeReturn,
    Found,
    HandOver,
    ReportDamage,
    Return,
    ReturnPart,
    check_shown,
)
from hub.usecases._codes import prove
from hub.usecases._move import Move, rehearse
from hub.usecases.dealing import AppliedCommand, OnRental, act_as_party, of_party, role_of


@dataclass(frozen=True, slots=True)
class GetCode:
    """The code that the other side enters or scans."""

    rental: RentalId
    kind: CodeKind


@dataclass(frozen=True, slots=True)
class Proven(OnRental):
    """``code``: six digits that the other side has read out; ``secret``: 16 bytes of the QR code they have shown."""

    code: str | None = None
    secret: bytes | None = None

    @property
    def proven(self) -> bool:
        return self.code is not None or self.secret is not None


@dataclass(frozen=True, slots=True)
class HandOverRental(Proven):
    """Without the renter's code it is the owner's word alone, and flagged so."""


@dataclass(frozen=True, slots=True)
class ReturnRental(Proven):
    """Without the owner's code it is declared only: neither calendar nor deposit is free."""


@dataclass(frozen=True, slots=True)
class ReturnRentalPart(Proven):
    """``units`` of several: the renter with the owner's code, or the owner alone."""

    units: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ConfirmRentalReturn(OnRental):
    pass


@dataclass(frozen=True, slots=True)
class ReportRentalDamage(OnRental):
    """``claimed`` minor units of the rental's currency."""

    kind: CaseKind
    words: str
    claimed: int


@dataclass(frozen=True, slots=True)
class ClaimRentalMissing(OnRental):
    pass


@dataclass(frozen=True, slots=True)
class DisputeRentalReturn(OnRental):
    pass


@dataclass(frozen=True, slots=True)
class AmendRentalReturn(OnRental):
    words: str


@dataclass(frozen=True, slots=True)
class FindRental(OnRental):
    pass


async def get_code(ports: Ports, actor: Actor, command: GetCode) -> Code:
    """The code of one's own that proves to the hub: what is shown here, somebody has received."""
    rental = await of_party(ports, actor, command.rental)
    check_shown(rental, command.kind, role_of(rental, actor.user))
    return await ports.codes.get(rental.id, command.kind, actor.user)


async def hand_over_rental(ports: Ports, actor: Actor, command: HandOverRental) -> AppliedCommand:
    """The owner gives it away."""
    return await _proven(ports, actor, command, CodeKind.HAND_OVER, HandOver)


async def return_rental(ports: Ports, actor: Actor, command: ReturnRental) -> AppliedCommand:
    """The renter gives it back."""
    return await _proven(ports, actor, command, CodeKind.RETURN, Return)


async def return_part(ports: Ports, actor: Actor, command: ReturnRentalPart) -> AppliedCommand:
    """Some of the units are back, the others stay out."""
    part = command.units
    return await _proven(ports, actor, command, CodeKind.RETURN, lambda proven: ReturnPart(part, proven))


async def confirm_return(ports: Ports, actor: Actor, command: ConfirmRentalReturn) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: ConfirmReturn())


async def report_damage(ports: Ports, actor: Actor, command: ReportRentalDamage) -> AppliedCommand:
    report = ReportDamage(command.kind, command.words, command.claimed)
    return await act_as_party(ports, actor, command, lambda _, __: report)


async def claim_missing(ports: Ports, actor: Actor, command: ClaimRentalMissing) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: ClaimNonReturn())


async def dispute_return(ports: Ports, actor: Actor, command: DisputeRentalReturn) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: DisputeReturn())


async def amend_return(ports: Ports, actor: Actor, command: AmendRentalReturn) -> AppliedCommand:
    account = AmendReturn(command.words)
    return await act_as_party(ports, actor, command, lambda _, __: account)


async def find_rental(ports: Ports, actor: Actor, command: FindRental) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: Found())


async def _proven(
    ports: Ports, actor: Actor, command: Proven, kind: CodeKind, rule: Callable[[bool], Command]
) -> AppliedCommand:
    """A code is looked at once all else is in order, so that no try is lost on what would be refused anyway."""
    rental = await of_party(ports, actor, command.rental)
    if command.proven and await ports.work.applied(rental.room, command.cmd_id) is None:
        move = Move(command.cmd_id, b"", role_of(rental, actor.user), lambda _: rule(True))
        await rehearse(ports, move, rental.item, rental)
        await prove(ports, rental, kind, command)
    return await act_as_party(ports, actor, command, lambda _, __: rule(command.proven))
