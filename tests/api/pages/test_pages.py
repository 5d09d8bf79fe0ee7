"""The pages work for everybody: both languages, phone and desktop, without scripts, styles or files from elsewhere."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Client

from api.docs import PAGES
from api.http.headers import install_headers
from api.http.problems import install_problems
from api.pages import Facts, Part, Site, error_page, page_routes
from api.pages.asset import STATIC, asset_url, assets
from api.pages.legal import TEXTS
from api.pages.slips import FORMS
from api.pages.speech import UNITS
from api.pages.state import Recent
from api.pages.words import LANGUAGES, words
from api.settings import Settings
from hub.cancellation import CancellationPolicy
from hub.item import Condition
from hub.search import Order

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,"
    "image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)
BROWSER = {"Accept": CHROME, "Accept-Language": "de-DE,de;q=0.9,en;q=0.8"}
BUDGET = 20_000
VECTORS = ("/docs/e2ee-vectors.json", "/docs/e2ee-vectors-2.json")
"""Bytes of a page as a proxy sends it, compressed."""
EVERY_PAGE = ["/hub", "/docs", *(f"/docs/{name}" for name in PAGES)]
FACTS = Facts(
    village="Oberlindach <b>",
    version="1.2.3",
    environment="prod",
    ready=True,
    parts=(Part("MongoDB", "8.0.4", ok=True), Part("Redis / Valkey", "9.1.2", ok=False)),
    neighbours=12,
    things=40,
)
VILLAGE = {"/", "/s", "/manifest.webmanifest"}
"""Pages that need a whole hub: tried in test_village.py."""
SPOKEN = {"weekdays", "weekdays_long", "months", "yes", "no"}
"""Words that only the program asks for."""
SITE = Site(village=FACTS.village, origin="https://kiste.example")
TEMPLATES = "".join(path.read_text("utf-8") for path in (STATIC / "templates").glob("*.html"))


def app_with(facts: Facts | None) -> Quart:
    async def ask() -> Facts:
        if facts is None:
            raise ConnectionError
        return facts

    app = Quart("pages", static_folder=None)
    install_problems(app, error_page)
    install_headers(app, frozenset(), https_only=False)
    app.register_blueprint(page_routes(ask, SITE))

    @app.get("/broken")
    async def broken() -> str:
        raise RuntimeError("a secret")

    return app


@pytest.fixture
def client() -> Client:
    return app_with(FACTS).test_client()


async def text_of(client: Client, path: str, **headers: str) -> str:
    response = await client.get(path, headers=BROWSER | headers)
    return str(await response.get_data(as_text=True))


# Every page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", EVERY_PAGE)
async def test_a_page_is_small_whole_and_in_the_reader_s_language(client: Client, path: str, language: str) -> None:
    response = await client.get(path, headers={"Accept-Language": language})
    page = await response.get_data(as_text=True)
    assert response.status_code == 200
    assert len(gzip.compress(page.encode())) <= BUDGET
    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1
    assert '<a class="skip" href="#main">' in page
    assert '<meta name="viewport"' in page


@pytest.mark.parametrize("path", EVERY_PAGE)
async def test_a_page_asks_nobody_else_and_runs_nothing(client: Client, path: str) -> None:
    page = await text_of(client, path)
    loaded = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert loaded
    assert all(not re.match(r"[a-z]+:|//", url) for url in loaded)
    assert not re.search(r"<script|<style|<iframe|<form|\sstyle=|\son[a-z]+=", page)


@pytest.mark.parametrize("path", EVERY_PAGE)
async def test_a_page_brings_the_headers_that_keep_it_so(client: Client, path: str) -> None:
    headers = (await client.get(path, headers=BROWSER)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Vary"] == "Accept, Accept-Language, Cookie, Accept-Encoding"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [f"/docs/{name}" for name in PAGES])
async def test_ids_on_a_page_are_unique(client: Client, path: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', await text_of(client, path))
    assert len(ids) == len(set(ids))


async def test_every_link_between_pages_leads_to_its_target(client: Client) -> None:
    pages = {path: await text_of(client, path) for path in EVERY_PAGE}
    for path, page in pages.items():
        for url in set(re.findall(r'href="([^"?]*)"', page)):
            target, _, fragment = url.partition("#")
            if target in VILLAGE:
                continue
            if fragment:
                assert f'id="{fragment}"' in pages[target or path], url
            elif target not in pages:
                assert (await client.get(target)).status_code == 200, url


async def test_a_page_that_is_known_is_not_sent_again(client: Client) -> None:
    first = await client.get("/docs/errors", headers=BROWSER)
    again = await client.get("/docs/errors", headers=BROWSER | {"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, await again.get_data(as_text=True)) == (304, "")


# Languages


async def test_what_was_clicked_goes_before_what_the_browser_says(client: Client) -> None:
    page = await text_of(client, "/docs?lang=en")
    assert '<html lang="en">' in page
    assert 'href="/docs/errors?lang=en"' in page
    assert '<a class="way" href="?lang=en" lang="en" hreflang="en" aria-current="true">English</a>' in page


async def test_links_inside_a_document_keep_the_language(client: Client) -> None:
    assert 'href="/docs/errors?lang=en#bad_request"' in await text_of(client, "/docs/http?lang=en")
    assert 'href="/docs/errors#bad_request"' in await text_of(client, "/docs/http")


@pytest.mark.parametrize(("asked", "given"), [("fr", "de"), ("fr, en;q=0.5", "en"), ("en-GB", "en"), ("", "de")])
async def test_another_language_gets_the_nearest(client: Client, asked: str, given: str) -> None:
    assert f'<html lang="{given}">' in await text_of(client, "/docs?lang=xx", **{"Accept-Language": asked})


async def test_english_passages_say_so_on_a_german_page(client: Client) -> None:
    page = await text_of(client, "/docs/errors")
    assert '<article class="document" lang="en">' in page
    assert '<td data-label="Deutsch" lang="de">' in page


def test_both_languages_have_the_same_words() -> None:
    german, english = words("de"), words("en")
    assert list(german) == list(english)
    assert all(word.strip() for word in (*german.values(), *english.values()))


def test_every_word_is_used_and_every_used_word_is_there() -> None:
    used = set(re.findall(r"\bt\.(\w+)", TEMPLATES)) | SPOKEN
    used |= {f"doc_{name}{end}" for name in PAGES for end in ("", "_text")}
    kinds = ("gone", "method", "fault", "failed", "busy", "taken_away")
    used |= {f"{kind}{end}" for kind in kinds for end in ("_title", "_text")}
    used |= {f"{family}_{each}" for family, each in families()}
    used |= {f"slip_{form.kind}_{part}" for form in FORMS.values() for part in ("title", "text", "do", "done")}
    used |= {f"env_{environment}" for environment in environments()}
    assert used == set(words("de"))


def families() -> Iterator[tuple[str, str]]:
    """Words whose keys are put together where they are said."""
    counted = ("found", "found_more", "things", "pieces", "days", "reviews", *(f"line_{unit}" for unit in UNITS))
    yield from ((key, number) for key in counted for number in ("one", "other"))
    yield from (("per", unit) for unit in UNITS)
    yield from (("sort", order) for order in (*get_args(Order), "auto"))
    yield from (("legal", text) for text in TEXTS)
    yield from (("condition", each) for each in get_args(Condition))
    yield from (("policy", each) for each in CancellationPolicy)
    yield from (("status", each) for each in ("paused", "archived"))
    yield from (("day", each) for each in ("free", "full", "partly", "past"))
    yield from (("review_by", each) for each in ("owner", "renter"))
    yield from (("fault", each) for each in ("bad_dates", "dates_turned", "bad_price"))


def environments() -> Any:
    return Settings.model_json_schema()["properties"]["environment"]["enum"]


# The front page


async def test_the_front_page_says_what_runs(client: Client) -> None:
    page = await text_of(client, "/hub")
    assert "1.2.3" in page
    assert "8.0.4" in page
    assert page.count(words("de")["part_away"]) == 1
    assert "<dd>12</dd>" in page
    assert "<dd>40</dd>" in page
    assert words("de")["demo_note"] not in page


async def test_a_village_s_name_is_text(client: Client) -> None:
    page = await text_of(client, "/docs")
    assert "Oberlindach &lt;b&gt;" in page
    assert "<b>" not in page


async def test_demo_data_is_called_that_and_opened_to_visitors() -> None:
    facts = replace(FACTS, sign_in="marta@demo.example · x", rooms=25, ready=False, environment="dev")
    page = await text_of(app_with(facts).test_client(), "/hub")
    assert words("de")["demo_note"] in page
    assert "marta@demo.example" in page
    assert "<dd>25</dd>" in page
    assert words("de")["not_ready"] in page


async def test_whoever_reloads_does_not_reach_the_stores_each_time() -> None:
    asked = 0

    async def ask() -> Facts:
        nonlocal asked
        asked += 1
        return FACTS

    recent = Recent(ask)
    assert [await recent.facts() for _ in range(5)] == [FACTS] * 5
    assert asked == 1


async def test_documents_are_there_even_if_nobody_can_say_the_village_s_name() -> None:
    client = app_with(None).test_client()
    assert (await client.get("/docs/errors", headers=BROWSER)).status_code == 200
    assert (await client.get("/hub", headers=BROWSER)).status_code == 500


# Errors


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/nothing", "/docs/nothing", "/static/app.css", "/static/..%2flocale%2fde.json"])
async def test_an_unknown_page_is_a_friendly_404(client: Client, path: str, language: str) -> None:
    response = await client.get(path, headers=BROWSER | {"Accept-Language": language})
    page = await response.get_data(as_text=True)
    assert response.status_code == 404
    assert words(language)["gone_title"] in page
    assert f'<html lang="{language}">' in page
    assert "nothing" not in page


@pytest.mark.parametrize(
    ("path", "accept"), [("/nothing", "*/*"), ("/nothing", "application/json"), ("/v1/nothing", CHROME)]
)
async def test_programs_get_a_problem_instead(client: Client, path: str, accept: str) -> None:
    response = await client.get(path, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


async def test_the_wrong_method_is_a_page_too_and_names_the_right_ones(client: Client) -> None:
    response = await client.post("/docs", headers=BROWSER)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert words("de")["method_title"] in await response.get_data(as_text=True)


async def test_our_own_fault_is_a_page_with_the_id_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = await client.get("/broken", headers=BROWSER)
    page = await response.get_data(as_text=True)
    found = re.search(r"<code>([0-9a-f]{8})</code>", page)
    assert response.status_code == 500
    assert found
    assert f"id {found.group(1)}" in caplog.text
    assert "a secret" not in page
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (await client.get("/broken")).mimetype == "application/problem+json"


# Files


async def test_files_are_kept_for_ever_under_a_name_of_their_content(client: Client) -> None:
    for file, kind in (("app.css", "text/css"), ("sign.svg", "image/svg+xml"), ("atkinson.woff2", "font/woff2")):
        response = await client.get(asset_url(file))
        assert response.mimetype == kind
        assert "immutable" in response.headers["Cache-Control"]
    assert re.fullmatch(r"/static/app\.[0-9a-f]{12}\.css", asset_url("app.css"))


@pytest.mark.parametrize("path", ["/openapi.json", "/asyncapi.json", *VECTORS])
async def test_documents_for_tools_are_json(client: Client, path: str) -> None:
    response = await client.get(path)
    assert response.mimetype == "application/json"
    assert json.loads(await response.get_data(as_text=True))


@pytest.mark.parametrize("path", VECTORS)
async def test_the_vectors_are_those_the_tests_use(client: Client, path: str) -> None:
    served = await (await client.get(path)).get_data()
    assert served == (Path(__file__).parents[3] / path[1:]).read_bytes()


# Colours


STYLE = (STATIC / "css" / "tokens.css").read_text("utf-8")
SHEET = assets()[asset_url("app.css").removeprefix("/static/")].content
ON = (
    ("ink", "bg"), ("ink", "surface"), ("ink", "surface2"), ("ink2", "bg"), ("ink2", "surface"), ("ink2", "surface2"),
    ("on-sign", "sign"), ("link", "bg"), ("link", "surface"), ("link", "link-soft"), ("ok", "ok-soft"),
    ("danger", "danger-soft"), ("warn", "warn-soft"), ("ink", "warn-soft"), ("ink2", "warn-soft"), ("ink3", "bg"),
    ("ink3", "surface"), ("on-sign", "sign-pressed"), ("ink", "own"), ("link", "own"), ("ink", "link-soft"),
    ("ink", "ok-soft"), ("ink", "danger-soft"), ("danger", "surface"), ("ok", "surface"), ("bg", "ink"),
)  # fmt: skip


def schemes() -> Iterator[dict[str, str]]:
    """Each colour as light and as dark; some are the same in both."""
    both = re.findall(r"--([\w-]+): var\(--light, (#\w+)\) var\(--dark, (#\w+)\);", STYLE)
    same = dict(re.findall(r"--([\w-]+): (#\w{6});", STYLE))
    yield same | {name: light for name, light, _ in both}
    yield same | {name: dark for name, _, dark in both}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 computes it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [pytest.param(s, id=n) for s, n in zip(schemes(), ("light", "dark"), strict=True)])
def test_text_can_be_read_in_light_and_dark(scheme: dict[str, str]) -> None:
    for text, ground in ON:
        assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
    for mark in ("focus", "line-strong", "presence"):
        assert contrast(scheme[mark], scheme["surface"]) >= 3, mark


def test_the_style_sheet_loads_only_files_of_ours_and_stays_small() -> None:
    loaded = re.findall(rb"url\(([^)]*)\)", SHEET)
    assert len(loaded) == 2
    assert all(url.strip(b'"').decode().removeprefix("/static/") in assets() for url in loaded)
    assert b"@import" not in SHEET
    assert len(gzip.compress(SHEET)) <= 18_000


def test_only_the_tokens_know_colours_that_have_a_dark_side() -> None:
    for path in (STATIC / "css").glob("*.css"):
        assert path.name == "tokens.css" or "--light" not in path.read_text("utf-8")
