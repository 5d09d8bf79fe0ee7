"""Signing what was agreed: only what the rental says, by both, witnessed, and provable without the hub."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crypto.dkx import agreement as dkx
from crypto.dkx.agreement import Agreement, Kind
from crypto.dkx.error import NotaryError
from crypto.dkx.notary import Notary, NotaryRing
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.keys import OwnDevice
from crypto.dkx.verdict import Verdict, verify_bundle
from hub.agreement import Standing
from hub.errors import Conflict, Forbidden, HubError, Invalid, NotFound
from hub.ids import ProtocolId, new_id
from hub.period import stamp
from hub.ports import Ports
from hub.rental import CodeKind, EntryKind
from hub.usecases.agreeing import (
    DraftAgreement,
    ListAgreements,
    SignAgreement,
    SignedAgreement,
    draft_agreement,
    list_agreements,
    sign_agreement,
)
from hub.usecases.booking import CancelRental, cancel_rental
from hub.usecases.bundling import (
    GetBundle,
    GetDisputedBundle,
    GetNotary,
    get_bundle,
    get_disputed_bundle,
    get_notary,
)
from hub.usecases.changing import AcceptRentalChange, ProposeRentalChange, accept_change, propose_change
from hub.usecases.notifying import ListNotifications, list_notifications
from hub.usecases.protocols import ConfirmProtocol, WriteProtocol, confirm_protocol, write_protocol
from tests.support.lending import Loan, agree, appoint, lend
from tests.support.world import Neighbour, World, cmd_id, now_ms


def refused(code: str, kind: type[HubError] = Conflict) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def drafted(loan: Loan, by: Neighbour | None = None) -> Agreement:
    return await draft_agreement(loan.world.ports, (by or loan.renter).actor, DraftAgreement(loan.id))


def signature(own: OwnDevice, document: Agreement) -> bytes:
    return signing.sign_agreement(own, document, now_ms=now_ms()).raw


def ask(loan: Loan, by: Neighbour, document: Agreement) -> SignAgreement:
    return SignAgreement(cmd_id(), loan.id, document.raw, signature(by.device, document))


async def sign(loan: Loan, by: Neighbour, document: Agreement | None = None) -> SignedAgreement:
    """Sign what the hub drafts, or this."""
    document = document or await drafted(loan, by)
    return await sign_agreement(loan.world.ports, by.actor, ask(loan, by, document))


async def both_sign(loan: Loan) -> None:
    for person in (loan.owner, loan.renter):
        await sign(loan, person)


async def proven(loan: Loan, by: Neighbour | None = None, ports: Ports | None = None) -> Verdict:
    file = await get_bundle(ports or loan.world.ports, (by or loan.renter).actor, GetBundle(loan.id))
    return verify_bundle(file.raw)


async def standings(loan: Loan) -> list[str]:
    sheet = await list_agreements(loan.world.ports, loan.owner.actor, ListAgreements(loan.id))
    return [standing.value for _, standing in sheet.documents]


def rewritten(document: Agreement, **changes: Any) -> Agreement:
    return dkx.write({**document.fields, **changes})


def taken_back(document: Agreement) -> Agreement:
    return rewritten(document, kind="withdrawal", prev=document.digest.hex())


async def test_what_both_sign_is_proven_without_the_hub(world: World) -> None:
    loan = await agree(world)
    began = now_ms()
    first = await sign(loan, loan.owner)
    assert [standing for _, standing in first.sheet.documents] == [Standing.OPEN]
    with refused("agreement_not_found", NotFound):
        await proven(loan)
    second = await sign(loan, loan.renter)
    assert [standing for _, standing in second.sheet.documents] == [Standing.COMPLETE]
    verdict = await proven(loan)
    assert verdict.holds
    (document,) = verdict.documents
    assert (document.agreement.fields["item"], document.agreement.fields["price_cents"]) == ("Bohrmaschine", 1000)
    assert {party.aik for party in document.agreement.parties.values()} == {
        loan.owner.aik.public,
        loan.renter.aik.public,
    }
    assert all(began <= signature.witnessed_at <= now_ms() for signature in document.signatures)
    assert verdict.notary == (await get_notary(world.ports, GetNotary())).key


async def test_it_is_told_in_the_room_and_to_the_other_side(world: World) -> None:
    loan = await agree(world)
    await both_sign(loan)
    told = [(event.by, event.data["party"], event.data["complete"]) for event in (await loan.events())[-2:]]
    assert told == [(loan.owner.user.id, "owner", False), (loan.renter.user.id, "renter", True)]
    page = await list_notifications(world.ports, loan.renter.actor, ListNotifications())
    assert page.notifications[0].type == "agreement_signed"


async def test_what_waits_for_the_second_signature_is_what_the_other_side_is_given(world: World) -> None:
    loan = await agree(world)
    await sign(loan, loan.owner)
    waiting = await drafted(loan, loan.renter)
    sheet = await list_agreements(world.ports, loan.renter.actor, ListAgreements(loan.id))
    assert [document.agreement for document, _ in sheet.documents] == [waiting]


@pytest.mark.parametrize(
    "changes",
    [
        {"price_cents": 999}, {"deposit_cents": 0}, {"to": "2199-01-01T00:00:00Z"}, {"from": "2020-01-01T00:00:00Z"},
        {"item": "Hammer"}, {"hub": "https://other.example"}, {"room": "0" * 32}, {"rental": "0" * 32},
        {"offer_rev": 2}, {"currency": "CHF"}, {"terms_hash": "0" * 64},
        {"kind": "amendment", "prev": "0" * 64}, {"kind": "return", "prev": "0" * 64},
    ],
    ids=lambda changes: next(iter(changes)),
)  # fmt: skip
async def test_what_the_rental_does_not_say_is_not_signed(world: World, changes: Mapping[str, Any]) -> None:
    loan = await agree(world)
    other = rewritten(await drafted(loan), **changes)
    with refused("agreement_differs") as error:
        await sign(loan, loan.renter, other)
    assert error.value.data == {"fields": sorted(changes)}
    assert await standings(loan) == []


async def test_nor_in_other_names(world: World) -> None:
    loan, stranger = await agree(world), await world.person()
    document = await drafted(loan)
    parties = [dict(party) for party in document.fields["parties"]]
    foreign = [parties[0], {**parties[1], "account": stranger.user.id, "aik": stranger.aik.public.hex()}]
    swapped = [{**parties[0], "role": "owner"}, {**parties[1], "role": "renter"}]
    for others in (foreign, swapped):
        with refused("agreement_differs"):
            await sign(loan, loan.renter, rewritten(document, parties=others))


async def test_a_document_is_to_be_signed_soon(world: World) -> None:
    loan = await agree(world)
    document, now = await drafted(loan), datetime.now(UTC)
    for until in (now - timedelta(seconds=2), now + timedelta(days=15)):
        with refused("agreement_invalid", Invalid):
            await sign(loan, loan.renter, rewritten(document, valid_until=stamp(until)))


async def test_what_is_no_canonical_document_is_refused(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    good = ask(loan, loan.renter, document)
    for raw in (b"{}", b"no json", document.raw + b" ", document.raw.replace(b'"v":1', b'"v":1.0')):
        with refused("agreement_invalid", Invalid):
            await sign_agreement(world.ports, loan.renter.actor, replace(good, document=raw))


async def test_only_this_device_of_this_person_signs_this_document(world: World) -> None:
    loan, stranger = await agree(world), await world.person()
    document = await drafted(loan)
    own = loan.renter.device
    unlisted = replace(own, device=secrets.token_bytes(16))
    good, other = ask(loan, loan.renter, document), rewritten(document, valid_until="2199-01-01T00:00:00Z")
    forged = (
        signature(loan.owner.device, document),
        signature(unlisted, document),
        signature(own, other),
        good.signature[:-1] + bytes([good.signature[-1] ^ 1]),
        b"\x02" + good.signature[1:],
        bytes(137),
    )
    for one in forged:
        with refused("signature_invalid", Invalid):
            await sign_agreement(world.ports, loan.renter.actor, replace(good, signature=one))
    with refused("rental_not_found", NotFound):
        await sign_agreement(world.ports, stranger.actor, good)
    assert await standings(loan) == []


async def test_another_device_of_ones_own_signs_for_itself(world: World) -> None:
    loan = await agree(world)
    first = replace(loan.renter)
    await world.add_device(loan.renter)
    document = await drafted(loan)
    with refused("signature_invalid", Invalid):
        await sign_agreement(world.ports, loan.renter.actor, ask(loan, first, document))
    await sign(loan, loan.renter, document)
    with refused("already_signed"):
        await sign(loan, first, document)
    await sign(loan, loan.owner, document)
    assert (await proven(loan)).holds


async def test_a_device_that_was_removed_signs_no_more_and_what_it_signed_stays(world: World) -> None:
    loan = await agree(world)
    await sign(loan, loan.owner)
    document = await drafted(loan)
    lost = replace(loan.renter)
    await world.add_device(loan.renter)
    (row,) = [row for row in loan.renter.list.devices if row.id == loan.renter.device.device]
    loan.renter.devlist = signing.next_devlist(loan.renter.dlk, loan.renter.list, [row], now_ms=now_ms())
    await world.publish(loan.renter)
    with refused("signature_invalid", Invalid):
        await sign(loan, lost, document)
    await sign(loan, loan.renter, document)
    await world.add_device(loan.owner)
    assert (await proven(loan)).holds


async def test_two_who_begin_at_once_sign_one_document(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    later = rewritten(document, valid_until=stamp(datetime.now(UTC) + timedelta(days=3)))
    outcomes = await asyncio.gather(
        sign(loan, loan.renter, document), sign(loan, loan.owner, later), return_exceptions=True
    )
    (loser,) = [one for one in outcomes if isinstance(one, HubError)]
    assert loser.code == "agreement_pending"
    assert await standings(loan) == ["open"]
    by = loan.owner if isinstance(outcomes[1], HubError) else loan.renter
    await sign(loan, by)
    assert (await proven(loan)).holds


async def test_both_at_once_complete_it(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    await asyncio.gather(*(sign(loan, person, document) for person in (loan.owner, loan.renter)))
    assert await standings(loan) == ["complete"]
    assert (await proven(loan)).holds


async def test_a_command_sent_again_signs_once(world: World) -> None:
    loan = await agree(world)
    command = ask(loan, loan.renter, await drafted(loan))
    sent = [sign_agreement(world.ports, loan.renter.actor, command) for _ in range(4)]
    done = await asyncio.gather(*sent)
    assert len({one.seq for one in done}) == 1
    assert [one.duplicate for one in done].count(False) == 1


async def test_what_was_taken_back_is_not_signed_but_offered_anew(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    await sign(loan, loan.owner, document)
    await sign(loan, loan.owner, taken_back(document))
    with refused("agreement_closed") as error:
        await sign(loan, loan.renter, document)
    assert error.value.data == {"state": "withdrawn"}
    with refused("agreement_closed"):
        await sign(loan, loan.renter, taken_back(document))
    with refused("agreement_not_found", NotFound):
        await proven(loan)
    assert (await loan.events())[-1].type == "agreement_withdrawn"
    anew = await drafted(loan)
    assert anew.digest != document.digest
    for person in (loan.renter, loan.owner):
        await sign(loan, person, anew)
    assert await standings(loan) == ["withdrawn", "complete"]
    assert (await proven(loan)).holds


async def test_what_both_have_signed_is_not_taken_back(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    for person in (loan.owner, loan.renter):
        await sign(loan, person, document)
    with refused("agreement_closed") as error:
        await sign(loan, loan.owner, taken_back(document))
    assert error.value.data == {"state": "complete"}


async def test_a_withdrawal_says_the_same_as_what_it_takes_back(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    await sign(loan, loan.owner, document)
    with refused("agreement_differs"):
        await sign(loan, loan.owner, rewritten(taken_back(document), price_cents=1))
    with refused("agreement_not_found", NotFound):
        await sign(loan, loan.owner, rewritten(taken_back(document), prev="0" * 64))


async def test_what_was_cancelled_is_signed_no_more(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    await sign(loan, loan.owner, document)
    await cancel_rental(world.ports, loan.renter.actor, loan.order(CancelRental, "illness"))
    assert await standings(loan) == ["superseded"]
    with refused("agreement_closed"):
        await sign(loan, loan.renter, document)
    with refused("nothing_to_sign"):
        await drafted(loan)


async def test_a_document_expires(world: World) -> None:
    loan = await agree(world)
    soon = rewritten(await drafted(loan), valid_until=stamp(datetime.now(UTC) + timedelta(seconds=2)))
    await sign(loan, loan.owner, soon)
    await asyncio.sleep(2.1)
    assert await standings(loan) == ["expired"]
    with refused("agreement_closed") as error:
        await sign(loan, loan.renter, soon)
    assert error.value.data == {"state": "expired"}
    assert (await drafted(loan)).digest != soon.digest


async def test_the_return_is_signed_after_the_agreement(world: World) -> None:
    loan = await agree(world)
    await both_sign(loan)
    with refused("nothing_to_sign"):
        await drafted(loan)
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    loan.later(days=2)
    await loan.hand_over()
    await loan.give_back(code=await loan.code(CodeKind.RETURN))
    assert (await drafted(loan)).kind is Kind.RETURN
    await both_sign(loan)
    verdict = await proven(loan)
    assert [document.agreement.kind for document in verdict.documents] == [Kind.AGREEMENT, Kind.RETURN]
    with refused("nothing_to_sign"):
        await drafted(loan)


async def test_a_protocol_that_is_confirmed_after_the_first_signature_makes_another_return_of_it(world: World) -> None:
    loan = await agree(world)
    await both_sign(loan)
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    loan.later(days=2)
    await loan.hand_over()
    await loan.give_back(code=await loan.code(CodeKind.RETURN))
    made_at = world.clock.now().replace(microsecond=0)
    writing = WriteProtocol(loan.id, ProtocolId(new_id()), CodeKind.RETURN, made_at, "worn", note="Kratzer")
    written = await write_protocol(world.ports, loan.owner.actor, writing)
    before = await drafted(loan)
    await sign(loan, loan.renter, before)
    await confirm_protocol(world.ports, loan.renter.actor, ConfirmProtocol(loan.id, written.id, written.hash))
    assert await standings(loan) == ["complete", "superseded"]
    with refused("agreement_closed"):
        await sign(loan, loan.owner, before)
    assert (await drafted(loan)).fields["terms_hash"] != before.fields["terms_hash"]
    await both_sign(loan)
    assert await standings(loan) == ["complete", "superseded", "complete"]
    assert [document.agreement.kind for document in (await proven(loan)).documents] == [Kind.AGREEMENT, Kind.RETURN]


async def test_a_change_that_both_agreed_to_is_signed_as_an_amendment(world: World) -> None:
    loan = await agree(world)
    await both_sign(loan)
    start, end = world.days(2, 4)
    propose = ProposeRentalChange(cmd_id(), loan.id, start, end, 2000)
    await propose_change(world.ports, loan.renter.actor, propose)
    with refused("nothing_to_sign"):
        await drafted(loan)
    await accept_change(world.ports, loan.owner.actor, AcceptRentalChange(cmd_id(), loan.id, 1))
    amendment = await drafted(loan)
    assert (amendment.kind, amendment.fields["price_cents"]) == (Kind.AMENDMENT, 2000)
    await sign(loan, loan.renter, amendment)
    assert [document.agreement.kind for document in (await proven(loan)).documents] == [Kind.AGREEMENT]
    await sign(loan, loan.owner, amendment)
    verdict = await proven(loan)
    assert verdict.holds
    assert [document.agreement.kind for document in verdict.documents] == [Kind.AGREEMENT, Kind.AMENDMENT]
    assert verdict.documents[1].agreement.fields["to"] == stamp(end)


async def test_what_was_changed_before_the_second_signature_is_signed_as_it_is_now(world: World) -> None:
    loan = await agree(world)
    document = await drafted(loan)
    await sign(loan, loan.owner, document)
    start, end = world.days(2, 4)
    propose = ProposeRentalChange(cmd_id(), loan.id, start, end, 2000)
    await propose_change(world.ports, loan.renter.actor, propose)
    await accept_change(world.ports, loan.owner.actor, AcceptRentalChange(cmd_id(), loan.id, 1))
    with refused("agreement_closed") as error:
        await sign(loan, loan.renter, document)
    assert error.value.data == {"state": "superseded"}
    await both_sign(loan)
    (signed,) = (await proven(loan)).documents
    assert (signed.agreement.kind, signed.agreement.fields["price_cents"]) == (Kind.AGREEMENT, 2000)


async def test_without_a_device_there_is_nobody_to_sign(world: World) -> None:
    loan = await agree(world, owner=await world.person(device=False))
    with refused("nothing_to_sign"):
        await drafted(loan)


async def test_a_notarys_key_is_replaced_and_old_signatures_are_exported_under_the_new_one(world: World) -> None:
    loan = await agree(world)
    seeds = {"old": secrets.token_bytes(32), "new": secrets.token_bytes(32)}
    before, after = (
        replace(world.ports, witness=replace(world.ports.witness, notary=NotaryRing(some, active)))
        for some, active in (({"old": seeds["old"]}, "old"), (seeds, "new"))
    )
    document = await draft_agreement(before, loan.owner.actor, DraftAgreement(loan.id))
    await sign_agreement(before, loan.owner.actor, ask(loan, loan.owner, document))
    await sign_agreement(after, loan.renter.actor, ask(loan, loan.renter, document))
    verdict = await proven(loan, ports=after)
    keys = await get_notary(after, GetNotary())
    assert (verdict.refusal, verdict.notary) == (None, keys.key)
    assert keys.retired == (Notary(seeds["old"]).public,)


async def test_what_somebody_wrote_into_the_database_is_not_witnessed(world: World) -> None:
    loan = await agree(world)
    await both_sign(loan)
    forged = Notary(secrets.token_bytes(32))
    document = await world.database.agreements.find_one({})
    assert document is not None
    record = signing.sign_agreement(loan.renter.device, Agreement.parse(document["raw"]), now_ms=1)
    notary = forged.witness(record, loan.renter.list.hash, now_ms()).raw
    changed = {"signatures.renter.record": record.raw, "signatures.renter.notary": notary}
    await world.database.agreements.update_one({}, {"$set": changed})
    with pytest.raises(NotaryError):
        await proven(loan)


async def test_a_moderator_takes_the_archive_in_a_case_only(world: World) -> None:
    loan, moderator = await lend(world), await appoint(world)
    await both_sign(loan)
    get = GetDisputedBundle(loan.id)
    with refused("case_not_found", NotFound):
        await get_disputed_bundle(world.ports, moderator.actor, get)
    await loan.report()
    assert verify_bundle((await get_disputed_bundle(world.ports, moderator.actor, get)).raw).holds
    with refused("role_required", Forbidden):
        await get_disputed_bundle(world.ports, loan.owner.actor, get)
    with refused("own_rental", Forbidden):
        await get_disputed_bundle(world.ports, replace(loan.owner.actor, roles=moderator.actor.roles), get)
    for act, command in ((get_bundle, GetBundle), (list_agreements, ListAgreements), (draft_agreement, DraftAgreement)):
        with refused("rental_not_found", NotFound):
            await act(world.ports, moderator.actor, command(loan.id))
