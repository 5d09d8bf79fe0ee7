"""Neighbours on a real hub sign what they agreed on, take it home, and report what was said to them."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api.verifying import verification
from client.agreements import SignOffer
from client.errors import AgreementDiffers, HubRefused, NotReady
from client.happenings import Happening
from client.rentals import terms
from crypto.dkx import agreement as dkx
from crypto.dkx.agreement import Kind
from crypto.dkx.verdict import verify_bundle
from tests.client.test_real_hub import GENEROUS, House, both_read, house, move_in, two_days, until
from tests.support.hub_process import HubProcess, running_hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("hub"), env=GENEROUS) as running:
        yield running


@asynccontextmanager
async def agreed(directory: Path, url: str, tag: str) -> AsyncIterator[House]:
    """The owner has accepted, and both have seen it."""
    async with house(directory, url, tag) as made:
        answer = await made.owner.rentals.accept(made.rental, 1)
        for neighbour in (made.owner, made.renter):
            await until(neighbour, lambda side=neighbour: side.cursor(made.room) >= answer["seq"])
        yield made


async def next_offer(happenings: AsyncIterator[Happening]) -> SignOffer:
    async with asyncio.timeout(20):
        async for happening in happenings:
            if happening.kind == "agreement":
                offer: SignOffer = happening.data["offer"]
                return offer
    raise AssertionError


async def test_after_accepting_both_are_offered_the_document_sign_it_and_take_it_home(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with house(tmp_path, hub.url, "sign") as made:
        of_owner, of_renter = made.owner.happenings(), made.renter.happenings()
        await made.owner.rentals.accept(made.rental, 1)
        first = await next_offer(of_owner)
        assert (first.waiting, first.says["price_cents"], first.says["item"]) == (False, 2400, "Anhänger")
        await next_offer(of_renter)
        await made.owner.agreements.sign(first)
        second = await next_offer(of_renter)
        assert second.waiting
        assert second.agreement.digest == first.agreement.digest
        assert await made.owner.agreements.offered(made.rental) is None
        assert [offer.rental for offer in await made.renter.agreements.waiting()] == [made.rental]
        documents = (await made.renter.agreements.sign(second))["agreements"]
        assert [document["standing"] for document in documents] == ["complete"]
        for side in (made.owner, made.renter):
            assert await side.agreements.waiting() == []
        file = tmp_path / "agreement.zip"
        file.write_bytes(await made.renter.agreements.bundle(made.rental))
        told, holds = verification(file, "de", (await made.owner.agreements.notary())["key"])
        assert holds, told
        assert "Anhänger" in told
        assert not made.owner.warnings()
        assert not made.renter.warnings()


async def test_a_document_is_taken_back_and_another_one_offered(hub: HubProcess, tmp_path: Path) -> None:
    async with agreed(tmp_path, hub.url, "back") as made:
        offer = await made.renter.agreements.offered(made.rental)
        assert offer is not None
        await made.renter.agreements.sign(offer)
        with pytest.raises(HubRefused, match="agreement_not_found"):
            await made.renter.agreements.bundle(made.rental)
        await made.renter.agreements.withdraw(made.rental, offer.agreement.digest.hex())
        with pytest.raises(HubRefused, match="agreement_closed"):
            await made.owner.agreements.sign(replace(offer, waiting=True))
        anew = await made.owner.agreements.offered(made.rental)
        assert anew is not None
        assert (anew.waiting, anew.agreement.kind) == (False, Kind.AGREEMENT)


async def test_an_archive_that_was_changed_or_is_of_another_rental_is_not_taken_home(
    hub: HubProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with agreed(tmp_path, hub.url, "home") as made:
        for side in (made.owner, made.renter):
            offer = await side.agreements.offered(made.rental)
            assert offer is not None
            await side.agreements.sign(offer)
        good = await made.renter.agreements.bundle(made.rental)

        for raw, rental, wrong in (
            (good[:-1], made.rental, "not_a_bundle"),
            (good.replace(b"Anh", b"Inh"), made.rental, "not_a_bundle"),
            (good + b"more", made.rental, "repacked"),
            (good, "0" * 32, "rental"),
        ):
            monkeypatch.setattr(made.renter._hub, "download", partial(_given, raw))
            with pytest.raises(AgreementDiffers) as refused:
                await made.renter.agreements.bundle(rental)
            assert refused.value.fields == [wrong]


async def _given(raw: bytes, _: str) -> bytes:
    return raw


async def test_what_was_changed_is_offered_as_an_amendment(hub: HubProcess, tmp_path: Path) -> None:
    async with agreed(tmp_path, hub.url, "amend") as made:
        for side in (made.owner, made.renter):
            offer = await side.agreements.offered(made.rental)
            assert offer is not None
            await side.agreements.sign(offer)
        of_owner = made.owner.happenings()
        start, end = two_days()
        longer = terms(start, end + timedelta(days=1), 3600)
        await made.renter.changes.propose(made.rental, longer)
        await made.owner.changes.accept(made.rental, 1)
        amendment = await next_offer(of_owner)
        assert (amendment.agreement.kind, amendment.says["price_cents"]) == (Kind.AMENDMENT, 3600)
        await made.owner.agreements.sign(amendment)
        (waiting,) = await made.renter.agreements.waiting()
        await made.renter.agreements.sign(waiting)
        verdict = verify_bundle(await made.renter.agreements.bundle(made.rental))
        assert [document.agreement.kind for document in verdict.documents] == [Kind.AGREEMENT, Kind.AMENDMENT]


@pytest.mark.parametrize("field", ["price_cents", "to", "item", "terms_hash", "hub", "valid_until", "parties"])
async def test_a_hub_that_drafts_something_else_is_not_believed(
    hub: HubProcess, tmp_path: Path, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other: dict[str, Any] = {
        "price_cents": 9900, "to": "2199-01-01T00:00:00Z", "item": "Auto", "terms_hash": "0" * 64,
        "hub": "https://other.example", "valid_until": "2199-01-01T00:00:00Z",
    }  # fmt: skip
    async with agreed(tmp_path, hub.url, f"lies-{field.replace('_', '-')}") as made:
        offer = await made.renter.agreements.offered(made.rental)
        assert offer is not None
        parties = [dict(party) for party in offer.says["parties"]]
        other["parties"] = [{**parties[0], "aik": parties[1]["aik"]}, {**parties[1], "aik": parties[0]["aik"]}]
        changed = dkx.write({**offer.says, field: other[field]})
        monkeypatch.setattr("client.agreements._parsed", lambda _: changed)
        with pytest.raises(AgreementDiffers) as refused:
            await made.renter.agreements.offered(made.rental)
        assert refused.value.fields == [field]


async def test_a_message_is_reported_from_the_timeline_also_after_it_was_erased(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with agreed(tmp_path, hub.url, "report") as made:
        for text in ("Privat.", "Gib mir mehr Geld.", "Sonst passiert was."):
            made.renter.send_text(made.room, text)
        await both_read(made, "Sonst passiert was.")
        seqs = {line.text: line.seq or 0 for line in made.owner.timeline(made.room) if line.kind == "text"}
        threat = seqs["Sonst passiert was."]
        await made.renter._hub.call("DELETE", f"/v1/rooms/{made.room}/messages/{threat}")
        await until(made.owner, lambda: made.owner.timeline(made.room)[-1].kind == "gone")
        chosen = [seqs["Gib mir mehr Geld."], threat]
        sent = await made.owner.reports.send(made.room, chosen, "threat", "Er droht mir.")
        assert sent["seqs"] == chosen
        assert [one["id"] for one in await made.owner.reports.of(made.room)] == [sent["id"]]
        assert await made.renter.reports.of(made.room) == []
        with pytest.raises(NotReady):
            await made.owner.reports.send(made.room, [1], "threat")

        async with await move_in(tmp_path, hub.url, "mod-report") as moderator:
            with pytest.raises(HubRefused, match="role_required"):
                await moderator.mediation.reports()
            await grant(hub, "mod-report@example.org")
            assert sent["id"] in {one["id"] for one in await moderator.mediation.reports()}
            read = await moderator.mediation.report(sent["id"])
            said = [(message["from"], message["content"]["t"]) for message in read["messages"]]
            assert said == [(made.renter.user, "Gib mir mehr Geld."), (made.renter.user, "Sonst passiert was.")]
            assert "Privat." not in str(read)
            await moderator.mediation.close_report(sent["id"], "acted", "Wir haben ihn verwarnt.")
        (closed,) = await made.owner.reports.of(made.room)
        assert closed["closed"]["words"] == "Wir haben ihn verwarnt."


async def grant(hub: HubProcess, email: str) -> None:
    """As the operator of the running hub does it."""
    command = [sys.executable, "-m", "api.cli", "admin", "grant", email, "moderator", "--data-dir", str(hub.data_dir)]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, output.decode()
