"""Settling between the parties: cases, and money that went from hand to hand."""

from dataclasses import dataclass

from hub.account import Actor
from hub.ports import Ports
from hub.rental import (
    AgreeSettlement,
    AppealCase,
    CaseKind,
    ClaimEntry,
    ConfirmEntry,
    EntryKind,
    Method,
    OpenCase,
    ProposeSettlement,
    RejectEntry,
    WaiveFee,
    WithdrawCase,
)
from hub.usecases.dealing import AppliedCommand, OnRental, act_as_party


@dataclass(frozen=True, slots=True)
class OpenRentalCase(OnRental):
    """``claimed`` minor units of the other side."""

    kind: CaseKind
    words: str
    claimed: int


@dataclass(frozen=True, slots=True)
class OnCase(OnRental):
    """``case`` is its number within the rental."""

    case: int


@dataclass(frozen=True, slots=True)
class ProposeCaseSettlement(OnCase):
    """``amount`` minor units that the case's payer would pay."""

    amount: int


@dataclass(frozen=True, slots=True)
class AgreeCaseSettlement(OnCase):
    """``amount`` is what the other side has proposed last."""

    amount: int


@dataclass(frozen=True, slots=True)
class AppealRentalCase(OnCase):
    words: str


@dataclass(frozen=True, slots=True)
class WithdrawRentalCase(OnCase):
    pass


@dataclass(frozen=True, slots=True)
class ClaimPayment(OnRental):
    """``amt`` minor units of the rental's currency."""

    kind: EntryKind
    amt: int
    method: Method


@dataclass(frozen=True, slots=True)
class OnPayment(OnRental):
    """``entry`` is its number within the rental."""

    entry: int


@dataclass(frozen=True, slots=True)
class ConfirmPayment(OnPayment):
    pass


@dataclass(frozen=True, slots=True)
class RejectPayment(OnPayment):
    pass


@dataclass(frozen=True, slots=True)
class WaiveRentalFee(OnRental):
    pass


async def open_case(ports: Ports, actor: Actor, command: OpenRentalCase) -> AppliedCommand:
    """Ask something of the other side: it was not as described, came late, was not paid, turned out damaged."""
    case = OpenCase(command.kind, command.words, command.claimed)
    return await act_as_party(ports, actor, command, lambda _, __: case)


async def appeal_case(ports: Ports, actor: Actor, command: AppealRentalCase) -> AppliedCommand:
    """Ask another moderator to decide it anew."""
    appeal = AppealCase(command.case, command.words)
    return await act_as_party(ports, actor, command, lambda _, __: appeal)


async def propose_settlement(ports: Ports, actor: Actor, command: ProposeCaseSettlement) -> AppliedCommand:
    proposal = ProposeSettlement(command.case, command.amount)
    return await act_as_party(ports, actor, command, lambda _, __: proposal)


async def agree_settlement(ports: Ports, actor: Actor, command: AgreeCaseSettlement) -> AppliedCommand:
    agreement = AgreeSettlement(command.case, command.amount)
    return await act_as_party(ports, actor, command, lambda _, __: agreement)


async def withdraw_case(ports: Ports, actor: Actor, command: WithdrawRentalCase) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: WithdrawCase(command.case))


async def claim_payment(ports: Ports, actor: Actor, command: ClaimPayment) -> AppliedCommand:
    claim = ClaimEntry(command.kind, command.amt, command.method)
    return await act_as_party(ports, actor, command, lambda _, __: claim)


async def confirm_payment(ports: Ports, actor: Actor, command: ConfirmPayment) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: ConfirmEntry(command.entry))


async def reject_payment(ports: Ports, actor: Actor, command: RejectPayment) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: RejectEntry(command.entry))


async def waive_fee(ports: Ports, actor: Actor, command: WaiveRentalFee) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: WaiveFee())
