"""Calendars that come in and go out: the rules without any store."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import static
from hub.availability import Busy, Calendar, Interval
from hub.errors import Invalid
from hub.feed import FEED_ERRORS, Subscription, collisions, feed_url, imported
from hub.ids import ItemId, RentalId, SubscriptionId, UserId

NOW = datetime(2026, 7, 1, tzinfo=UTC)
ITEM = ItemId("1" * 32)


def span(start: float, end: float) -> Interval:
    return Interval(NOW + timedelta(days=start), NOW + timedelta(days=end))


def held(start: float, end: float, *, turnaround: int = 0, cap: int = 1, st: str = "confirmed") -> Calendar:
    until = NOW + timedelta(days=end, minutes=turnaround)
    busy = Busy(RentalId("r"), NOW + timedelta(days=start), until, 1, st)
    return Calendar(ITEM, 1, "UTC", cap, turnaround, (busy,))


def subscription(q: int | None = None) -> Subscription:
    return Subscription(SubscriptionId("5" * 32), ITEM, UserId("2" * 32), "https://x.example/", q)


def clash(calendar: Calendar, *events: Interval, q: int | None = None) -> bool:
    known = subscription(q)
    return bool(collisions(known, imported(known, calendar, events, NOW), NOW))


def test_an_event_inside_a_rental_clashes_and_one_beside_it_does_not() -> None:
    assert clash(held(2, 3), span(2.5, 2.6))
    assert not clash(held(2, 3), span(1, 2), span(3, 4))


def test_the_time_after_the_end_may_be_shared() -> None:
    assert not clash(held(2, 3, turnaround=120), span(3, 4))


def test_with_units_to_spare_nothing_clashes() -> None:
    assert not clash(held(2, 3, cap=2), span(2, 3), q=1)
    assert clash(held(2, 3, cap=2), span(2, 3), span(2.5, 2.7), q=1)
    assert clash(held(2, 3, cap=2), span(2, 3))


def test_neither_what_is_over_nor_what_is_only_asked_for_clashes() -> None:
    assert not clash(held(-3, -2), span(-3, -2))
    assert not clash(held(2, 3, st="pending"), span(2, 3))


def test_the_same_events_make_the_same_blocks() -> None:
    known, blank = subscription(), Calendar(ITEM, 1, "UTC", 1, 0)
    once = imported(known, blank, [span(1, 2), span(1.5, 3)], NOW)
    assert imported(known, once, [span(1.5, 3), span(1, 2)], NOW) == once
    assert [(block.s, block.e) for block in once.blocks] == [(span(1, 3).s, span(1, 3).e)]


@pytest.mark.parametrize("text", ["webcal://x.example/a.ics", "WEBCAL://x.example/a.ics", " https://x.example/a.ics "])
def test_an_address_is_taken_as_calendars_write_it(text: str) -> None:
    assert feed_url(text) == "https://x.example/a.ics"


@pytest.mark.parametrize(
    "text", ["", "x.example", "mailto:a@x.example", "https://x.example:99999/", "https://\u202ex/"]
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="bad_feed_url"):
        feed_url(text)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_reason_has_words(language: str) -> None:
    folder = Path(next(iter(static.__path__))) / "locale"
    assert set(json.loads((folder / f"{language}.json").read_text("utf-8"))["calendars"]) == FEED_ERRORS
