"""Agreements two neighbours sign: canonical JSON that the hub can read, because it must book them (e2ee.md §9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from crypto.dkx import jcs
from crypto.dkx.error import AgreementError, DkxError
from crypto.dkx.primitive import h32, is_signing_key, label
from crypto.dkx.roster import Role
from crypto.dkx.shape import Reader, hexed, integer, one_of, read, text

_AGREEMENT, _TERMS = label("agreement"), label("terms")
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
MAX_BYTES = 16384


class Kind(StrEnum):
    """A withdrawal names what it withdraws in ``prev``; an amendment or return what it follows."""

    AGREEMENT = "agreement"
    AMENDMENT = "amendment"
    RETURN = "return"
    WITHDRAWAL = "withdrawal"


class SigningParty(NamedTuple):
    account: bytes
    aik: bytes
    role: Role


@dataclass(frozen=True, slots=True)
class Agreement:
    """One document; ``fields`` is the JSON object, times in it are UTC, money in cents.

    ``valid_until`` in milliseconds since 1970: no signature is notarised later. ``prev`` is the digest followed.
    """

    raw: bytes = field(repr=False)
    digest: bytes
    kind: Kind
    parties: Mapping[Role, SigningParty]
    valid_until: int
    prev: bytes | None
    fields: Mapping[str, Any] = field(repr=False)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read canonical JSON with exactly the known fields; ``JsonError`` for its form, else ``AgreementError``."""
        if len(raw) > MAX_BYTES:
            raise AgreementError("longer than 16 kB")
        value = jcs.parse(raw)
        try:
            kind = Kind(_KIND(value.get("kind") if isinstance(value, dict) else None))
            found = read(value, _FIELDS if kind is Kind.AGREEMENT else _FIELDS | _PREV)
        except DkxError as error:
            raise AgreementError(str(error)) from error
        if found["from"] >= found["to"]:
            raise AgreementError("ends before it begins")
        return cls(raw, digest(raw), kind, found["parties"], found["valid_until"], found.get("prev"), value)

    def party(self, account: bytes) -> SigningParty | None:
        return next((party for party in self.parties.values() if party.account == account), None)

    def same_rental(self, other: "Agreement") -> bool:
        """Whether both are about one rental at one hub between the same two people in the same roles."""
        named = ("hub", "room", "rental")
        return self.parties == other.parties and all(self.fields[name] == other.fields[name] for name in named)


def write(fields: Mapping[str, Any]) -> Agreement:
    """The document for these fields: refused is what ``parse`` would refuse."""
    return Agreement.parse(jcs.canonical(dict(fields)))


def digest(raw: bytes) -> bytes:
    """The 32-byte name of a document, which signatures cover."""
    return h32(_AGREEMENT + raw)


def terms_hash(terms: Mapping[str, Any]) -> bytes:
    """32 bytes that stand for everything agreed on that has no field of its own."""
    return h32(_TERMS + jcs.canonical(dict(terms)))


def milliseconds(time: str) -> int:
    """``YYYY-MM-DDTHH:MM:SSZ`` as milliseconds since 1970."""
    return int(datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()) * 1000


def _time(value: Any) -> int:
    found = _TIME_TEXT(value)
    try:
        return milliseconds(found)
    except ValueError as error:
        raise AgreementError("no such time") from error


def _parties(value: Any) -> dict[Role, SigningParty]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a rental has two sides
        raise AgreementError("exactly two parties")
    found = [read(party, _PARTY) for party in value]
    parties = {party["role"]: SigningParty(party["account"], party["aik"], party["role"]) for party in found}
    if len(parties) < len(found) or len({party["account"] for party in found}) < len(found):
        raise AgreementError("a renter and an owner, two different accounts")
    if len({party["aik"] for party in found}) < len(found):
        raise AgreementError("two parties share an identity")
    return parties


def _role(value: Any) -> Role:
    return Role[str(one_of("renter", "owner")(value)).upper()]


def _aik(value: Any) -> bytes:
    aik: bytes = hexed(32)(value)
    if not is_signing_key(aik):
        raise AgreementError("an identity is no good Ed25519 key")
    return aik


_KIND = one_of(*(kind.value for kind in Kind))
_TIME_TEXT = text(20, 20, _TIME)
_PARTY: dict[str, Reader] = {"account": hexed(16), "aik": _aik, "role": _role}
_PREV: dict[str, Reader] = {"prev": hexed(32)}
_FIELDS: dict[str, Reader] = {
    "currency": text(3, 3, "[A-Z]{3}"),
    "deposit_cents": integer(0),
    "from": _time,
    "hub": text(1, 255),
    "item": text(1, 1024),
    "kind": _KIND,
    "offer_rev": integer(1),
    "parties": _parties,
    "price_cents": integer(0),
    "rental": hexed(16),
    "room": hexed(16),
    "terms_hash": hexed(32),
    "to": _time,
    "v": one_of(1),
    "valid_until": _time,
}
