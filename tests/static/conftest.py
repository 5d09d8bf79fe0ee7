"""Fixtures for the browser's half: JavaScript asked through Playwright's bundled Node, and a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.static.node import Js, node

expect.set_options(timeout=20_000)
"""What is waited for comes within milliseconds; on a machine that does three things at once it may take longer."""


@pytest.fixture(scope="session")
def js() -> Iterator[Js]:
    with node("tests/static/harness.mjs") as asked:
        yield asked
