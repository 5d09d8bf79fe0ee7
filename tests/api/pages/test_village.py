"""The village as anybody sees it: true, in both languages, without script, never with a place or a name too many."""

import gzip
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import brotli
import httpx2
import pytest

from api.pages.legal import TEXTS
from api.pages.words import words
from hub.item import Item, Translation
from hub.ports import Ports
from hub.tariff import LongDiscount, Tariff
from hub.usecases.items import CreateItem, NewPlace, create_item
from hub.usecases.shelf import DeleteItem, PauseItem, delete_item, pause_item
from tests.api.doors.hubs import Worker
from tests.support.world import Neighbour

ADDRESS, LAT, LON = "Geheimgasse 7, 12345 Oberlindach", 48.901234, 9.601234
EVIL = '<script>alert(1)</script> "Rotor"'
DE, EN = {"Accept-Language": "de"}, {"Accept-Language": "en"}
BUDGET = 20_000
"""Bytes of a page on the wire."""


@dataclass
class Village:
    """A neighbour with three things, one of them with an evil title."""

    hub: Worker
    ports: Ports
    owner: Neighbour
    trailer: Item
    drill: Item
    evil: Item

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.hub.http.get(path, headers={"Accept": "text/html", **DE, **headers})

    async def text(self, path: str, **headers: str) -> str:
        response = await self.get(path, **headers)
        assert response.status_code == 200, path
        return response.text


@pytest.fixture(scope="module")
async def village(hub: Worker) -> Village:
    ports = hub.hub.ports
    owner = await hub.world.person("marta", device=False)

    async def thing(title: str, **more: Any) -> Item:
        place = NewPlace("Hof", ADDRESS, LAT, LON, instructions="Schlüssel unter dem Topf")
        told = {"tariff": Tariff(day=1400, deposit=5000, long=(LongDiscount(3, 10),)), "place": place} | more
        return (await create_item(ports, owner.actor, CreateItem(title, "Mit Plane.\n\nAnhänger hinten.", **told))).item

    other = Translation("en", "Trailer with cover", "With a cover.")
    trailer = await thing("Anhänger mit Plane", translation=other, category="trailers", fields={"load_kg": 550})
    drill = await thing("Bohrhammer", category="power-tools", tariff=Tariff(day=0))
    return Village(hub, ports, owner, trailer, drill, await thing(EVIL))


def in_days(days: int) -> date:
    return date.today() + timedelta(days=days)  # noqa: DTZ011 - a day or two do not matter here


PAGES = [
    "/",
    "/s",
    "/s?q=anhänger",
    "/s?q=nichts-davon",
    "/u/marta",
    "/legal/imprint",
    "/legal/accessibility",
    "/offline",
]


@pytest.fixture
def pages(village: Village) -> list[str]:
    return [*PAGES, f"/i/{village.trailer.id}", f"/i/{village.evil.id}"]


# Every page


@pytest.mark.parametrize("lang", ["de", "en"])
async def test_a_page_is_small_whole_and_in_the_reader_s_language(
    village: Village, pages: list[str], lang: str
) -> None:
    for path in pages:
        page = await village.text(path, **{"Accept-Language": lang})
        assert f'<html lang="{lang}">' in page, path
        assert page.count("<h1") == 1, path
        assert len(gzip.compress(page.encode())) <= BUDGET, path
        assert '<a class="skip" href="#main">' in page


async def test_a_page_runs_nothing_inline_and_asks_nobody_else(village: Village, pages: list[str]) -> None:
    for path in pages:
        response = await village.get(path)
        page, policy = response.text, response.headers["Content-Security-Policy"]
        assert not re.search(r"<style|<iframe|\sstyle=|\son[a-z]+=|<script(?! type=\"module\" src=\"/static/)", page), (
            path
        )
        assert all(url.startswith("/") for url in re.findall(r'(?:src|action)="([^"]*)"', page)), path
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "<script" not in page or "require-trusted-types-for 'script'; trusted-types dkx" in policy


