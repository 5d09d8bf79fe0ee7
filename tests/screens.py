"""Every screen of the demo village in every look, by clicks: pictures to look at, and what stands in somebody's way.

``python -m tests.screens FOLDER`` starts a village of its own and walks through it; ``--all`` takes every look, and
``--only WORD`` the screens whose names hold the word. Exits with 1 if axe finds anything or a page is too wide.
"""

import argparse
import asyncio
import contextlib
import html
import itertools
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from playwright.async_api import Browser, Page, expect

from api.village import RECOVERY_CODE
from tests.support.chromium import chromium
from tests.support.hub_process import HubProcess
from tests.support.judge import barriers, sticks_out

WINDOWS: Final = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
LOOKS: Final = tuple(itertools.product(("de", "en"), ("light", "dark"), WINDOWS))
FEW: Final = (("de", "light", "phone"), ("en", "dark", "desktop"))
PEOPLE: Final = ("tim", "nele", "elif", "aylin", "karl", "rosa")
"""Between them they stand on both sides of rentals in every state."""
SETTLED_WITHIN_S: Final = 20
LOADING: Final = """() => [...document.querySelectorAll('#app .skeleton, #app [aria-busy=true]')].some((one) => {
  const log = one.closest('.timeline')?.getBoundingClientRect(), at = one.getBoundingClientRect()
  return !log || (at.bottom > log.top && at.top < log.bottom)
})"""
"""A picture in a room is fetched when it comes near, so one out of sight of the timeline is no fault."""
PUBLIC: Final = {
    "home": "/",
    "search": "/s",
    "search-nothing": "/s?q=raumschiff",
    "search-wrong": "/s?max=viel&from=2031-02-02&to=2031-02-01",
    "person": "/u/marta",
    "signin": "/signin",
    "join": "/join",
    "forgot": "/forgot",
    "imprint": "/legal/imprint",
    "privacy": "/legal/privacy",
    "terms": "/legal/terms",
    "accessibility": "/legal/accessibility",
    "offline": "/offline",
    "hub": "/hub",
    "docs": "/docs",
    "styleguide": "/styleguide",
    "not-there": "/i/nothing",
}
OWN: Final = (
    "/inbox",
    "/me",
    "/me/calendar",
    "/i/new",
    *(
        "/settings",
        *(f"/settings/{name}" for name in ("profile", "appearance", "security", "devices", "privacy", "data")),
    ),
)
LIVED_WITHIN_S: Final = 900


@dataclass
class Album:
    """The pictures, and what is wrong in them."""

    url: str
    folder: Path
    looks: tuple[tuple[str, str, str], ...]
    only: str
    taken: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    async def screen(self, page: Page, name: str, open_: Callable[[], Awaitable[Any]]) -> None:
        """Open it anew in each look, take its picture and judge it; then each sheet that it offers."""
        if self.only not in name:
            return
        for lang, theme, window in self.looks:
            await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            await page.set_viewport_size(WINDOWS[window])  # type: ignore[arg-type]
            await page.context.add_cookies([{"name": "look", "value": f"{lang}..", "url": self.url}])
            await open_()
            await self._take(page, name, f"{lang}-{theme}-{window}")
            for number in range(await page.locator("[aria-haspopup=dialog]:visible").count()):
                await self._sheet(page, name, number, f"{lang}-{theme}-{window}")

    async def _sheet(self, page: Page, name: str, number: int, look: str) -> None:
        button = page.locator("[aria-haspopup=dialog]:visible").nth(number)
        words = re.sub(
            r"\W+", "-", (await button.inner_text()).strip() or str(await button.get_attribute("aria-label"))
        )
        await button.click()
        await expect(page.locator("dialog[open]")).to_be_visible()
        await self._take(page, f"{name}-sheet{number:02}", look, words)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)

    async def _take(self, page: Page, name: str, look: str, words: str = "") -> None:
        if not await settles(page):
            self.wrong.append(f"{name} {words} [{look}]: something is loading for ever")
        found, wide = await barriers(page), await sticks_out(page)
        file = f"{name}.{look}.png"
        await page.screenshot(path=self.folder / file, full_page="sheet" not in name, animations="disabled")
        self.taken.setdefault(f"{name} {words}".strip(), []).append(file)
        self.wrong += [f"{name} {words} [{look}]: {each}" for each in found]
        if wide:
            self.wrong.append(f"{name} {words} [{look}]: {wide} pixels too wide")
        print(f"{file}{'  ' + '; '.join(found) if found else ''}", flush=True)  # noqa: T201  the command's own output

    def bind(self) -> None:
        """One page with all of them, a row a screen."""
        rows = ""
        for name, files in self.taken.items():
            pictures = "".join(f"<a href={file}><img loading=lazy src={file}></a>" for file in files)
            rows += f"<h2>{html.escape(name)}</h2><p>{pictures}"
        style = "body{font:16px sans-serif;background:#888}p{display:flex;gap:8px;overflow-x:auto}img{height:420px}"
        (self.folder / "index.html").write_text(f"<!doctype html><style>{style}</style>{rows}", "utf-8")


