"""Examples of lending, settling and mediation."""

from typing import Any, Final

from api.examples.rental import ASKED, DUE, NO_DAMAGES, RENTAL_SHEET, applied
from api.examples.sample import LATER, NEIGHBOUR, RENTAL, Example, Json

OUT: Final = DUE | {
    "handed_over": {"at": "2026-07-04T08:03:00Z", "unilateral": False, "contested_at": None},
    "deposit": {"state": "received", "amount": 5000, "kept": 0, "back": 0},
}
DECLARED: Final = {"returned": {"at": "2026-07-05T07:55:00Z", "verified_at": None, "words": "", "fee": 0}}
BACK: Final = {"returned": {"at": "2026-07-05T07:55:00Z", "verified_at": "2026-07-05T08:10:00Z", "words": "", "fee": 0}}
RELEASED: Final = {"deposit": {"state": "released", "amount": 5000, "kept": 0, "back": 0}}
ENTRY: Final = {
    "no": 1, "kind": "deposit_in", "amt": 5000, "method": "cash", "by": "renter", "at": LATER, "confirmed_at": LATER,
    "rejected_at": None,
}  # fmt: skip
CLAIMED: Final = ENTRY | {"confirmed_at": None}
CASE: Final = {
    "no": 1, "kind": "damage", "by": "owner", "opened_at": "2026-07-05T08:10:00Z", "claimed": 2000,
    "words": "Kratzer am Gehäuse", "state": "open", "due_at": "2026-07-07T08:10:00Z",
    "proposal": {"by": "owner", "amount": 2000}, "outcome": None, "payer": "renter", "secured": True, "appeal": None,
}  # fmt: skip


def _over(state: str, amount: int, **outcome: Any) -> Json:
    said = {"at": "2026-07-06T18:00:00Z", "amount": amount, "words": "", "by": None} | outcome
    return CASE | {"state": state, "due_at": None, "outcome": said}


def _disputed(case: Json, **changes: Any) -> Json:
    return applied(8, "returned", **OUT | BACK | changes, cases=[case], ledger=[ENTRY])


KEPT: Final = {
    "deposit": {"state": "partly_kept", "amount": 5000, "kept": 1000, "back": 0},
    "damages": {"amount": 1000, "kept": 1000, "due": 0},
}
DECIDED: Final = _over("decided", 1000, words="Die Hälfte ist Abnutzung.", by=NEIGHBOUR)
APPEAL: Final = {"by": "renter", "at": LATER, "words": "Die Fotos wurden nicht angesehen.", "state": "open"}
DISPUTE: Final = RENTAL_SHEET | OUT | BACK | {
    "state": "returned", "rev": 7, "role": "moderator", "allowed_actions": ["mod_close", "decide_case"],
    "cases": [CASE], "ledger": [ENTRY],
}  # fmt: skip
ON_CASE: Final = ASKED | {"case": 1}
ON_ENTRY: Final = ASKED | {"entry": 1}

