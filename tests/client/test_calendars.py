"""Calendars by the Python client: a secret address that can be renewed and closed, and another calendar that counts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from client.errors import HubRefused
from tests.e2e.village import DAY, kept_back, list_trailer, living, looked_into, morning
from tests.support.far_server import far_server
from tests.support.hub_process import HubProcess, running_hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("hub"), env={"OUTBOUND_LOOPBACK": "1"}) as running:
        yield running


async def test_the_address_of_ones_calendar_is_renewed_and_closed(hub: HubProcess, tmp_path: Path) -> None:
    async with living(tmp_path, hub.url, ["kalle"]) as (kalle,), httpx2.AsyncClient() as anybody:
        assert await kalle.calendars.since() is None
        first = await kalle.calendars.address()
        assert "BEGIN:VCALENDAR" in (await anybody.get(first)).text
        assert datetime.fromisoformat(str(await kalle.calendars.since())) <= datetime.now(UTC)
        second = await kalle.calendars.address()
        assert [(await anybody.get(url)).status_code for url in (first, second)] == [404, 200]
        await kalle.calendars.close()
        assert (await anybody.get(second)).status_code == 404
        assert await kalle.calendars.since() is None


async def test_another_calendar_keeps_a_thing_back_until_it_is_let_go(hub: HubProcess, tmp_path: Path) -> None:
    async with living(tmp_path, hub.url, ["lena"]) as (lena,), far_server() as elsewhere:
        elsewhere.says(kept_back(5), "Content-Type: text/calendar")
        item = (await list_trailer(lena))["id"]
        chosen = await lena.calendars.subscribe(item, f"{elsewhere.url}/cal.ics")
        await looked_into(lena, item)
        told = await lena.calendars.others(item)
        assert (told[0]["id"], told[0]["events"], told[0]["error"]) == (chosen, 1, None)
        full = (await lena.rentals.calendar(item))["full"]
        wanted = tuple(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (morning(5), morning(5) + 2 * DAY))
        assert [(stretch["s"], stretch["e"]) for stretch in full] == [wanted]
        await lena.calendars.unsubscribe(item, chosen)
        assert (await lena.rentals.calendar(item))["full"] == []
        with pytest.raises(HubRefused, match="bad_feed_url"):
            await lena.calendars.subscribe(item, "ftp://elsewhere/cal.ics")
