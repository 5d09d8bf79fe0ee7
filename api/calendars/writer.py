"""A calendar that goes out, as an iCalendar file (RFC 5545): the same bytes for as long as it says the same."""

import json
from collections.abc import Mapping
from datetime import UTC, date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar

from hub.feed import Feed, FeedEvent

LOCALES: Final = Path(__file__).parents[2] / "static" / "locale"
MIDNIGHT: Final = time()
REFRESH: Final = timedelta(minutes=30)


def write_feed(feed: Feed, host: str) -> bytes:
    """``host`` makes the UIDs of this hub unlike those of any other."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Dorfkiste//{host}//")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", feed.name)
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for told in feed.events:
        calendar.add_component(_event(told, feed, host))
    written: bytes = calendar.to_ical()
    return written


def _event(told: FeedEvent, feed: Feed, host: str) -> icalendar.Event:
    event, touched = icalendar.Event(), told.touched_at.replace(microsecond=0)
    event.add("uid", f"{told.uid}@{host}")
    event.add("sequence", told.sequence)
    event.add("dtstamp", touched)
    event.add("last-modified", touched)
    start, end = _days(told, ZoneInfo(feed.tz)) or (told.start.astimezone(UTC), told.end.astimezone(UTC))
    event.add("dtstart", start)
    event.add("dtend", end)
    words = _words(feed.lang)
    event.add("summary", words[told.kind].format(title=told.title, other=told.other or words["erased"]))
    event.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if told.cancelled else "OPAQUE")
    event.add("class", "PUBLIC" if told.kind == "busy" else "PRIVATE")
    return event


def _days(told: FeedEvent, zone: ZoneInfo) -> tuple[date, date] | None:
    """Whole days, where both ends are midnight there."""
    start, end = told.start.astimezone(zone), told.end.astimezone(zone)
    whole = (start.time(), end.time()) == (MIDNIGHT, MIDNIGHT)
    return (start.date(), end.date()) if whole else None


@cache
def _words(lang: str) -> Mapping[str, Any]:
    known = lang if lang in {"de", "en"} else "de"
    words: Mapping[str, Any] = json.loads((LOCALES / f"calendar.{known}.json").read_text(encoding="utf-8"))
    return words
