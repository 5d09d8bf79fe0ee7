"""Pages judged in a real Chromium: barriers by axe-core, complaints of the console, and whether anything sticks out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

AXE: Final = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
STILL: Final = """() => Promise.allSettled(document.getAnimations()
  .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime)).map((each) => each.finished))"""
REFUSED, CUT = "Failed to load resource", "WebSocket connection"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@asynccontextmanager
async def visitor(
    browser: Browser, *, refused: bool = False, offline: bool = False, **context: Any
) -> AsyncIterator[Page]:
    """Somebody with a fresh profile, whose page must not complain.

    ``refused``: browsers also complain of what the hub refuses; where it does so on purpose, that is left out.
    ``offline``: and of a line that is cut on purpose.
    """
    expected = (*([REFUSED] if refused or offline else []), *([CUT] if offline else []))
    profile = await browser.new_context(**context)
    page = await profile.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await profile.close()
    assert [told for told in complaints if not told.startswith(expected)] == []


async def barriers(page: Page) -> list[str]:
    """What stands in somebody's way: the rules of axe that the page breaks, with the first element of each.

    Colours are judged when nothing moves any more: a sheet that is still fading in has less contrast for a moment. One
    may also open while axe looks, so what is wrong must be so at a second look.
    """
    return await _judged(page) and await _judged(page)


async def _judged(page: Page) -> list[str]:
    await page.evaluate(STILL)
    found = await page.evaluate(f"{AXE}; axe.run(document, {{runOnly: {RULES}}})")
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


async def sticks_out(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    wide = await page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)
