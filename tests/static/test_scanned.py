"""Several units are asked for and change hands by scanned codes, in two browsers."""

import re
from datetime import timedelta

from playwright.async_api import Page, expect

from tests.static.clicks import DE, EN, MARTA, TIM, enter, fine, list_item, neighbour, press, scanned
from tests.static.engine import House


async def type_scanned(page: Page, text: str, told: dict[str, str]) -> None:
    """A test has no camera: what it would have read is put into the field that stands in for it."""
    await page.locator("#scan-text").fill(text)
    await press(page, told["scan_do"])


async def test_two_of_three_units_go_and_come_back_by_scanned_codes(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await enter(marta, house, await house.register("marta"))
        item = await list_item(marta, title="Bierbank", tariff={"day": 300}, units=3)
        await enter(tim, house, await house.register("tim"))
        first = house.here.hub.ports.clock.now().date() + timedelta(days=9)
        await tim.goto(f"{house.url}/i/{item}?from={first}&to={first}&month={first:%Y-%m}")
        await expect(tim.locator("tr.sum td")).to_contain_text("3.00")
        await tim.locator("#q").fill("2")
        await tim.locator("#q").press("Enter")
        await expect(tim.locator("tr.sum td")).to_contain_text("6.00")
        await fine(tim)
        await press(tim, EN["ask_now"])
        await tim.wait_for_url(re.compile("/r/"), timeout=20_000)
        await marta.locator("a.roomrow").click()
        await expect(marta.locator(".offer.open")).to_contain_text(DE["term_units"])

        await press(marta, DE["counter"])
        start = house.here.hub.ports.clock.now() + timedelta(minutes=15)
        await marta.locator("#offer-start").fill(f"{start:%Y-%m-%dT%H:%M}")
        await marta.locator("#offer-end").fill(f"{start + timedelta(days=1):%Y-%m-%dT%H:%M}")
        await expect(marta.locator("#offer-units")).to_have_value("2")
        await marta.locator("#offer-units").fill("3")
        await expect(marta.locator("dialog .hint").last).to_contain_text("9,00")
        await fine(marta)
        await press(marta, DE["send_offer"])
        await expect(tim.locator(".offer.open mark").filter(has_text=re.compile("^3$"))).to_be_visible()
        await tim.locator(".offer.open .button.primary").click()
        await expect(marta.locator(".offer.accepted")).to_be_visible()

        await press(tim, EN["show_handover"])
        await expect(tim.locator("svg.qr")).to_be_visible()
        await fine(tim)
        shown = await scanned(tim, tim.locator("svg.qr"))
        await tim.keyboard.press("Escape")
        await press(marta, DE["hand_over"])
        await press(marta, DE["scan_their_code"])
        await type_scanned(marta, shown[:-4] + "AAAA", DE)
        await expect(marta.locator("dialog .fault")).to_be_visible()
        await fine(marta)
        await type_scanned(marta, shown, DE)
        await expect(marta.locator("dialog")).to_have_count(0)

        await press(marta, DE["show_return"])
        back = await scanned(marta, marta.locator("svg.qr"))
        await marta.keyboard.press("Escape")
        await press(tim, EN["give_back"])
        await press(tim, EN["scan_their_code"])
        await type_scanned(tim, shown, EN)
        await expect(tim.locator("dialog .fault")).to_have_text(EN["fault_handover_code_invalid"])
        await type_scanned(tim, back, EN)
        await expect(marta.get_by_role("button", name=DE["all_well"], exact=True)).to_be_visible()
