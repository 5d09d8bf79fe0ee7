"""Random neighbours who do what they may, then fall silent: time alone must end what they left open."""

import random
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.availability import Interval
from hub.errors import HubError
from hub.item import PrereqKind, Rules
from hub.money import MAX_AMOUNT
from hub.rental import (
    CLOSED,
    GOOD_STANDING,
    OCCUPYING,
    TIMED,
    Accept,
    AcceptChange,
    AdmitLoss,
    AgreeSettlement,
    AmendReturn,
    AnnulHandOver,
    AppealCase,
    Cancel,
    CaseKind,
    ClaimEntry,
    ClaimNonReturn,
    ClaimNoShow,
    ConfirmEntry,
    ConfirmReturn,
    Contest,
    Counter,
    DecideAppeal,
    DecideCase,
    Decline,
    DeclineChange,
    DepositState,
    DisputeReturn,
    EntryKind,
    Found,
    HandOver,
    Inquire,
    InstantBook,
    MarkLost,
    Method,
    ModClose,
    OpenCase,
    Propose,
    ProposeChange,
    ProposeSettlement,
    RejectEntry,
    ReportDamage,
    Request,
    Return,
    ReturnPart,
    Revise,
    Role,
    Satisfy,
    SettleLoss,
    State,
    Terms,
    WaiveFee,
    Withdraw,
    WithdrawCase,
    WithdrawChange,
    allowed_actions,
    changed_quote,
    deposit,
    timers_of,
    told,
)
from hub.rental.case import OPENED
from tests.hub.neighbours import DRILL, MODERATOR, STRANGER, Talk, merged, terms

PEOPLE = (Role.RENTER, Role.OWNER, Role.RENTER, Role.OWNER, Role.RENTER, Role.OWNER, Role.MODERATOR)
KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
DENIALS = (("contest", Role.RENTER), ("contest", Role.OWNER), ("annul_hand_over", Role.OWNER))
"""What is said at once or never."""
YEARS = timedelta(days=3 * 365)
ENDINGS = ("decline", "withdraw", "cancel", "mod_close", "confirm_return")


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
    rental = talk.rental
    rev = rental.offer.rev if rental and rental.offer else 0
    start = talk.now.replace(second=0) + timedelta(hours=chance.randint(1, 500))
    new = terms(talk.item, start=start, days=chance.randint(1, 20) / 2, q=chance.randint(1, talk.item.units))
    if chance.random() < 0.3:
        new = replace(new, price=chance.randrange(9_000), negotiated=True)
    case = chance.randint(1, max(1, len(rental.cases))) if rental else 1
    entry = chance.randint(1, max(1, len(rental.ledger))) if rental else 1
    amount = chance.choice([0, 1000, 2000, 5000, 9000])
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
        "mod_close": lambda: ModClose("no"),
        "hand_over": lambda: HandOver(chance.random() < 0.5),
        "return": lambda: Return(chance.random() < 0.5),
        "confirm_return": ConfirmReturn,
        "report_damage": lambda: ReportDamage(CaseKind.DAMAGE, "kaputt", amount),
        "claim_non_return": ClaimNonReturn,
        "dispute_return": DisputeReturn,
        "amend_return": lambda: AmendReturn("liegt im Schuppen"),
        "found": Found,
        "propose_settlement": lambda: ProposeSettlement(case, amount),
        "agree_settlement": lambda: AgreeSettlement(case, amount),
        "withdraw_case": lambda: WithdrawCase(case),
        "decide_case": lambda: DecideCase(case, amount, "so ist es"),
        "claim_entry": lambda: ClaimEntry(chance.choice(list(EntryKind)), chance.choice([2400, 5000]), Method.CASH),
        "confirm_entry": lambda: ConfirmEntry(entry),
        "reject_entry": lambda: RejectEntry(entry),
        "waive_fee": WaiveFee,
        "instant_book": lambda: InstantBook(replace(terms(talk.item, start=start, days=1))),
        "satisfy": lambda: Satisfy(chance.choice((PrereqKind.BRIEFING, PrereqKind.IDENTITY))),
        "propose_change": lambda: ProposeChange(changed(talk, chance)),
        "accept_change": lambda: AcceptChange(rental.change.no),
        "decline_change": lambda: DeclineChange(rental.change.no),
        "withdraw_change": lambda: WithdrawChange(rental.change.no),
        "claim_no_show": ClaimNoShow,
        "contest": lambda: Contest("so war es nicht"),
        "annul_hand_over": lambda: AnnulHandOver("mistake"),
        "return_part": lambda: ReturnPart(1, chance.random() < 0.7),
        "mark_lost": lambda: MarkLost("weg", amount),
        "admit_loss": lambda: AdmitLoss("weg"),
        "settle_loss": SettleLoss,
        "open_case": lambda: OpenCase(chance.choice(sorted(OPENED)), "so nicht", amount),
        "appeal_case": lambda: AppealCase(case, "noch einmal"),
        "decide_appeal": lambda: DecideAppeal(case, amount, "so bleibt es"),
    }[name]()


