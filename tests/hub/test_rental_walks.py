"""Random neighbours who do what they may, then fall silent: time alone must end what was not agreed."""

import random
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hub.item import Rules
from hub.money import MAX_AMOUNT
from hub.rental import (
    CLOSED,
    OCCUPYING,
    TIMED,
    Accept,
    Cancel,
    Counter,
    Decline,
    Inquire,
    Propose,
    Request,
    Revise,
    Role,
    State,
    Withdraw,
    allowed_actions,
    timers_of,
)
from tests.hub.neighbours import DRILL, Talk, terms

PARTIES = (Role.RENTER, Role.OWNER)
KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")


def canonical(value) -> bool:
    """What e2ee.md §9 lets into canonical JSON."""
    if isinstance(value, dict):
        return all(KEY.fullmatch(key) and canonical(part) for key, part in value.items())
    if isinstance(value, list):
        return all(canonical(part) for part in value)
    if type(value) is int:
        return abs(value) <= MAX_AMOUNT
    return value is None or type(value) in (str, bool)


def command(name: str, talk: Talk, chance: random.Random):
    rev = talk.rental.offer.rev if talk.rental and talk.rental.offer else 0
    start = talk.now.replace(second=0) + timedelta(hours=chance.randint(1, 500))
    new = terms(talk.item, start=start, days=chance.randint(1, 20) / 2)
    if chance.random() < 0.3:
        new = replace(new, price=chance.randrange(9_000), negotiated=True)
    return {
        "inquire": Inquire,
        "request": lambda: Request(new),
        "propose": lambda: Propose(new),
        "counter": lambda: Counter(new, rev),
        "revise": lambda: Revise(new),
        "accept": lambda: Accept(rev),
        "decline": lambda: Decline("no"),
        "withdraw": lambda: Withdraw("no"),
        "cancel": lambda: Cancel("no"),
    }[name]()


def check(talk: Talk) -> None:
    rental, calendar = talk.rental, talk.calendar
    held = rental.state in OCCUPYING or (rental.state is State.NEGOTIATING and talk.item.rules.pending_blocks)
    assert [busy.rental for busy in calendar.busy] == ([rental.id] if held else [])
    assert [offer.rev for offer in (*rental.offers, *filter(None, [rental.offer]))] == list(
        range(1, len(rental.offers) + 1 + bool(rental.offer))
    )
    assert talk.last.timers == timers_of(rental)
    assert (rental.closed_reason is not None) == (rental.state in CLOSED)
    assert all(canonical(event.data) for event in talk.last.events)
    if rental.state is State.NEGOTIATING:
        assert talk.now < rental.live.expires_at <= rental.live.terms.start


def talk_at_random(talk: Talk, chance: random.Random) -> None:
    first = chance.choice(("inquire", "request"))
    talk.do(command(first, talk, chance), Role.RENTER)
    check(talk)
    for _ in range(chance.randrange(12)):
        talk.wait(seconds=chance.randrange(20_000))
        role = chance.choice(PARTIES)
        actions = allowed_actions(talk.rental, role, talk.now)
        talking = [name for name in actions if name not in ("decline", "withdraw", "cancel")]
        if not actions:
            continue
        name = chance.choice(talking if talking and chance.random() < 0.8 else actions)
        talk.do(command(name, talk, chance), role)
        check(talk)


def let_time_pass(talk: Talk) -> list[datetime]:
    """Only timers act, each at its moment, until none is left."""
    fired = []
    while timers := timers_of(talk.rental):
        due = min(timers, key=lambda timer: timer.due_at)
        talk.now = max(talk.now, due.due_at)
        talk.do(TIMED[due.kind](), Role.SYSTEM)
        check(talk)
        fired.append(talk.now)
        assert len(fired) < 10
    return fired


@pytest.mark.parametrize("pending_blocks", [False, True])
def test_silent_neighbours_leave_nothing_open(pending_blocks):
    chance = random.Random(20_260_401)
    ends = set()
    item = replace(DRILL, rules=Rules(pending_blocks=pending_blocks, turnaround_min=30))
    for _ in range(400):
        talk = Talk(item)
        talk_at_random(talk, chance)
        let_time_pass(talk)
        assert talk.rental.state in CLOSED | {State.CONFIRMED}  # an agreement waits for its hand-over
        ends.add(talk.rental.state)
    assert ends == {State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED, State.CONFIRMED}
