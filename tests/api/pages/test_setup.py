"""The page where a hub gets its first admin: the secret travels behind the #; the form works without a script, too."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser
from pymongo import AsyncMongoClient

from api.preparation import setup_link
from storage.servers import Servers
from tests.api.doors.hubs import Worker, hub_at
from tests.support.browser_page import PHONE, Visit
from tests.support.servers import Document

FIELDS = {"display_name": "Gesa", "handle": "gesa", "email": "gesa@example.org", "password": "sieben Zwerge im Wald"}
SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "de", "Accept": "text/html"}


@pytest.fixture
async def here(
    servers: Servers, mongo: AsyncMongoClient[Document], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Worker]:
    async with hub_at(servers, mongo, tmp_path_factory.mktemp("setup")) as running:
        yield running


async def test_the_printed_link_makes_the_first_admin_in_a_browser(here: Worker, browser: Browser) -> None:
    link = await setup_link(here.hub.settings, here.hub.ports)
    visit = await Visit.of(await browser.new_context(locale="de-DE", viewport=PHONE))
    await visit.page.goto(link)
    for name, text in FIELDS.items():
        await visit.page.fill(f"#{name}", text)
    await visit.page.click("form[action^='/setup'] button")
    await visit.page.wait_for_selector("[role=status]")
    assert await visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert visit.complaints == []
    await visit.page.context.close()
    user = await here.hub.ports.users.by_handle("gesa")
    assert user is not None
    assert [role.value for role in user.roles] == ["admin"]
    assert await setup_link(here.hub.settings, here.hub.ports) == ""


async def test_without_a_script_the_secret_is_typed_and_faults_are_mended(here: Worker) -> None:
    secret = (await setup_link(here.hub.settings, here.hub.ports)).partition("#t=")[2]
    for changes, status in (({"slip": "x"}, 404), ({"password": "kurz"}, 422), ({"handle": "A b"}, 422), ({}, 200)):
        answer = await here.http.post("/setup", data={**FIELDS, "slip": secret, **changes}, headers=SAME)
        assert (answer.status_code, 'role="alert"' in answer.text) == (status, status != 200)
        assert FIELDS["password"] not in answer.text
    refused = await here.http.post("/setup", data={**FIELDS, "slip": secret}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
