"""Other people's calendars, read as RFC 5545 means them: zones, clock changes, rules, exceptions, what is off."""

from datetime import UTC, datetime, timedelta

import pytest

from api.calendars.reader import Refused, Wanted, read_busy

BERLIN_ZONE = """BEGIN:VTIMEZONE
TZID:Custom/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MARCH = Wanted(at("2026-03-20"), at("2026-04-10"), "Europe/Berlin", "@kiste.example", 500)


def written(*events: str, zone: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//t//\n{zone}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def busy(*events: str, zone: str = "", wanted: Wanted = MARCH) -> list[tuple[str, str]]:
    found, unread = read_busy(written(*events, zone=zone), wanted)
    assert unread == 0
    return [(f"{start:%m-%d %H:%M}", f"{end:%m-%d %H:%M}") for start, end in found]


@pytest.mark.parametrize("tzid", ["Custom/Berlin", "Europe/Berlin", "W. Europe Standard Time"])
def test_a_weekly_rule_keeps_its_wall_time_through_the_clock_change(tzid: str) -> None:
    rule = f"UID:1\nDTSTART;TZID={tzid}:20260327T100000\nDTEND;TZID={tzid}:20260327T120000\nRRULE:FREQ=DAILY;COUNT=4"
    zone = BERLIN_ZONE if tzid.startswith("Custom") else ""
    assert busy(rule, zone=zone) == [
        ("03-27 09:00", "03-27 11:00"),
        ("03-28 09:00", "03-28 11:00"),
        ("03-29 08:00", "03-29 10:00"),
        ("03-30 08:00", "03-30 10:00"),
    ]


def test_exceptions_moved_and_called_off_instances_are_followed() -> None:
    rule = "UID:1\nDTSTART:20260323T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260324T100000Z"
    moved = "UID:1\nRECURRENCE-ID:20260325T100000Z\nDTSTART:20260325T150000Z\nDTEND:20260325T160000Z"
    off = "UID:1\nRECURRENCE-ID:20260326T100000Z\nDTSTART:20260326T100000Z\nDTEND:20260326T110000Z\nSTATUS:CANCELLED"
    assert busy(rule, moved, off) == [("03-23 10:00", "03-23 11:00"), ("03-25 15:00", "03-25 16:00")]


def test_whole_days_are_days_of_the_thing_even_the_short_one() -> None:
    days = "UID:1\nDTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330"
    alone = "UID:2\nDTSTART;VALUE=DATE:20260401"
    assert busy(days, alone) == [("03-27 23:00", "03-29 22:00"), ("03-31 22:00", "04-01 22:00")]


def test_a_time_without_a_zone_is_of_the_thing() -> None:
    assert busy("UID:1\nDTSTART:20260330T100000\nDTEND:20260330T110000") == [("03-30 08:00", "03-30 09:00")]


@pytest.mark.parametrize("told", ["STATUS:CANCELLED", "STATUS:cancelled", "TRANSP:TRANSPARENT"])
def test_what_is_called_off_or_takes_no_time_keeps_nothing(told: str) -> None:
    assert busy(f"UID:1\nDTSTART:20260330T100000Z\nDTEND:20260330T110000Z\n{told}") == []


def test_what_came_from_here_does_not_come_back() -> None:
    ours = "UID:5b3f@kiste.example\nDTSTART:20260330T100000Z\nDTEND:20260330T110000Z"
    assert busy(ours) == []


def test_begun_minutes_count_and_moments_do_not() -> None:
    odd = "UID:1\nDTSTART:20260330T100031Z\nDTEND:20260330T110001Z"
    assert busy(odd, "UID:2\nDTSTART:20260330T100000Z") == [("03-30 10:00", "03-30 11:01")]


def test_only_what_touches_the_time_that_is_wanted_is_told() -> None:
    rule = "UID:1\nDTSTART:20200101T100000Z\nDTEND:20200101T110000Z\nRRULE:FREQ=DAILY"
    assert len(busy(rule)) == 21
    running = "UID:2\nDTSTART:20260101T000000Z\nDTEND:20260320T000100Z"
    over = "UID:3\nDTSTART:20260301T000000Z\nDTEND:20260320T000000Z"
    assert busy(running, over) == [("01-01 00:00", "03-20 00:01")]


def test_an_event_that_cannot_be_placed_is_counted_and_the_others_count() -> None:
    good = "UID:1\nDTSTART:20260330T100000Z\nDTEND:20260330T110000Z"
    bad = ["UID:2\nDTSTART:gestern", "UID:3\nSUMMARY:ohne Anfang", "UID:4\nDTSTART:20260330T100000Z\nDTEND:bald"]
    fine = "UID:5\nDTSTART:20260330T100000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"
    found, unread = read_busy(written(good, *bad, fine), MARCH)
    assert (len(found), unread) == (1, 4)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"\xff\xfe", b"BEGIN:VCALENDAR\r\n"]
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="not_calendar"):
        read_busy(content, MARCH)


def test_a_rule_that_says_too_much_is_refused() -> None:
    rule = "UID:1\nDTSTART:20260320T000000Z\nDURATION:PT10M\nRRULE:FREQ=HOURLY"
    start = at("2026-03-20")
    with pytest.raises(Refused, match="too_many_events"):
        read_busy(written(rule), Wanted(start, start + timedelta(days=60), "UTC", "@x", 500))
