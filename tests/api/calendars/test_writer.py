"""Calendars that go out: somebody who was erased has a name there, too."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from api.calendars.writer import write_feed
from hub.feed import Feed, FeedEvent

START = datetime(2026, 5, 4, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "summary"),
    [("de", "Bohrer (verliehen an Ehemaliges Mitglied)"), ("en", "Bohrer (lent to Former neighbour)")],
)
def test_whom_nobody_knows_by_name_any_more_is_somebody_from_the_past(lang: str, summary: str) -> None:
    event = FeedEvent("1" * 32, 1, START, START + timedelta(hours=3), START, "lent", "Bohrer", "")
    written = write_feed(Feed("Musterdorf", lang, "UTC", (event,)), "kiste.example")
    (read,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert read["SUMMARY"] == summary
