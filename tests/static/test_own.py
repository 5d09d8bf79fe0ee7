"""One's own side, by clicks: joining, listing a thing in steps, changing it, keeping days back, other calendars."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.static.clicks import DE, DESKTOP, PHONE, enter, fine, list_item, neighbour, picture, press, words
from tests.static.engine import PASSWORD, House
from tests.support.judge import barriers


async def test_somebody_joins_signs_in_and_is_told_what_is_wrong_where_it_is(house: House) -> None:
    async with neighbour(house, viewport=PHONE) as page:
        await page.goto(f"{house.url}/signin")
        await page.locator("a[href='/join']").click()
        await fine(page)
        for name, text in (("display_name", "Anke Neu"), ("handle", "anke"), ("email", "anke@example.org")):
            await page.locator(f"#{name}").fill(text)
        await page.locator("#password").fill("passwort")
        await page.locator("form.stack button").click()
        await expect(page.locator("#password-fault")).to_be_visible()
        await expect(page.locator("#email")).to_have_value("anke@example.org")
        await expect(page.locator("#password")).to_have_value("")
        assert await barriers(page) == []
        await page.locator("#password").fill(PASSWORD)
        await page.locator("form.stack button").click()
        await expect(page.locator(".notice.ok")).to_be_visible()
        await enter(page, house, "anke@example.org", "/me")
        await expect(page.locator(".empty h2")).to_have_text(DE["own_none"])


@pytest.mark.parametrize(
    ("language", "theme", "window"), [("de-DE", "dark", PHONE), ("en-GB", "light", DESKTOP)], ids=["phone", "desktop"]
)
async def test_a_thing_is_listed_in_steps_that_survive_a_reload(
    house: House, language: str, theme: Any, window: Any
) -> None:
    told = words(language[:2])
    async with neighbour(house, locale=language, color_scheme=theme, viewport=window) as page:
        await enter(page, house, await house.register("bodo"), "/i/new")
        await expect(page.locator("#step-title")).to_have_text(told["step_photos_title"])
        pictures = [picture("eins.jpg", "red"), picture("zwei.jpg", "blue")]
        await page.locator("input[type=file]").set_input_files(pictures)
        await expect(page.locator(".photolist li")).to_have_count(2, timeout=15_000)
        first = await page.locator(".photolist img").first.get_attribute("src")
        await page.get_by_role("button", name=told["photo_later"].format(n=1)).click()
        await expect(page.locator(".photolist img").nth(1)).to_have_attribute("src", str(first))
        await page.get_by_role("button", name=told["photo_earlier"].format(n=2)).click()
        await page.get_by_role("button", name=told["photo_remove"].format(n=2)).click()
        await expect(page.locator(".photolist li")).to_have_count(1)
        await fine(page)
        await press(page, told["step_next"])
        await say_what(page, told)
        await fine(page)
        await press(page, told["step_next"])
        await say_price(page, told)
        await fine(page)
        await press(page, told["step_next"])
        await page.locator("#place-label").fill("Schuppen")
        await fine(page)
        await page.wait_for_timeout(700)
        await page.reload()
        await expect(page.locator("#place-label")).to_have_value("Schuppen")
        await press(page, told["step_next"])
        await press(page, told["publish"])
        await expect(page.locator("#faults li")).to_have_count(2)
        assert await barriers(page) == []
        await page.locator("#faults a", has_text=told["need_amount"]).click()
        await page.locator("#price-day").fill("12,50")
        await page.locator(".steps button").nth(3).click()
        await page.locator("#place-address").fill("Dorfstraße 7")
        await page.locator("#place-point").fill("52.5201, 13.4049")
        await press(page, told["step_next"])
        await fine(page)
        await press(page, told["publish"])
        await expect(page.locator("#title")).to_have_text(told["listed"])
        await page.get_by_role("link", name=told["see_page"]).click()
        await expect(page.locator("h1")).to_have_text("Häcksler mit Sack")
        await expect(page.locator(".pictures .tag")).to_contain_text("12,50" if language == "de-DE" else "12.50")
        await expect(page.locator("[data-request] a").first).to_have_text(told["edit"])


async def say_what(page: Page, told: dict[str, str]) -> None:
    await page.locator("#thing-title").fill("Häcksler mit Sack")
    await page.locator("#thing-kind").select_option("power-tools")
    await page.locator("#trait-power_w").fill("2400")
    await page.locator("#thing-about").fill("Für Äste bis 4 cm.")
    await page.locator("#thing-parts").fill("2 Säcke\nSchutzbrille")
    await page.locator("#thing-safety").fill("Nur mit Brille.")
    await page.get_by_label(told["condition_very_good"]).check()


async def say_price(page: Page, told: dict[str, str]) -> None:
    """The amount for a day is none, on purpose."""
    await page.locator("#price-day").fill("zwölf")
    await page.locator("#price-deposit").fill("50")
    await page.get_by_role("switch").first.check()
    await page.get_by_text(told["deposit_first"]).click()
    await page.locator("#rule_lead").select_option("1440")
    await page.locator("#rule_shortest").select_option("1440")
    await page.locator("#rule_longest").fill("14")
    await page.locator("input[name=policy]").nth(1).check()
    await page.get_by_text(told["prices_more"]).click()
    await page.locator("#price-week").fill("60")


async def test_where_one_is_fills_in_the_coordinates(house: House) -> None:
    async with neighbour(
        house, geolocation={"latitude": 52.51234, "longitude": 13.41234}, permissions=["geolocation"]
    ) as page:
        await enter(page, house, await house.register("carla"), "/i/new")
        await page.locator(".steps button").nth(3).click()
        await press(page, DE["place_locate"])
        await expect(page.locator("#place-point")).to_have_value("52.51234, 13.41234")
        await press(page, DE["list_discard"])
        await expect(page.locator("#step-title")).to_have_text(DE["step_photos_title"])


async def test_a_listed_thing_is_changed_paused_copied_and_deleted(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("doris"), "/me")
        item = await list_item(page)
        await page.reload()
        await page.get_by_role("link", name=f"{DE['edit']} Anhänger").click()
        await page.locator(".steps button").nth(1).click()
        await page.locator("#thing-title").fill("Anhänger mit Plane")
        await page.locator(".steps button").nth(4).click()
        await press(page, DE["save_changes"])
        await expect(page.locator("#title")).to_have_text(DE["saved"])
        await page.get_by_role("link", name=DE["own_things"]).last.click()
        row = page.locator(".ownrow", has_text="Anhänger mit Plane")
        await row.get_by_role("button", name=DE["move_pause"]).click()
        await expect(row.locator(".pill")).to_have_text(DE["thing_paused"])
        await fine(page)
        await press(page, DE["undo"])
        await expect(row.locator(".pill")).to_have_text(DE["thing_active"])
        await row.get_by_role("button", name=DE["duplicate"].format(title="Anhänger mit Plane")).click()
        await page.wait_for_url(re.compile("/edit$"))
        assert item not in page.url
        await page.goto(f"{house.url}/me")
        draft = page.locator(".ownrow", has_text=DE["thing_draft"])
        await draft.get_by_role("button", name=DE["move_publish"]).click()
        await expect(page.locator(".pill", has_text=DE["thing_active"])).to_have_count(2)
        await page.locator(".ownrow").first.get_by_role("button", name=DE["delete_thing"]).click()
        await press(page, DE["delete_now"])
        await expect(page.locator(".ownrow")).to_have_count(1)


async def test_days_are_kept_back_by_keyboard_for_several_things_and_let_go_by_a_click(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("emil"), "/me")
        for _ in range(2):
            await list_item(page)
        await page.goto(f"{house.url}/me/calendar")
        await press_label(page, DE["month_after"])
        await fine(page)
        await page.locator("[data-at='0-3']").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-at='0-3']")).to_have_attribute("aria-pressed", "true")
        for _ in range(3):
            await page.keyboard.press("ArrowRight")
        await expect(page.locator("[data-at='0-6']")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.locator("#block-note").fill("Urlaub")
        await page.locator("dialog summary").click()
        await page.locator("dialog input[type=checkbox]").check()
        assert await barriers(page) == []
        await press(page, DE["block_keep"])
        await expect(page.locator(".month button.block")).to_have_count(8)
        await page.locator("[data-at='1-4']").click()
        await press(page, DE["block_end"])
        await expect(page.locator(".month button.block")).to_have_count(4)


async def press_label(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).click()


async def test_a_rental_stands_in_the_calendar_and_leads_to_its_room(house: House) -> None:
    async with neighbour(house) as owner, neighbour(house) as renter:
        await enter(owner, house, await house.register("frida"), "/me")
        item = await list_item(owner)
        await enter(renter, house, await house.register("georg"), "/inbox")
        first = datetime.now(UTC).date().replace(day=1) + timedelta(days=40)
        await renter.goto(f"{house.url}/i/{item}?from={first}&to={first + timedelta(days=1)}&month={first:%Y-%m}")
        await press(renter, DE["ask_now"])
        await renter.wait_for_url(re.compile("/r/"), timeout=20_000)
        await owner.reload()
        await expect(owner.locator(".notice.warn")).to_contain_text("1", timeout=15_000)
        await owner.goto(f"{house.url}/me/calendar")
        await press_label(owner, DE["month_after"])
        await owner.locator(".month button.asked").first.click(timeout=15_000)
        await owner.wait_for_url(re.compile("/r/"))


async def test_a_secret_calendar_address_is_made_renewed_and_turned_off(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("hanna"), "/me/calendar")
        await press(page, DE["feed_make"])
        url = await page.locator("#feed-url").input_value()
        assert (await page.request.get(url)).status == 200
        await press(page, DE["feed_renew"])
        await expect(page.locator("#feed-url")).not_to_have_value(url)
        assert (await page.request.get(url)).status == 404
        await press(page, DE["feed_revoke"])
        await expect(page.get_by_role("button", name=DE["feed_make"])).to_be_visible()


async def test_another_calendar_is_connected_and_let_go_and_refused_where_it_is_none(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("ines"), "/me")
        await list_item(page)
        await page.goto(f"{house.url}/me/calendar")
        await page.locator("#in-url").fill("kein Kalender")
        await press(page, DE["in_add"])
        await expect(page.locator(".fault")).to_be_visible()
        await page.locator("#in-url").fill("https://kalender.example/verein.ics")
        await press(page, DE["in_add"])
        await expect(page.locator(".keyrow")).to_contain_text("kalender.example")
        await page.locator(".keyrow button").click()
        await expect(page.locator(".keyrow")).to_have_count(0)
