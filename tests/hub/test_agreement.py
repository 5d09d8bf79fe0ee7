"""What follows from a rental to be signed: an agreement, then amendments where it changed, then the return."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.dkx import agreement
from crypto.dkx.agreement import Kind
from hub.agreement import Document, Signed, Standing, chain_of, differences, next_fields
from hub.condition import Account, ConditionProtocol
from hub.errors import Conflict
from hub.ids import ProtocolId
from hub.rental import Accept, CodeKind, Returned, Role, State
from tests.crypto.cast import ANNA, BERND
from tests.hub.neighbours import NOW, Talk

HUB = "https://kiste.example"
AIKS = {Role.OWNER: ANNA.aik, Role.RENTER: BERND.aik}
UNTIL = "2026-04-08T09:00:00Z"
BEFORE = agreement.milliseconds(UNTIL)
SIGNED = Signed(b"", b"", b"", b"")
BOTH = {Role.OWNER: SIGNED, Role.RENTER: SIGNED}


@pytest.fixture
def rental():
    talk = Talk().requested()
    talk.do(Accept(1), Role.OWNER)
    return talk.rental


def document(rental, chain=(), signatures=BOTH):
    made = agreement.write(next_fields(rental, chain, HUB, AIKS) | {"valid_until": UNTIL})
    return Document(rental.id, made, NOW, signatures)


def refused():
    return pytest.raises(Conflict, match=r"^nothing_to_sign$")


def dearer(rental, price=4000):
    terms = replace(rental.live.terms, price=price, negotiated=True)
    return replace(rental, offer=replace(rental.live, rev=rental.live.rev + 1, terms=terms))


def back(rental, words=""):
    at = NOW + timedelta(days=12)
    return replace(rental, state=State.RETURNED, returned=Returned(at, at, words))


def test_what_was_agreed_is_the_first_document(rental):
    said = document(rental).agreement
    assert said.kind is Kind.AGREEMENT
    assert (said.fields["price_cents"], said.fields["deposit_cents"], said.fields["currency"]) == (2400, 5000, "EUR")
    assert (said.fields["from"], said.fields["to"]) == ("2026-04-10T08:00:00Z", "2026-04-12T08:00:00Z")
    assert [party["role"] for party in said.fields["parties"]] == ["renter", "owner"]
    assert "prev" not in said.fields


def test_nothing_is_signed_before_it_is_agreed():
    with refused():
        document(Talk().requested().rental)


@pytest.mark.parametrize("state", [State.CANCELLED, State.NO_SHOW, State.COMPLETED, State.LOST])
def test_nor_once_it_came_to_nothing(rental, state):
    with refused():
        document(replace(rental, state=state))


def test_an_agreement_is_signed_once(rental):
    with refused():
        document(rental, [document(rental)])


def test_a_change_is_an_amendment_of_what_was_signed(rental):
    first = document(rental)
    changed = document(dearer(rental), [first]).agreement
    assert (changed.kind, changed.prev, changed.fields["price_cents"]) == (Kind.AMENDMENT, first.agreement.digest, 4000)


def test_what_was_changed_before_anybody_signed_is_the_agreement(rental):
    assert document(dearer(rental)).agreement.kind is Kind.AGREEMENT


def test_an_offer_that_says_the_same_is_no_change(rental):
    with refused():
        document(replace(rental, offer=replace(rental.live, rev=7)), [document(rental)])


def test_the_return_follows_once_both_say_so_and_nothing_follows_it(rental):
    chain = [document(rental)]
    said = document(back(rental), chain).agreement
    assert (said.kind, said.prev) == (Kind.RETURN, chain[0].agreement.digest)
    assert said.fields["terms_hash"] != document(back(rental, "Akku leer"), chain).agreement.fields["terms_hash"]
    assert document(replace(back(rental), state=State.COMPLETED), chain).agreement.digest == said.digest
    with refused():
        document(back(rental), [*chain, document(back(rental), chain)])


def test_a_return_that_only_one_side_declares_is_no_document(rental):
    declared = replace(rental, state=State.RETURNED, returned=Returned(NOW))
    with refused():
        document(declared, [document(rental)])


def protocol(rental, kind=CodeKind.RETURN, sealed_at=NOW, **said):
    account = Account(kind, NOW, 1, "good", **said)
    return ConditionProtocol(ProtocolId("0c" * 16), rental.id, 1, Role.OWNER, account, NOW, sealed_at=sealed_at)


def test_a_return_stands_on_the_protocols_of_it_that_both_have_confirmed(rental):
    def terms(*protocols):
        return next_fields(back(rental), [document(rental)], HUB, AIKS, protocols)["terms_hash"]

    sealed, other = protocol(rental), protocol(rental, note="Kratzer")
    assert len({terms(), terms(sealed), terms(other), terms(sealed, other)}) == 4
    assert terms(sealed, other) == terms(other, sealed)
    assert terms() == terms(protocol(rental, sealed_at=None), protocol(rental, CodeKind.HAND_OVER))


def test_a_return_needs_an_agreement(rental):
    with refused():
        document(back(rental))


def test_the_chain_holds_what_both_have_signed_in_its_order(rental):
    first = document(rental)
    second = document(dearer(rental), [first])
    third = document(back(dearer(rental)), [first, second])
    half = replace(document(dearer(rental, 1), [first]), signatures={Role.OWNER: SIGNED})
    assert chain_of([third, half, second, first]) == [first, second, third]
    assert chain_of([half]) == []


def test_how_a_document_stands(rental):
    made, wanted = document(rental, signatures={Role.OWNER: SIGNED}), next_fields(rental, [], HUB, AIKS)
    assert made.standing(wanted, BEFORE) is Standing.OPEN
    assert made.standing(wanted, BEFORE + 1) is Standing.EXPIRED
    assert made.standing(None, BEFORE) is Standing.SUPERSEDED
    assert made.standing(next_fields(dearer(rental), [], HUB, AIKS), BEFORE) is Standing.SUPERSEDED
    assert replace(made, signatures=BOTH).standing(None, BEFORE + 1) is Standing.COMPLETE


def test_every_field_of_the_rental_counts(rental):
    wanted = next_fields(rental, [], HUB, AIKS)
    assert differences(document(rental).agreement, wanted) == []
    for name in wanted:
        assert differences(document(rental).agreement, wanted | {name: "other"}) == [name]


@pytest.mark.parametrize(
    ("name", "value"), [("q", 2), ("lines", ()), ("negotiated", True), ("place", None), ("cur", "CHF")]
)
def test_what_has_no_field_of_its_own_stands_in_the_hash_of_the_terms(rental, name, value):
    other = replace(rental, offer=replace(rental.live, terms=replace(rental.live.terms, **{name: value})))
    assert other.live.terms != rental.live.terms
    assert next_fields(other, [], HUB, AIKS) != next_fields(rental, [], HUB, AIKS)
