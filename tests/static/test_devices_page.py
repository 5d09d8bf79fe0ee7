"""Three browsers of one person: one is shut out and told so, another takes the new keys with the code."""

import re

from playwright.async_api import Page, expect

from tests.static.clicks import DE, enter, fine, neighbour, note_code, press
from tests.static.engine import House


async def restore(page: Page, house: House, email: str, code: str) -> None:
    await enter(page, house, email)
    await page.locator("#recovery").fill(code)
    await press(page, DE["restore_do"])
    await expect(page.locator(".roomlist")).to_be_visible(timeout=20_000)


async def test_a_browser_that_was_shut_out_begins_anew_and_another_takes_the_new_keys(house: House) -> None:
    email = await house.register("ida")
    async with neighbour(house) as page, neighbour(house) as lost, neighbour(house) as tablet:
        await enter(page, house, email, "/settings/devices")
        await press(page, DE["code_make"])
        code = await note_code(page)
        await expect(page.get_by_text(DE["code_exists"])).to_be_visible()
        await restore(lost, house, email, code)
        await restore(tablet, house, email, code)
        here = await lost.evaluate("() => indexedDB.databases().then((all) => all.length)")
        assert here > 0

        await tablet.goto(f"{house.url}/settings/devices")
        await page.reload()
        await expect(page.get_by_role("button", name=DE["device_remove"], exact=True)).to_have_count(2)
        await page.get_by_role("button", name=DE["device_remove"], exact=True).first.click()
        await page.locator("#remove-code").fill(code)
        await page.locator("dialog").get_by_role("button", name=DE["device_remove"], exact=True).click()
        await expect(page.locator("dialog")).to_have_count(0, timeout=20_000)

        out, stays = await which_is_out(house, email, [lost, tablet])
        await expect(out.locator("#title")).to_have_text(DE["removed_title"], timeout=20_000)
        await fine(out)
        await press(out, DE["removed_do"])
        await out.wait_for_url(re.compile("/signin"))

        await stays.goto(f"{house.url}/settings/devices")
        await expect(stays.get_by_text(DE["renew_text"])).to_be_visible(timeout=20_000)
        await fine(stays)
        await stays.locator("#renew").fill(code)
        await press(stays, DE["renew_do"])
        await expect(stays.get_by_text(DE["renew_text"])).to_have_count(0, timeout=20_000)


async def which_is_out(house: House, email: str, pages: list[Page]) -> tuple[Page, Page]:
    """The one whose sign-in has ended, signed in again; and the other."""
    for page in pages:
        await page.goto(f"{house.url}/inbox")
    ended = [page for page in pages if "/signin" in page.url]
    assert len(ended) == 1
    await enter(ended[0], house, email)
    return ended[0], next(page for page in pages if page is not ended[0])
