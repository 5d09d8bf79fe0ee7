"""What a document has to say before anybody is asked to sign it, from what this device itself knows (e2ee.md §9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from crypto.dkx.agreement import Agreement, Kind, terms_hash
from crypto.dkx.protocol import sealed_hash
from crypto.dkx.unicode15 import sayable

FREE = frozenset({"kind", "prev", "valid_until"})
LONGEST_MS = 15 * 86_400_000


def differing(agreement: Agreement, expected: Mapping[str, Any]) -> list[str]:
    """The fields in which the document says something else."""
    names = (agreement.fields.keys() | expected.keys()) - FREE
    return sorted(name for name in names if agreement.fields.get(name) != expected.get(name))


def expected_fields(
    facts: Mapping[str, Any], hub: str, parties: Sequence[tuple[str, bytes, str]], kind: Kind
) -> dict[str, Any]:
    """From the rental as the room's log tells it, with the ``seals`` of the protocols of its return.

    ``parties`` are (account, identity key, role), the renter first.
    """
    offer, terms = facts["offer"], facts["offer"]["terms"]
    returned = kind is Kind.RETURN
    return {
        "v": 1,
        "hub": hub,
        "room": facts["room"],
        "rental": facts["id"],
        "offer_rev": offer["rev"],
        "parties": [{"account": account, "aik": aik.hex(), "role": role} for account, aik, role in parties],
        "item": sayable(facts["title"]),
        "from": terms["start"],
        "to": terms["end"],
        "price_cents": terms["price"],
        "deposit_cents": terms["deposit"],
        "currency": terms["cur"],
        "terms_hash": (_seal(facts) if returned else _terms(facts)).hex(),
    }


def _terms(facts: Mapping[str, Any]) -> bytes:
    terms = facts["offer"]["terms"]
    kept = {name: terms[name] for name in ("lines", "negotiated", "place", "q")}
    return terms_hash(kept | {"cancellation": facts["policy"], "tz": facts["tz"]})


def _seal(facts: Mapping[str, Any]) -> bytes:
    returned = facts["returned"]
    at = {"at": returned["at"], "verified_at": returned["verified_at"]}
    said = {"kind": "return", "media": facts["seals"], "rental": facts["id"], "words": sayable(returned["words"])}
    return sealed_hash(said | at)
