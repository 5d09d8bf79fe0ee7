"""Neighbours on a real hub in a process of its own: chat, cut lines, kill -9 and restart, sessions that end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyotp import TOTP

from client.errors import HubRefused
from client.neighbour import Neighbour
from client.rentals import terms
from tests.support.hub_process import HubProcess, running_hub

PASSWORD = "dorf-und-kiste-26"
GENEROUS = {"MESSAGE_BURST": "10000", "MESSAGE_PER_S": "10000", "CONNECTS_PER_MIN_IP": "10000"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("hub"), env=GENEROUS) as running:
        yield running


@dataclass
class House:
    owner: Neighbour
    renter: Neighbour
    rental: str
    item: str
    room: str


def on_a_fixed_port(hub: HubProcess) -> HubProcess:
    """So that it comes back where its neighbours look for it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    hub._command[hub._command.index("--port") + 1] = str(port)
    return hub


async def move_in(directory: Path, url: str, name: str) -> Neighbour:
    neighbour = Neighbour(directory / name, url)
    await neighbour.register(email=f"{name}@example.org", password=PASSWORD, handle=name, display_name=name)
    await neighbour.sign_in(f"{name}@example.org", PASSWORD)
    await neighbour.create_device()
    await neighbour.connect()
    return neighbour


def two_days() -> tuple[datetime, datetime]:
    start = (datetime.now(UTC) + timedelta(days=9)).replace(hour=8, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=2)


@asynccontextmanager
async def house(directory: Path, url: str, tag: str) -> AsyncIterator[House]:
    """An owner with a thing and a renter who has asked for it, both live."""
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
        quote = await renter.rentals.quote(item["id"], *two_days())
        answer = await renter.rentals.request(item["id"], terms(*two_days(), quote["price"]))
        rental = answer["rental"]
        made = House(owner, renter, rental["id"], item["id"], rental["room"])
        await until(owner, lambda: owner.cursor(made.room) >= 1)
        await until(renter, lambda: renter.cursor(made.room) >= 1)
        yield made


async def until(neighbour: Neighbour, holds: Callable[[], bool], within_s: float = 20) -> None:
    happenings = neighbour.happenings()
    async with asyncio.timeout(within_s):
        while not holds():
            await anext(happenings)


def texts(neighbour: Neighbour, room: str) -> list[str]:
    return [line.text for line in neighbour.timeline(room) if line.kind == "text"]


async def both_read(made: House, text: str) -> None:
    for neighbour in (made.owner, made.renter):
        await until(neighbour, lambda side=neighbour: text in texts(side, made.room))


def agree(made: House) -> bool:
    return made.owner.timeline(made.room) == made.renter.timeline(made.room)


async def test_two_neighbours_chat_and_see_the_same(hub: HubProcess, tmp_path: Path):
    async with house(tmp_path, hub.url, "chat") as made:
        for n in range(12):
            sender = (made.owner, made.renter)[n % 2]
            sender.send_text(made.room, f"Nachricht {n}: äöüß 🏡")
        for n in range(12):
            await both_read(made, f"Nachricht {n}: äöüß 🏡")
        assert agree(made)
        assert not made.owner.warnings()
        assert not made.renter.warnings()
        assert await made.owner.safety_number(made.renter.user) == await made.renter.safety_number(made.owner.user)


async def test_after_a_cut_line_everything_is_caught_up_in_order(hub: HubProcess, tmp_path: Path):
    async with house(tmp_path, hub.url, "cut") as made:
        made.renter.cut(stay_down=True)
        for n in range(150):
            made.owner.send_text(made.room, f"während du weg warst {n}")
        made.renter.send_text(made.room, "ohne Netz geschrieben")
        await until(made.owner, lambda: len(texts(made.owner, made.room)) == 150)
        assert len(texts(made.renter, made.room)) == 0
        made.renter.resume()
        await both_read(made, "ohne Netz geschrieben")
        await both_read(made, "während du weg warst 149")
        assert agree(made)
        assert not made.renter.warnings()


