"""When it goes wrong: nobody came, nothing was handed over, the thing is gone; and denying that it did."""

from dataclasses import dataclass

from hub.account import Actor
from hub.ports import Ports
from hub.rental import AdmitLoss, AnnulHandOver, ClaimNoShow, Contest, MarkLost, SettleLoss
from hub.usecases.dealing import AppliedCommand, OnRental, act_as_moderator, act_as_party


@dataclass(frozen=True, slots=True)
class ClaimRentalNoShow(OnRental):
    pass


@dataclass(frozen=True, slots=True)
class ContestClaim(OnRental):
    words: str


@dataclass(frozen=True, slots=True)
class AnnulRentalHandOver(OnRental):
    reason: str


@dataclass(frozen=True, slots=True)
class MarkRentalLost(OnRental):
    """``claimed`` minor units for it."""

    words: str
    claimed: int


@dataclass(frozen=True, slots=True)
class AdmitRentalLoss(OnRental):
    words: str


@dataclass(frozen=True, slots=True)
class SettleRentalLoss(OnRental):
    pass


async def claim_no_show(ports: Ports, actor: Actor, command: ClaimRentalNoShow) -> AppliedCommand:
    """The other side did not come."""
    return await act_as_party(ports, actor, command, lambda _, __: ClaimNoShow())


async def contest(ports: Ports, actor: Actor, command: ContestClaim) -> AppliedCommand:
    """It was not as the other side says: a hand-over by one word, or that one did not come."""
    denial = Contest(command.words)
    return await act_as_party(ports, actor, command, lambda _, __: denial)


async def annul_hand_over(ports: Ports, actor: Actor, command: AnnulRentalHandOver) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: AnnulHandOver(command.reason))


async def mark_lost(ports: Ports, actor: Actor, command: MarkRentalLost) -> AppliedCommand:
    loss = MarkLost(command.words, command.claimed)
    return await act_as_party(ports, actor, command, lambda _, __: loss)


async def admit_loss(ports: Ports, actor: Actor, command: AdmitRentalLoss) -> AppliedCommand:
    admission = AdmitLoss(command.words)
    return await act_as_party(ports, actor, command, lambda _, __: admission)


async def settle_loss(ports: Ports, actor: Actor, command: SettleRentalLoss) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: SettleLoss())


async def annul_for_parties(ports: Ports, actor: Actor, command: AnnulRentalHandOver) -> AppliedCommand:
    """As a moderator, in a rental of others; so are the next two."""
    return await act_as_moderator(ports, actor, command, lambda _, __: AnnulHandOver(command.reason))


async def mark_lost_for_parties(ports: Ports, actor: Actor, command: MarkRentalLost) -> AppliedCommand:
    loss = MarkLost(command.words, command.claimed)
    return await act_as_moderator(ports, actor, command, lambda _, __: loss)


async def settle_loss_for_parties(ports: Ports, actor: Actor, command: SettleRentalLoss) -> AppliedCommand:
    return await act_as_moderator(ports, actor, command, lambda _, __: SettleLoss())
