"""Settings in the browser, by clicks: recovery code, more devices, safety number, second factor, data, leaving."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pyotp
import pytest
from playwright.async_api import Page, expect

from hub.usecases.exporting import make_exports
from tests.static.clicks import DE, DESKTOP, PHONE, enter, fine, list_item, neighbour, note_code, press, say, words
from tests.static.engine import PASSWORD, House
from tests.support.browser_page import Visit
from tests.support.judge import barriers, sticks_out, visitor

PAGES: Final = ("profile", "appearance", "security", "devices", "privacy", "data")


async def prove(page: Page) -> None:
    await page.locator("#proof-password").fill(PASSWORD)
    await press(page, DE["proof_do"])


async def make_code(page: Page, house: House) -> str:
    """The code is shown, written down, and typed back."""
    await page.goto(f"{house.url}/settings/devices")
    await press(page, DE["code_make"])
    code = await note_code(page)
    await expect(page.get_by_text(DE["code_exists"])).to_be_visible(timeout=15_000)
    return code


@pytest.mark.parametrize(
    ("language", "theme", "window"), [("de-DE", "light", PHONE), ("en-GB", "dark", DESKTOP)], ids=["phone", "desktop"]
)
async def test_every_page_of_the_settings_is_without_barriers(
    house: House, language: str, theme: Any, window: Any
) -> None:
    look: dict[str, Any] = {"locale": language, "color_scheme": theme, "viewport": window}
    async with visitor(house.browser, refused=True, timezone_id="UTC", **look) as page:
        await enter(page, house, await house.register("nora"), "/settings")
        told = words(language[:2])
        await expect(page.locator("#title")).to_have_text(told["settings"])
        for name in PAGES:
            await page.goto(f"{house.url}/settings")
            await page.locator(f'a[href="/settings/{name}"]').click()
            await expect(page.locator("#title")).to_have_text(told[f"set_{name}"])
            await expect(page.locator(".settings .card").first).to_be_visible()
            await expect(page.locator(".settings .skeleton")).to_have_count(0)
            assert (name, await barriers(page), await sticks_out(page)) == (name, [], 0)


async def test_a_settings_page_that_does_not_exist_is_not_found(house: House) -> None:
    async with neighbour(house) as page:
        answer = await page.goto(f"{house.url}/settings/nonsense")
        assert answer is not None
        assert answer.status == 404


async def test_the_code_on_paper_brings_a_conversation_into_another_browser(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house, viewport=PHONE) as laptop, neighbour(house) as tim:
        email = await house.register("marta")
        await enter(marta, house, email, "/inbox")
        item = await list_item(marta)
        await enter(tim, house, await house.register("tim"), "/inbox")
        first = datetime.now(UTC).date() + timedelta(days=9)
        await tim.goto(f"{house.url}/i/{item}?from={first}&to={first + timedelta(days=1)}&month={first:%Y-%m}")
        await tim.locator("#ask-text").fill("Steht er noch da?")
        await press(tim, DE["ask_now"])
        await tim.wait_for_url(re.compile("/r/"), timeout=20_000)
        await marta.locator("a.roomrow").click()
        await expect(marta.locator(".bubble .said")).to_have_text("Steht er noch da?")
        await marta.goto(f"{house.url}/inbox")
        await marta.locator(".strip a[href='/settings/devices']").click()
        code = await make_code(marta, house)

        await enter(laptop, house, email, "/inbox")
        await expect(laptop.locator("#title")).to_have_text(DE["unlock_title"])
        await fine(laptop)
        await laptop.locator("#recovery").fill("AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")
        await press(laptop, DE["restore_do"])
        await expect(laptop.locator(".fault")).to_have_text(DE["fault_recovery_code_wrong"], timeout=15_000)
        await laptop.locator("#recovery").fill(code)
        await press(laptop, DE["restore_do"])
        await laptop.locator("a.roomrow").click(timeout=20_000)
        await expect(laptop.locator(".bubble .said")).to_have_text("Steht er noch da?")
        await say(laptop, "Ja, vom neuen Telefon")
        await expect(tim.locator(".bubble:not(.own) .said")).to_have_text("Ja, vom neuen Telefon")

        await compare_numbers(laptop, tim)
        await shut_out(marta, house, code)
        await expect(laptop.locator(".strip")).to_contain_text(DE["ended"])


async def compare_numbers(one: Page, other: Page) -> None:
    shown = []
    for page in (one, other):
        await press(page, DE["safety"])
        shown.append(await page.locator(".digits").inner_text())
    assert shown[0] == shown[1]
    assert re.fullmatch(r"(\d{5}\s?){12}", shown[0])
    assert await barriers(one) == []
    await press(one, DE["safety_same"])
    await expect(one.locator(".notice.ok")).to_be_visible()
    await press(one, DE["safety_unverify"])
    await expect(one.locator(".notice.ok")).to_have_count(0)
    await press(one, DE["safety_scan"])
    await one.locator("#scan-text").fill("dk1v:falsch")
    await press(one, DE["scan_do"])
    await expect(one.locator(".fault")).to_have_text(DE["fault_safety_code_invalid"])
    for page in (one, other):
        await page.keyboard.press("Escape")


async def shut_out(page: Page, house: House, code: str) -> None:
    await page.goto(f"{house.url}/settings/devices")
    await press(page, DE["device_remove"])
    await page.locator("#remove-code").fill(code)
    await page.locator("dialog").get_by_role("button", name=DE["device_remove"], exact=True).click()
    await expect(page.locator("dialog")).to_have_count(0, timeout=20_000)
    await expect(page.get_by_role("button", name=DE["device_remove"], exact=True)).to_have_count(0)


async def test_a_code_that_is_typed_back_wrongly_is_not_taken(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("ida"), "/settings/devices")
        await press(page, DE["code_make"])
        await press(page, DE["noted"])
        await page.locator("#typed-code").fill("AAAABBBBCCCCDDDDEEEEFFFF")
        await press(page, DE["code_keep"])
        await expect(page.locator(".fault")).to_have_text(DE["fault_recovery_code_wrong"])
        await press(page, DE["code_again"])
        await expect(page.locator("[data-recovery]")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_text(DE["code_none"])).to_be_visible()


async def test_another_browser_is_let_in_by_a_code_and_by_digits(house: House) -> None:
    async with neighbour(house) as first, neighbour(house) as second, neighbour(house) as third:
        email = await house.register("otto")
        await enter(first, house, email, "/settings/devices")
        await enter(second, house, email, "/inbox")
        await press(second, DE["link_by_code"])
        await expect(second.locator(".qr")).to_be_visible()
        assert await barriers(second) == []
        await second.locator("summary").click()
        text = await second.locator("details .mono").inner_text()
        await press(first, DE["device_add"])
        await first.locator("#scan-text").fill("dk1:unsinn")
        await press(first, DE["scan_do"])
        await expect(first.locator(".fault")).to_have_text(DE["fault_link_invalid"])
        await first.locator("#scan-text").fill(text)
        await press(first, DE["scan_do"])
        await expect(second.locator(".roomlist")).to_be_visible(timeout=20_000)

        await enter(third, house, email, "/inbox")
        await press(third, DE["link_by_digits"])
        await press(first, DE["link_compare"])
        digits = await first.locator("[data-digits]").get_attribute("data-digits")
        await expect(third.locator("[data-digits]")).to_have_attribute("data-digits", str(digits))
        assert (await barriers(first), await barriers(third)) == ([], [])
        await press(first, DE["link_same"])
        await expect(third.locator(".roomlist")).to_be_visible(timeout=20_000)
        await expect(first.locator(".keyrow .pill")).to_have_count(1)
        await expect(first.get_by_text(DE["warned_own_device"])).to_have_count(2)


async def test_an_unknown_sign_in_is_turned_away(house: House) -> None:
    async with neighbour(house) as first, neighbour(house) as stranger:
        email = await house.register("pia")
        await enter(first, house, email, "/settings/devices")
        await enter(stranger, house, email, "/inbox")
        asked = first.get_by_role("heading", name=DE["link_asked"])
        await press(stranger, DE["link_by_digits"])
        await expect(asked).to_have_count(1)
        await press(stranger, DE["link_stop"])
        await expect(asked).to_have_count(0)
        await press(stranger, DE["link_by_digits"])
        await press(first, DE["link_not_me"])
        await expect(stranger.locator(".fault")).to_have_text(DE["link_failed_link_not_found"])


async def test_the_second_factor_is_turned_on_and_off(house: House) -> None:
    async with neighbour(house) as page:
        email = await house.register("quirin")
        await enter(page, house, email, "/settings/security")
        await press(page, DE["factor_on_do"])
        await expect(page.locator("dialog .qr")).to_be_visible()
        assert await barriers(page) == []
        await page.locator("summary").click()
        secret = await page.locator("details .mono").inner_text()
        await page.locator("#factor-code").fill(pyotp.TOTP(secret).now())
        await press(page, DE["factor_activate"])
        await expect(page.locator(".codes li")).to_have_count(10)
        await press(page, DE["noted"])
        await expect(page.locator(".pill.ok").first).to_have_text(DE["factor_on"])
        await press(page, DE["spare_renew"])
        await press(page, DE["noted"])
        await press(page, DE["factor_off_do"])
        await expect(page.get_by_role("button", name=DE["factor_on_do"])).to_be_visible()


async def test_password_and_address_change_and_other_sign_ins_end(house: House) -> None:
    async with neighbour(house) as page, neighbour(house) as other:
        email = await house.register("rosa")
        await enter(page, house, email, "/settings/security")
        await enter(other, house, email, "/settings/security")
        await page.reload()
        await page.get_by_role("button", name=DE["session_end"], exact=True).click()
        await expect(page.get_by_role("button", name=DE["session_end"], exact=True)).to_have_count(0)
        await page.locator("#new-password").fill("Zwölf Boxkämpfer jagen")
        await press(page, DE["password_change"])
        await expect(page.get_by_text(DE["password_changed"])).to_be_visible()
        await page.locator("#new-address").fill("rosa.neu@example.org")
        await press(page, DE["address_change"])
        await expect(page.get_by_text(DE["address_sent"].format(email="rosa.neu@example.org"))).to_be_visible()
        await other.reload()
        await expect(other).to_have_url(re.compile("/signin"))


async def test_what_one_objects_to_and_restricts_is_taken_back_again(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("senta"), "/settings/privacy")
        for there, back in (("reliability_hide", "reliability_show"), ("restrict_do", "restrict_end")):
            await press(page, DE[there])
            await press(page, DE[back])
            await expect(page.get_by_role("button", name=DE[there], exact=True)).to_be_visible()


async def test_a_copy_of_everything_is_made_and_fetched(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("ulf"), "/settings/data")
        await press(page, DE["copy_do"])
        await expect(page.locator("progress")).to_be_visible()
        await make_exports(house.here.hub.ports)
        async with page.expect_download() as fetched:
            await page.get_by_role("button", name=DE["copy_fetch"], exact=True).click(timeout=30_000)
        assert (await (await fetched.value).path()).stat().st_size > 500


async def test_keys_are_forgotten_in_this_browser_only_after_a_question(house: House) -> None:
    async with neighbour(house) as page:
        email = await house.register("vera")
        await enter(page, house, email, "/settings/data")
        await press(page, DE["forget_do"])
        await press(page, DE["forget_now"])
        await page.wait_for_url(re.compile("/signin"))
        await enter(page, house, email, "/inbox")
        await expect(page.locator("#title")).to_have_text(DE["unlock_title"])


async def test_leaving_for_good_asks_for_the_name_and_ends_on_the_front_page(house: House) -> None:
    async with neighbour(house) as page:
        email = await house.register("willi")
        await enter(page, house, email, "/settings/data")
        await press(page, DE["erase_do"])
        now = page.get_by_role("button", name=DE["erase_now"], exact=True)
        await page.locator("#erase-name").fill("jemand anders")
        await expect(now).to_be_disabled()
        await page.locator("#erase-name").fill(email.split("@")[0])
        await now.click()
        await page.wait_for_url(f"{house.url}/")
        await page.goto(f"{house.url}/settings")
        await expect(page).to_have_url(re.compile("/signin"))

    async with neighbour(house) as page:
        email = await house.register("xaver")
        await enter(page, house, email, "/settings/security")
        await house.here.world.database["sessions"].update_many({}, {"$unset": {"confirmed_at": 1}})
        await press(page, DE["factor_on_do"])
        await expect(page.locator("#proof-password")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).to_have_count(0)
        await expect(page.locator(".fault")).to_have_count(0)
        await press(page, DE["factor_on_do"])
        await page.locator("#proof-password").fill("falsch, falsch")
        await press(page, DE["proof_do"])
        await expect(page.locator("dialog .fault")).to_be_visible()
        await prove(page)
        await expect(page.locator("dialog .qr")).to_be_visible()


async def test_a_passkey_opens_the_conversations_where_the_keys_were_deleted(house: House) -> None:
    async with neighbour(house) as page:
        email = await house.register("zita")
        await Visit(page).authenticator()
        await enter(page, house, email, "/settings/security")
        await page.locator("#passkey-name").fill("Mein Telefon")
        await press(page, DE["passkey_add"])
        await expect(page.locator(".keyrow strong").first).to_have_text("Mein Telefon")
        code = await make_code(page, house)
        await page.get_by_text(DE["passkey_open"], exact=True).click()
        await page.locator("#passkey-code").fill(code)
        await press(page, DE["passkey_open_do"])
        await expect(page.get_by_text(DE["passkey_opens"])).to_be_visible(timeout=20_000)
        await page.goto(f"{house.url}/settings/data")
        await press(page, DE["forget_do"])
        await press(page, DE["forget_now"])
        await page.wait_for_url(re.compile("/signin"))
        await enter(page, house, email, "/inbox")
        await press(page, DE["restore_passkey"])
        await expect(page.locator(".roomlist")).to_be_visible(timeout=20_000)
        await page.goto(f"{house.url}/settings/security")
        await house.here.world.database["sessions"].update_many({}, {"$unset": {"confirmed_at": 1}})
        await page.get_by_role("button", name=f"{DE['remove']} Mein Telefon").click()
        await press(page, DE["proof_passkey"])
        await expect(page.locator(".keyrow strong", has_text="Mein Telefon")).to_have_count(0)
