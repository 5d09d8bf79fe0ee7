"""What two neighbours sign: the document that follows from their rental, and which of them still count. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from crypto.dkx.agreement import Agreement, Kind, terms_hash
from crypto.dkx.protocol import sealed_hash
from crypto.dkx.unicode15 import sayable
from hub.condition import ConditionProtocol
from hub.errors import Conflict
from hub.ids import RentalId
from hub.period import stamp
from hub.rental import CodeKind, Rental, Role, State

LIFE: Final = timedelta(days=7)
"""How long a document that the hub drafts may be signed."""
LONGEST: Final = timedelta(days=14)
MAX_COMPLETE: Final = 25
"""As many have room in one bundle."""
MAX_DOCUMENTS: Final = 75
SIGNED_IN: Final = frozenset({State.HELD, State.CONFIRMED, State.ACTIVE, State.RETURNED})
"""While a rental is in one of these, what was agreed may be signed."""
FREE: Final = frozenset({"valid_until"})
"""What the rental leaves to whoever offers the document first."""
FOLLOWING: Final = frozenset({"kind", "prev", "valid_until", "offer_rev"})
"""What two documents in a row may differ in without anything else having been agreed."""


class Standing(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """The rental has moved on, so nobody signs this any more."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A party's signature as it is kept, whole: SIGREC, the notary's record, the signer's list and certificate then."""

    record: bytes = field(repr=False)
    notary: bytes = field(repr=False)
    devlist: bytes = field(repr=False)
    cert: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """``raw`` is the signed document that takes back another one before both had signed it."""

    raw: bytes = field(repr=False)
    by: Role
    signed: Signed


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a rental with the signatures there are; ``at`` is when it was first offered."""

    rental: RentalId
    agreement: Agreement
    at: datetime
    signatures: Mapping[Role, Signed]
    withdrawal: Withdrawal | None = None

    @property
    def digest(self) -> str:
        return self.agreement.digest.hex()

    @property
    def complete(self) -> bool:
        return len(self.signatures) == 2  # noqa: PLR2004 - a rental has two sides

    def standing(self, wanted: Mapping[str, Any] | None, now_ms: int) -> Standing:
        """``wanted`` is what follows from the rental now, None for nothing."""
        if self.complete:
            return Standing.COMPLETE
        if self.withdrawal:
            return Standing.WITHDRAWN
        if now_ms > self.agreement.valid_until:
            return Standing.EXPIRED
        return Standing.SUPERSEDED if wanted is None or differences(self.agreement, wanted) else Standing.OPEN


def differences(agreement: Agreement, wanted: Mapping[str, Any]) -> list[str]:
    """The fields in which a document says something else than the rental."""
    names = agreement.fields.keys() | wanted.keys()
    return sorted(name for name in names - FREE if agreement.fields.get(name) != wanted.get(name))


def chain_of(documents: Iterable[Document]) -> list[Document]:
    """The documents that both have signed, each after the one it follows."""
    following = {document.agreement.prev: document for document in documents if document.complete}
    chain: list[Document] = []
    prev: bytes | None = None
    while prev in following:
        chain.append(following[prev])
        prev = chain[-1].agreement.digest
    return chain


def next_fields(
    rental: Rental,
    chain: Sequence[Document],
    hub: str,
    aiks: Mapping[Role, bytes],
    protocols: Iterable[ConditionProtocol] = (),
) -> dict[str, Any]:
    """What the next document says, all but ``valid_until``. ``Conflict("nothing_to_sign")`` where none follows.

    A return stands on the ``protocols`` of it that both have confirmed. One that is confirmed after the first
    signature makes another document of it, so nobody has signed for a condition that they did not know.
    """
    last = chain[-1].agreement if chain else None
    if rental.agreed_at is None or (last is not None and last.kind is Kind.RETURN):
        raise Conflict("nothing_to_sign")
    said = _said(rental, hub, aiks)
    if last is None:
        return _if(rental.state in SIGNED_IN and not rental.verified, said | {"kind": Kind.AGREEMENT.value})
    said |= {"prev": last.digest.hex()}
    if rental.verified:
        return said | {"kind": Kind.RETURN.value, "terms_hash": sealed_hash(returned_protocol(rental, protocols)).hex()}
    changed = any(last.fields[name] != said[name] for name in said.keys() - FOLLOWING)
    return _if(rental.state in SIGNED_IN and changed, said | {"kind": Kind.AMENDMENT.value})


def agreed_terms(rental: Rental) -> dict[str, Any]:
    """What is agreed beside dates and money; ``terms_hash`` stands for it."""
    told = rental.live.terms.told()
    kept = {name: told[name] for name in ("lines", "negotiated", "place", "q")}
    return kept | {"cancellation": rental.snapshot.policy.value, "tz": rental.tz}


def returned_protocol(rental: Rental, protocols: Iterable[ConditionProtocol]) -> dict[str, Any]:
    """What both say of the return; the ``terms_hash`` of a return is its seal. Its media are sealed protocols."""
    returned = rental.returned
    if returned is None or returned.verified_at is None:
        raise LookupError("not back by the word of both")
    at = {"at": stamp(returned.at), "verified_at": stamp(returned.verified_at)}
    seals = sorted(told.hash for told in protocols if told.sealed_at and told.account.kind is CodeKind.RETURN)
    return {"kind": "return", "media": seals, "rental": rental.id, "words": sayable(returned.words), **at}


def _said(rental: Rental, hub: str, aiks: Mapping[Role, bytes]) -> dict[str, Any]:
    terms, people = rental.live.terms, {Role.RENTER: rental.renter, Role.OWNER: rental.owner}
    return {
        "v": 1,
        "hub": hub,
        "room": rental.room,
        "rental": rental.id,
        "offer_rev": rental.live.rev,
        "parties": [{"account": people[role], "aik": aiks[role].hex(), "role": role.value} for role in people],
        "item": sayable(rental.snapshot.title),
        "from": stamp(terms.start),
        "to": stamp(terms.end),
        "price_cents": terms.price,
        "deposit_cents": terms.deposit,
        "currency": terms.cur,
        "terms_hash": terms_hash(agreed_terms(rental)).hex(),
    }


def _if(follows: bool, fields: dict[str, Any]) -> dict[str, Any]:
    if not follows:
        raise Conflict("nothing_to_sign")
    return fields