async def test_no_page_knows_a_place_an_address_or_a_mail(village: Village, pages: list[str]) -> None:
    for path in [*pages, "/manifest.webmanifest"]:
        page = await village.text(path)
        for secret in (ADDRESS, "Geheimgasse", "Topf", "48.9012", "9.6012", "marta@example.org", "Hof"):
            assert secret not in page, (path, secret)


async def test_what_people_write_is_text_on_every_page(village: Village, pages: list[str]) -> None:
    seen = 0
    for path in [*pages, "/s?q=%3Cscript%3Ealert(1)%3C/script%3E"]:
        page = await village.text(path)
        assert "<script>alert" not in page, path
        seen += "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert seen >= 4


async def test_a_page_that_is_known_is_not_sent_again(village: Village, pages: list[str]) -> None:
    for path in pages:
        first = await village.get(path)
        assert first.headers["Cache-Control"] == "no-cache", path
        assert first.headers["Vary"] == "Accept, Accept-Language, Cookie, Accept-Encoding"
        assert (await village.get(path, **{"If-None-Match": first.headers["ETag"]})).status_code == 304, path


async def test_pages_and_files_travel_small(village: Village) -> None:
    plain = await village.text("/", **{"Accept-Encoding": "identity"})
    sheet = re.search(r'href="(/static/app\.[^"]+)"', plain)
    assert sheet
    for path in ("/", sheet[1]):
        whole = await village.get(path, **{"Accept-Encoding": "identity"})
        async with village.hub.http.stream("GET", path, headers={**DE, "Accept-Encoding": "br"}) as packed:
            raw = b"".join([part async for part in packed.aiter_raw()])
        assert packed.headers["Content-Encoding"] == "br"
        assert brotli.decompress(raw) == whole.content
        assert len(raw) < len(whole.content) / 3


async def test_every_link_leads_somewhere(village: Village, pages: list[str]) -> None:
    tried: set[str] = set()
    for path in pages:
        page = await village.text(path)
        for url in {each.replace("&amp;", "&") for each in re.findall(r'href="(/[^"]*)"', page)} - tried:
            tried.add(url)
            target, _, fragment = url.partition("#")
            found = await village.get(target)
            if found.headers.get("Location", "").startswith("/signin?next="):
                found = await village.get(found.headers["Location"])
            assert found.status_code == 200, (path, url)
            assert not fragment or ".svg" in target or f'id="{fragment}"' in found.text, (path, url)
    assert len(tried) > 30


# Looking for things


async def test_the_front_page_shows_what_is_new_and_what_kinds_there_are(village: Village) -> None:
    page = await village.text("/")
    assert 'action="/s"' in page
    assert 'href="/s?cat=tools"' in page
    assert page.index(village.evil.id) < page.index(village.trailer.id)
    assert "14\u00a0€ <small>/ Tag</small>" in page


async def test_search_finds_by_word_kind_and_price(village: Village) -> None:
    assert found(await village.text("/s?q=anhaenger")) >= {village.trailer.id}
    assert found(await village.text("/s?cat=tools")) == {village.drill.id}
    assert found(await village.text("/s?max=5")) == {village.drill.id}
    assert not found(await village.text("/s?q=raumschiff"))


async def test_english_readers_see_the_english_words_and_others_in_their_own_language(village: Village) -> None:
    page = await village.text("/s", **EN)
    assert '<h3 lang="en">' in page
    assert "Trailer with cover" in page
    assert '<h3 lang="de"><a href="/i/' in page


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("from=2027-05-03&to=2027-05-01", "fault_dates_turned"),
        ("from=31.12.2027", "fault_bad_dates"),
        ("max=viel", "fault_bad_price"),
    ],
)
async def test_a_question_that_makes_no_sense_is_said_and_still_answered(
    village: Village, asked: str, word: str
) -> None:
    page = await village.text(f"/s?{asked}")
    assert words("de")[word] in page
    assert found(page)


