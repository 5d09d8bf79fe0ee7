"""Rows of settling: cases, the ledger and a fee let go. None of them changes the state of the rental."""

from typing import Final

from hub.rental import effect, guard
from hub.rental.command import (
    AgreeSettlement,
    AppealCase,
    ClaimEntry,
    ConfirmEntry,
    DecideAppeal,
    DecideCase,
    LapseAppeal,
    MediateCase,
    OpenCase,
    ProposeSettlement,
    RejectEntry,
    UndecidedCase,
    WaiveFee,
    WithdrawCase,
)
from hub.rental.row.shape import AGREED, MODERATOR, OWNER, PARTIES, SYSTEM, Row
from hub.rental.state import State

SETTLING: Final = (
    Row(OpenCase, AGREED, None, PARTIES,
        (guard.never_agreed, guard.too_late_for_case, guard.too_many_cases, guard.bad_kind),
        effect.open_case, "case_opened", "48 hours between the two, then moderators see it"),
    Row(ProposeSettlement, AGREED, None, PARTIES, (guard.no_open_case, guard.case_closed, guard.same_proposal),
        effect.propose_settlement, "settlement_proposed", "in place of what was proposed before"),
    Row(AgreeSettlement, AGREED, None, PARTIES, (guard.no_open_case, guard.case_closed, guard.proposal_changed),
        effect.agree_settlement, "case_settled", "so much of the deposit is kept"),
    Row(WithdrawCase, AGREED, None, PARTIES, (guard.no_open_case, guard.case_closed, guard.not_your_case),
        effect.withdraw_case, "case_withdrawn", "nothing is kept"),
    Row(DecideCase, AGREED, None, MODERATOR, (guard.no_open_case, guard.case_closed), effect.decide_case,
        "case_decided", "so much of the deposit is kept; the moderator's words are told"),
    Row(MediateCase, AGREED, None, SYSTEM, (guard.not_due,), effect.mediate, "case_mediated",
        "48 hours after it opened; moderators see it"),
    Row(UndecidedCase, AGREED, None, SYSTEM, (guard.not_due,), effect.end_undecided, "case_undecided",
        "after 30 days in mediation; nothing is kept"),
    Row(AppealCase, AGREED, None, PARTIES, (guard.no_decision, guard.not_appealable), effect.appeal_case,
        "case_appealed", "once, within 14 days; the decision holds meanwhile"),
    Row(DecideAppeal, AGREED, None, MODERATOR, (guard.no_appeal, guard.not_appealed, guard.own_decision),
        effect.decide_appeal, "appeal_decided", "in place of the first decision; by another moderator"),
    Row(LapseAppeal, AGREED, None, SYSTEM, (guard.not_due,), effect.lapse_appeal, "appeal_lapsed",
        "after 30 days: the first decision stands"),
    Row(ClaimEntry, AGREED, None, PARTIES, (guard.never_agreed, guard.too_many_entries), effect.claim_entry,
        "payment_claimed", "counts once the other side confirms it"),
    Row(ConfirmEntry, AGREED, None, PARTIES, (guard.no_open_entry, guard.entry_closed, guard.not_your_entry),
        effect.confirm_entry, "payment_confirmed", "deposit and payment follow"),
    Row(RejectEntry, AGREED, None, PARTIES, (guard.no_open_entry, guard.entry_closed), effect.reject_entry,
        "payment_rejected", "by the other side, or taken back"),
    Row(WaiveFee, (State.CANCELLED, State.NO_SHOW), None, OWNER, (guard.no_fee,), effect.waive_fee, "fee_waived",
        "what was paid is to be given back"),
)  # fmt: skip