EXAMPLES: Final = {
    "rental:code": Example(
        {"rental": RENTAL, "kind": "hand_over"}, {"code": "407113", "secret": "q83vEjRWeJCrze8SNFZ4kA"}),
    "rental:hand_over": Example(ASKED | {"code": "407113"}, applied(5, "active", **OUT, ledger=[ENTRY])),
    "rental:return": Example(ASKED, applied(6, "returned", **OUT | DECLARED, ledger=[ENTRY])),
    "rental:confirm_return": Example(
        ASKED, applied(7, "completed", **OUT | BACK | RELEASED, ledger=[ENTRY], ended_at="2026-07-05T08:10:00Z")),
    "rental:report_damage": Example(
        ASKED | {"kind": "damage", "words": "Kratzer am Gehäuse", "claimed": 2000}, _disputed(CASE)),
    "rental:claim_missing": Example(
        ASKED, applied(7, "active", **OUT, ledger=[ENTRY], overdue_since=LATER, non_return_at=LATER)),
    "rental:dispute_return": Example(ASKED, applied(7, "active", **OUT, ledger=[ENTRY], non_return_at=LATER)),
    "rental:amend_return": Example(
        ASKED | {"words": "Liegt auf der Bank vor der Tür."},
        applied(7, "returned", **OUT, ledger=[ENTRY],
                returned=DECLARED["returned"] | {"words": "Liegt auf der Bank vor der Tür."})),
    "rental:find": Example(
        ASKED, applied(9, "returned", **OUT | BACK, ledger=[ENTRY], non_return_at=LATER,
                       cases=[_over("withdrawn", 0) | {"kind": "non_return"}])),
    "rental:waive_fee": Example(
        ASKED, applied(4, "cancelled", closed_reason="illness", agreed_at=LATER, ended_at=LATER,
                       cancel={"by": "renter", "reason": "illness", "at": LATER, "fee": 600, "waived": True},
                       deposit={"state": "none", "amount": 5000, "kept": 0, "back": 0},
                       payment={"state": "free", "amount": 0, "paid": 0, "refund": 0}, **NO_DAMAGES)),
    "rental:return_part": Example(
        ASKED | {"units": 1, "code": "407113"},
        applied(6, "active", **OUT | {"parts": [{"q": 1, "at": LATER}], "q": 3}, ledger=[ENTRY])),
    "case:open": Example(
        ASKED | {"kind": "not_as_described", "words": "Der Akku hält keine Stunde.", "claimed": 600},
        applied(6, "active", **OUT, ledger=[ENTRY], cases=[CASE | {
            "kind": "not_as_described", "by": "renter", "claimed": 600, "words": "Der Akku hält keine Stunde.",
            "proposal": {"by": "renter", "amount": 600}, "payer": "owner", "secured": False}])),
    "case:appeal": Example(
        ON_CASE | {"words": "Die Fotos wurden nicht angesehen."}, _disputed(DECIDED | {"appeal": APPEAL}, **KEPT)),
    "case:propose": Example(
        ON_CASE | {"amount": 1000}, _disputed(CASE | {"proposal": {"by": "renter", "amount": 1000}})),
    "case:agree": Example(ON_CASE | {"amount": 1000}, _disputed(_over("settled", 1000), **KEPT)),
    "case:withdraw": Example(ON_CASE, _disputed(_over("withdrawn", 0), **RELEASED)),
    "payment:claim": Example(
        ASKED | {"kind": "deposit_in", "amt": 5000, "method": "cash"},
        applied(3, "confirmed", **DUE, ledger=[CLAIMED])),
    "payment:confirm": Example(ON_ENTRY, applied(4, "confirmed", **DUE | OUT | {"handed_over": None}, ledger=[ENTRY])),
    "payment:reject": Example(
        ON_ENTRY, applied(4, "confirmed", **DUE, ledger=[CLAIMED | {"rejected_at": LATER}])),
    "mediation:list": Example({}, {"rentals": [DISPUTE]}),
    "mediation:get": Example({"rental": RENTAL}, DISPUTE),
    "mediation:decide": Example(
        ON_CASE | {"amount": 1000, "words": "Die Hälfte ist Abnutzung."}, _disputed(DECIDED, **KEPT)),
    "mediation:decide_appeal": Example(
        ON_CASE | {"amount": 500, "words": "Auf den Fotos sieht man es schon vorher."},
        _disputed(DECIDED | {"appeal": APPEAL | {"state": "decided"}}, **KEPT)),
    "mediation:close": Example(
        ASKED | {"reason": "unreachable"},
        applied(8, "completed", **OUT | BACK | RELEASED, closed_reason="moderated", ended_at=LATER, ledger=[ENTRY],
                cases=[_over("undecided", 0)])),
    "mediation:cancel": Example(
        ASKED | {"reason": "prohibited_item"},
        applied(3, "cancelled", closed_reason="prohibited_item", agreed_at=LATER, ended_at=LATER,
                cancel={"by": "moderator", "reason": "prohibited_item", "at": LATER, "fee": 0, "waived": False},
                deposit={"state": "none", "amount": 5000, "kept": 0, "back": 0},
                payment={"state": "free", "amount": 0, "paid": 0, "refund": 0}, **NO_DAMAGES)),
}  # fmt: skip
