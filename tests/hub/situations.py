"""A rental in any state, come to it by the commands that lead there, with all else as a given command would have it."""

from dataclasses import replace
from datetime import timedelta

from hub.ids import UserId
from hub.item import PrereqKind
from hub.rental import (
    TIMED,
    Accept,
    AgreeSettlement,
    Appeal,
    Cancel,
    Case,
    CaseKind,
    CaseState,
    ClaimEntry,
    ClaimNonReturn,
    ClaimNoShow,
    ConfirmEntry,
    ConfirmReturn,
    Contest,
    Decline,
    Entry,
    EntryKind,
    HandOver,
    Inquire,
    MarkLost,
    MediateCase,
    Method,
    Outcome,
    Proposal,
    ProposeChange,
    ReportDamage,
    Return,
    Role,
    Satisfy,
    State,
    Terms,
    Withdraw,
    timers_of,
)
from tests.hub.neighbours import Talk, terms

R, O, S = Role.RENTER, Role.OWNER, Role.SYSTEM  # noqa: E741 - O for owner, beside R for renter
DAMAGE = ReportDamage(CaseKind.DAMAGE, "Kratzer am Gehäuse", 2000)


def talk_in(state: str, command: str = "", role: str = Role.OWNER) -> Talk:
    """A rental in ``state``; ``command`` by ``role`` would be refused by nothing but the table."""
    talk = Talk()
    if state != "-":
        LEAD[State(state)](talk, command, role)
    if state != "-" or command == "instant_book":
        PREPARE.get(command, nothing)(talk, role)
    return talk


def nothing(*_) -> None:
    """Leave it as it is."""


def agreed(talk: Talk) -> Talk:
    talk.requested().do(Accept(1), O)
    return deposited(talk)


def deposited(talk: Talk, amount: int = 5000) -> Talk:
    talk.do(ClaimEntry(EntryKind.DEPOSIT_IN, amount, Method.CASH), R)
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


def _held(talk: Talk, command: str = "", role: str = "") -> None:
    """For a deposit that nobody has said was paid, and for what each side has to say."""
    talk.item = replace(talk.item, prereqs=(PrereqKind.DEPOSIT, PrereqKind.BRIEFING, PrereqKind.IDENTITY))
    talk.requested().do(Accept(1), O)


def _held_and_met(talk: Talk, _role: str) -> None:
    if talk.rental.state is State.HELD:
        talk.do(ClaimEntry(EntryKind.DEPOSIT_IN, 5000, Method.CASH), R)
        talk.do(ConfirmEntry(1), O)
        talk.do(Satisfy(PrereqKind.BRIEFING), R)
        talk.do(Satisfy(PrereqKind.IDENTITY), O)


def _returned(talk: Talk, command: str, role: str) -> None:
    lent(talk)
    talk.wait(hours=1).do(Return(), R)


def _lost(talk: Talk, *_) -> None:
    lent(talk)
    talk.now = talk.rental.live.terms.end + timedelta(days=14)
    talk.do(MarkLost("Seit Wochen keine Antwort.", 9000), O)


def _active(talk: Talk, command: str = "", role: str = "") -> None:
    """By the renter's code, but where that would leave nothing to contest; of several, where some come back first."""
    if command == "return_part":
        talk.item = replace(talk.item, units=3)
        talk.calendar = replace(talk.calendar, cap=3)
        talk.requested(q=3).do(Accept(1), O)
        deposited(talk, 15000).do(HandOver(verified=True), O)
        return
    agreed(talk).do(HandOver(verified=command not in ("contest", "annul_hand_over")), O)


def _no_show(talk: Talk, command: str = "", role: str = "") -> None:
    """Said of the renter by the owner, or, if the owner is to deny it, the other way round."""
    agreed(talk).wait(hours=3)
    talk.do(ClaimNoShow(), R if role == O and command == "contest" else O)


def _expired(talk: Talk, *_) -> None:
    """After an agreement, because its prerequisites were not met."""
    _held(talk)
    until(talk, "hold_timeout")
    talk.do(TIMED["hold_timeout"](), S)


