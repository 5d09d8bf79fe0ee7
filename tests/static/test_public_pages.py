"""The public pages in a real Chromium: no barriers, nothing sticks out, the keyboard does it all, scripts only help."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser

from hub.ports import Ports
from hub.tariff import Tariff
from hub.usecases.items import CreateItem, NewPlace, create_item
from hub.usecases.photos import AddPhoto, add_photo
from storage.servers import Servers
from tests.support.judge import barriers, sticks_out, visitor
from tests.support.live_hub import live_hub
from tests.support.pictures import drawn, upload, written
from tests.support.world import Neighbour

PHONE, DESKTOP, NARROW = ({"width": width, "height": height} for width, height in ((390, 844), (1440, 900), (320, 640)))


@dataclass
class Street:
    """A hub with one thing that has two photos, and a browser."""

    address: str
    browser: Browser
    item: str

    def pages(self) -> dict[str, str]:
        item = f"/i/{self.item}"
        return {
            "home": "/",
            "search": "/s?near=48.9,9.6&r=5000",
            "nothing": "/s?q=raumschiff",
            "wrong": "/s?max=viel&from=2031-02-02&to=2031-02-01",
            "item": item,
            "days": f"{item}?from=2031-05-02&to=2031-05-05",
            "person": "/u/marta",
            "legal": "/legal/imprint",
            "accessibility": "/legal/accessibility",
            "offline": "/offline",
            "hub": "/hub",
            "docs": "/docs",
            "forgot": "/forgot",
            "styleguide": "/styleguide",
        }


@pytest.fixture(scope="module")
async def street(servers: Servers, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("street")
    async with live_hub(servers, folder, f"t{uuid4().hex}", environment="dev") as live:
        item = await _thing(live.world.ports, await live.world.person("marta", device=False))
        yield Street(f"http://localhost:{live.port}", browser, item)


async def _thing(ports: Ports, owner: Neighbour) -> str:
    media = []
    for colour in ("#b0703a", "#2a663b"):
        with upload(written(drawn(colour=colour))) as file:
            media.append((await add_photo(ports, owner.actor, AddPhoto(file, "Bohrer im Koffer"))).id)
    place = NewPlace("Hof", "Dorfstraße 7", 48.9, 9.6)
    command = CreateItem("Bohrhammer", "Mit Koffer.", Tariff(day=800, deposit=5000), place, media=tuple(media))
    return (await create_item(ports, owner.actor, command)).item.id


LOOKS = (("light", "de-DE", PHONE), ("dark", "en-GB", DESKTOP))


@pytest.mark.parametrize(("theme", "locale", "window"), LOOKS)
async def test_no_page_has_barriers_or_complains(
    street: Street, theme: str, locale: str, window: dict[str, int]
) -> None:
    async with visitor(street.browser, color_scheme=theme, locale=locale, viewport=window) as page:
        for name, path in street.pages().items():
            await page.goto(street.address + path)
            assert await barriers(page) == [], name
            assert await sticks_out(page) == 0, name


async def test_nothing_sticks_out_at_320_pixels_and_with_twice_the_type(street: Street) -> None:
    for window in (NARROW, PHONE):
        async with visitor(street.browser, viewport=window) as page:
            for name, path in street.pages().items():
                await page.goto(street.address + path)
                if window is PHONE:
                    await page.evaluate("() => { document.documentElement.style.fontSize = '212.5%' }")
                assert await sticks_out(page) <= 0, name


async def test_without_scripts_days_are_chosen_by_links(street: Street) -> None:
    async with visitor(street.browser, java_script_enabled=False, locale="de-DE") as page:
        await page.goto(f"{street.address}/s?q=bohrhammer")
        await page.get_by_role("link", name="Bohrhammer", exact=True).click()
        await page.get_by_role("link", name="Monat danach").click()
        await page.locator(".cal a").nth(4).click()
        await page.locator(".cal a").nth(6).click()
        assert await page.locator(".lines th").first.text_content() == "3 Tage \u00d7 8,00\u00a0€"
        assert await page.locator(".notice.ok").count() == 1


async def test_the_month_is_one_stop_for_tab_and_arrows_walk_in_it(street: Street) -> None:
    async with visitor(street.browser, locale="en-GB") as page:
        await page.goto(f"{street.address}/i/{street.item}?month=2027-03")
        days = page.locator(".cal a[data-day]")
        assert await page.locator('.cal a[tabindex="0"]').count() == 1
        await days.first.focus()
        for key in ("ArrowRight", "ArrowDown", "End"):
            await page.keyboard.press(key)
        assert await page.evaluate("() => document.activeElement.dataset.day") == "2027-03-14"
        await page.keyboard.press("Home")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**from=2027-03-08**")
        await page.locator(".cal .from a").focus()
        await page.keyboard.press("PageDown")
        await page.wait_for_url("**month=2027-04**")


async def test_pictures_open_over_the_screen_and_close_again(street: Street) -> None:
    async with visitor(street.browser, locale="de-DE") as page:
        await page.goto(f"{street.address}/i/{street.item}")
        await page.locator("a[data-picture]").first.click()
        box = page.locator("dialog.lightbox")
        assert await box.is_visible()
        assert await page.locator("[data-count]").text_content() == "1 / 2"
        await page.keyboard.press("ArrowRight")
        assert await page.locator("[data-count]").text_content() == "2 / 2"
        assert await barriers(page) == []
        await page.keyboard.press("Escape")
        assert not await box.is_visible()


async def test_colours_language_and_type_are_chosen_once_and_stay(street: Street) -> None:
    async with visitor(street.browser, locale="de-DE") as page:
        await page.goto(f"{street.address}/s")
        for field, value in (("theme", "dark"), ("size", "xl"), ("lang", "en")):
            async with page.expect_navigation():
                await page.select_option(f"#f-{field}", value)
        await page.goto(street.address)
        root = page.locator("html")
        assert [await root.get_attribute(name) for name in ("lang", "data-theme", "data-size")] == ["en", "dark", "xl"]


async def test_a_search_says_nothing_needless_and_knows_the_place_only_roughly(street: Street) -> None:
    here = {"latitude": 48.901234, "longitude": 9.601234}
    async with visitor(street.browser, geolocation=here, permissions=["geolocation"], locale="de-DE") as page:
        await page.goto(f"{street.address}/s?r=5000&near=48.9,9.6")
        await page.locator("[data-locate]").click()
        await page.wait_for_url("**near=48.90%2C9.60**")
        assert "q=" not in page.url
        assert "48.901" not in page.url