async def settles(page: Page) -> bool:
    """Whether nothing in sight is still loading after a while."""
    ends = monotonic() + SETTLED_WITHIN_S
    while await page.evaluate(LOADING):
        if monotonic() > ends:
            return False
        await page.wait_for_timeout(100)
    return True


async def look_around(browser: Browser, album: Album) -> None:
    """What everybody sees."""
    page, url = await browser.new_page(timezone_id="Europe/Berlin"), album.url
    await page.goto(url)
    item = str(await page.locator("a[href^='/i/']:not([href='/i/new'])").first.get_attribute("href"))
    for name, path in (PUBLIC | {"item": item}).items():
        await album.screen(page, f"public-{name}", lambda path=path: page.goto(url + path))  # type: ignore[misc]
    await page.close()


async def live_as(browser: Browser, handle: str, album: Album) -> None:
    """What one of the neighbours sees: one click and the printed code, then all their rooms."""
    page, url = await browser.new_page(timezone_id="Europe/Berlin", service_workers="block"), album.url
    await page.goto(f"{url}/signin")
    await page.locator(f"form:has(input[value='{handle}@demo.example']) button").click()
    await album.screen(page, f"{handle}-unlock", page.reload)
    await expect(page.locator("#recovery")).to_be_visible()
    await page.locator("#recovery").fill(RECOVERY_CODE)
    await page.locator("form:has(#recovery) .primary, .card:has(#recovery) .primary").first.click()
    await expect(page.locator("a.roomrow").first).to_be_visible(timeout=60_000)
    await page.wait_for_timeout(3000)
    rooms = [str(await each.get_attribute("href")) for each in await page.locator("a.roomrow").all()]
    if handle == PEOPLE[0]:
        for path in OWN:
            await album.screen(page, f"own{path.replace('/', '-')}", lambda path=path: page.goto(url + path))  # type: ignore[misc]
    for room in rooms:
        await page.goto(url + room)
        await expect(page.locator(".deal h2").first).to_be_visible()
        title = re.sub(r"\W+", "-", await page.locator("#title").inner_text())
        await album.screen(page, f"room-{title}-{handle}", lambda room=room: in_room(page, url + room))  # type: ignore[misc]
    await page.close()


async def in_room(page: Page, address: str) -> None:
    await page.goto(address)
    await expect(page.locator(".deal h2").first).to_be_visible()
    await page.wait_for_timeout(800)  # what is loaded later, and pictures that are opened


@contextlib.contextmanager
def village() -> Iterator[str]:
    """The address of one whose neighbours have said and done everything."""
    with tempfile.TemporaryDirectory() as folder:
        hub = HubProcess(Path(folder), demo=True, env={"ENVIRONMENT": "dev", "CONNECTS_PER_MIN_IP": "10000"})
        hub.start()
        try:
            ends = monotonic() + LIVED_WITHIN_S
            while not any("Village life" in line for line in hub.lines):
                if monotonic() > ends:
                    raise TimeoutError("\n".join(hub.lines[-20:]))
                sleep(0.5)
            yield hub.url
        finally:
            hub.stop()


async def walk(album: Album) -> None:
    async with chromium() as browser:
        await look_around(browser, album)
        for handle in PEOPLE:
            await live_as(browser, handle, album)
    album.bind()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="every language, theme and window")
    parser.add_argument("--only", default="", help="screens whose names hold this word")
    parser.add_argument("--url", help="a demo village that runs already")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        url = chosen.url or stack.enter_context(village())
        album = Album(url, chosen.folder, LOOKS if chosen.all else FEW, chosen.only)
        asyncio.run(walk(album))
    print("\n".join(album.wrong) or "nothing stands in the way")  # noqa: T201  the command's own output
    sys.exit(bool(album.wrong))


if __name__ == "__main__":
    main()
