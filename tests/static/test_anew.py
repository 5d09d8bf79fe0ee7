"""Who has lost every device and the code begins anew in a browser; the neighbour sees it, compares, and decides."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.static.clicks import DE, DESKTOP, EN, MARTA, PHONE, TIM, enter, fine, in_a_room, neighbour, press, say
from tests.static.engine import PASSWORD, House


async def begin_anew(page: Page, told: dict[str, str]) -> None:
    """From the page that says which keys are missing to one's rooms."""
    await press(page, told["anew"])
    await expect(page.locator("dialog li")).to_have_count(4)
    await expect(page.get_by_role("button", name=told["anew_do"], exact=True)).to_be_disabled()
    await fine(page)
    await page.get_by_label(told["anew_sure"]).check()
    await press(page, told["anew_do"])
    await page.locator("#proof-password").fill(PASSWORD)
    await press(page, told["proof_do"])
    await expect(page.locator("a.roomrow")).to_be_visible()


async def stale_proof(house: House) -> None:
    """As if the sign-in were some time ago, so that the hub asks for another proof."""
    await house.here.world.database.sessions.update_many({}, {"$unset": {"confirmed_at": ""}})


@pytest.mark.parametrize(("viewport", "look"), [(PHONE, "dark"), (DESKTOP, "light")])
async def test_one_begins_anew_and_the_other_compares_before_writing_on(
    house: House, viewport: dict[str, int], look: str
) -> None:
    how: dict[str, Any] = {"viewport": viewport, "color_scheme": look}
    async with neighbour(house) as marta, neighbour(house) as tim, neighbour(house, **how) as fresh:
        email = await house.register("marta")
        await in_a_room(house, marta, tim, email=email)
        await press(tim, DE["safety"])
        await press(tim, DE["safety_same"])
        await expect(tim.locator(".notice.ok")).to_be_visible()
        await tim.keyboard.press("Escape")
        await marta.close()

        await enter(fresh, house, email)
        await expect(fresh.locator("#title")).to_have_text(DE["unlock_title"])
        await stale_proof(house)
        await begin_anew(fresh, DE)
        await fresh.locator("a.roomrow").click()
        await say(fresh, "Ich habe ein neues Handy.")

        alarm = tim.locator(".notice.danger[role=alert]")
        await expect(alarm).to_contain_text("verglichen")
        await fine(tim)
        await say(tim, "Bist du das?")
        await expect(tim.locator(".bubble.own").last).to_contain_text(DE["held_identity_changed"])
        await alarm.get_by_role("button", name=DE["safety_compare"], exact=True).click()
        shown = await tim.locator(".digits").inner_text()
        await expect(tim.locator(".notice.ok")).to_have_count(0)
        await press(fresh, DE["safety"])
        assert await fresh.locator(".digits").inner_text() == shown
        await fresh.keyboard.press("Escape")
        await press(tim, DE["safety_same"])
        await expect(tim.locator(".notice.ok")).to_be_visible()
        await tim.keyboard.press("Escape")
        await expect(alarm).to_have_count(0)
        await expect(tim.locator(".bubble:not(.own) .said").last).to_have_text("Ich habe ein neues Handy.")
        await expect(fresh.locator(".bubble:not(.own) .said").last).to_have_text("Bist du das?")
        await expect(fresh.locator(".bubble:not(.own) .said").first).to_have_text(DE["unreadable_before_device"])
        await fine(fresh)


async def test_who_never_compared_writes_on_with_one_press(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim, neighbour(house) as fresh:
        email = await house.register("marta")
        await in_a_room(house, marta, tim, email=email)
        await marta.close()
        await enter(fresh, house, email)
        await stale_proof(house)
        await begin_anew(fresh, DE)
        await expect(tim.locator(".notice.warn[role=alert]")).to_contain_text("has changed")
        await fine(tim)
        await press(tim, EN["write_anyway"])
        await say(tim, "Fine by me.")
        await fresh.locator("a.roomrow").click()
        await expect(fresh.locator(".bubble:not(.own) .said").last).to_have_text("Fine by me.")
