"""The Chromium that browser tests drive: one of the system, for Playwright's own would be a download."""

import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHOUT: Final = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
)
"""Features that no test is about. The first three start a process for the address bar with every visitor; the others
are of those that Playwright turns off, but Chromium hears only the last of several such lists."""
MISSING: Final = (
    "The browser tests need Chromium and found none: install it (Debian: apt-get install chromium) "
    "or set CHROMIUM=/path/to/chromium."
)
OFF: Final = f"--disable-features={','.join(WITHOUT)}"


def chromium_path() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """A browser of the system."""
    if (path := chromium_path()) is None:
        pytest.fail(MISSING, pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", OFF, *flags])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for the whole run; whoever visits takes a profile of their own."""
    async with chromium() as running:
        yield running


if __name__ == "__main__" and chromium_path() is None:
    sys.exit(MISSING)
