"""The parts of a rental's document: each written field by field as it is, and read back into its own type."""

from dataclasses import asdict

from hub.availability import Interval
from hub.ids import UserId
from hub.item import PrereqKind
from hub.pricing import Line
from hub.rental import (
    Appeal,
    AppealState,
    Cancellation,
    Case,
    CaseKind,
    CaseState,
    Change,
    ChangeState,
    Entry,
    EntryKind,
    HandedOver,
    Method,
    NoShow,
    Offer,
    Outcome,
    Part,
    Prerequisite,
    Proposal,
    Rental,
    Returned,
    Role,
    Terms,
)
from storage.mongo.store import Document


def offer_document(offer: Offer) -> Document:
    return {"rev": offer.rev, "by": offer.by.value, "terms": asdict(offer.terms), "expires_at": offer.expires_at}


def read_offer(document: Document) -> Offer:
    return Offer(document["rev"], Role(document["by"]), _terms(document["terms"]), document["expires_at"])


def _terms(document: Document) -> Terms:
    return Terms(**document | {"lines": tuple(Line(**line) for line in document["lines"])})


def course_document(rental: Rental) -> Document:
    """What came after the agreement."""
    parts = {
        "holds": rental.holds,
        "cancel": rental.cancel,
        "change": rental.change,
        "no_show": rental.no_show,
        "handed_over": rental.handed_over,
        "returned": rental.returned,
    }
    whole = {name: asdict(part) if part else None for name, part in parts.items()}
    lists = {
        "prereqs": [asdict(one) for one in rental.prereqs],
        "parts": [asdict(part) for part in rental.parts],
        "cases": [asdict(case) for case in rental.cases],
        "ledger": [asdict(entry) for entry in rental.ledger],
    }
    return whole | lists


def read_course(document: Document) -> Document:
    """The same, as fields of a ``Rental``."""
    kinds = {"holds": Interval, "handed_over": HandedOver, "returned": Returned}
    whole = {name: kind(**document[name]) if document[name] else None for name, kind in kinds.items()}
    return {
        **whole,
        "cancel": _cancel(document["cancel"]) if document["cancel"] else None,
        "change": _change(document["change"]) if document.get("change") else None,
        "no_show": _no_show(document["no_show"]) if document.get("no_show") else None,
        "prereqs": tuple(Prerequisite(PrereqKind(one["kind"]), one["met_at"]) for one in document.get("prereqs", ())),
        "parts": tuple(Part(**part) for part in document.get("parts", ())),
        "cases": tuple(map(_case, document["cases"])),
        "ledger": tuple(map(_entry, document["ledger"])),
    }


def _cancel(document: Document) -> Cancellation:
    return Cancellation(**document | {"by": Role(document["by"])})


def _change(document: Document) -> Change:
    typed = {"by": Role(document["by"]), "terms": _terms(document["terms"]), "state": ChangeState(document["state"])}
    return Change(**document | typed)


def _no_show(document: Document) -> NoShow:
    return NoShow(**document | {"by": Role(document["by"])})


def _case(document: Document) -> Case:
    proposal, outcome, appeal = document["proposal"], document["outcome"], document.get("appeal")
    typed = {
        "kind": CaseKind(document["kind"]),
        "by": Role(document["by"]),
        "state": CaseState(document["state"]),
        "proposal": Proposal(Role(proposal["by"]), proposal["amount"]) if proposal else None,
        "outcome": _outcome(outcome) if outcome else None,
        "appeal": _appeal(appeal) if appeal else None,
    }
    return Case(**document | typed)


def _appeal(document: Document) -> Appeal:
    return Appeal(**document | {"by": Role(document["by"]), "state": AppealState(document["state"])})


def _outcome(document: Document) -> Outcome:
    return Outcome(**document | {"by": UserId(document["by"]) if document["by"] else None})


def _entry(document: Document) -> Entry:
    typed = {"kind": EntryKind(document["kind"]), "method": Method(document["method"]), "by": Role(document["by"])}
    return Entry(**document | typed)
