"""The registry: what keeps the hub at work and what proves that it worked rightly."""

from typing import Final

from hub.keeping.kind import Erased, Purpose, Term, group

GROUPS: Final = (
    group("audit_log", Purpose.PROOF, Term.AUDIT, Erased.KEPT, "_id at act actor about target detail prev hash"),
    group("audit_anchor", Purpose.PROOF, Term.EVER, Erased.NOBODY, "_id seq hash"),
    group("reports", Purpose.PROOF, Term.AUDIT, Erased.KEPT,
          "_id room rental people by at reason case body content answer closed closed.by closed.at closed.outcome"),
    group("terms_versions", Purpose.RIGHTS, Term.EVER, Erased.NOBODY, "_id doc version texts.* at"),
    group("consents", Purpose.PROOF, Term.AUDIT, Erased.KEPT, "_id user doc version at"),
    group("exports", Purpose.RIGHTS, Term.WEEK, Erased.GONE,
          "_id user created_at expires_at done of bytes key lease_until", whose="user"),
    group("erased", Purpose.RIGHTS, Term.EVER, Erased.KEPT, "_id at user"),
    group("timers", Purpose.LENDING, Term.MOMENT, Erased.NOBODY, "_id kind target due_at lease lease_until"),
    group("changes", Purpose.OPERATION, Term.DAY, Erased.KEPT, "_id kind id at"),
    group("words", Purpose.OPERATION, Term.EVER, Erased.NOBODY, "_id at"),
    group("meta", Purpose.OPERATION, Term.EVER, Erased.NOBODY, "_id mark"),
)  # fmt: skip
