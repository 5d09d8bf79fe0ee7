"""A rental in any state, come to it by the commands that lead there, with all else as a given command would have it."""

from dataclasses import replace
from datetime import timedelta

from hub.rental import (
    TIMED,
    Accept,
    Cancel,
    Case,
    CaseKind,
    ClaimEntry,
    ClaimNonReturn,
    ConfirmEntry,
    ConfirmReturn,
    Decline,
    Entry,
    EntryKind,
    HandOver,
    Inquire,
    MediateCase,
    Method,
    Proposal,
    ReportDamage,
    Return,
    Role,
    State,
    Withdraw,
    timers_of,
)
from tests.hub.neighbours import Talk

R, O, S = Role.RENTER, Role.OWNER, Role.SYSTEM  # noqa: E741 - O for owner, beside R for renter
DAMAGE = ReportDamage(CaseKind.DAMAGE, "Kratzer am Gehäuse", 2000)


def talk_in(state: str, command: str = "", role: str = Role.OWNER) -> Talk:
    """A rental in ``state``; ``command`` by ``role`` would be refused by nothing but the table."""
    talk = Talk()
    if state != "-":
        LEAD[State(state)](talk, command, role)
        PREPARE.get(command, nothing)(talk, role)
    return talk


def nothing(*_) -> None:
    """Leave it as it is."""


def agreed(talk: Talk) -> Talk:
    talk.requested().do(Accept(1), O)
    return deposited(talk)


def deposited(talk: Talk) -> Talk:
    talk.do(ClaimEntry(EntryKind.DEPOSIT_IN, 5000, Method.CASH), R)
    talk.do(ConfirmEntry(1), O)
    talk.now = talk.rental.live.terms.start
    return talk


def lent(talk: Talk) -> Talk:
    agreed(talk).do(HandOver(verified=True), O)
    return talk


def until(talk: Talk, kind: str) -> None:
    """Let time do what is due before ``kind`` is, and stop at that moment."""
    for _ in range(500):
        due = min(timers_of(talk.rental), key=lambda timer: (timer.due_at, timer.kind != kind))
        talk.now = max(talk.now, due.due_at)
        if due.kind == kind:
            return
        talk.do(TIMED[due.kind](), S)
    raise AssertionError(f"{kind} never comes")


def _inquiry(talk: Talk, *_) -> None:
    talk.do(Inquire(), R)


def _negotiating(talk: Talk, command: str, role: str) -> None:
    talk.requested()
    if command in ("counter", "accept") and role == R:
        talk.rental = replace(talk.rental, offer=replace(talk.rental.live, by=O))
    if command == "revise" and role == O:
        talk.rental = replace(talk.rental, offer=replace(talk.rental.live, by=O))


def _held(talk: Talk, *_) -> None:
    agreed(talk)
    talk.rental = replace(talk.rental, state=State.HELD)


def _returned(talk: Talk, command: str, role: str) -> None:
    lent(talk)
    talk.wait(hours=1).do(Return(), R)


def _lost(talk: Talk, command: str = "", role: str = "") -> None:
    lent(talk)
    talk.now = talk.rental.live.terms.end + timedelta(days=1)
    talk.do(ClaimNonReturn(), O)
    until(talk, "lost_timeout")
    talk.do(TIMED["lost_timeout"](), S)


def _no_show(talk: Talk, *_) -> None:
    agreed(talk)
    until(talk, "unclaimed")
    talk.do(TIMED["unclaimed"](), S)


def _expired(talk: Talk, *_) -> None:
    talk.do(Inquire(), R)
    until(talk, "idle_close")
    talk.do(TIMED["idle_close"](), S)


LEAD = {
    State.INQUIRY: _inquiry,
    State.NEGOTIATING: _negotiating,
    State.HELD: _held,
    State.CONFIRMED: lambda talk, *_: agreed(talk),
    State.ACTIVE: lambda talk, *_: lent(talk),
    State.RETURNED: _returned,
    State.LOST: _lost,
    State.DECLINED: lambda talk, *_: talk.requested().do(Decline("no_time"), O),
    State.WITHDRAWN: lambda talk, *_: talk.requested().do(Withdraw("no"), R),
    State.EXPIRED: _expired,
    State.CANCELLED: lambda talk, *_: agreed(talk).do(Cancel("ill"), R),
    State.NO_SHOW: _no_show,
    State.COMPLETED: lambda talk, *_: lent(talk).do(ConfirmReturn(), O),
}


def _due(kind: str):
    """Wait for a timer, where the state has it."""

    def wait(talk: Talk, _role: str) -> None:
        if any(timer.kind == kind for timer in timers_of(talk.rental)):
            until(talk, kind)

    return wait


def _missed(talk: Talk, _role: str) -> None:
    if talk.rental.state is State.ACTIVE:
        talk.now = talk.rental.live.terms.end + timedelta(hours=3)
        talk.do(ClaimNonReturn(), O)
        until(talk, "lost_timeout")


def _late(talk: Talk, _role: str) -> None:
    if talk.rental.state is State.ACTIVE:
        talk.now = talk.rental.live.terms.end + timedelta(hours=3)


def _disputed(talk: Talk, role: str) -> None:
    """Case 1 by ``role`` where the party needs it to be theirs, else by the other one."""
    by = O if role not in (R, O) else Role(role)
    case = Case(1, CaseKind.DAMAGE, by, talk.now, 2000, "Kratzer", proposal=Proposal(by.other, 2000))
    talk.rental = replace(talk.rental, cases=(case,))


def _mediated(talk: Talk, role: str) -> None:
    _disputed(talk, role)
    talk.wait(days=2)
    if talk.rental.state in (State.ACTIVE, State.RETURNED, State.LOST, State.COMPLETED):
        talk.do(MediateCase(), S)
    talk.wait(days=30)


def _unmediated(talk: Talk, role: str) -> None:
    _disputed(talk, role)
    talk.wait(days=2)


def _said(talk: Talk, role: str) -> None:
    """Entry 1 is the other side's."""
    by = Role(role).other if role in (R, O) else R
    talk.rental = replace(talk.rental, ledger=(Entry(1, EntryKind.RENT, 2400, Method.CASH, by, talk.now),))


def _costs(talk: Talk, _role: str) -> None:
    if talk.rental.cancel:
        talk.rental = replace(talk.rental, cancel=replace(talk.rental.cancel, fee=1200))


def _endangered(talk: Talk, _role: str) -> None:
    talk.rental = replace(talk.rental, at_risk_since=talk.now)


PREPARE = {
    "offer_expire": _due("offer_expire"),
    "idle_close": _due("idle_close"),
    "taken": lambda talk, _: talk.fill(),
    "unclaimed": _due("unclaimed"),
    "at_risk": lambda talk, _: talk.fill(),
    "risk_over": _endangered,
    "overdue": _due("overdue"),
    "extend": _due("extend"),
    "auto_complete": _due("auto_complete"),
    "presume_returned": _due("presume_returned"),
    "lost_timeout": _missed,
    "loss_timeout": _due("loss_timeout"),
    "claim_non_return": _late,
    "propose_settlement": _disputed,
    "agree_settlement": _disputed,
    "withdraw_case": _disputed,
    "decide_case": _disputed,
    "mediate_case": _unmediated,
    "undecided_case": _mediated,
    "confirm_entry": _said,
    "reject_entry": _said,
    "waive_fee": _costs,
}