async def test_lines_that_break_all_the_time_lose_and_double_nothing(hub: HubProcess, tmp_path: Path):
    async with house(tmp_path, hub.url, "flaky") as made:
        for n in range(40):
            sender = (made.owner, made.renter)[n % 2]
            sender.send_text(made.room, f"{n}")
            if n % 8 == 0:
                made.owner.cut()
                made.renter.cut()
            await asyncio.sleep(0.01)
        for neighbour in (made.owner, made.renter):
            await until(neighbour, lambda side=neighbour: len(texts(side, made.room)) == 40)
        assert agree(made)
        assert sorted(texts(made.owner, made.room), key=int) == [str(n) for n in range(40)]


async def test_a_client_that_is_killed_goes_on_from_its_disk(hub: HubProcess, tmp_path: Path):
    async with house(tmp_path, hub.url, "crash") as made:
        made.renter.send_text(made.room, "vorher")
        await both_read(made, "vorher")
        made.renter.cut(stay_down=True)
        made.renter.send_text(made.room, "noch nicht gesendet")
        await made.renter.crash()
        made.owner.send_text(made.room, "bist du da?")
        async with Neighbour(tmp_path / "renter-crash", hub.url) as again:
            await again.connect()
            made.renter = again
            await both_read(made, "noch nicht gesendet")
            await both_read(made, "bist du da?")
            assert agree(made)


async def test_the_agreement_takes_the_days_and_both_sides_see_it(hub: HubProcess, tmp_path: Path):
    async with house(tmp_path, hub.url, "deal") as made:
        rev = (await made.owner.rentals.get(made.rental))["offer"]["rev"]
        offered = await made.owner.rentals.counter(made.rental, rev, terms(*two_days(), 1500, negotiated=True))
        rev = offered["rental"]["offer"]["rev"]
        answer = await made.renter.rentals.accept(made.rental, rev)
        assert answer["rental"]["state"] == "confirmed"
        for neighbour in (made.owner, made.renter):
            await until(neighbour, lambda side=neighbour: side.cursor(made.room) >= answer["seq"])
        assert [line.event for line in made.owner.timeline(made.room)][-1] == "offer_accepted"
        assert agree(made)
        assert (await made.owner.rentals.calendar(made.item))["full"]
        assert (await made.renter.rentals.place(made.rental))["address"] == "Dorfstraße 7"


async def test_a_revoked_session_ends_the_line_for_good(hub: HubProcess, tmp_path: Path):
    async with house(tmp_path, hub.url, "revoked") as made:
        happenings = made.renter.happenings()
        async with Neighbour(tmp_path / "elsewhere", hub.url) as elsewhere:
            await elsewhere.sign_in("renter-revoked@example.org", PASSWORD)
            await elsewhere._hub.call("DELETE", "/v1/sessions")
        async with asyncio.timeout(10):
            ended = [happening async for happening in _until_ended(happenings)]
        assert ended[-1].data["code"] == "session_revoked"
        with pytest.raises(HubRefused):
            await made.renter.rentals.mine()


async def _until_ended(happenings):
    async for happening in happenings:
        yield happening
        if happening.kind == "line" and happening.data["state"] == "ended":
            return


async def test_a_hub_killed_in_the_middle_and_started_again_loses_nothing(tmp_path: Path):
    mortal = on_a_fixed_port(HubProcess(tmp_path / "hub", env=GENEROUS))
    await asyncio.to_thread(mortal.start)
    try:
        async with house(tmp_path, mortal.url, "killed") as made:
            for n in range(10):
                made.renter.send_text(made.room, f"vor {n}")
                made.owner.send_text(made.room, f"zurück {n}")
            await until(made.owner, lambda: len(texts(made.owner, made.room)) >= 5)
            await asyncio.to_thread(mortal.kill)
            made.renter.send_text(made.room, "während der Hub tot ist")
            await asyncio.to_thread(mortal.start)
            await both_read(made, "während der Hub tot ist")
            for neighbour in (made.owner, made.renter):
                await until(neighbour, lambda side=neighbour: len(texts(side, made.room)) == 21, 30)
            assert agree(made)
    finally:
        await asyncio.to_thread(mortal.stop)


