"""Fixtures for the browser's half: JavaScript asked through Playwright's bundled Node, and a real Chromium."""

from collections.abc import Iterator

import pytest

from tests.static.node import Js, node


@pytest.fixture(scope="session")
def js() -> Iterator[Js]:
    with node("tests/static/harness.mjs") as asked:
        yield asked
