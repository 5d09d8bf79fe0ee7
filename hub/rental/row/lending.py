"""Rows of lending: hand-over, return, and every end that time makes when people are silent."""

from typing import Final

from hub.rental import effect, guard
from hub.rental.command import (
    AmendReturn,
    AtRisk,
    AutoComplete,
    ClaimNonReturn,
    ConfirmReturn,
    DisputeReturn,
    Extend,
    HandOver,
    ModClose,
    Overdue,
    PresumeReturned,
    RemindInspection,
    RemindReturn,
    RemindStart,
    ReportDamage,
    Return,
    ReturnPart,
    RiskOver,
    Unclaimed,
)
from hub.rental.row.shape import MODERATOR, OWNER, PARTIES, RENTER, SYSTEM, Row
from hub.rental.state import State

OUT = (State.ACTIVE, State.RETURNED, State.LOST)

LENDING: Final = (
    Row(HandOver, (State.CONFIRMED,), State.ACTIVE, OWNER,
        (guard.too_early, guard.too_late_to_start, guard.deposit_missing, guard.slot_unavailable_early),
        effect.hand_over, "rental_handed_over", "unilateral without the renter's code; held from now on"),
    Row(Unclaimed, (State.CONFIRMED,), State.NO_SHOW, SYSTEM, (guard.not_due,), effect.end_as("unclaimed"),
        "rental_unclaimed", "24 hours after the end; nobody is blamed"),
    Row(RemindStart, (State.CONFIRMED,), None, SYSTEM, (guard.not_due,), effect.remind_start, "start_reminded",
        "a day ahead, two hours where hours are rented"),
    Row(RemindReturn, (State.ACTIVE,), None, SYSTEM, (guard.not_due,), effect.remind_return, "return_reminded",
        "a day ahead, two hours where hours are rented"),
    Row(AtRisk, (State.HELD, State.CONFIRMED), None, SYSTEM, (guard.no_clash,), effect.endanger, "rental_at_risk",
        "another rental is late; both parties are told, and may move it or cancel it for nothing"),
    Row(RiskOver, (State.HELD, State.CONFIRMED), None, SYSTEM, (guard.still_clash,), effect.spare, "rental_safe",
        "it came back in time after all"),
    Row(Overdue, (State.ACTIVE,), None, SYSTEM, (guard.not_due,), effect.run_late, "rental_overdue",
        "at the end and its grace, then every 12 hours: held for 24 hours more; who is next is warned; "
        "notices at 0, 24, 72 hours and 7 days"),
    Row(Return, (State.ACTIVE,), State.RETURNED, RENTER, (), effect.give_back, "rental_returned",
        "by code: held until now and the turnaround, auto_complete after 48 hours; without: as it was, 7 days"),
    Row(Return, (State.RETURNED,), State.RETURNED, RENTER, (guard.already_verified, guard.needs_code),
        effect.give_back, "rental_returned", "verified"),
    Row(ReturnPart, (State.ACTIVE,), None, PARTIES, (guard.one_unit, guard.not_a_part, guard.needs_code_for_part),
        effect.give_back_part, "part_returned", "the calendar lets go of these units once they are ready again"),
    Row(Extend, (State.RETURNED,), None, SYSTEM, (guard.not_due,), effect.extend, "hold_extended",
        "a declared return past the end: held for 24 hours more, like a late one"),
    Row(ConfirmReturn, (State.ACTIVE, State.RETURNED), State.COMPLETED, OWNER, (guard.case_open,),
        effect.confirm_return, "return_confirmed", "held until now and the turnaround; the deposit is released"),
    Row(ReportDamage, (State.ACTIVE, State.RETURNED), State.RETURNED, OWNER,
        (guard.too_late_for_deposit, guard.too_many_cases), effect.report_damage, "damage_reported",
        "the return counts as verified; a case opens, and auto_complete waits for it"),
    Row(ClaimNonReturn, (State.ACTIVE,), None, OWNER, (guard.not_late,), effect.miss, "non_return_claimed",
        "presume_returned is off; timer lost_timeout after 90 days"),
    Row(DisputeReturn, (State.RETURNED,), State.ACTIVE, OWNER, (guard.already_verified, guard.too_late_to_dispute),
        effect.dispute_return, "return_disputed", "counts as a claim that it is not back"),
    Row(AmendReturn, (State.RETURNED,), None, RENTER, (), effect.amend_return, "return_amended",
        "the renter's own account"),
    Row(RemindInspection, (State.RETURNED,), None, SYSTEM, (guard.not_due,), effect.nudge, "inspection_reminded",
        "the owner of a declared return, after 1, 3 and 6 days"),
    Row(AutoComplete, (State.RETURNED,), State.COMPLETED, SYSTEM, (guard.not_due,), effect.complete,
        "rental_completed", "the deposit is released; at the earliest 48 hours after the last case"),
    Row(PresumeReturned, (State.ACTIVE,), State.COMPLETED, SYSTEM, (guard.not_due,), effect.presume_returned,
        "return_presumed", "21 days after the end, if the owner never missed it; closed_unconfirmed"),
    Row(ModClose, OUT, State.COMPLETED, MODERATOR, (), effect.give_up, "rental_closed",
        "the reason is told; open cases end undecided"),
)  # fmt: skip