def changed(talk: Talk, chance: random.Random) -> Terms:
    """The dates moved or stretched, often at the price that the hub would ask."""
    live, out = talk.rental.live.terms, talk.rental.state is State.ACTIVE
    start = live.start if out else max(live.start, talk.now) + timedelta(hours=chance.randint(0, 20))
    start = start.replace(second=0, microsecond=0)
    end = max(start, live.end) + timedelta(hours=chance.randint(-5, 60))
    q = live.q if out else chance.randint(1, talk.item.units)
    new = Terms(start, max(end, start + timedelta(hours=1)), q, 0, live.cur, talk.rental.snapshot.tariff.deposit * q)
    return replace(new, price=changed_quote(talk.rental, new).price)


def check(talk: Talk, seen: dict) -> dict:
    """What holds in every state; gives back the view that whoever follows the log has now."""
    rental, calendar = talk.rental, talk.calendar
    if rental.state in OCCUPYING or (rental.state is State.NEGOTIATING and talk.item.rules.pending_blocks):
        assert rental.holds is not None
    held = rental.holds is not None
    whole = [Interval(busy.s, busy.e) for busy in calendar.busy if busy.q == rental.out]
    assert rental.holds in whole if held else not calendar.busy
    # A part that is ready again at the very start was never in anybody's way.
    kept = rental.out + sum(part.q for part in rental.parts if part.free_at > rental.holds.s) if held else 0
    assert sum(busy.q for busy in calendar.busy) == kept
    assert not held or rental.state not in CLOSED - {State.COMPLETED}
    assert [offer.rev for offer in (*rental.offers, *filter(None, [rental.offer]))] == list(
        range(1, len(rental.offers) + 1 + bool(rental.offer))
    )
    assert talk.last.timers == timers_of(rental)
    assert (rental.ended_at is not None) == (rental.state in CLOSED)
    assert all(canonical(event.data) for event in talk.last.events)
    if rental.state is State.NEGOTIATING:
        assert talk.now < rental.live.expires_at <= rental.live.terms.start
    agreed = deposit(rental)
    if agreed is not None:
        outcomes = sum(case.outcome.amount for case in rental.cases if case.outcome and case.secured)
        assert agreed.kept <= min(agreed.amount, outcomes)
        assert not (rental.state in CLOSED and not rental.open_cases and agreed.state in (DepositState.DUE, "received"))
    view = merged(seen, talk.last.events[0].data)
    assert view == told(rental)
    return view


def act(talk: Talk, name: str, role: Role, chance: random.Random) -> bool:
    """What is allowed may still be refused for its terms, and then changes nothing."""
    before = talk.rental
    try:
        talk.do(command(name, talk, chance), role)
    except HubError:
        assert talk.rental is before
        return False
    return True


def live(talk: Talk, chance: random.Random) -> dict:
    """Some steps of people who come and go, with what is due in between done, or late."""
    talk.do(command(chance.choice(("inquire", "request", "request")), talk, chance), Role.RENTER)
    view, keen = check(talk, told(talk.rental)), chance.random() < 0.7
    for _ in range(chance.randrange(25)):
        talk.wait(seconds=chance.choice((600, 20_000, 90_000, 400_000)))
        if chance.random() < 0.3:
            view = fire(talk, view)
        role, talk.moderator = chance.choice(PEOPLE), chance.choice((MODERATOR, STRANGER))
        actions = allowed_actions(talk.rental, role, talk.now)
        going_on = [name for name in actions if name not in ENDINGS]
        if going_on or (actions and chance.random() < 0.1):
            name = chance.choice(going_on if going_on and chance.random() < 0.85 else actions)
            if act(talk, name, role, chance):
                view = check(talk, view)
        if talk.rental.open_change and chance.random() < 0.5:
            view = answer(talk, view, chance)
        for name, who in DENIALS:
            may = name in allowed_actions(talk.rental, who, talk.now)
            if may and chance.random() < 0.7 and act(talk, name, who, chance):
                view = check(talk, view)
        if keen and talk.rental.state is State.CONFIRMED:
            view = to_the_door(talk, view, chance)
    return view


