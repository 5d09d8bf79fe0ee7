"""The inbox and what is everywhere in the app: unread figures, search on this device alone, keys, all again at once."""

import re
from dataclasses import replace

from playwright.async_api import expect

from hub.terms import Doc
from hub.usecases.consenting import record_terms
from tests.static.clicks import DE, PHONE, call, enter, fine, in_a_room, neighbour, press, say
from tests.static.engine import House

BADGE = ".rail a[href='/inbox'] .badge"


async def test_what_waits_is_counted_in_the_navigation_and_the_title_until_it_is_read(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        room = await in_a_room(house, marta, tim)
        await expect(tim.locator(".bubble .tick.read")).to_be_visible()
        await marta.goto(f"{house.url}/settings")
        await expect(marta.locator(BADGE)).to_have_count(0)
        await say(tim, "Noch da?")
        await say(tim, "Ich komme um acht.")
        await expect(marta.locator(BADGE)).to_contain_text("2")
        await expect(marta).to_have_title(re.compile(r"^\(2\) "))
        await fine(marta)
        await marta.goto(room)
        await expect(marta.locator(".bubble .said").last).to_have_text("Ich komme um acht.")
        await expect(marta.locator(BADGE)).to_have_count(0)
        await expect(marta).to_have_title(re.compile(r"^[^(]"))


async def test_a_message_is_found_as_it_stands_now_and_leads_to_its_place(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house, viewport=PHONE) as tim:
        await in_a_room(house, marta, tim, "Passt der Anhänger an einen Kombi?")
        for n in range(12):
            await say(tim, f"Zeile {n}")
        await expect(marta.locator(".bubble .said").last).to_have_text("Zeile 11")
        await marta.locator("#find").fill("anhanger KOMBI")
        await expect(marta.locator(".roomlist [role=status]")).to_contain_text(DE["found_one"].format(n=1))
        await fine(marta)
        await marta.locator(".roomlist .rows a").click()
        await expect(marta.locator(".bubble .said").first).to_be_in_viewport()
        await expect(marta.locator(".jump")).to_be_visible()
        await marta.locator("#find").fill("gibt es nicht")
        await expect(marta.locator(".roomlist [role=status]")).to_contain_text(DE["found_other"].format(n=0))
        await marta.locator("#find").press("Escape")
        await expect(marta.locator(".roomlist .chip").first).to_be_visible()

        await tim.locator("#say").press("ArrowUp")
        await tim.locator("#say").fill("Zeile elf")
        await tim.locator("#say").press("Enter")
        await expect(marta.locator(".bubble .said").last).to_have_text("Zeile elf")
        await marta.locator("#find").fill("Zeile 11")
        await expect(marta.locator(".roomlist [role=status]")).to_contain_text(DE["found_other"].format(n=0))


async def test_keys_lead_through_the_app_and_are_listed(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        await in_a_room(house, marta, tim)
        await tim.goto(f"{house.url}/inbox")
        await expect(tim.locator("a.roomrow")).to_be_visible()
        await tim.keyboard.press("?")
        await expect(tim.locator("dialog .keylist kbd").first).to_be_visible()
        await fine(tim)
        await tim.keyboard.press("Escape")
        await expect(tim.locator("dialog")).to_have_count(0)
        await tim.keyboard.press("/")
        await expect(tim.locator("#find")).to_be_focused()
        await tim.keyboard.type("g?/")
        await expect(tim.locator("#find")).to_have_value("g?/")
        await tim.keyboard.press("Escape")
        await tim.keyboard.press("Alt+ArrowDown")
        await expect(tim.locator("#say")).to_be_visible()
        await tim.locator("#title").focus()
        await tim.keyboard.press("g")
        await tim.keyboard.press("i")
        await expect(tim.locator(".pane.none")).to_be_visible()
        assert tim.url == f"{house.url}/inbox"
        await tim.keyboard.press("g")
        await tim.keyboard.press("m")
        await tim.wait_for_url(f"{house.url}/me")


async def test_what_was_refused_is_sent_again_all_at_once(house: House) -> None:
    """The operator has set the largest message too low, and mends it."""
    ports = house.here.hub.ports
    async with neighbour(house) as marta, neighbour(house) as tim:
        await in_a_room(house, marta, tim)
        object.__setattr__(ports, "policy", replace(usual := ports.policy, max_envelope=10))
        for text in ("eins", "zwei", "drei"):
            await say(tim, text)
        await expect(tim.locator(".bubble.failed")).to_have_count(3)
        await fine(tim)
        object.__setattr__(ports, "policy", usual)
        await press(tim, DE["retry_all"])
        await expect(tim.locator(".bubble.failed")).to_have_count(0)
        await expect(marta.locator(".bubble .said")).to_have_text(["Hallo", "eins", "zwei", "drei"])


async def test_name_and_language_of_mails_are_changed_and_neighbours_read_the_new_name(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house, viewport=PHONE) as tim:
        await in_a_room(house, marta, tim)
        await marta.goto(f"{house.url}/settings")
        await marta.locator('a[href="/settings/profile"]').click()
        await marta.locator("#my-name").fill("  Marta   vom Hof ")
        await marta.locator("#my-locale").select_option("en")
        await fine(marta)
        await press(marta, DE["save"])
        await expect(marta.get_by_text(DE["saved"])).to_be_visible()
        assert (await call(marta, "GET", "/v1/me", None))["locale"] == "en"
        await tim.reload()
        await expect(tim.locator(".roomhead")).to_contain_text("Marta vom Hof")
        await marta.locator("#my-name").fill("x" * 60)
        await press(marta, DE["save"])
        await expect(marta.get_by_text(DE["saved"])).to_be_visible()


async def test_the_look_is_chosen_where_settings_are(house: House) -> None:
    async with neighbour(house) as page:
        await enter(page, house, await house.register("lotte"), "/settings/appearance")
        await page.locator("input[name=theme][value=dark]").check()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await expect(page.locator("input[name=theme][value=dark]")).to_be_checked()
        await fine(page)
        await page.locator("input[name=lang][value=en]").check()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.locator("#title")).to_have_text("Appearance")
        await fine(page)


async def test_new_texts_of_the_operator_are_read_and_accepted_once(house: House) -> None:
    texts: dict[Doc, dict[str, str]] = {
        "terms": {"de": "Seid nett.", "en": "Be kind."},
        "privacy": {"de": "Wenig.", "en": "Little."},
    }
    await record_terms(house.here.hub.ports, texts)
    async with neighbour(house, viewport=PHONE) as page:
        email = await house.register("thea")
        await enter(page, house, email)
        await expect(page.locator(".roomlist .notice a")).to_have_count(2)
        await fine(page)
        await press(page, DE["consent_give"])
        await expect(page.locator(".roomlist .notice")).to_have_count(0)
        given = (await call(page, "GET", "/v1/me/consents", None))["given"]
        assert {each["doc"] for each in given} == {"terms", "privacy"}
        await page.reload()
        await expect(page.locator(".roomlist .empty")).to_be_visible()
        await expect(page.locator(".roomlist .notice")).to_have_count(0)
