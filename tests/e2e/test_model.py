"""Random stories of two neighbours on the real hub over both doors, beside a small model that knows what comes."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from client.errors import HubRefused
from client.neighbour import Neighbour
from client.rentals import terms
from tests.e2e.doors import SocketDoor
from tests.e2e.village import living
from tests.hub.neighbours import merged
from tests.support.hub_process import running_hub

STORIES = int(os.environ.get("DORFKISTE_STORIES", "4"))
STEPS = int(os.environ.get("DORFKISTE_STORY_STEPS", "16"))
UNITS = 2
OCCUPYING = {"confirmed", "active", "returned", "lost"}
HOUR = timedelta(hours=1)


class Village:
    """The owner and the renter on their own loop, so that the machine can ask them step by step."""

    def __init__(self, owner: Neighbour, renter: Neighbour, loop: asyncio.AbstractEventLoop) -> None:
        self.owner, self.renter, self._loop = owner, renter, loop
        self.doors = SocketDoor(owner), SocketDoor(renter)

    def ask(self, question: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(60)


class Story:
    """What the model knows of one rental."""

    def __init__(self, view: dict[str, Any]) -> None:
        self.id, self.room, self.first = view["id"], view["room"], view
        self.state, self.holder, self.rev, self.paid = "negotiating", "renter", 1, False
        self.change: tuple[int, str] | None = None
        self.changes = 0
        self.entries = 0
        self.verified = False


class Rental(RuleBasedStateMachine):
    """Every rental is for the same days, so capacity is a number: as many as there are units."""

    village: Village
    rentals = Bundle("rentals")

    def __init__(self) -> None:
        super().__init__()
        self.stories: list[Story] = []
        item = {"title": "Anhänger", "description": "", "units": UNITS, "tariff": {"day": 1200, "deposit": 5000}}
        place = {"label": "Hof", "address": "Dorfstraße 7", "lat": 52.5, "lon": 13.4}
        self.item = self.village.ask(self.village.owner.rentals.create_item(**item, place=place))["id"]
        self.start = (datetime.now(UTC) + 3 * HOUR).replace(minute=0, second=0, microsecond=0)

    @rule(socket=st.booleans(), whose=st.sampled_from([0, 1]))
    def go_to_the_other_door(self, socket: bool, whose: int) -> None:
        self.village.doors[whose].on = socket

    def who(self, role: str) -> Neighbour:
        return self.village.owner if role == "owner" else self.village.renter

    def ask(self, act: Coroutine[Any, Any, Any], expected: str | None) -> dict[str, Any] | None:
        """The hub says what the model says: yes, or just this no."""
        answer, code = None, None
        try:
            answer = self.village.ask(act)
        except HubRefused as refusal:
            code = refusal.code
        assert code == expected
        return answer and dict(answer["rental"])

    @property
    def full(self) -> bool:
        return sum(story.state in OCCUPYING for story in self.stories) >= UNITS

    @rule(target=rentals)
    def request(self) -> Story:
        offer = terms(self.start, self.start + 24 * HOUR, 1200)
        busy = sum(story.state == "negotiating" for story in self.stories) >= 3
        view = self.ask(self.village.renter.rentals.request(self.item, offer), "quota_exceeded" if busy else None)
        if view is None:
            return self.stories[-1]
        self.stories.append(Story(view))
        return self.stories[-1]

    @rule(story=rentals, role=st.sampled_from(["renter", "owner"]))
    def counter(self, story: Story, role: str) -> None:
        expected = None
        if story.state != "negotiating":
            expected = "wrong_state"
        elif story.holder == role:
            expected = "not_your_turn"
        offer = terms(self.start, self.start + 24 * HOUR, 1000, negotiated=True)
        if self.ask(self.who(role).rentals.counter(story.id, story.rev, offer), expected):
            story.holder, story.rev = role, story.rev + 1

    @rule(story=rentals, role=st.sampled_from(["renter", "owner"]))
    def accept(self, story: Story, role: str) -> None:
        expected = None
        if story.state != "negotiating":
            expected = "wrong_state"
        elif story.holder == role:
            expected = "not_your_turn"
        elif self.full:
            expected = "slot_unavailable"
        if story.state == "taken":
            expected = "slot_unavailable"
        if self.ask(self.who(role).rentals.accept(story.id, story.rev), expected):
            story.state = "confirmed"
        self.rivals()

    def rivals(self) -> None:
        """Who bargains for what is gone hears of it when the timer comes by, which the model waits for."""
        if not self.full:
            return
        for story in self.stories:
            if story.state == "negotiating":
                self.village.ask(self.until_taken(story))
                story.state = "taken"

    async def until_taken(self, story: Story) -> None:
        for _ in range(300):
            if (await self.village.owner.rentals.get(story.id))["closed_reason"] == "taken":
                return
            await asyncio.sleep(0.1)
        raise AssertionError("nobody told the rival")

    @rule(story=rentals)
    def pay_the_deposit(self, story: Story) -> None:
        if story.state not in OCCUPYING or story.paid:
            return
        self.ask(self.village.renter.lending.claim_payment(story.id, "deposit_in", 5000), None)
        story.entries += 1
        self.ask(self.village.owner.lending.confirm_payment(story.id, story.entries), None)
        story.paid = True

    @rule(story=rentals)
    def hand_over(self, story: Story) -> None:
        expected = None if story.paid else "deposit_missing"
        if story.state != "confirmed":
            expected = "wrong_state"
        if self.ask(self.village.owner.lending.hand_over(story.id), expected):
            story.state, story.change = "active", None

    @rule(story=rentals)
    def give_back(self, story: Story) -> None:
        expected = {"active": None, "returned": "already_verified" if story.verified else "code_required"}
        if self.ask(self.village.renter.lending.give_back(story.id), expected.get(story.state, "wrong_state")):
            story.state, story.change = "returned", None

    @rule(story=rentals)
    def dispute(self, story: Story) -> None:
        expected = ("already_verified" if story.verified else None) if story.state == "returned" else "wrong_state"
        if self.ask(self.village.owner.lending.dispute_return(story.id), expected):
            story.state = "active"

    @rule(story=rentals)
    def confirm(self, story: Story) -> None:
        expected = None if story.state in {"active", "returned"} else "wrong_state"
        if self.ask(self.village.owner.lending.confirm_return(story.id), expected):
            story.state, story.change = "completed", None

    @rule(story=rentals)
    def lose(self, story: Story) -> None:
        expected = None if story.state == "active" else "wrong_state"
        if self.ask(self.village.renter.lending.admit_loss(story.id, "Weg."), expected):
            story.state, story.change = "lost", None

    @rule(story=rentals)
    def find(self, story: Story) -> None:
        expected = None if story.state == "lost" else "wrong_state"
        if self.ask(self.village.owner.lending.find(story.id), expected):
            story.state, story.verified = "returned", True

    @rule(story=rentals)
    def cancel(self, story: Story) -> None:
        expected = None if story.state == "confirmed" else "wrong_state"
        if self.ask(self.village.renter.rentals.cancel(story.id, "illness"), expected):
            story.state, story.change = "cancelled", None

    @rule(story=rentals, role=st.sampled_from(["renter", "owner"]), price=st.integers(1, 9999))
    def propose_a_change(self, story: Story, role: str, price: int) -> None:
        """A day more, at a price of their own."""
        expected = None
        if story.state not in {"confirmed", "active"}:
            expected = "wrong_state"
        elif story.change and story.change[1] != role:
            expected = "change_pending"
        offer = terms(self.start, self.start + 48 * HOUR, price, negotiated=True)
        if self.ask(self.who(role).changes.propose(story.id, offer), expected):
            story.changes += 1
            story.change = (story.changes, role)

    @rule(story=rentals, role=st.sampled_from(["renter", "owner"]))
    def accept_the_change(self, story: Story, role: str) -> None:
        expected = None
        if story.state not in {"confirmed", "active"}:
            expected = "wrong_state"
        elif story.change is None:
            expected = "change_closed"
        elif story.change[1] == role:
            expected = "not_your_turn"
        number = story.change[0] if story.change else 1
        if self.ask(self.who(role).changes.accept(story.id, number), expected):
            story.change = None

    @invariant()
    def the_calendar_is_full_when_all_units_are_out(self) -> None:
        full = self.village.ask(self.village.owner.rentals.calendar(self.item))["full"]
        now = f"{self.start + HOUR:%Y-%m-%dT%H:%M:%SZ}"
        assert any(stretch["s"] <= now < stretch["e"] for stretch in full) == self.full

    @invariant()
    def both_may_do_what_the_model_says(self) -> None:
        for story in self.stories:
            if story.state == "taken":
                continue
            for role in ("owner", "renter"):
                may = set(self.village.ask(self.who(role).rentals.get(story.id))["allowed_actions"])
                bargains = story.state == "negotiating" and story.holder != role
                changes = story.change is not None and story.change[1] != role
                assert ("accept" in may, "accept_change" in may) == (bargains, changes), (story.state, role, may)

    def teardown(self) -> None:
        """For each rental: the hub's state is the model's, the first view with all events is the last one, and both
        neighbours were told of every event live."""
        for story in self.stories:
            view = self.village.ask(self.village.owner.rentals.get(story.id))
            assert view["state"] == ("expired" if story.state == "taken" else story.state)
            old = {name: value for name, value in story.first.items() if name in view}
            events = [e for e in self.village.ask(self.village.owner.raw_history(story.room)) if e["kind"] == "event"]
            for event in events:
                old = merged(old, event["data"])
            changing = {"role", "allowed_actions", "updated_at", "item", "rev"}
            assert {k: v for k, v in old.items() if k not in changing} == {
                k: v for k, v in view.items() if k not in changing
            }
            for person in (self.village.owner, self.village.renter):
                self.village.ask(self.until_told(person, story.room, [event["seq"] for event in events]))

    async def until_told(self, person: Neighbour, room: str, seqs: list[int]) -> None:
        happenings = person.happenings()
        async with asyncio.timeout(10):
            while [line.seq for line in person.timeline(room) if line.event] != seqs:
                await anext(happenings)


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """A hub and two neighbours on a loop of their own."""
    loop, ready, done, found = asyncio.new_event_loop(), threading.Event(), asyncio.Event(), []
    env = {"MAX_OPEN_RENTALS": "100000", "CONNECTS_PER_MIN_IP": "10000"}

    async def live(url: str) -> None:
        async with living(tmp_path_factory.mktemp("people"), url, ["lender", "borrower"]) as people:
            found.extend(people)
            ready.set()
            await done.wait()

    with running_hub(tmp_path_factory.mktemp("model"), env=env) as hub:
        thread = threading.Thread(target=lambda: loop.run_until_complete(live(hub.url)))
        thread.start()
        assert ready.wait(60)
        yield Village(*found, loop)
        loop.call_soon_threadsafe(done.set)
        thread.join(30)


def test_the_hub_does_what_the_model_says(village):
    machine = type("TheRental", (Rental,), {"village": village})
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=slow,
            database=None,
            phases=[Phase.generate],  # a hub cannot be wound back to shrink a story in reasonable time
        ),
    )