def answer(talk: Talk, view: dict, chance: random.Random) -> dict:
    """An hour later the other side says yes or no to the change that is proposed, or who proposed it lets it go."""
    by = talk.rental.open_change.by
    name = chance.choice(("accept_change", "decline_change", "withdraw_change"))
    who = by if name == "withdraw_change" else by.other
    return check(talk, view) if act(talk.wait(hours=1), name, who, chance) else view


def to_the_door(talk: Talk, view: dict, chance: random.Random) -> dict:
    """The deposit is paid and it is the day."""
    due = talk.rental.live.terms.deposit
    for step, role in ((ClaimEntry(EntryKind.DEPOSIT_IN, due, Method.CASH), Role.RENTER), (None, Role.OWNER)):
        talk.do(step or ConfirmEntry(len(talk.rental.ledger)), role)
        view = check(talk, view)
    talk.now = max(talk.now, talk.rental.live.terms.start)
    if act(talk, "hand_over", Role.OWNER, chance):
        view = check(talk, view)
    if talk.rental.out > 1 and chance.random() < 0.5 and act(talk, "return_part", Role.OWNER, chance):
        view = check(talk, view)
    return view


def fire(talk: Talk, view: dict) -> dict:
    """All timers that are due, the longest due first."""
    while due := [timer for timer in timers_of(talk.rental) if timer.due_at <= talk.now]:
        talk.do(TIMED[min(due, key=lambda timer: timer.due_at).kind](), Role.SYSTEM)
        view = check(talk, view)
    return view


def let_time_pass(talk: Talk, view: dict) -> list[datetime]:
    """Only timers act, each at its moment, until none is left."""
    began, fired = talk.now, []
    while timers := timers_of(talk.rental):
        talk.now = max(talk.now, min(timer.due_at for timer in timers))
        view = fire(talk, view)
        fired.append(talk.now)
        assert talk.now - began < YEARS
        assert len(fired) < 1000
    return fired


def walk(item, chance: random.Random) -> Talk:
    talk = Talk(item, standing=replace(GOOD_STANDING, trust=2))
    view = live(talk, chance)
    let_time_pass(talk, view)
    assert talk.rental.state in CLOSED
    assert not talk.rental.open_cases
    assert not talk.rental.open_change
    assert not any(case.appealed for case in talk.rental.cases)
    return talk


@settings(max_examples=150, deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    pending_blocks=st.booleans(),
    turnaround=st.sampled_from([0, 30]),
    prereqs=st.sampled_from([(), (PrereqKind.DEPOSIT, PrereqKind.BRIEFING), (PrereqKind.PAYMENT, PrereqKind.IDENTITY)]),
    units=st.sampled_from([1, 3]),
)
def test_silent_neighbours_leave_nothing_open(chance, pending_blocks, turnaround, prereqs, units):
    rules = Rules(pending_blocks=pending_blocks, turnaround_min=turnaround, instant=True)
    walk(replace(DRILL, rules=rules, prereqs=prereqs, units=units), chance)


@pytest.mark.parametrize("pending_blocks", [False, True])
def test_walks_come_to_every_end_there_is(pending_blocks):
    chance = random.Random(20_260_401)
    item = replace(DRILL, rules=Rules(pending_blocks=pending_blocks, turnaround_min=30, instant=True), units=2)
    walks = [walk(replace(item, prereqs=asked), chance) for asked in ((), (PrereqKind.DEPOSIT,)) for _ in range(250)]
    walked = [talk.rental for talk in walks]
    assert {rental.state for rental in walked} == CLOSED
    assert {rental.closed_reason for rental in walked if rental.state is State.COMPLETED} >= {
        None,
        "closed_unconfirmed",
        "moderated",
        "lost",
    }
    assert {case.state for rental in walked for case in rental.cases} == {
        "decided",
        "settled",
        "withdrawn",
        "undecided",
    }
    assert {case.kind for rental in walked for case in rental.cases} == set(CaseKind)
    assert {rental.change.state for rental in walked if rental.change} >= {
        "accepted", "declined", "withdrawn", "expired", "void",
    }  # fmt: skip
    assert {case.appeal.state for rental in walked for case in rental.cases if case.appeal} == {"decided", "lapsed"}
    assert any(rental.parts for rental in walked)
    assert {"hold_timeout", "no_show", "annulled", "unclaimed"} <= {rental.closed_reason for rental in walked}
    assert {"kept", "partly_kept", "released", "none"} <= {
        agreed.state for rental in walked if (agreed := deposit(rental))
    }
