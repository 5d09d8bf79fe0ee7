"""The words of the registry: purposes, legal bases, terms, and what an erasure does. People's words are in locales."""

from dataclasses import dataclass, field
from enum import StrEnum


class Basis(StrEnum):
    """GDPR Art. 6(1)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    OBLIGATION = "obligation"
    INTEREST = "interest"


class Purpose(StrEnum):
    ACCOUNT = "account"
    SIGN_IN = "sign_in"
    LISTING = "listing"
    LENDING = "lending"
    TALKING = "talking"
    REVIEWS = "reviews"
    SAFETY = "safety"
    PROOF = "proof"
    RIGHTS = "rights"
    OPERATION = "operation"


class Term(StrEnum):
    """How long; ``hub.usecases.retention`` ends what neither its owner nor the database ends."""

    ACCOUNT = "account"
    """While the account lasts, or until its owner removes it."""
    EVIDENCE = "evidence"
    """Seven months after the last rental of the thing (§ 548 BGB and a margin)."""
    CHAT = "chat"
    """A year after the rental is over."""
    CLAIMS = "claims"
    """Until the end of the third year after the year in which the rental ended (§§ 195, 199 BGB)."""
    AUDIT = "audit"
    """Three years."""
    HALF_YEAR = "half_year"
    """180 days."""
    SESSION = "session"
    """Until the sign-in ends, at most 30 days after its last use."""
    WEEK = "week"
    DAY = "day"
    MOMENT = "moment"
    """Minutes."""
    EVER = "ever"
    """While the hub exists: it is about nobody."""


class Erased(StrEnum):
    """What happens to a field when the person it is about is erased."""

    KEY = "key"
    """Sealed with the person's key: the key is destroyed."""
    GONE = "gone"
    """Deleted."""
    KEPT = "kept"
    """Stays for its term under an id that leads to nobody any more."""
    NOBODY = "nobody"
    """It is about no person."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of one collection with one purpose. ``a.*`` stands for whatever there is below ``a``."""

    collection: str
    purpose: Purpose
    term: Term
    erased: Erased
    fields: tuple[str, ...] = field(default=())
    whose: tuple[str, ...] = field(default=())
    """Fields that hold the id of the person; documents of somebody erased are deleted by these."""

    @property
    def personal(self) -> bool:
        return self.erased is not Erased.NOBODY

    def holds(self, path: str) -> bool:
        return any(path == name or (name.endswith(".*") and f"{path}.".startswith(name[:-1])) for name in self.fields)


def group(  # noqa: PLR0917 - they are the columns of the registry
    collection: str, purpose: Purpose, term: Term, erased: Erased, fields: str, whose: str = ""
) -> Group:
    """``fields`` and ``whose`` stand apart by spaces."""
    return Group(collection, purpose, term, erased, tuple(fields.split()), tuple(whose.split()))
