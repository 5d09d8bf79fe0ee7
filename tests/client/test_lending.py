"""Two neighbours lend on a real hub: by code and by QR, with money that both confirm and a case that they settle."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from client.agreements import SignOffer
from client.errors import Alarm, HubRefused, NotReady
from client.neighbour import Neighbour
from client.rentals import terms
from crypto.dkx.error import HandoverError
from crypto.dkx.handover import HandoverCode, HandoverKind
from tests.support.hub_process import HubProcess, running_hub

PASSWORD = "dorf-und-kiste-26"
OUT, BACK = HandoverKind.HANDOVER, HandoverKind.RETURN


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("hub"), env={"CONNECTS_PER_MIN_IP": "10000"}) as running:
        yield running


@dataclass
class Deal:
    owner: Neighbour
    renter: Neighbour
    rental: str


async def move_in(directory: Path, url: str, name: str) -> Neighbour:
    neighbour = Neighbour(directory / name, url)
    await neighbour.register(email=f"{name}@example.org", password=PASSWORD, handle=name, display_name=name)
    await neighbour.sign_in(f"{name}@example.org", PASSWORD)
    await neighbour.create_device()
    return neighbour


@asynccontextmanager
async def deal(directory: Path, url: str, tag: str) -> AsyncIterator[Deal]:
    """Agreed for an hour from now, the deposit paid."""
    async with AsyncExitStack() as stack:
        owner, renter = [
            await stack.enter_async_context(await move_in(directory, url, f"{role}-{tag}"))
            for role in ("owner", "renter")
        ]
        item = await owner.rentals.create_item(
            title="Anhänger",
            description="750 kg",
            tariff={"day": 1200, "deposit": 5000},
            place={"label": "Hof", "address": "Dorfstraße 7", "lat": 52.5201, "lon": 13.4049},
        )
        start = (datetime.now(UTC) + timedelta(hours=1)).replace(second=0, microsecond=0)
        days = start, start + timedelta(days=1)
        quote = await renter.rentals.quote(item["id"], *days)
        rental = (await renter.rentals.request(item["id"], terms(*days, quote["price"])))["rental"]
        await owner.rentals.accept(rental["id"], 1)
        await renter.lending.claim_payment(rental["id"], "deposit_in", 5000)
        await owner.lending.confirm_payment(rental["id"], 1)
        yield Deal(owner, renter, rental["id"])


async def test_a_thing_goes_out_by_code_and_comes_back_by_qr(hub: HubProcess, tmp_path: Path):
    async with deal(tmp_path, hub.url, "whole") as made:
        out = await made.renter.lending.code(made.rental, OUT)
        assert (await made.owner.lending.hand_over(made.rental, code=out["code"]))["rental"]["state"] == "active"
        back = await made.owner.lending.code(made.rental, BACK)
        returned = (await made.renter.lending.give_back(made.rental, qr=back["qr"]))["rental"]
        assert returned["returned"]["verified_at"] is not None
        await made.renter.lending.amend_return(made.rental, "Frisch gewaschen.")
        done = (await made.owner.lending.confirm_return(made.rental))["rental"]
        assert (done["state"], done["deposit"]["state"]) == ("completed", "released")


async def to_sign(side: Neighbour, rental: str) -> SignOffer:
    """What there is to sign, as soon as this side has read the room to its end."""
    async with asyncio.timeout(20):
        while True:
            with suppress(NotReady):
                if offer := await side.agreements.offered(rental):
                    return offer
            await asyncio.sleep(0.1)


async def test_the_return_is_signed_with_the_protocols_that_both_have_confirmed(hub: HubProcess, tmp_path: Path):
    async with deal(tmp_path, hub.url, "seal") as made:
        for side in (made.owner, made.renter):
            await side.connect()
            await side.agreements.sign(await to_sign(side, made.rental))
        await made.owner.lending.hand_over(made.rental)
        back = await made.owner.lending.code(made.rental, BACK)
        await made.renter.lending.give_back(made.rental, code=back["code"])
        plain = await to_sign(made.renter, made.rental)
        await made.renter.agreements.sign(plain)
        words = made.renter.conditions.draft("return", "worn", note="Delle in der Klappe")
        protocol = await made.renter.conditions.send(made.rental, words)
        await made.owner.conditions.confirm(protocol)
        for side in (made.renter, made.owner):
            offer = await to_sign(side, made.rental)
            assert offer.says["terms_hash"] != plain.says["terms_hash"]
            documents = (await side.agreements.sign(offer))["agreements"]
        assert [one["standing"] for one in documents] == ["complete", "superseded", "complete"]
        assert not made.owner.warnings()
        assert not made.renter.warnings()


async def test_a_wrong_code_hands_nothing_over(hub: HubProcess, tmp_path: Path):
    async with deal(tmp_path, hub.url, "wrong") as made:
        out = await made.renter.lending.code(made.rental, OUT)
        wrong = "000000" if out["code"] != "000000" else "000001"
        with pytest.raises(HubRefused, match="wrong_code") as refusal:
            await made.owner.lending.hand_over(made.rental, code=wrong)
        assert refusal.value.data == {"left": 4}


async def test_a_qr_code_of_something_else_or_somebody_else_never_reaches_the_hub(hub: HubProcess, tmp_path: Path):
    async with deal(tmp_path, hub.url, "qr") as made:
        shown = HandoverCode.parse((await made.renter.lending.code(made.rental, OUT))["qr"])
        for other in (shown._replace(rental=bytes(16)), shown._replace(kind=BACK)):
            with pytest.raises(HandoverError):
                await made.owner.lending.hand_over(made.rental, qr=other.text())
        own = HandoverCode.parse((await made.owner.lending.code(made.rental, BACK))["qr"]).aik
        with pytest.raises(Alarm, match="identity_changed"):
            await made.owner.lending.hand_over(made.rental, qr=shown._replace(aik=own).text())


async def test_a_damage_is_settled_between_the_two(hub: HubProcess, tmp_path: Path):
    async with deal(tmp_path, hub.url, "case") as made:
        await made.owner.lending.hand_over(made.rental)
        await made.owner.lending.report_damage(made.rental, "Delle in der Klappe", 3000)
        await made.renter.lending.propose(made.rental, 1, 1000)
        settled = (await made.owner.lending.agree(made.rental, 1, 1000))["rental"]
        assert settled["deposit"] == {"state": "partly_kept", "amount": 5000, "kept": 1000, "back": 0}
        await made.owner.lending.claim_payment(made.rental, "deposit_out", 4000)
        paid = (await made.renter.lending.confirm_payment(made.rental, 2))["rental"]
        assert paid["deposit"]["back"] == 4000


async def test_a_declared_return_can_be_disputed(hub: HubProcess, tmp_path: Path):
    async with deal(tmp_path, hub.url, "dispute") as made:
        await made.owner.lending.hand_over(made.rental)
        await made.renter.lending.give_back(made.rental)
        disputed = (await made.owner.lending.dispute_return(made.rental))["rental"]
        assert (disputed["state"], disputed["returned"]) == ("active", None)


async def test_nobody_mediates_without_the_role(hub: HubProcess, tmp_path: Path):
    async with deal(tmp_path, hub.url, "mediation") as made:
        mediation = made.owner.mediation
        asked = [
            mediation.disputes(),
            mediation.get(made.rental),
            mediation.decide(made.rental, 1, 0, "So ist es."),
            mediation.close(made.rental, "spam"),
            mediation.cancel(made.rental, "spam"),
        ]
        for ask in asked:
            with pytest.raises(HubRefused, match="role_required"):
                await ask
