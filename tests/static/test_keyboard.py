"""A whole rental by keyboard alone, from signing in to the review; whatever has the focus can be seen to have it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.static.clicks import DE, DESKTOP, EN, PHONE, list_item, neighbour
from tests.static.engine import PASSWORD, House

MOST = 120
"""Presses of Tab: more is no way to reach anything."""
FOCUSED = """(wanted) => {
  const here = document.activeElement
  if (here !== wanted) return ''
  const marks = [here, here.nextElementSibling, here.closest('label')].filter(Boolean)
  const looks = marks.map((one) => getComputedStyle(one))
  const marked = looks.some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none')
  return marked ? 'seen' : `not seen: ${here.outerHTML.slice(0, 200)}`
}"""


class Keys:
    """One person who never touches a mouse."""

    def __init__(self, page: Page, told: dict[str, str]) -> None:
        self.page, self.told = page, told

    async def to(self, target: Locator) -> None:
        """Tab on until it has the focus, and see that it shows."""
        await target.wait_for()
        wanted = await target.element_handle()
        for _ in range(MOST):
            how = await self.page.evaluate(FOCUSED, wanted)
            if how:
                assert how == "seen"
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {target}")

    async def press(self, name: str, key: str = "Enter") -> None:
        await self.to(self.page.get_by_role("button", name=self.told.get(name, name), exact=True))
        await self.page.keyboard.press(key)

    async def write(self, selector: str, text: str) -> None:
        await self.to(self.page.locator(selector))
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def choose(self, day: date) -> None:
        """A day of the calendar: one stop for Tab, arrows inside."""
        await self.to(self.page.locator("a[data-day][tabindex='0']"))
        wanted = self.page.locator(f"a[data-day='{day}']")
        while await wanted.evaluate("(day) => day !== document.activeElement"):
            await self.page.keyboard.press("ArrowRight")
        await self.page.keyboard.press("Enter")

    async def moment(self, selector: str, at: datetime) -> None:
        """Digit by digit, in the order of the browser's own language, which is English of the United States here."""
        await self.to(self.page.locator(selector))
        await self.page.keyboard.type(f"{at:%m%d%Y}")
        await self.page.keyboard.press("ArrowRight")
        await self.page.keyboard.type(f"{at:%I%M%p}")
        assert await self.page.locator(selector).input_value() == f"{at:%Y-%m-%dT%H:%M}"

    async def sign_in(self, house: House, email: str, path: str) -> None:
        await self.page.goto(f"{house.url}{path}")
        await self.write("input[name=email]", email)
        await self.write("input[name=password]", PASSWORD)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url(f"{house.url}{path}")

    async def code(self) -> str:
        code = await self.page.locator(".bigcode[data-code]").get_attribute("data-code")
        await self.page.keyboard.press("Escape")
        return str(code)

    async def review(self) -> None:
        await self.press("review")
        await self.page.locator(".rating").first.wait_for()
        for rating in await self.page.locator(".rating").all():
            await self.to(rating.locator("input").first)
            await self.page.keyboard.press("Space")
            for _ in range(4):
                await self.page.keyboard.press("ArrowRight")
            await expect(rating.locator("input").last).to_be_checked()
        await self.write("#review-text", "Gerne wieder.")
        await self.press("send_review")
        await expect(self.page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize(("viewport", "look"), [(DESKTOP, "light"), (PHONE, "dark")])
async def test_a_whole_rental_without_a_mouse(house: House, viewport: dict[str, int], look: str) -> None:
    how = {"viewport": viewport, "color_scheme": look}
    async with neighbour(house, **how) as page, neighbour(house, **{**how, "locale": "en-GB"}) as other:
        marta, tim = Keys(page, DE), Keys(other, EN)
        await marta.sign_in(house, await house.register("marta"), "/inbox")
        item = await list_item(page)
        await tim.sign_in(house, await house.register("tim"), "/inbox")

        first = datetime.now(UTC).date() + timedelta(days=9)
        await other.goto(f"{house.url}/i/{item}?month={first:%Y-%m}")
        for field in ("#from", "#to"):
            await tim.choose(first)
            await expect(other.locator(field)).to_have_value(str(first))
        await tim.write("#ask-text", "Hallo Marta, geht das?")
        await tim.press("ask_now")
        await other.wait_for_url(re.compile("/r/"), timeout=20_000)

        await marta.to(page.locator("a.roomrow"))
        await page.keyboard.press("Enter")
        await expect(page.locator(".bubble .said")).to_have_text("Hallo Marta, geht das?")
        await marta.press("counter")
        start = (datetime.now(UTC) + timedelta(minutes=15)).replace(second=0)
        await marta.moment("#offer-start", start)
        await marta.moment("#offer-end", start + timedelta(days=2))
        await marta.write("#offer-price", "20")
        await marta.press("send_offer")
        accept = other.get_by_role("button", name=re.compile(f"^{EN['accept'].split(' · ')[0]}"))
        await tim.to(accept)
        await other.keyboard.press("Enter")
        await expect(page.locator(".offer.accepted")).to_be_visible()
        await marta.write("#say", "Schön, bis dann!")
        await page.keyboard.press("Enter")
        await expect(other.locator(".bubble:not(.own) .said").last).to_have_text("Schön, bis dann!")

        await lend(marta, tim)
        await tim.review()
        await marta.review()


async def lend(marta: Keys, tim: Keys) -> None:
    """There and back, each by the code that the other side shows."""
    await tim.press("show_handover")
    code = await tim.code()
    await marta.press("hand_over")
    await marta.write("#code", code)
    await marta.page.keyboard.press("Enter")
    await marta.press("show_return")
    code = await marta.code()
    await tim.press("give_back")
    await tim.write("#code", code)
    await tim.press("confirm_code", "Space")
    await marta.press("all_well")
