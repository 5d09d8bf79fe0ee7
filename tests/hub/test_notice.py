"""Each thing that happens to a rental has one decision about who is to learn of it."""

import json
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from hub.events import Event
from hub.ids import CommandId
from hub.notice import (
    ACCOUNT_NOTICES,
    FEED_NOTICES,
    NOTICES,
    REPORT_CLOSED,
    REPORT_MADE,
    REVIEW_NOTICES,
    Who,
    notifications_of,
)
from hub.rental import Counter, Role
from hub.rental.transition import ROWS
from tests.hub.neighbours import MODERATOR, NOW, OWNER, RENTER, Talk, terms

LOCALE = Path(__file__).parents[2] / "static" / "locale"
BESIDE_THE_MACHINE = {
    "agreement_signed", "agreement_withdrawn", "messages_disclosed", "place_read", "protocol_sealed",
    "protocol_written", "roster_changed",
}  # fmt: skip
COMMAND = CommandId("7" * 32)
RENTAL = Talk().requested().rental
TOLD = {"rental": RENTAL.id, "overdue_step": 1}


def people(event: str, by: str) -> set[str]:
    return {one.user for one in notifications_of(RENTAL, Event(event, by, TOLD), COMMAND, NOW)}


def test_every_event_of_the_machine_has_a_decision():
    assert {row.event for row in ROWS} | BESIDE_THE_MACHINE == set(NOTICES)


@pytest.mark.parametrize("event", [event for event, who in NOTICES.items() if who is Who.OTHERS])
def test_nobody_is_told_what_they_did_themselves(event):
    assert people(event, OWNER) == {RENTER}
    assert people(event, RENTER) == {OWNER}
    assert people(event, "system") == people(event, MODERATOR) == {OWNER, RENTER}


def test_some_events_concern_one_side_or_nobody():
    assert people("rental_taken", "system") == {RENTER}
    assert people("rental_requested", RENTER) == {OWNER}
    assert people("place_read", RENTER) == set()


def test_each_step_of_lateness_is_news_once():
    again = Event("rental_overdue", "system", {"rental": RENTAL.id})
    assert people("rental_overdue", "system") == {OWNER, RENTER}
    assert notifications_of(RENTAL, again, COMMAND, NOW) == ()


def test_the_same_command_has_the_same_ids_and_another_has_others():
    event = Event("offer_accepted", "system", TOLD)
    ids = [{one.id for one in notifications_of(RENTAL, event, cmd, NOW)} for cmd in (COMMAND, COMMAND, "8" * 32)]
    assert ids[0] == ids[1]
    assert not ids[0] & ids[2]
    assert len(ids[0]) == 2


def test_a_notification_says_what_it_is_about_and_nothing_more():
    talk = Talk().requested()
    talk.do(Counter(replace(terms(), price=1, negotiated=True), 1), Role.OWNER)
    (one,) = notifications_of(talk.rental, talk.last.events[0], COMMAND, NOW)
    assert (one.user, one.type, one.ref, one.created_at) == (RENTER, "offer_countered", talk.rental.id, NOW)
    assert one.data == {"room": talk.rental.room, "item": talk.rental.item, "title": "Bohrmaschine", "by": OWNER}


def test_what_nobody_decided_on_is_a_fault():
    with pytest.raises(KeyError):
        people("rental_sold", OWNER)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_notification_has_words(language):
    words = json.loads((LOCALE / f"{language}.json").read_text("utf-8"))["notices"]
    told = {event for event, who in NOTICES.items() if who is not Who.NOBODY}
    assert set(words) == told | REVIEW_NOTICES | ACCOUNT_NOTICES | FEED_NOTICES | {REPORT_CLOSED, REPORT_MADE}
    for event, sentence in words.items():
        gaps = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        assert gaps in ([set()] if event in ACCOUNT_NOTICES else [{"title"}, {"title", "name"}])
