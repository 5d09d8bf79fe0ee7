"""What a page makes a browser load stays within its budget: a village has slow lines, too."""

from typing import Final

import brotli
import pytest

from api.pages.asset import assets, module_urls

KB: Final = 1000


def packed(names: list[str]) -> int:
    """Together, each compressed by itself, as browsers that know Brotli get it; that is all of the last years."""
    return sum(len(brotli.compress(assets()[name].content)) for name in names)


def modules(entry: str) -> list[str]:
    return [url.removeprefix("/static/") for url in module_urls(entry)]


def named(*starts: str) -> list[str]:
    return [name for name in assets() if name.startswith(starts)]


@pytest.mark.parametrize(
    ("entry", "most"),
    [("ui/public.js", 60), ("ui/app.js", 110), ("ui/settings/app.js", 110), ("ui/own/app.js", 110)],
)
def test_the_scripts_of_a_page_stay_within_their_budget(entry: str, most: int) -> None:
    assert packed(modules(entry)) <= most * KB


@pytest.mark.parametrize(
    ("starts", "most"), [(("app.",), 18), (("icons.",), 5), (("words.de.",), 20), (("words.en.",), 20)]
)
def test_styles_icons_and_words_stay_within_their_budget(starts: tuple[str, ...], most: int) -> None:
    found = named(*starts)
    assert found
    assert packed([name for name in found if not name.endswith(".txt")]) <= most * KB


def test_the_fonts_stay_within_their_budget() -> None:
    fonts = [name for name in assets() if name.endswith(".woff2")]
    assert fonts
    assert sum(len(assets()[name].content) for name in fonts) <= 55 * KB


def test_scripts_are_served_without_what_is_for_readers_of_the_sources() -> None:
    served = [asset.content.decode() for name, asset in assets().items() if name.endswith("/ui/app.js")]
    assert len(served) == 1
    assert "// " not in served[0]
    assert "\n " not in served[0]
    assert "import" in served[0]