@pytest.mark.parametrize(
    "asked",
    [
        "cat=nothing",
        "near=north,pole",
        "near=95,200",
        "r=7",
        "sort=odd",
        "after=1.2.zz",
        "sort=distance",
        "from=0001-01-01&to=0001-01-02",
    ],
)
async def test_what_nobody_offers_is_left_out(village: Village, asked: str) -> None:
    assert found(await village.text(f"/s?{asked}")) >= {village.trailer.id, village.drill.id}


async def test_a_search_says_how_far_and_draws_cells_never_points(village: Village) -> None:
    page = await village.text("/s?near=48.9,9.6")
    assert 'class="umkreis"' in page
    assert set(re.findall(r'data-cell="([^"]+)"', page)) == {
        f"{village.trailer.public.lat}_{village.trailer.public.lon}"
    }
    assert "≈\u202f" in page


async def test_free_days_are_asked_for_as_whole_days(village: Village) -> None:
    owner = await village.hub.world.person()
    item = await village.hub.world.item(owner)
    renter = await village.hub.world.person()
    await village.hub.world.accept(owner, await village.hub.world.request(renter, owner, item))
    taken = f"from={in_days(1)}&to={in_days(4)}"
    assert item.id in found(await village.text("/s"))
    assert item.id not in found(await village.text(f"/s?{taken}"))
    page = await village.text(f"/i/{item.id}?{taken}")
    assert words("de")["is_free"] not in page
    assert 'class="notice danger"' in page
    assert renter.user.display_name not in page
    assert re.search(r'<td class="partly', page)


def found(page: str) -> set[str]:
    return set(re.findall(r'id="thing-([0-9a-f]{32})"', page))


# One thing


async def test_a_thing_tells_what_it_is_and_costs(village: Village) -> None:
    page = await village.text(f"/i/{village.trailer.id}")
    for fact in ("Anhänger mit Plane", "Marta", "550\u00a0kg", "50,00\u00a0€", "<p>Mit Plane.</p>"):
        assert fact in page
    assert f'<link rel="canonical" href="https://kiste.example/i/{village.trailer.id}-anhaenger-mit-plane">' in page
    assert 'hreflang="en" href="https://kiste.example/i/' in page


async def test_the_price_of_chosen_days_is_told_line_by_line(village: Village) -> None:
    page = await village.text(f"/i/{village.trailer.id}?from={in_days(10)}&to={in_days(13)}")
    lines = re.search(r'<table class="lines">(.*?)</table>', page, re.DOTALL)
    assert lines
    for fact in ("4 Tage \u00d7 14,00\u00a0€", "56,00\u00a0€", "\u22125,60\u00a0€", "50,40\u00a0€"):
        assert fact in lines[1]
    assert words("de")["is_free"] in page
    english = await village.text(f"/i/{village.trailer.id}?from={in_days(10)}&to={in_days(13)}", **EN)
    assert "4 days \u00d7 €14.00" in english


async def test_the_month_is_a_table_of_links(village: Village) -> None:
    first = (in_days(0).replace(day=1) + timedelta(days=62)).replace(day=1)
    page = await village.text(f"/i/{village.trailer.id}?month={first.isoformat()[:7]}&from={first}")
    days = re.findall(r'<a href="([^"]+)" data-day="([^"]+)"', page)
    assert len(days) >= 28
    assert days[0][1] == first.isoformat()
    assert f"from={first}&amp;to={first + timedelta(days=4)}#calendar" in days[4][0]
    assert words("de")["choose_last"] in page


@pytest.mark.parametrize(
    "asked", ["month=9999-12", "month=2001-01", "month=soon", "from=2027-13-01", "from=9999-12-31&to=9999-12-31"]
)
async def test_a_thing_shows_itself_whatever_is_asked_of_its_calendar(village: Village, asked: str) -> None:
    assert "Anhänger mit Plane" in await village.text(f"/i/{village.trailer.id}?{asked}")


