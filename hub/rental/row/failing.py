"""Rows for when it goes wrong: nobody came, nothing was handed over, the thing is gone."""

from typing import Final

from hub.rental import effect, guard
from hub.rental.command import (
    AdmitLoss,
    AnnulHandOver,
    ClaimNoShow,
    Contest,
    Found,
    LossTimeout,
    LostTimeout,
    MarkLost,
    SettleLoss,
)
from hub.rental.row.shape import MODERATOR, OWNER, PARTIES, RENTER, SYSTEM, Row
from hub.rental.state import State

FAILING: Final = (
    Row(ClaimNoShow, (State.CONFIRMED,), State.NO_SHOW, PARTIES, (guard.not_missed,), effect.claim_no_show,
        "no_show_claimed", "who claims whom is kept, and the fee of a renter who did not come; 48 hours to contest"),
    Row(Contest, (State.NO_SHOW,), None, PARTIES, (guard.not_accused, guard.no_show_stands, guard.too_many_cases),
        effect.contest_no_show, "no_show_contested", "a case opens, which settles fee and score; it stays a no-show"),
    Row(Contest, (State.ACTIVE,), None, RENTER,
        (guard.not_unilateral, guard.hand_over_stands, guard.too_many_cases),
        effect.contest_hand_over, "hand_over_contested", "a case opens; the owner may annul the hand-over"),
    Row(AnnulHandOver, (State.ACTIVE,), State.CANCELLED, OWNER + MODERATOR, (guard.not_contested,),
        effect.annul_hand_over, "hand_over_annulled", "the calendar lets go of the units; it costs nothing"),
    Row(MarkLost, (State.ACTIVE,), State.LOST, OWNER + MODERATOR, (guard.not_lost_yet,), effect.mark_lost,
        "loss_claimed", "a case opens; the listing is missing when no unit is left"),
    Row(AdmitLoss, (State.ACTIVE,), State.LOST, RENTER, (), effect.admit_loss, "loss_admitted",
        "a case opens in the owner's name; the listing is missing when no unit is left"),
    Row(LostTimeout, (State.ACTIVE,), State.LOST, SYSTEM, (guard.not_due,), effect.lose, "rental_lost",
        "a case opens; the calendar keeps the units until the loss is final, in 180 days"),
    Row(Found, (State.LOST,), State.RETURNED, PARTIES, (), effect.find, "rental_found",
        "by the owner's word verified, by the renter's declared; the case about it is over"),
    Row(SettleLoss, (State.LOST,), State.COMPLETED, PARTIES + MODERATOR, (guard.loss_unsettled,), effect.write_off,
        "loss_settled", "once the case about it is settled or decided"),
    Row(LossTimeout, (State.LOST,), State.COMPLETED, SYSTEM, (guard.not_due,), effect.write_off, "loss_final",
        "an unclaimed deposit is released"),
)  # fmt: skip
