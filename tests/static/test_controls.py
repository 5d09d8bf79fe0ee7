"""Controls off the usual way, each pressed once for real: bargaining, talking, being judged, one's own account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from client.neighbour import Neighbour
from hub.account import UserRole
from hub.ids import UserId
from hub.ports import Note
from tests.static.clicks import (
    DE,
    EN,
    MARTA,
    PHONE,
    TIM,
    agreed,
    enter,
    fine,
    in_a_room,
    in_dialog,
    list_item,
    neighbour,
    note_code,
    press,
    rare,
    say,
)
from tests.static.engine import House

pytestmark = pytest.mark.usefixtures("movable")


async def test_an_offer_is_changed_by_who_made_it_and_declined_with_a_reason(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await in_a_room(house, marta, tim)
        await press(marta, DE["propose"])
        await marta.locator("#offer-price").fill("24")
        await press(marta, DE["send_offer"])
        await expect(tim.locator(".offer.open")).to_be_visible()
        await press(marta, DE["revise"])
        await marta.locator("#offer-price").fill("18")
        await fine(marta)
        await press(marta, DE["send_offer"])
        await expect(tim.locator(".offer.open mark")).to_contain_text("18.00")
        await press(tim, EN["counter"])
        await tim.locator("#offer-price").fill("12")
        await press(tim, EN["send_offer"])
        await press(marta, DE["decline"])
        await marta.get_by_label(DE["reason_price"]).check()
        await in_dialog(marta, DE["decline_now"])
        await expect(tim.locator(".state p")).to_contain_text("declined", ignore_case=True)
        await fine(tim)


async def test_a_part_of_the_page_that_did_not_come_is_fetched_again(house: House) -> None:
    """Without the worker that keeps all of them."""
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await marta.add_init_script("navigator.serviceWorker.register = () => new Promise(() => {})")
        await in_a_room(house, marta, tim)
        await marta.context.route("**/safety.js", lambda route: route.abort())
        await press(marta, DE["safety"])
        await expect(marta.get_by_text(DE["fault_offline"])).to_be_visible()
        await fine(marta)
        await marta.context.unroute("**/safety.js")
        await press(marta, DE["again"])
        await expect(marta.locator(".digits")).to_be_visible()


async def menu(page: Page, text: str) -> Locator:
    bubble = page.locator(".bubble", has_text=text)
    await bubble.locator(".more").click()
    return bubble


async def test_a_message_is_answered_reacted_to_copied_and_deleted(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await marta.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await in_a_room(house, marta, tim, "Steht er trocken?")
        bubble = await menu(marta, "trocken")
        await fine(marta)
        await bubble.get_by_role("button", name=DE["react_with"].format(emoji="👍"), exact=True).click()
        await expect(tim.locator(".reaction")).to_contain_text("👍")
        await (await menu(marta, "trocken")).get_by_role("button", name=DE["copy"], exact=True).click()
        assert await marta.evaluate("navigator.clipboard.readText()") == "Steht er trocken?"
        await (await menu(marta, "trocken")).get_by_role("button", name=DE["reply"], exact=True).click()
        await marta.locator("#say").fill("Ja, im Schuppen.")
        await press(marta, DE["send"])
        quote = tim.locator(".bubble .quote")
        await expect(quote).to_contain_text("Steht er trocken?")
        await quote.click()
        await tim.get_by_role("group", name=EN["quick"], exact=True).get_by_role("button").first.click()
        await expect(marta.locator(".bubble:not(.own) .said").last).to_have_text(EN["quick_fits"])
        await (await menu(tim, EN["quick_fits"])).get_by_role("button", name=EN["delete"], exact=True).click()
        await expect(marta.locator(".bubble:not(.own) .said").last).to_have_text(DE["deleted"])


async def test_the_end_of_a_long_talk_is_one_press_away(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await in_a_room(house, marta, tim)
        for n in range(14):
            await say(marta, f"Zeile {n}")
        await expect(tim.locator(".bubble .said").last).to_have_text("Zeile 13")
        await tim.locator(".timeline").evaluate("(pane) => pane.scrollTo(0, 0)")
        await say(marta, "Und das noch.")
        pill = tim.locator(".jump")
        await expect(pill).to_contain_text("1")
        await fine(tim)
        await pill.click()
        await expect(tim.locator(".bubble .said").last).to_be_in_viewport()
        await press_link(tim, EN["back"])
        await expect(tim).to_have_url(f"{house.url}/inbox")


async def press_link(page: Page, name: str) -> None:
    await page.get_by_role("link", name=name, exact=True).first.click()


async def judge(house: House, moderator: Neighbour) -> str:
    """A neighbour who may judge, and the one rental that waits for it."""
    note, user = Note("role_granted", None, (UserId(moderator.user),)), UserId(moderator.user)
    await house.here.hub.ports.users.set_roles(user, frozenset({UserRole.MODERATOR}), note)
    (waiting,) = await moderator.mediation.disputes()
    return str(waiting["id"])


async def test_a_case_is_judged_and_judged_once_more_for_both_to_see(house: House) -> None:
    async with (
        neighbour(house, **MARTA) as marta,
        neighbour(house, **TIM) as tim,
        house.python("jule") as jule,
    ):
        await agreed(house, marta, tim)
        await press(marta, DE["hand_over"])
        await marta.locator("dialog summary").click()
        await press(marta, DE["hand_over_anyway"])
        await press(tim, EN["give_back"])
        await tim.locator("dialog summary").click()
        await press(tim, EN["return_anyway"])
        for words in ("Der Akku fehlt.", "Der Griff ist ab."):
            await press(marta, DE["report_damage"])
            await marta.locator("#damage-words").fill(words)
            await marta.locator("#damage-claim").fill("40")
            await fine(marta)
            await press(marta, DE["report_now"])
            await expect(tim.locator(".case").last).to_contain_text(words)
            if "Akku" in words:
                await press(marta, DE["case_withdraw"])
                await expect(tim.locator(".case").first).to_contain_text(EN["case_state_withdrawn"])
                await rare(marta, DE["deed_open_case"])
                break
        await marta.locator("#deed-words").fill("Der Griff ist ab.")
        await marta.locator("#deed-claimed").fill("40")
        await in_dialog(marta, DE["deed_open_case"])
        await expect(tim.locator(".case").last).to_contain_text("Der Griff ist ab.")

        house.here.world.clock.moved += timedelta(hours=49)
        await house.here.world.fire_due()
        await expect(tim.locator(".case").last).to_contain_text(EN["case_state_mediation"], timeout=15_000)
        rental = await judge(house, jule)
        await jule.mediation.decide(rental, 2, 2500, "Der Griff war alt, aber ganz.")
        for page, told in ((marta, DE), (tim, EN)):
            case = page.locator(".case").last
            await expect(case).to_contain_text(told["case_state_decided"])
            await expect(case).to_contain_text("Der Griff war alt, aber ganz.")
            await expect(case).to_contain_text(re.compile(r"25[.,]00"))
            await fine(page)
        await press(tim, EN["case_appeal"])
        await tim.locator("#appeal-words").fill("It was loose before.")
        await fine(tim)
        await in_dialog(tim, EN["case_appeal"])
        await expect(marta.locator(".case").last).to_contain_text("It was loose before.")


async def test_the_address_is_shown_when_asked_for_and_the_rental_can_be_called_off(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await press(tim, EN["show_place"])
        await expect(tim.locator(".deal")).to_contain_text("Dorfstraße 7")
        await fine(tim)
        await tim.get_by_role("button", name=EN["cancel_rental"]).click()
        await tim.get_by_label(EN["reason_plans_changed"]).check()
        await expect(tim.locator("dialog p").last).to_be_visible()
        await fine(tim)
        await press(tim, EN["cancel_now"])
        await expect(marta.locator(".state p")).to_contain_text("abgesagt", ignore_case=True)


async def test_one_signs_out_and_ends_what_is_open_elsewhere(house: House) -> None:
    email = await house.register("ida")
    async with neighbour(house, viewport=PHONE) as page, neighbour(house) as other:
        await enter(other, house, email)
        await enter(page, house, email, "/settings/security")
        await press(page, DE["sessions_end"])
        await expect(page.get_by_role("button", name=DE["sessions_end"], exact=True)).to_have_count(0)
        await other.goto(f"{house.url}/inbox")
        assert "/signin" in other.url
        await press_link(page, DE["back_settings"])
        await expect(page).to_have_url(f"{house.url}/settings")
        await press(page, DE["sign_out"])
        await page.goto(f"{house.url}/inbox")
        assert "/signin" in page.url


async def test_the_recovery_code_is_printed_and_changed(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("ida"), "/settings/devices")
        await page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1 } }")
        await press(page, DE["code_make"])
        await press(page, DE["code_print"])
        assert await page.evaluate("window.printed") == 1
        first = await note_code(page)
        await page.locator("summary", has_text=DE["code_change"]).click()
        await page.locator("#old-code").fill(first)
        await page.get_by_role("button", name=DE["code_change"], exact=True).click()
        assert await note_code(page) != first


async def test_digits_that_differ_let_nobody_in(house: House) -> None:
    email = await house.register("ida")
    async with neighbour(house) as page, neighbour(house) as laptop:
        await enter(page, house, email, "/settings/devices")
        await enter(laptop, house, email)
        await press(laptop, DE["link_by_digits"])
        await press(page, DE["link_compare"])
        await expect(page.locator("dialog [data-digits]")).to_be_visible()
        await in_dialog(page, DE["link_differ"])
        await expect(laptop.locator(".fault")).to_have_text(DE["link_failed_link_not_found"])


async def test_one_leafs_back_through_months_and_steps(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("ida"))
        await list_item(page)
        await page.goto(f"{house.url}/me/calendar")
        heading = page.locator(".cal-head h2, .cal-head h3").first
        shown = await heading.inner_text()
        await press(page, DE["month_after"])
        await expect(heading).not_to_have_text(shown)
        await press(page, DE["month_before"])
        await expect(heading).to_have_text(shown)
        await page.goto(f"{house.url}/i/new")
        await press(page, DE["step_next"])
        await press(page, DE["step_back"])
        await expect(page.locator("[aria-current=step]")).to_have_count(1)


async def test_a_point_before_the_agreement_is_ticked_off(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await enter(marta, house, await house.register("marta"))
        item = await list_item(marta, prereqs=["briefing"])
        await enter(tim, house, await house.register("tim"))
        first = datetime.now(UTC).date() + timedelta(days=9)
        await tim.goto(f"{house.url}/i/{item}?from={first}&to={first}&month={first:%Y-%m}")
        await press(tim, EN["ask_now"])
        await tim.wait_for_url(re.compile("/r/"), timeout=20_000)
        await marta.locator("a.roomrow").click()
        await marta.locator(".offer.open .button.primary").click()
        await press(tim, EN["prereq_meet"])
        await expect(tim.get_by_role("button", name=EN["prereq_meet"], exact=True)).to_have_count(0)
        await house.here.world.fire_due()
        await expect(marta.locator(".state p")).to_contain_text("Abgemacht")
