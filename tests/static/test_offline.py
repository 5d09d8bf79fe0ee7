"""Without a line: the app opens, rooms are read, what is written waits; and two versions are never mixed."""

import re
from typing import Final

import pytest
from playwright.async_api import expect

from api.pages import worker
from api.pages.asset import assets, code_version
from tests.static.clicks import DE, PHONE, enter, fine, in_a_room, neighbour, say
from tests.static.engine import House

CONTROLLED: Final = "() => navigator.serviceWorker.ready.then(() => new Promise((done) => setTimeout(done, 300)))"


async def test_inbox_and_room_open_without_a_line_and_what_is_written_arrives_later(house: House) -> None:
    async with neighbour(house, offline=True) as marta, neighbour(house, offline=True, viewport=PHONE) as tim:
        room = await in_a_room(house, marta, tim, "Vor dem Funkloch")
        await tim.evaluate(CONTROLLED)
        await tim.goto(room)
        await expect(tim.locator(".bubble .said")).to_have_text("Vor dem Funkloch")
        await tim.context.set_offline(True)
        await tim.goto(room)
        await expect(tim.locator(".bubble .said")).to_have_text("Vor dem Funkloch")
        await fine(tim)
        await say(tim, "Aus dem Funkloch")
        await expect(tim.locator(".bubble.own .said")).to_have_count(2)
        await tim.wait_for_timeout(2000)
        await tim.goto(f"{house.url}/inbox")
        await expect(tim.locator("a.roomrow")).to_have_count(1)
        await tim.context.set_offline(False)
        await expect(marta.locator(".bubble .said").last).to_have_text("Aus dem Funkloch", timeout=30_000)


async def test_a_page_that_the_app_does_not_draw_says_that_there_is_no_line(house: House) -> None:
    async with neighbour(house, offline=True) as page:
        await enter(page, house, await house.register("olga"), "/inbox")
        await page.evaluate(CONTROLLED)
        await page.context.set_offline(True)
        await page.goto(f"{house.url}/s?q=Leiter")
        await expect(page.locator(".trouble h1")).to_be_visible()


async def test_a_new_version_is_offered_and_taken_when_the_person_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with neighbour(house, offline=True) as page:
        await enter(page, house, await house.register("pavel"), "/inbox")
        await page.evaluate(CONTROLLED)
        await page.reload()

        newer = worker._written().replace(code_version().encode(), f"{code_version()}b".encode(), 1)
        monkeypatch.setattr(worker, "_written", lambda: newer)
        await page.evaluate("() => navigator.serviceWorker.ready.then((registered) => registered.update())")
        await expect(page.locator(".toast")).to_contain_text(DE["new_version"], timeout=15_000)
        await page.get_by_role("button", name=DE["later"]).click()
        await expect(page.locator(".toast")).to_have_count(0)
        await page.reload()
        await page.get_by_role("button", name=DE["reload"]).click(timeout=15_000)
        taken = f"async () => (await caches.keys()).sort().join() === 'files-{code_version()}b,pages-{code_version()}b'"
        await page.wait_for_function(taken, timeout=30_000)


async def test_the_worker_is_never_kept_and_names_only_files_that_are_there(house: House) -> None:
    async with neighbour(house, offline=True) as page:
        answer = await page.request.get(f"{house.url}/sw.js")
        text = await answer.text()
        assert answer.headers["cache-control"] == "no-cache"
        named = set(re.findall(r'"/static/([^"]+)"', text))
        assert len(named) > 100
        assert named <= assets().keys()
        assert "// " not in text