async def test_a_paused_thing_says_so(village: Village) -> None:
    item = await village.hub.world.item(village.owner)
    await pause_item(village.ports, village.owner.actor, PauseItem(item.id, None))
    page = await village.text(f"/i/{item.id}?from={in_days(3)}&to={in_days(3)}")
    assert words("de")["status_paused"] in page
    assert 'content="noindex"' in page
    assert words("de")["is_free"] not in page


async def test_what_was_taken_away_is_gone_and_what_never_was_is_unknown(village: Village) -> None:
    item = await village.hub.world.item(village.owner)
    await delete_item(village.ports, village.owner.actor, DeleteItem(item.id, None))
    gone, unknown = await village.get(f"/i/{item.id}"), await village.get(f"/i/{'0' * 32}")
    assert (gone.status_code, unknown.status_code) == (410, 404)
    assert words("de")["taken_away_title"] in gone.text
    assert words("de")["gone_title"] in unknown.text
    assert (await village.get("/i/etwas")).status_code == 404


async def test_a_draft_is_nobody_s_business(village: Village) -> None:
    place = NewPlace("Hof", ADDRESS, LAT, LON)
    command = CreateItem("Entwurf", "Noch nicht.", Tariff(day=100), place, draft=True)
    draft = (await create_item(village.ports, village.owner.actor, command)).item
    assert (await village.get(f"/i/{draft.id}")).status_code == 404


# A neighbour, the law, the look


async def test_a_neighbour_s_page_shows_things_and_stays_out_of_search_engines(village: Village) -> None:
    page = await village.text("/u/marta")
    assert "<h1>Marta</h1>" in page
    assert village.trailer.id in found(page)
    assert '<meta name="robots" content="noindex">' in page
    assert (await village.get("/u/niemand")).status_code == 404
    assert (await village.get("/u/NIE%20MAND")).status_code == 404


async def test_missing_legal_texts_are_called_missing(village: Village) -> None:
    for name in TEXTS:
        assert words("de")["legal_missing"] in await village.text(f"/legal/{name}")
    assert (await village.get("/legal/secrets")).status_code == 404


async def test_a_choice_of_look_is_kept_in_a_cookie_and_leads_back(village: Village) -> None:
    sent = {"lang": "en", "theme": "dark", "size": "xl", "back": "/s?q=leiter"}
    response = await village.hub.http.post("/look", data=sent)
    assert (response.status_code, response.headers["Location"]) == (303, "/s?q=leiter")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("look=en.dark.xl;")
    assert "SameSite=Lax" in cookie
    village.hub.http.cookies.clear()
    page = await village.text("/", Cookie="look=en.dark.xl")
    assert '<html lang="en" data-theme="dark" data-size="xl">' in page


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "", "x"])
async def test_a_choice_of_look_never_leads_elsewhere(village: Village, back: str) -> None:
    response = await village.hub.http.post("/look", data={"theme": "purple", "back": back})
    village.hub.http.cookies.clear()
    assert response.headers["Location"] == "/"
    assert "look=..;" in response.headers["Set-Cookie"]


async def test_a_cookie_of_nonsense_changes_nothing(village: Village) -> None:
    page = await village.text("/", Cookie='look="><script>.x.y.z')
    assert '<html lang="de">' in page


async def test_the_manifest_names_the_village(village: Village) -> None:
    told = (await village.get("/manifest.webmanifest")).json()
    assert told["start_url"] == "/"
    assert told["lang"] == "de"
    for icon in told["icons"]:
        assert (await village.get(icon["src"])).status_code == 200


async def test_the_style_guide_is_for_those_who_build(village: Village) -> None:
    assert (await village.get("/styleguide")).status_code == 404


async def test_who_asks_too_often_is_told_when_to_come_back(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(key: str, limit: int, per_s: float) -> int:
        return 30_000

    monkeypatch.setattr(village.ports.limiter, "hit", full)
    response = await village.get("/")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "30"
    assert words("de")["busy_title"] in response.text