async def test_a_start_that_was_cut_off_before_the_proof_is_made_good_at_the_next(hub: HubProcess, tmp_path: Path):
    async with await move_in(tmp_path, hub.url, "cut-off") as neighbour:
        await neighbour._session.open("cut-off@example.org", PASSWORD, "test")
    async with Neighbour(tmp_path / "cut-off", hub.url) as again:
        await again.connect()
        assert again.is_up


async def test_a_second_factor_is_asked_for_and_a_lost_app_is_survived(hub: HubProcess, tmp_path: Path):
    anna = await move_in(tmp_path, hub.url, "anna-mfa")
    async with anna:
        made = await anna.account.start_factor()
        spare = await anna.account.activate_factor(TOTP(made["secret"]).now())
    async with Neighbour(tmp_path / "anna-mfa", hub.url) as again:
        with pytest.raises(HubRefused, match="second_factor_required"):
            await again.sign_in("anna-mfa@example.org", PASSWORD)
        await again.sign_in("anna-mfa@example.org", PASSWORD, spare[0])
        await again.connect()
        assert await again.account.factor() == {"active": True, "spare": 9}
        assert await again.account.change_password("hinter-den-sieben-bergen") >= 1


async def test_neighbours_notify_review_and_block_each_other(hub: HubProcess, tmp_path: Path) -> None:
    async with house(tmp_path, hub.url, "people") as home:
        owner, renter = home.owner.people, home.renter.people
        waiting = await owner.notifications()
        assert ([one["type"] for one in waiting["notifications"]], waiting["unread"]) == (["rental_requested"], 1)
        assert await owner.mark_notified(waiting["notifications"][0]["id"], older=True) == 0

        start = (datetime.now(UTC) + timedelta(hours=30)).replace(second=0, microsecond=0)
        soon = terms(start, start + timedelta(days=1), 1, negotiated=True)
        await home.owner.rentals.counter(home.rental, 1, soon)
        await home.renter.rentals.accept(home.rental, 2)
        with pytest.raises(HubRefused, match="not_reviewable"):
            await renter.review_of(home.rental)
        await home.renter.rentals.cancel(home.rental, "illness")
        stars = {"overall": 4, "communication": 5, "punctual": 2}
        mine = await renter.review(home.rental, stars, tags=["friendly"], text="Sehr nett.", thanks="Danke!")
        assert mine["published"] is False
        theirs = (await owner.skip_review(home.rental, "Gute Besserung."))["theirs"]
        assert (theirs["text"], theirs["thanks"], theirs["stars"]["punctual"]) == ("Sehr nett.", "Danke!", 2)
        await owner.reply(home.rental, "Schade!")
        assert (await renter.review_of(home.rental))["mine"]["reply"]["text"] == "Schade!"
        for listed in (await renter.reviews(home.owner.user), await renter.item_reviews(home.item)):
            assert (listed["score"]["count"], listed["reviews"][0]["stars"]) == (1, None)
        assert (await renter.profile(home.owner.user))["reviews"] == {"count": 1, "stars": None}

        await owner.block(home.renter.user)
        assert [one["user"]["id"] for one in await owner.blocks()] == [home.renter.user]
        assert await renter.blocks() == []
        with pytest.raises(HubRefused, match="item_unavailable"):
            await home.renter.rentals.inquire(home.item)
        await owner.unblock(home.renter.user)
        assert (await home.renter.rentals.inquire(home.item))["rental"]["state"] == "inquiry"
