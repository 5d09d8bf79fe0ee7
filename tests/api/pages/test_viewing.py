"""One click is somebody of the demo village: for who sits at this machine, with the demo on, and for nobody else."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from pymongo import AsyncMongoClient

from api.village import PASSWORD, RECOVERY_CODE, neighbours, settle
from crypto.dkx.sealing.recovery import normal_code
from storage.servers import Servers
from tests.api.doors.hubs import Worker, hub_at
from tests.support.servers import Document

SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "de"}
BUTTON = re.compile(
    r'name="next" value="/inbox"><input type="hidden" name="email" value="([^"]+)">'
    r'<input type="hidden" name="password" value="([^"]+)"'
)


@pytest.fixture(scope="module")
async def village(
    servers: Servers, mongo: AsyncMongoClient[Document], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Worker]:
    demo = {"demo": True, "trusted_proxies": ["127.0.0.1"]}
    async with hub_at(servers, mongo, tmp_path_factory.mktemp("viewing"), "127.0.0.1", **demo) as running:
        await settle(running.hub.ports)
        yield running


async def buttons(worker: Worker, **headers: str) -> list[tuple[str, str]]:
    answer = await worker.http.get("/signin", headers={**SAME, **headers})
    assert answer.status_code == 200
    found = BUTTON.findall(answer.text)
    assert (RECOVERY_CODE in answer.text) == bool(found)
    return found


async def test_every_neighbour_has_a_button_that_signs_in_by_the_printed_password(village: Worker) -> None:
    found = await buttons(village)
    assert found == [(each["email"], PASSWORD) for each in neighbours()]
    async with httpx2.AsyncClient(base_url=str(village.http.base_url), headers=SAME) as browser:
        email, password = found[3]
        form = {"next": "/inbox", "email": email, "password": password}
        pressed = await browser.post("/signin/password", data=form)
        assert pressed.status_code == 303
        assert pressed.headers["Location"] == "/inbox"
        own = (await browser.get("/signin")).text
        assert "Angemeldet als <strong>Aylin Demir</strong>" in own
        assert BUTTON.findall(own) == found


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "kiste.example.org"},
        {"Host": "192.0.2.7:8000"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "kiste.example.org"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 tunnel"},
    ],
)
async def test_who_comes_from_elsewhere_or_through_others_sees_no_button(
    village: Worker, headers: dict[str, str]
) -> None:
    assert await buttons(village, **headers) == []


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
async def test_this_machine_has_several_names(village: Worker, host: str) -> None:
    assert len(await buttons(village, Host=host)) == len(neighbours())


async def test_without_the_demo_there_is_no_button(hub: Worker) -> None:
    assert await buttons(hub) == []


def test_the_recovery_code_is_one() -> None:
    assert normal_code(RECOVERY_CODE).decode() == RECOVERY_CODE.replace("-", "")
