"""Time as a door: what is due happens, soon, once, and whatever else fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from api import timers
from api.timers import keep_time
from hub.errors import Unavailable
from hub.ports import DueTimer, Ports
from hub.rental import State
from storage.ending import end
from storage.servers import Servers
from tests.support.live_hub import LiveHub, live_hub


@pytest.fixture
async def hub(servers: Servers, tmp_path: Path) -> AsyncIterator[LiveHub]:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}") as running:
        yield running


@asynccontextmanager
async def ticking(hub: LiveHub, wake: asyncio.Event) -> AsyncIterator[None]:
    clock = asyncio.create_task(keep_time(hub.hub.ports, wake))
    try:
        yield
    finally:
        await end([clock])


async def two_who_want_the_same(hub: LiveHub) -> tuple[str, str]:
    """Rentals of one thing for the same days; the first is accepted."""
    world = hub.world
    owner, first, second = [await world.person() for _ in range(3)]
    item = await world.item(owner)
    taken, late = await world.request(first, owner, item), await world.request(second, owner, item)
    await world.accept(owner, taken)
    return taken.sheet.rental.id, late.sheet.rental.id


async def becomes(hub: LiveHub, rental: str, state: State, within_s: float) -> bool:
    for _ in range(int(within_s / 0.05)):
        found = await hub.hub.ports.rentals.get(rental, None)  # type: ignore[arg-type]  # an id as text
        if found and found.state is state:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_who_was_too_late_hears_of_it_at_once(hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "PERIOD_S", 3600)
    wake = asyncio.Event()
    async with ticking(hub, wake):
        await asyncio.sleep(0.1)
        taken, late = await two_who_want_the_same(hub)
        wake.set()
        assert await becomes(hub, late, State.EXPIRED, within_s=3)
        assert await becomes(hub, taken, State.CONFIRMED, within_s=0.1)


async def test_a_move_here_wakes_the_clock_here(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}") as hub:
        publisher = hub.hub.ports.publisher
        await two_who_want_the_same(hub)
        assert publisher.moved.is_set()  # type: ignore[attr-defined]  # the live publisher's own


async def test_a_timer_that_fails_holds_up_no_other(
    hub: LiveHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    really, tried = timers.fire_timer, []

    async def stumbling(ports: Ports, timer: DueTimer) -> None:
        tried.append(timer.key)
        if len(tried) == 1:
            raise ValueError
        await really(ports, timer)

    monkeypatch.setattr(timers, "fire_timer", stumbling)
    monkeypatch.setattr(timers, "PERIOD_S", 0.05)
    async with ticking(hub, asyncio.Event()):
        await two_who_want_the_same(hub)
        _, late = await two_who_want_the_same(hub)
        assert await becomes(hub, late, State.EXPIRED, within_s=3)
    assert "failed" in caplog.text


async def test_who_lost_every_race_comes_back_soon(hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    really, tried = timers.fire_timer, []

    async def contended(ports: Ports, timer: DueTimer) -> None:
        tried.append(timer.key)
        if len(tried) == 1:
            raise Unavailable("contended")
        await really(ports, timer)

    monkeypatch.setattr(timers, "fire_timer", contended)
    monkeypatch.setattr(timers, "PERIOD_S", 0.05)
    async with ticking(hub, asyncio.Event()):
        _, late = await two_who_want_the_same(hub)
        assert await becomes(hub, late, State.EXPIRED, within_s=10)
    assert tried[0] in tried[1:]


async def test_the_clock_goes_on_after_an_outage(hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    store = type(hub.hub.ports.timers)
    really, down = store.claim, True

    async def claim(self: object, now: object) -> object:
        if down:
            raise Unavailable("store_unavailable")
        return await really(self, now)  # type: ignore[arg-type]  # bound by hand

    monkeypatch.setattr(store, "claim", claim)
    monkeypatch.setattr(timers, "PERIOD_S", 0.02)
    async with ticking(hub, asyncio.Event()):
        _, late = await two_who_want_the_same(hub)
        await asyncio.sleep(0.1)
        down = False
        assert await becomes(hub, late, State.EXPIRED, within_s=3)
