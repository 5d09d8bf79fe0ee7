"""The Chromium that browser tests drive: one of the system, for Playwright's own would be a download."""

import os
import shutil
import sys
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING: Final = (
    "The browser tests need Chromium and found none: install it (Debian: apt-get install chromium) "
    "or set CHROMIUM=/path/to/chromium."
)


def chromium_path() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__" and chromium_path() is None:
    sys.exit(MISSING)
