"""Rows of settling: cases, the ledger and a fee let go. None of them changes the state of the rental."""

from typing import Final

from hub.rental import effect, guard
from hub.rental.command import (
    AgreeSettlement,
    ClaimEntry,
    ConfirmEntry,
    DecideCase,
    MediateCase,
    ProposeSettlement,
    RejectEntry,
    UndecidedCase,
    WaiveFee,
    WithdrawCase,
)
from hub.rental.row.shape import MODERATOR, OWNER, PARTIES, SYSTEM, Row
from hub.rental.state import OCCUPYING, State

WITH_CASES = (State.ACTIVE, State.RETURNED, State.LOST, State.COMPLETED)
AGREED = tuple(state for state in State if state in OCCUPYING | {State.CANCELLED, State.NO_SHOW, State.COMPLETED})

SETTLING: Final = (
    Row(ProposeSettlement, WITH_CASES, None, PARTIES, (guard.no_open_case, guard.case_closed, guard.same_proposal),
        effect.propose_settlement, "settlement_proposed", "in place of what was proposed before"),
    Row(AgreeSettlement, WITH_CASES, None, PARTIES, (guard.no_open_case, guard.case_closed, guard.proposal_changed),
        effect.agree_settlement, "case_settled", "so much of the deposit is kept"),
    Row(WithdrawCase, WITH_CASES, None, PARTIES, (guard.no_open_case, guard.case_closed, guard.not_your_case),
        effect.withdraw_case, "case_withdrawn", "nothing is kept"),
    Row(DecideCase, WITH_CASES, None, MODERATOR, (guard.no_open_case, guard.case_closed), effect.decide_case,
        "case_decided", "so much of the deposit is kept; the moderator's words are told"),
    Row(MediateCase, WITH_CASES, None, SYSTEM, (guard.not_due,), effect.mediate, "case_mediated",
        "48 hours after it opened; moderators see it"),
    Row(UndecidedCase, WITH_CASES, None, SYSTEM, (guard.not_due,), effect.end_undecided, "case_undecided",
        "after 30 days in mediation; nothing is kept"),
    Row(ClaimEntry, AGREED, None, PARTIES, (guard.too_many_entries,), effect.claim_entry, "payment_claimed",
        "counts once the other side confirms it"),
    Row(ConfirmEntry, AGREED, None, PARTIES, (guard.no_open_entry, guard.entry_closed, guard.not_your_entry),
        effect.confirm_entry, "payment_confirmed", "deposit and payment follow"),
    Row(RejectEntry, AGREED, None, PARTIES, (guard.no_open_entry, guard.entry_closed), effect.reject_entry,
        "payment_rejected", "by the other side, or taken back"),
    Row(WaiveFee, (State.CANCELLED,), None, OWNER, (guard.no_fee,), effect.waive_fee, "fee_waived",
        "what was paid is to be given back"),
)  # fmt: skip
