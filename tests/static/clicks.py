"""What neighbours do in a browser, click by click: sign in, list a thing, ask for it, talk, agree."""

import base64
import json
import re
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.static.engine import LIB, PASSWORD, PLACE, House
from tests.support.judge import barriers, sticks_out, visitor

LOCALE: Final = Path("static/locale")
PHONE: Final = {"width": 320, "height": 640}
DESKTOP: Final = {"width": 1280, "height": 900}

MARTA: Final[dict[str, Any]] = {"locale": "de-DE", "color_scheme": "light", "viewport": DESKTOP}
TIM: Final[dict[str, Any]] = {"locale": "en-GB", "color_scheme": "dark", "viewport": PHONE}
"""Two who share neither language nor light nor the size of their screens."""

CALL: Final = """async ([method, path, body]) => {
  const { access } = await (await fetch('/v1/session/token', { method: 'POST' })).json()
  const headers = { Authorization: `Bearer ${access}`, 'Content-Type': 'application/json' }
  return (await fetch(path, { method, headers, body: body === null ? undefined : JSON.stringify(body) })).json()
}"""

SCAN: Final = f"""async (png) => {{
  const {{ readQr }} = await import('{LIB}/../vendor/scan.js')
  const seen = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0))]))
  const pen = new OffscreenCanvas(seen.width, seen.height).getContext('2d')
  pen.drawImage(seen, 0, 0)
  const {{ data, width, height }} = pen.getImageData(0, 0, seen.width, seen.height)
  return readQr(data, width, height)?.data
}}"""


def words(language: str) -> dict[str, str]:
    return dict(json.loads((LOCALE / f"app.{language}.json").read_text("utf-8")))


DE: Final = words("de")
EN: Final = words("en")


def neighbour(house: House, **look: Any) -> AbstractAsyncContextManager[Page]:
    """Asking whether this browser is a device already is refused at first, and so is what needs a proof."""
    return visitor(house.browser, refused=True, timezone_id="UTC", **({"locale": "de-DE"} | look))


async def enter(page: Page, house: House, email: str, path: str = "/inbox") -> None:
    """Signed in, and on a page. The form is sent without being drawn; tests/static/test_keyboard.py fills it in."""
    told = {"email": email, "password": PASSWORD, "next": path}
    ours = {"Origin": house.url, "Sec-Fetch-Site": "same-origin"}
    answer = await page.request.post(f"{house.url}/signin/password", form=told, headers=ours, max_redirects=0)
    assert answer.status == 303
    await page.goto(f"{house.url}{path}")


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def in_dialog(page: Page, name: str) -> None:
    """The button of a sheet, which closes with it."""
    await page.locator("dialog").get_by_role("button", name=name, exact=True).click()
    await expect(page.locator("dialog")).to_have_count(0)


async def rare(page: Page, deed: str) -> None:
    """One of the rare deeds, up to its sheet."""
    await page.locator(".deal details:not(.protocol) > summary").last.click()
    await press(page, deed)


async def note_code(page: Page) -> str:
    """The recovery code that is shown, typed back."""
    code = str(await page.locator("[data-recovery]").get_attribute("data-recovery"))
    await press(page, DE["noted"])
    await page.locator("#typed-code").fill(code.lower())
    await press(page, DE["code_keep"])
    await expect(page.locator("dialog")).to_have_count(0, timeout=20_000)
    return code


async def say(page: Page, text: str) -> None:
    await page.locator("#say").fill(text)
    await page.locator("#say").press("Enter")


async def fine(page: Page) -> None:
    """Nothing stands in anybody's way and nothing sticks out."""
    assert (await barriers(page), await sticks_out(page)) == ([], 0)


async def call(page: Page, method: str, path: str, body: Any) -> Any:
    """What is not this test's matter is done without clicks, as the person who is signed in."""
    return await page.evaluate(CALL, [method, path, body])


async def scanned(page: Page, code: Locator) -> str:
    """What a phone reads that is held before a code on the page."""
    return str(await page.evaluate(SCAN, base64.b64encode(await code.screenshot()).decode()))


async def list_item(page: Page, **said: Any) -> str:
    """A trailer for 12 euros a day, unless said otherwise."""
    trailer = {"title": "Anhänger", "description": "750 kg", "tariff": {"day": 1200}, "place": PLACE}
    return str((await call(page, "POST", "/v1/items", trailer | said))["id"])


def picture(name: str, colour: str) -> FilePayload:
    """A photo of 900 by 600, with something that its camera wrote."""
    made = BytesIO()
    Image.new("RGB", (900, 600), colour).save(made, "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08")
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


async def in_a_room(house: House, marta: Page, tim: Page, text: str = "Hallo", email: str = "") -> str:
    """Tim asks about Marta's trailer, and both look at the room of it; its address. ``email``: Marta is known."""
    await enter(marta, house, email or await house.register("marta"))
    item = await list_item(marta)
    await enter(tim, house, await house.register("tim"))
    await tim.goto(f"{house.url}/i/{item}")
    await tim.locator("#ask-text").fill(text)
    await tim.get_by_role("button", name=re.compile(f"^({DE['ask_only']}|{EN['ask_only']})$")).click()
    await tim.wait_for_url(re.compile("/r/"), timeout=20_000)
    await expect(tim.locator(".bubble .tick")).to_be_visible()
    await marta.locator("a.roomrow").click()
    await expect(marta.locator(".bubble .said")).to_have_text(text)
    return tim.url


async def agreed(house: House, marta: Page, tim: Page, deposit: int = 0) -> None:
    """Marta lends Tim her drill with a case and eight bits, from in a quarter of an hour on; both are in the room."""
    await enter(marta, house, await house.register("marta"))
    kit = [{"name": "Koffer", "qty": 1}, {"name": "Bohrer", "qty": 8}]
    tariff = {"day": 600, "deposit": deposit}
    item = await list_item(marta, title="Bohrmaschine", description="", tariff=tariff, accessories=kit)
    await enter(tim, house, await house.register("tim"))
    first = house.here.hub.ports.clock.now().date() + timedelta(days=9)
    await tim.goto(f"{house.url}/i/{item}?from={first}&to={first + timedelta(days=1)}&month={first:%Y-%m}")
    await tim.locator("#ask-text").fill("Geht das auch heute?")
    await press(tim, EN["ask_now"])
    await tim.wait_for_url(re.compile("/r/"), timeout=20_000)
    await marta.locator("a.roomrow").click()
    await press(marta, DE["counter"])
    start = house.here.hub.ports.clock.now() + timedelta(minutes=15)
    await marta.locator("#offer-start").fill(f"{start:%Y-%m-%dT%H:%M}")
    await marta.locator("#offer-end").fill(f"{start + timedelta(days=2):%Y-%m-%dT%H:%M}")
    await press(marta, DE["send_offer"])
    await tim.locator(".offer.open .button.primary").click()
    await expect(marta.locator(".offer.accepted")).to_be_visible()
