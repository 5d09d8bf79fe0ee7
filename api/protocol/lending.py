"""Rows of the table: from the agreement to the end of a rental, and the money on the way."""

from typing import Final

from api.asks import rental as asks
from api.protocol.act import READ, WRITE, act
from api.views import rental as views
from hub.usecases import handing, settling

ACTS: Final = (
    act("rental:code", "GET /v1/rentals/{rental}/codes/{kind}", asks.GetCode, handing.get_code, ("party",), (READ,),
        views.code, "The code that the receiver shows: the renter's for the hand-over, the owner's for the return."),
    act("rental:hand_over", "POST /v1/rentals/{rental}/hand_over", asks.HandOverRental, handing.hand_over_rental,
        ("owner",), (WRITE,), views.applied, "The owner gives it away, with the renter's code or alone."),
    act("rental:return", "POST /v1/rentals/{rental}/return", asks.ReturnRental, handing.return_rental, ("renter",),
        (WRITE,), views.applied, "The renter gives it back: verified with the owner's code, else declared."),
    act("rental:return_part", "POST /v1/rentals/{rental}/return_part", asks.ReturnRentalPart, handing.return_part,
        ("party",), (WRITE,), views.applied,
        "Some of several units are back: the renter with the owner's code, or the owner alone."),
    act("rental:confirm_return", "POST /v1/rentals/{rental}/confirm_return", asks.OnRental, handing.confirm_return,
        ("owner",), (WRITE,), views.applied, "It is back and all is well."),
    act("rental:report_damage", "POST /v1/rentals/{rental}/report_damage", asks.ReportRentalDamage,
        handing.report_damage, ("owner",), (WRITE,), views.applied, "It is back and not all is well: opens a case."),
    act("rental:claim_missing", "POST /v1/rentals/{rental}/claim_missing", asks.OnRental, handing.claim_missing,
        ("owner",), (WRITE,), views.applied, "It is late and not back, says the owner."),
    act("rental:dispute_return", "POST /v1/rentals/{rental}/dispute_return", asks.OnRental, handing.dispute_return,
        ("owner",), (WRITE,), views.applied, "The renter declared the return, the owner does not have it."),
    act("rental:amend_return", "POST /v1/rentals/{rental}/amend_return", asks.AmendRentalReturn, handing.amend_return,
        ("renter",), (WRITE,), views.applied, "The renter's own account of the return."),
    act("rental:find", "POST /v1/rentals/{rental}/find", asks.OnRental, handing.find_rental, ("party",), (WRITE,),
        views.applied, "What was lost is there again."),
    act("case:open", "POST /v1/rentals/{rental}/cases", asks.OpenRentalCase, settling.open_case, ("party",), (WRITE,),
        views.applied, "Ask something of the other side, until six months after the end."),
    act("case:appeal", "POST /v1/rentals/{rental}/cases/{case}/appeal", asks.AppealRentalCase, settling.appeal_case,
        ("party",), (WRITE,), views.applied, "Ask for a second decision, once, within 14 days."),
    act("case:propose", "POST /v1/rentals/{rental}/cases/{case}/propose", asks.CaseAmount,
        settling.propose_settlement, ("party",), (WRITE,), views.applied, "Leave a case at an amount."),
    act("case:agree", "POST /v1/rentals/{rental}/cases/{case}/agree", asks.CaseAmount, settling.agree_settlement,
        ("party",), (WRITE,), views.applied, "Yes to what the other side proposed: the case is settled."),
    act("case:withdraw", "POST /v1/rentals/{rental}/cases/{case}/withdraw", asks.OnCase, settling.withdraw_case,
        ("party",), (WRITE,), views.applied, "Let one's own case go."),
    act("payment:claim", "POST /v1/rentals/{rental}/payments", asks.ClaimPayment, settling.claim_payment, ("party",),
        (WRITE,), views.applied, "Say that money went from hand to hand; the hub never holds any."),
    act("payment:confirm", "POST /v1/rentals/{rental}/payments/{entry}/confirm", asks.OnPayment,
        settling.confirm_payment, ("party",), (WRITE,), views.applied, "Say so, too: now it counts."),
    act("payment:reject", "POST /v1/rentals/{rental}/payments/{entry}/reject", asks.OnPayment,
        settling.reject_payment, ("party",), (WRITE,), views.applied, "It was not so: denied, or taken back."),
    act("rental:waive_fee", "POST /v1/rentals/{rental}/waive_fee", asks.OnRental, settling.waive_fee, ("owner",),
        (WRITE,), views.applied, "The owner does not want the fee of a cancellation."),
)  # fmt: skip
