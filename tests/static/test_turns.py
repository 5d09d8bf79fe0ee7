"""What may go otherwise in a rental, in two browsers: late, not come, not handed over, kept of the deposit, booked."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.static.clicks import DE, EN, MARTA, TIM, agreed, enter, fine, in_dialog, list_item, neighbour, press, rare
from tests.static.engine import House

pytestmark = pytest.mark.usefixtures("movable")


async def later(house: House, **by: float) -> None:
    """The hub's business clock moves, and what is due then happens."""
    house.here.world.clock.moved += timedelta(**by)
    await house.here.world.fire_due()


async def more(page: Page, deed: str) -> None:
    """One of the rare deeds."""
    await rare(page, deed)
    await fine(page)
    await in_dialog(page, deed)


async def test_what_is_late_stands_on_top_with_what_helps(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await press(marta, DE["hand_over"])
        await marta.locator("dialog summary").click()
        await press(marta, DE["hand_over_anyway"])
        denied = EN["handed_alone"].format(name="Marta")
        await expect(tim.get_by_text(denied)).to_be_visible()
        await fine(tim)
        await later(house, days=3)
        for page in (marta, tim):
            await expect(page.locator(".notice.danger").first).to_be_visible(timeout=15_000)
            await fine(page)
        await press(tim, EN["coming"])
        await expect(marta.locator(".bubble .said").last).to_have_text(EN["say_coming"])
        await press(tim, EN["extend"])
        await expect(tim.locator("#change-end")).to_be_visible()
        await tim.keyboard.press("Escape")
        await press(marta, DE["remind"])
        await expect(tim.locator(".bubble .said").last).to_have_text(DE["say_remind"])
        await marta.locator(".talk .notice.danger").get_by_role("button", name=DE["deed_claim_non_return"]).click()
        await marta.locator("dialog").get_by_role("button", name=DE["deed_claim_non_return"], exact=True).click()
        await expect(
            tim.locator(".timeline").get_by_text(EN["ev_non_return_claimed"].format(name="Marta"))
        ).to_be_visible()
        await more(marta, DE["deed_confirm_return"])
        await expect(marta.locator(".talk .notice.danger")).to_have_count(0)
        await expect(tim.get_by_role("button", name=EN["review"], exact=True)).to_be_visible()


async def test_a_lost_thing_is_called_missing_in_the_list_of_ones_own_and_restored_there(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await press(marta, DE["hand_over"])
        await marta.locator("dialog summary").click()
        await press(marta, DE["hand_over_anyway"])
        await expect(tim.get_by_text(EN["handed_alone"].format(name="Marta"))).to_be_visible()
        await later(house, days=20)
        await marta.reload()
        await rare(marta, DE["deed_mark_lost"])
        await marta.locator("#deed-words").fill("Sie ist im Teich.")
        await marta.locator("#deed-claimed").fill("90")
        await in_dialog(marta, DE["deed_mark_lost"])
        await marta.goto(f"{house.url}/me")
        await expect(marta.locator(".ownrow .pill")).to_have_text(DE["thing_missing"])
        await fine(marta)
        await marta.locator(".ownrow").get_by_role("button", name=re.compile(f"^{DE['move_restore']}")).click()
        await expect(marta.locator(".ownrow .pill")).to_have_text(DE["thing_paused"])


async def test_who_is_said_not_to_have_come_can_object_and_both_see_the_case(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await later(house, hours=6)
        await marta.reload()
        await more(marta, DE["deed_claim_no_show"])
        await expect(tim.get_by_text(EN["accused"].format(name="Marta"))).to_be_visible(timeout=15_000)
        await fine(tim)
        await tim.locator(".talk").get_by_role("button", name=EN["deed_contest"]).click()
        await tim.locator("#deed-words").fill("I was there at eight.")
        await tim.locator("dialog").get_by_role("button", name=EN["deed_contest"], exact=True).click()
        await expect(marta.locator(".case")).to_contain_text("I was there at eight.")
        await marta.get_by_role("button", name=DE["look_at_it"]).click()
        await expect(marta.locator(".case")).to_be_in_viewport()
        await fine(marta)


async def test_what_is_kept_of_the_deposit_says_why_and_the_rest_goes_back(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim, deposit=5000)
        for answer in ("entry_back", "entry_confirm"):
            await press(tim, EN["pay_said"])
            await tim.locator("#pay-kind").select_option("deposit_in")
            await expect(tim.locator("#pay-amount")).to_have_value("50.00")
            await press(tim, EN["pay_do"])
            who, told = (tim, EN) if answer == "entry_back" else (marta, DE)
            await press(who, told[answer])
            await expect(tim.get_by_role("button", name=EN["entry_back"])).to_have_count(0)
        await press(marta, DE["hand_over"])
        await marta.locator("dialog summary").click()
        await press(marta, DE["hand_over_anyway"])
        await marta.locator(".deal details:not(.protocol) > summary").last.click()
        await press(marta, DE["deed_report_damage"])
        await marta.locator("#damage-words").fill("Das Kabel ist ab.")
        await marta.locator("#damage-claim").fill("20")
        await press(marta, DE["report_now"])
        await press(tim, EN["case_propose"])
        await tim.locator("#settle-amount").fill("15")
        await tim.locator("dialog").get_by_role("button", name=EN["case_propose"], exact=True).click()
        await marta.locator(".case .button.primary").click()
        await expect(marta.locator(".deal")).to_contain_text("15,00 € · Etwas ist kaputt")
        await press(marta, DE["pay_said"])
        await marta.locator("#pay-kind").select_option("deposit_out")
        await expect(marta.locator("#pay-amount")).to_have_value("35.00")
        await press(marta, DE["pay_do"])
        await press(tim, EN["entry_confirm"])
        await expect(tim.locator(".deal")).to_contain_text("€15.00 · Something is broken")
        await fine(tim)
        await fine(marta)


async def test_after_a_question_the_renter_asks_for_dates_or_books_at_once(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await enter(marta, house, await house.register("marta"), "/inbox")
        item = await list_item(marta, title="Leiter", tariff={"day": 500}, rules={"instant": True})
        await enter(tim, house, await house.register("tim"), "/inbox")
        start = (datetime.now(UTC) + house.here.world.clock.moved + timedelta(days=4)).replace(hour=10, minute=0)
        for way in ("request_now", "book"):
            await tim.goto(f"{house.url}/i/{item}")
            await tim.locator("#ask-text").fill("Passt sie ins Auto?")
            await tim.locator("[data-request] button").click()
            await tim.wait_for_url("**/r/*", timeout=20_000)
            await press(tim, EN[way])
            await tim.locator("#offer-start").fill(f"{start:%Y-%m-%dT%H:%M}")
            await tim.locator("#offer-end").fill(f"{start + timedelta(days=1):%Y-%m-%dT%H:%M}")
            await expect(tim.locator("dialog").get_by_text("€5.00")).to_be_visible()
            await fine(tim)
            send = EN["book"] if way == "book" else EN["send_offer"]
            await tim.locator("dialog").get_by_role("button", name=send, exact=True).click()
            await expect(tim.locator("dialog")).to_have_count(0)
            start += timedelta(days=7)
        await expect(tim.locator(".state")).to_contain_text(EN["say_confirmed"].split("!")[0])
