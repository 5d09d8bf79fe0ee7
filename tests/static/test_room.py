"""Two neighbours in two browsers: they ask, bargain, agree, talk, hand over, give back and review, by clicks alone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import expect

from tests.static.clicks import DESKTOP, PHONE, enter, list_item, neighbour, say, words
from tests.static.engine import House
from tests.support.judge import barriers, sticks_out

KEYS: Final = re.compile(r"\b(?:t|has)\('(\w+)'|\bplural\('(\w+)'")


def test_both_languages_have_the_same_words_and_every_word_that_is_asked_for() -> None:
    german, english = words("de"), words("en")
    assert german.keys() == english.keys()
    asked = set()
    for path in Path("static/ui").rglob("*.js"):
        for key, many in KEYS.findall(path.read_text("utf-8")):
            asked |= {key} if key else {f"{many}_one", f"{many}_other"}
    assert asked - german.keys() == set()


@pytest.mark.parametrize(
    ("language", "locale", "theme", "windows"),
    [("de", "de-DE", "light", (DESKTOP, PHONE)), ("en", "en-GB", "dark", (PHONE, DESKTOP))],
)
async def test_a_rental_from_the_first_question_to_the_review(
    house: House, language: str, locale: str, theme: str, windows: tuple[dict[str, int], dict[str, int]]
) -> None:
    told = words(language)
    look: dict[str, Any] = {"locale": locale, "color_scheme": theme}
    async with (
        neighbour(house, viewport=windows[0], **look) as marta,
        neighbour(house, viewport=windows[1], **look) as tim,
    ):
        await enter(marta, house, await house.register("marta"))
        item = await list_item(marta)
        await enter(tim, house, await house.register("tim"))
        first = datetime.now(UTC).date() + timedelta(days=9)
        await tim.goto(f"{house.url}/i/{item}?from={first}&to={first + timedelta(days=1)}&month={first:%Y-%m}")
        await tim.locator("#ask-text").fill("Hallo Marta, geht das?")
        await tim.get_by_role("button", name=told["ask_now"]).click()
        await tim.wait_for_url(re.compile("/r/"), timeout=20_000)
        await expect(tim.locator(".bubble.own .said")).to_have_text("Hallo Marta, geht das?")

        await marta.locator(".roomrow").click()
        await expect(marta.locator(".bubble .said")).to_have_text("Hallo Marta, geht das?")
        await marta.get_by_role("button", name=told["counter"], exact=True).click()
        start = datetime.now(UTC) + timedelta(minutes=15)
        await marta.locator("#offer-start").fill(f"{start:%Y-%m-%dT%H:%M}")
        await marta.locator("#offer-end").fill(f"{start + timedelta(days=2):%Y-%m-%dT%H:%M}")
        await marta.locator("#offer-price").fill("20")
        await marta.get_by_role("button", name=told["send_offer"]).click()
        await expect(tim.locator(".offer.open mark")).to_have_count(2)
        await tim.get_by_role("button", name=told["accept"].split(" · ")[0]).click()
        await expect(marta.locator(".offer.accepted")).to_be_visible()
        await say(marta, "Schön, bis dann!")
        await expect(tim.locator(".bubble:not(.own) .said").last).to_have_text("Schön, bis dann!")
        await expect(marta.locator(".bubble.own .tick.read")).to_be_visible()

        for page in (marta, tim):
            assert await barriers(page) == []
            assert await sticks_out(page) == 0

        await tim.get_by_role("button", name=told["show_handover"]).click()
        code = await tim.locator(".bigcode[data-code]").get_attribute("data-code")
        await tim.keyboard.press("Escape")
        await marta.get_by_role("button", name=told["hand_over"], exact=True).click()
        await marta.locator("#code").fill(str(code))
        await marta.get_by_role("button", name=told["confirm_code"]).click()
        await marta.get_by_role("button", name=told["show_return"]).click()
        code = await marta.locator(".bigcode[data-code]").get_attribute("data-code")
        await marta.keyboard.press("Escape")
        await tim.get_by_role("button", name=told["give_back"], exact=True).click()
        await tim.locator("#code").fill(str(code))
        await tim.get_by_role("button", name=told["confirm_code"]).click()
        await marta.get_by_role("button", name=told["all_well"]).click()
        for page in (tim, marta):
            await page.get_by_role("button", name=told["review"], exact=True).click()
            await expect(page.locator(".rating").first).to_be_visible()
            for rating in await page.locator(".rating").all():
                await rating.locator("label.star").nth(4).click()
            await page.locator("#review-text").fill("Gerne wieder.")
            await page.get_by_role("button", name=told["send_review"]).click()
            await expect(page.locator("dialog.sheet")).to_have_count(0)


async def test_who_is_not_signed_in_is_asked_to_and_comes_back(house: House) -> None:
    async with neighbour(house) as page:
        await page.goto(f"{house.url}/r/{'0' * 32}")
        assert page.url.endswith(f"/signin?next=/r/{'0' * 32}")


async def test_a_room_that_is_not_there_says_so(house: House) -> None:
    async with neighbour(house, locale="en-GB") as page:
        await enter(page, house, await house.register("nora"))
        await page.goto(f"{house.url}/r/{'0' * 32}")
        await expect(page.locator("#title")).to_have_text(words("en")["no_room"])
        await page.locator(".talk a.button").click()
        await expect(page).to_have_url(f"{house.url}/inbox")
