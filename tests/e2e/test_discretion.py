"""Before anything is agreed, nobody but the owner learns where a thing is or how to reach its owner: nowhere."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from api.protocol import ACTS
from client.neighbour import Neighbour
from client.rentals import terms
from tests.e2e.village import DAY, living, morning, request
from tests.support.hub_process import HubProcess, running_hub
from tests.support.raw_socket import RawSocket

STREET, LAT, LON = "Sentinelweg 7", 52.512345, 13.498765
SECRETS = (STREET, "Sentinelweg", str(LAT), str(LON), "owner@example.org")
PAGES = ("/", "/s", "/s?near=52.5,13.5&r=50000", "/i/{item}", "/u/owner", "/feeds/items/{item}.ics")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("discretion"), env={"LOG_LEVEL": "debug"}) as running:
        yield running


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def everything(url: str, token: str, known: dict[str, str]) -> dict[str, str]:
    """What the hub answers to every question that the table has, and on its pages, to whoever has this token."""
    asked = {row.path for row in ACTS if row.method == "GET" and row.path}
    named = [re.sub(r"{(\w+)}", lambda found: known.get(found[1], "0" * 32), path) for path in (*asked, *PAGES)]
    headers = {"Authorization": f"Bearer {token}", "Accept": "*/*"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=20) as client:
        answers = [(path, await client.get(path)) for path in named]
    assert all(answer.status_code < 500 for _, answer in answers)
    assert sum(answer.is_success for _, answer in answers) > len(answers) // 2
    return {path: answer.text for path, answer in answers}


async def frames(hub: HubProcess, person: Neighbour, raw: RawSocket, room: str) -> str:
    """All that the person's socket was told until now, and what it is told of the room and the rental if it asks."""
    answers = [await raw.call("room:sync", {"rooms": {room: 0}}), await raw.call("room:list", {})]
    with suppress(TimeoutError):
        while True:
            raw._keep(await raw.packet(within=0.5))
    return repr([raw.hello, raw.told, answers])


async def test_place_and_addresses_of_an_owner_are_told_to_nobody_before_the_agreement(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with living(tmp_path, hub.url, ["owner", "renter", "passer"]) as (owner, renter, passer):
        place = {"label": "Hof", "address": STREET, "lat": LAT, "lon": LON}
        item = await owner.rentals.create_item(title="Leiter", description="3 m", tariff={"day": 900}, place=place)
        device = renter._store.identity.own().device.hex()
        told = {"v": 1, "token": await renter._session.token(), "device": device}
        async with RawSocket.connected(hub.port, told) as raw:
            rental = await request(renter, item["id"], 9)
            offer = terms(morning(9), morning(9) + 2 * DAY, 1500, negotiated=True)
            await owner.rentals.counter(rental["id"], 1, offer)
            known = {"item": item["id"], "rental": rental["id"], "room": rental["room"], "user": owner.user}
            known |= {"kind": "hand_over", "rev": "1", "case": "1", "entry": "1"}
            for person in (renter, passer):
                found = await everything(hub.url, await person._session.token(), known)
                assert {path: leaks(text) for path, text in found.items() if leaks(text)} == {}
            assert leaks(await frames(hub, renter, raw, rental["room"])) == []
            assert leaks("\n".join(hub.lines)) == []

            await renter.rentals.accept(rental["id"], 2)
            found = await everything(hub.url, await renter._session.token(), known)
            assert STREET in found[f"/v1/rentals/{rental['id']}/place"]
            assert leaks(await frames(hub, renter, raw, rental["room"])) == []
            assert leaks("\n".join(hub.lines)) == []
            own = await everything(hub.url, await owner._session.token(), known)
            assert set(SECRETS) == {secret for text in own.values() for secret in leaks(text)}
