"""Examples of changing what was agreed, and of what goes wrong."""

from typing import Any, Final

from api.examples.lending import CASE, ENTRY, OUT
from api.examples.rental import ASKED, DUE, NO_DAMAGES, OFFER, TERMS, applied
from api.examples.sample import DATES, LATER, LINE, RENTAL, Example, Json

LONGER: Final = DATES | {"end": "2026-07-06T08:00:00Z"}
CHANGE: Final = {
    "no": 1, "by": "renter", "terms": TERMS | LONGER | {"price": 2400}, "expires_at": "2026-07-04T08:00:00Z",
    "state": "open",
}  # fmt: skip
ON_CHANGE: Final = ASKED | {"change": 1}
CONTEST: Final = CASE | {
    "kind": "hand_over", "by": "renter", "claimed": 0, "words": "Es war niemand da.",
    "proposal": {"by": "renter", "amount": 0},
}  # fmt: skip
CONTESTED: Final = {"handed_over": {"at": LATER, "unilateral": True, "contested_at": LATER}}
NO_SHOW: Final = {"by": "owner", "at": LATER, "fee": 1200, "contested_at": None, "waived": False}
LOSS: Final = CASE | {
    "kind": "non_return", "claimed": 9000, "words": "Seit Wochen keine Antwort.",
    "proposal": {"by": "owner", "amount": 9000},
}  # fmt: skip
LOST: Final = {"lost_at": LATER, "ledger": [ENTRY], "overdue_since": LATER, "overdue_step": 4}
SETTLED: Final = LOSS | {
    "state": "settled", "due_at": None,
    "outcome": {"at": LATER, "amount": 9000, "words": "", "by": None},
}  # fmt: skip
PAID: Final = {
    "deposit": {"state": "kept", "amount": 5000, "kept": 5000, "back": 0},
    "damages": {"amount": 9000, "kept": 5000, "due": 4000},
}


def _changed(state: str) -> Json:
    return applied(4, "confirmed", **DUE, change=CHANGE | {"state": state})


def _annulled(by: str, **outcome: Any) -> Json:
    over = {"at": LATER, "amount": 0, "words": "", "by": None} | outcome
    return applied(
        7, "cancelled", closed_reason="annulled", ended_at=LATER, agreed_at=LATER, **CONTESTED, **NO_DAMAGES,
        cancel={"by": by, "reason": "mistake", "at": LATER, "fee": 0, "waived": False},
        cases=[CONTEST | {"state": "settled", "due_at": None, "outcome": over}], ledger=[ENTRY],
        deposit={"state": "released", "amount": 5000, "kept": 0, "back": 0},
        payment={"state": "free", "amount": 0, "paid": 0, "refund": 0})  # fmt: skip


_GONE: Final = applied(8, "lost", **OUT | LOST, cases=[LOSS])
_MARKED: Final = ASKED | {"words": "Seit Wochen keine Antwort.", "claimed": 9000}
_SETTLED: Final = applied(10, "completed", **OUT | LOST | PAID, cases=[SETTLED], closed_reason="lost", ended_at=LATER)

EXAMPLES: Final = {
    "change:quote": Example(
        {"rental": RENTAL, **LONGER},
        {"lines": [LINE], "price": 2400, "difference": 1200, "deposit": 5000, "cur": "EUR"}),
    "change:propose": Example(ASKED | LONGER | {"price": 2400}, applied(3, "confirmed", **DUE, change=CHANGE)),
    "change:accept": Example(
        ON_CHANGE,
        applied(
            4, "confirmed", **DUE | {"payment": {"state": "due", "amount": 2400, "paid": 0, "refund": 0}},
            change=CHANGE | {"state": "accepted"}, offer=OFFER | {"rev": 2, "terms": CHANGE["terms"]})),
    "change:decline": Example(ON_CHANGE, _changed("declined")),
    "change:withdraw": Example(ON_CHANGE, _changed("withdrawn")),
    "rental:claim_no_show": Example(
        ASKED,
        applied(5, "no_show", **DUE | {
            "payment": {"state": "due", "amount": 1200, "paid": 0, "refund": 0},
            "deposit": {"state": "none", "amount": 5000, "kept": 0, "back": 0}},
            no_show=NO_SHOW, closed_reason="no_show", ended_at=LATER)),
    "rental:contest": Example(
        ASKED | {"words": "Es war niemand da."},
        applied(6, "active", **OUT | CONTESTED, cases=[CONTEST], ledger=[ENTRY])),
    "rental:annul": Example(ASKED | {"reason": "mistake"}, _annulled("owner")),
    "rental:mark_lost": Example(_MARKED, _GONE),
    "rental:admit_loss": Example(
        ASKED | {"words": "Vom Anhänger gefallen."},
        applied(6, "lost", **OUT, ledger=[ENTRY], lost_at=LATER, cases=[LOSS | {"words": "", "claimed": 0}])),
    "rental:settle_loss": Example(ASKED, _SETTLED),
    "mediation:annul": Example(ASKED | {"reason": "mistake"}, _annulled("moderator", words="mistake")),
    "mediation:mark_lost": Example(_MARKED, _GONE),
    "mediation:settle_loss": Example(ASKED, _SETTLED),
}  # fmt: skip