LEAD = {
    State.INQUIRY: _inquiry,
    State.NEGOTIATING: _negotiating,
    State.HELD: _held,
    State.CONFIRMED: lambda talk, *_: agreed(talk),
    State.ACTIVE: _active,
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
    if talk.rental.agreed_at:
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
    if talk.rental.no_show:
        talk.rental = replace(talk.rental, no_show=replace(talk.rental.no_show, fee=1200))


def _changing(talk: Talk, role: str) -> None:
    """One is proposed: by who would withdraw it, or by the side that does not answer."""
    if talk.rental.state in (State.HELD, State.CONFIRMED, State.ACTIVE):
        if talk.rental.state is State.CONFIRMED:
            talk.now -= timedelta(hours=1)
        talk.do(ProposeChange(changed()), role if role in (R, O) else R)


def _proposed_by_other(talk: Talk, role: str) -> None:
    _changing(talk, Role(role).other if role in (R, O) else R)


def changed() -> Terms:
    """A day more than was agreed."""
    return terms(days=3)


def _unanswered(talk: Talk, role: str) -> None:
    _changing(talk, role)
    if talk.rental.open_change:
        talk.now = talk.rental.open_change.expires_at


def _before_the_start(talk: Talk, _role: str) -> None:
    if talk.rental.state is State.CONFIRMED:
        talk.now = talk.rental.live.terms.start - timedelta(hours=1)


def _missed_start(talk: Talk, _role: str) -> None:
    talk.wait(hours=3)


def _denied(talk: Talk, _role: str) -> None:
    if talk.rental.state is State.ACTIVE:
        talk.do(Contest("Es war niemand da."), R)


def _long_over(talk: Talk, _role: str) -> None:
    if talk.rental.state is State.ACTIVE:
        talk.now = talk.rental.live.terms.end + timedelta(days=14)


def _owed_for_the_loss(talk: Talk, _role: str) -> None:
    if talk.rental.state is State.LOST:
        talk.do(AgreeSettlement(1, 9000), R)


def _decided(talk: Talk, role: str) -> None:
    _disputed(talk, role)
    (case,) = talk.rental.cases
    outcome = Outcome(talk.now, 1000, "So ist es.", UserId("c" * 32))
    talk.rental = replace(talk.rental, cases=(replace(case, state=CaseState.DECIDED, outcome=outcome),))


def _appealed(talk: Talk, role: str) -> None:
    _decided(talk, role)
    (case,) = talk.rental.cases
    appeal = Appeal(O, talk.now, "Das sehe ich anders.")
    talk.rental = replace(talk.rental, cases=(replace(case, appeal=appeal),))


def _appeal_forgotten(talk: Talk, role: str) -> None:
    _appealed(talk, role)
    talk.wait(days=30)


def _reminded(kind: str):
    """At the moment of a reminder, or, where the lead to the state went past it, as if that had taken less time."""

    def wait(talk: Talk, _role: str) -> None:
        state = talk.rental.state
        if kind == "remind_start" and state is State.CONFIRMED:
            talk.now = talk.rental.live.terms.start - timedelta(days=1)
        elif (kind, state) in (("remind_return", State.ACTIVE), ("remind_inspection", State.RETURNED)):
            until(talk, kind)

    return wait


def _instantly(talk: Talk, _role: str) -> None:
    talk.item = replace(talk.item, rules=replace(talk.item.rules, instant=True))


def _endangered(talk: Talk, _role: str) -> None:
    talk.rental = replace(talk.rental, at_risk_since=talk.now)


PREPARE = {
    "instant_book": _instantly,
    "fulfil": _held_and_met,
    "hold_timeout": _due("hold_timeout"),
    "propose_change": _before_the_start,
    "accept_change": _proposed_by_other,
    "decline_change": _proposed_by_other,
    "withdraw_change": _changing,
    "expire_change": _unanswered,
    "remind_start": _reminded("remind_start"),
    "remind_return": _reminded("remind_return"),
    "remind_inspection": _reminded("remind_inspection"),
    "claim_no_show": _missed_start,
    "annul_hand_over": _denied,
    "mark_lost": _long_over,
    "settle_loss": _owed_for_the_loss,
    "appeal_case": _decided,
    "decide_appeal": _appealed,
    "lapse_appeal": _appeal_forgotten,
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
