"""Calendars that go out, read back by a strict parser: what everybody may know, and what only the secret opens."""

from datetime import date, datetime, timedelta

import icalendar
import pytest

from api.calendars.reader import Wanted, read_busy
from hub.ids import BlockId, new_id
from hub.period import local_to_utc
from hub.usecases.booking import CancelRental, cancel_rental
from hub.usecases.calendar_blocks import BlockItem, block_item
from tests.support.live_hub import LiveHub
from tests.support.world import Neighbour, World, cmd_id

TZ = "Europe/Berlin"
HIDDEN = ("Geheimweg", "52.520008", "13.404954", "@example.org", "Musterdorf, ")


def parsed(content: bytes) -> list[icalendar.Event]:
    """Every event; the file must be as RFC 5545 demands: CRLF, 75 octets to a line, nothing unreadable."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    calendar = icalendar.Calendar.from_ical(content)
    assert [part.errors for part in calendar.walk()] == [[]] * len(calendar.walk())
    events = list(calendar.walk("VEVENT"))
    assert all({"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE"} <= set(event) for event in events)
    assert len({str(event["UID"]) for event in events}) == len(events)
    return events


async def lent(live: LiveHub, *, accept: bool = True) -> tuple[Neighbour, Neighbour, str, str]:
    world = live.world
    owner, renter = await world.person(), await world.person()
    item = await world.item(owner)
    asked = await world.request(renter, owner, item)
    if accept:
        await world.accept(owner, asked)
    return owner, renter, item.id, asked.sheet.rental.id


async def address(live: LiveHub, person: Neighbour) -> str:
    answer = await live.call("POST", "/v1/me/feed", person.actor)
    assert answer.status_code == 200
    return str(answer.json()["url"]).removeprefix("https://kiste.example")


async def test_everybody_reads_when_a_thing_is_taken_and_not_by_whom(live: LiveHub) -> None:
    _, renter, item, rental = await lent(live)
    answer = await live.call("GET", f"/feeds/items/{item}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = parsed(answer.content)
    assert str(event["SUMMARY"]) == "Belegt"
    assert event["DTSTART"].dt == live.world.days(2, 3)[0]
    assert rental not in answer.text
    assert renter.user.display_name not in answer.text
    (english,) = parsed((await live.call("GET", f"/feeds/items/{item}.ics?lang=en")).content)
    assert str(english["SUMMARY"]) == "Not available"


async def test_both_parties_read_theirs_and_no_place_or_address(live: LiveHub) -> None:
    owner, renter, _, rental = await lent(live)
    for person, other, verb in ((owner, renter, "verliehen an"), (renter, owner, "geliehen von")):
        answer = await live.call("GET", await address(live, person))
        (event,) = parsed(answer.content)
        assert str(event["SUMMARY"]) == f"Bohrmaschine ({verb} {other.user.display_name})"
        assert str(event["UID"]) == f"{rental}@kiste.example"
        assert not any(hidden in answer.text for hidden in HIDDEN)


async def test_what_is_only_asked_for_is_in_no_calendar(live: LiveHub) -> None:
    owner, renter, item, _ = await lent(live, accept=False)
    for path in (f"/feeds/items/{item}.ics", await address(live, owner), await address(live, renter)):
        assert parsed((await live.call("GET", path)).content) == []


async def test_what_is_called_off_says_so_for_thirty_days_under_the_same_uid(live: LiveHub) -> None:
    owner, renter, _, rental = await lent(live)
    path = await address(live, owner)
    (before,) = parsed((await live.call("GET", path)).content)
    await cancel_rental(live.world.ports, renter.actor, CancelRental(cmd_id(), rental, "illness"))
    (after,) = parsed((await live.call("GET", path)).content)
    assert (after["UID"], str(after["STATUS"])) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    past = live.world.clock.real() - timedelta(days=31)
    await live.world.database.rentals.update_one({"_id": rental}, {"$set": {"updated_at": past}})
    assert parsed((await live.call("GET", path)).content) == []


async def test_the_same_calendar_is_not_sent_twice(live: LiveHub) -> None:
    owner, _, item, _ = await lent(live)
    for path, caching in ((f"/feeds/items/{item}.ics", "public"), (await address(live, owner), "private")):
        first = await live.call("GET", path)
        assert first.headers["cache-control"].startswith(caching)
        second = await live.call("GET", path, headers={"If-None-Match": first.headers["etag"]})
        assert (second.status_code, second.content) == (304, b"")


async def test_a_new_address_or_none_closes_the_old_one(live: LiveHub) -> None:
    owner, *_ = await lent(live)
    old = await address(live, owner)
    new = await address(live, owner)
    assert (await live.call("GET", old)).json()["code"] == "feed_not_found"
    assert (await live.call("GET", new)).status_code == 200
    told = (await live.call("GET", "/v1/me/feed", owner.actor)).json()
    assert told["since"]
    assert told["url"] is None
    assert (await live.call("DELETE", "/v1/me/feed", owner.actor)).json() == {"since": None, "url": None}
    assert (await live.call("GET", new)).status_code == 404
    stored = repr([document async for document in live.world.database.feeds.find()])
    for secret in (old[7:-4], new[7:-4]):
        assert secret not in stored


@pytest.mark.parametrize("name", ["x", "A" * 43, "items/x", "items/" + "0" * 32])
async def test_what_is_not_there_is_not_there(live: LiveHub, name: str) -> None:
    assert (await live.call("GET", f"/feeds/{name}.ics")).status_code == 404


def berlin(*wall: int) -> datetime:
    return local_to_utc(datetime(*wall), TZ)[0]  # noqa: DTZ001 - a wall time  # type: ignore[arg-type]


async def test_whole_days_of_the_clock_change_go_out_and_come_back_as_they_were(live: LiveHub) -> None:
    world: World = live.world
    owner = await world.person()
    item = await world.item(owner)
    spring = world.clock.now().year + 1
    last = max(day for day in range(25, 32) if date(spring, 3, day).isoweekday() == 7)
    spans = [
        (berlin(spring, 3, last), berlin(spring, 3, last) + timedelta(hours=23)),  # the short Sunday, whole
        (berlin(spring, 3, last - 2, 10), berlin(spring, 3, last + 1, 10) - timedelta(days=2, hours=1)),
    ]
    for start, end in spans:
        await block_item(world.ports, owner.actor, BlockItem(item.id, BlockId(new_id()), start, end))
    content = (await live.call("GET", f"/feeds/items/{item.id}.ics")).content
    events = sorted(parsed(content), key=lambda event: str(event["DTSTART"].dt))
    assert events[1]["DTSTART"].dt == date(spring, 3, last)
    assert events[1]["DTEND"].dt == date(spring, 3, last) + timedelta(days=1)
    window = Wanted(berlin(spring, 3, 1), berlin(spring, 4, 30), TZ, "@another.example", 50)
    assert read_busy(content, window) == (sorted(spans), 0)
    assert read_busy(content, Wanted(window.start, window.end, TZ, "@kiste.example", 50)) == ([], 0)
