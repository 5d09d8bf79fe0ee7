"""Two neighbours in two browsers, off the usual way: other dates, money, a case, the contract, a report."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Page, expect

from hub.rental.state import Role
from hub.rental.transition import ROWS
from tests.static.clicks import DE, PHONE, call, enter, fine, list_item, neighbour, press, say, scanned
from tests.static.engine import House
from tests.support.judge import barriers


async def agreed(house: House, marta: Page, tim: Page) -> None:
    """Marta lends Tim her trailer in nine days, for two days, with a deposit."""
    await enter(marta, house, await house.register("marta"), "/inbox")
    item = await list_item(marta, tariff={"day": 1200, "deposit": 5000})
    await enter(tim, house, await house.register("tim"), "/inbox")
    first = datetime.now(UTC).date() + timedelta(days=9)
    url = f"{house.url}/i/{item}?from={first}&to={first + timedelta(days=1)}&month={first:%Y-%m}"
    await tim.goto(url)
    await tim.locator("#ask-text").fill("Geht das?")
    await press(tim, DE["ask_now"])
    await tim.wait_for_url(re.compile("/r/"), timeout=20_000)
    await marta.locator("a.roomrow").click()
    await marta.locator(".offer.open .button.primary").click()
    await expect(tim.locator(".offer.accepted")).to_be_visible()


async def test_dates_change_money_is_noted_and_the_contract_is_saved(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house, viewport=PHONE) as tim:
        await agreed(house, marta, tim)
        await press(tim, DE["change_propose"])
        end = datetime.now(UTC).replace(hour=20, minute=0) + timedelta(days=11)
        await tim.locator("#change-end").fill(f"{end:%Y-%m-%dT%H:%M}")
        await expect(tim.locator(".hint").last).to_be_visible()
        await expect(tim.locator("#change-price")).to_have_value("36.00")
        await fine(tim)
        await press(tim, DE["change_send"])
        await expect(tim.get_by_role("button", name=DE["change_withdraw"])).to_be_visible()
        await expect(marta.locator(".deal .offer mark").first).to_be_visible()
        assert await barriers(marta) == []
        await press(marta, DE["change_accept"])
        await expect(tim.locator(".deal .lines .total").first).to_contain_text("36,00")

        await tim.get_by_role("button", name=DE["transfer"]).click()
        await expect(tim.locator("dialog .notice")).to_be_visible()
        await tim.keyboard.press("Escape")
        billing = {"holder": "Marta Muster", "iban": "DE89370400440532013000"}
        await call(marta, "PUT", "/v1/me/billing", billing)
        await tim.get_by_role("button", name=DE["transfer"]).click()
        await expect(tim.locator("dialog .qr")).to_be_visible()
        await tim.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await press(tim, DE["transfer_copy"])
        assert await tim.evaluate("navigator.clipboard.readText()") == billing["iban"]
        await fine(tim)
        girocode = (await scanned(tim, tim.locator("dialog .qr"))).split("\n")
        room = tim.url.rsplit("/", 1)[1]
        rental = (await house.here.world.database["rooms"].find_one({"_id": room}))["rental"]
        to, what = ["Marta Muster", "DE89370400440532013000", "EUR36.00"], f"Anhänger {rental[:8]}"
        assert girocode == ["BCD", "002", "1", "SCT", "", *to, "", "", what]
        await tim.keyboard.press("Escape")
        for kind, answer in (
            ("rent", "entry_confirm"),
            ("deposit_in", "entry_reject"),
            ("deposit_in", "entry_confirm"),
        ):
            await press(tim, DE["pay_said"])
            await tim.locator("#pay-kind").select_option(kind)
            await tim.locator("input[name=method]").nth(1).check()
            assert await barriers(tim) == []
            await press(tim, DE["pay_do"])
            await press(marta, DE[answer])
            await expect(marta.get_by_role("button", name=DE["entry_confirm"], exact=True)).to_have_count(0)
        await expect(tim.locator(".deal")).to_contain_text(DE["deposit_received"])
        await expect(tim.locator(".deal")).to_contain_text(DE["payment_confirmed"])
        async with tim.expect_download() as saved:
            await press(tim, DE["contract_save"])
        assert (await saved.value).suggested_filename.endswith(".pdf")


async def test_a_change_is_declined_or_taken_back(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        await agreed(house, marta, tim)
        for who, button in ((marta, "change_decline"), (tim, "change_withdraw")):
            await press(tim, DE["change_propose"])
            await tim.locator("#change-price").fill("30")
            await press(tim, DE["change_send"])
            await press(who, DE[button])
            await expect(tim.get_by_role("button", name=DE["change_propose"])).to_be_visible()


async def test_a_case_is_opened_talked_over_and_settled(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        await agreed(house, marta, tim)
        await marta.locator(".deal summary").click()
        await press(marta, DE["deed_open_case"])
        await marta.locator("dialog").get_by_label(DE["case_payment"]).check()
        await marta.locator("#deed-words").fill("Die Miete war anders besprochen.")
        await marta.locator("#deed-claimed").fill("20")
        assert await barriers(marta) == []
        await marta.locator("dialog").get_by_role("button", name=DE["deed_open_case"], exact=True).click()
        await expect(tim.locator(".case")).to_contain_text("anders besprochen")
        await press(tim, DE["case_propose"])
        await tim.locator("#settle-amount").fill("8")
        await tim.locator("dialog").get_by_role("button", name=DE["case_propose"], exact=True).click()
        await marta.get_by_role("button", name=re.compile("Einverstanden")).click()
        await expect(tim.locator(".case")).to_contain_text(DE["case_state_settled"])
        assert (await barriers(marta), await barriers(tim)) == ([], [])


async def test_a_message_is_reported_with_its_proof_and_its_author_blocked(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        await agreed(house, marta, tim)
        await say(marta, "Überweis mir vorher 500 Euro")
        bubble = tim.locator(".bubble", has_text="500 Euro")
        await bubble.locator(".more").click()
        await bubble.get_by_role("button", name=DE["report"]).click()
        await expect(tim.locator("dialog blockquote")).to_have_text("Überweis mir vorher 500 Euro")
        await tim.get_by_label(DE["report_scam"]).check()
        await tim.locator("#report-words").fill("Das kam aus dem Nichts.")
        assert await barriers(tim) == []
        await press(tim, DE["report_send"])
        await expect(tim.locator("dialog [role=status]")).to_have_text(DE["reported"])
        await tim.locator("dialog .button.danger").click()
        await expect(tim.locator("dialog")).to_have_count(0)
        assert await house.here.world.database["reports"].count_documents({}) == 1
        await tim.goto(f"{house.url}/settings/privacy")
        await press(tim, DE["unblock"])
        await expect(tim.get_by_text(DE["blocks_none"])).to_be_visible()


def test_everything_that_the_hub_may_allow_a_party_has_a_control() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in Path("static/ui/room").glob("*.js"))
    controls = set(re.findall(r"\bmay\('(\w+)'\)|includes\('(\w+)'\)", sources))
    deeds = re.findall(r"^  (\w+): \{ path: '", sources, re.MULTILINE)
    shown = {name for pair in controls for name in pair} | set(deeds)
    parties = {Role.RENTER, Role.OWNER}
    allowed = {row.name for row in ROWS if parties & set(row.who) and row.sources != (None,)}
    assert allowed - shown == set()
