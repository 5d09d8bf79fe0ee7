"""The demo neighbours live: killed in the middle they go on without saying or doing anything twice, in true days."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from playwright.async_api import Browser, expect

from api.life import SCRIPT, Record
from api.village import PASSWORD, RECOVERY_CODE
from client.errors import HubRefused
from client.neighbour import Neighbour
from client.recovery import WrongCode
from tests.support.hub_process import HubProcess

RENTALS = 2
"""The first is a month old and at its end, the second was asked for today."""
WITHIN_S = 240


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    hub = HubProcess(tmp_path / "demo", demo=True, env={"DEMO_RENTALS": str(RENTALS)})
    hub.start()
    yield hub
    hub.stop()


def until(hub: HubProcess, holds: Callable[[], bool]) -> None:
    ends = monotonic() + WITHIN_S
    while not holds():
        assert monotonic() < ends, "\n".join(hub.lines[-40:])
        sleep(0.05)


def played(hub: HubProcess) -> int:
    journal = hub.data_dir / "village" / "journal.jsonl"
    return journal.read_text().count('"done": "kajak-am-see/') if journal.exists() else 0


async def test_killed_in_the_middle_the_village_goes_on_and_nothing_is_there_twice(
    hub: HubProcess, browser: Browser, tmp_path: Path
) -> None:
    began = datetime.now(UTC)
    until(hub, lambda: played(hub) >= 9)  # by then the owner has handed over, two days after the request
    hub.kill()
    assert played(hub) < 22
    hub.start()
    until(hub, lambda: any("Village life" in line for line in hub.lines))
    assert any(f"{RENTALS} rentals" in line for line in hub.lines), "\n".join(hub.lines[-40:])
    assert not any("goes its own way" in line or "lost" in line for line in hub.lines)

    nele, aylin = rentals_of(hub, "nele"), rentals_of(hub, "aylin")
    assert [(each["state"], each["item"]["title"]) for each in nele] == [("completed", "Kajak, zwei Plätze")]
    assert [(each["state"], each["item"]["title"]) for each in aylin] == [("negotiating", "Saftpresse")]
    assert datetime.fromisoformat(nele[0]["offer"]["terms"]["end"]) < began - timedelta(days=17)

    await read_in_a_browser(browser, hub.url)
    async with Neighbour(tmp_path / "elsewhere", hub.url) as restored:
        await restored.sign_in("nele@demo.example", PASSWORD)
        with pytest.raises(WrongCode):
            await restored.recovery.restore("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")
        assert await restored.recovery.restore(RECOVERY_CODE) == 0
        await restored.connect()
        room = nele[0]["room"]
        head = max(entry["seq"] for entry in await restored.raw_history(room))
        happenings = restored.happenings()
        while restored.cursor(room) < head:
            await anext(happenings)
        lines = restored.timeline(room)
        with pytest.raises(HubRefused):
            await restored.raw_history(aylin[0]["room"])
    assert {line.kind for line in lines} == {"text", "event"}
    said = Counter(line.text for line in lines if line.kind == "text")
    assert said == dict.fromkeys(told("kajak-am-see"), 1)
    done = Counter(line.event for line in lines if line.kind == "event")
    assert {name: done[name] for name in ("rental_requested", "offer_accepted", "rental_handed_over")} == {
        "rental_requested": 1,
        "offer_accepted": 1,
        "rental_handed_over": 1,
    }
    assert done["payment_confirmed"] == 3
    dates = [datetime.fromtimestamp(line.at / 1000, ZoneInfo("Europe/Berlin")).date() for line in lines]
    days = [(began.astimezone(ZoneInfo("Europe/Berlin")).date() - date).days for date in dates]
    assert (days[0], days[-1]) == (24, 20)
    assert days == sorted(days, reverse=True)


async def read_in_a_browser(browser: Browser, url: str) -> None:
    """One click and the printed code: then what was written is there to read."""
    page = await browser.new_page(locale="de")
    await page.goto(f"{url}/signin")
    await page.get_by_role("button", name="Aylin Demir").click()
    await page.locator("#recovery").fill(RECOVERY_CODE)
    await page.get_by_role("button", name="Öffnen", exact=True).click()
    await page.get_by_role("link", name="Saftpresse").first.click()
    for text in told("saftpresse"):
        await expect(page.get_by_text(text).last).to_be_visible(timeout=20_000)
    await page.goto(f"{url}/signin")
    await page.get_by_role("button", name="Piet Janssen").click()
    await expect(page.locator("#recovery")).to_be_visible(timeout=20_000)
    await page.close()


def rentals_of(hub: HubProcess, handle: str) -> list[dict[str, Any]]:
    person = {"email": f"{handle}@demo.example", "password": PASSWORD}
    access = httpx2.post(f"{hub.url}/v1/sessions", json=person).json()["access"]
    answer = httpx2.get(f"{hub.url}/v1/rentals", headers={"Authorization": f"Bearer {access}"})
    found: list[dict[str, Any]] = answer.json()["rentals"]
    return found


def told(name: str) -> list[str]:
    rentals = json.loads(SCRIPT.read_text("utf-8"))["rentals"]
    acts = next(each["acts"] for each in rentals if each["name"] == name)
    return [act.split(" says ", 1)[1] for act in acts if isinstance(act, str) and " says " in act]


def test_the_record_remembers_when_the_village_began_with_how_many_rentals_and_what_is_left(tmp_path: Path) -> None:
    record = Record(tmp_path, 2)
    assert record.left() == [24, 22, 20, 0]
    assert Record(tmp_path, 0).left() == []
    record.keep(24, 22)
    again = Record(tmp_path, 25)
    assert (again.born, again.rentals, again.left()) == (record.born, 2, [20, 0])


def test_a_day_of_long_ago_is_played_at_its_time_of_day(tmp_path: Path) -> None:
    (tmp_path / "lived.json").write_text(json.dumps({"born": "2026-10-28T23:30:00+00:00", "played": []}))
    record = Record(tmp_path, 25)
    assert record.moment(3, "Europe/Berlin").isoformat() == "2026-10-26T15:20:00+01:00"
    assert record.moment(5, "Europe/Berlin").isoformat() == "2026-10-24T16:40:00+02:00"
