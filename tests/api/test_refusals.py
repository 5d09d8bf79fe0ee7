"""The documented refusals of each act hold everything its use case raises, found by reading the source."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from api.docs.refusals import KIND, REFUSALS, all_refusals_of
from api.protocol import ACTS, BY_EVENT, Act
from hub import errors
from hub.authority import Right
from hub.rental import (
    Accept,
    AcceptChange,
    AdmitLoss,
    AgreeSettlement,
    AmendReturn,
    AnnulHandOver,
    AppealCase,
    Cancel,
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
    DisputeReturn,
    Found,
    HandOver,
    Inquire,
    InstantBook,
    MarkLost,
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
    Satisfy,
    SettleLoss,
    WaiveFee,
    Withdraw,
    WithdrawCase,
    WithdrawChange,
)
from hub.rental.transition import ROWS

RAISING = {kind.__name__ for kind in errors.HubError.__subclasses__()}
COMMANDS = {
    "rental:inquire": (Inquire,),
    "rental:request": (Request,),
    "rental:book": (InstantBook,),
    "offer:book": (InstantBook,),
    "rental:meet": (Satisfy,),
    "change:propose": (ProposeChange,),
    "change:accept": (AcceptChange,),
    "change:decline": (DeclineChange,),
    "change:withdraw": (WithdrawChange,),
    "rental:return_part": (ReturnPart,),
    "rental:claim_no_show": (ClaimNoShow,),
    "rental:contest": (Contest,),
    "rental:annul": (AnnulHandOver,),
    "rental:mark_lost": (MarkLost,),
    "rental:admit_loss": (AdmitLoss,),
    "rental:settle_loss": (SettleLoss,),
    "case:open": (OpenCase,),
    "case:appeal": (AppealCase,),
    "mediation:decide_appeal": (DecideAppeal,),
    "mediation:annul": (AnnulHandOver,),
    "mediation:mark_lost": (MarkLost,),
    "mediation:settle_loss": (SettleLoss,),
    "offer:make": (Request, Propose),
    "offer:counter": (Counter,),
    "offer:revise": (Revise,),
    "offer:accept": (Accept,),
    "rental:decline": (Decline,),
    "rental:withdraw": (Withdraw,),
    "rental:cancel": (Cancel,),
    "rental:hand_over": (HandOver,),
    "rental:return": (Return,),
    "rental:confirm_return": (ConfirmReturn,),
    "rental:report_damage": (ReportDamage,),
    "rental:claim_missing": (ClaimNonReturn,),
    "rental:dispute_return": (DisputeReturn,),
    "rental:amend_return": (AmendReturn,),
    "rental:find": (Found,),
    "rental:waive_fee": (WaiveFee,),
    "case:propose": (ProposeSettlement,),
    "case:agree": (AgreeSettlement,),
    "case:withdraw": (WithdrawCase,),
    "payment:claim": (ClaimEntry,),
    "payment:confirm": (ConfirmEntry,),
    "payment:reject": (RejectEntry,),
    "mediation:decide": (DecideCase,),
    "mediation:close": (ModClose,),
    "mediation:cancel": (Cancel,),
}
NEVER = {
    "role_required",  # nothing in the table is for roles yet
    "user_not_found",  # of who asks, or behind a name
    "bad_place",  # no act names another place than the thing's
    "currency_mismatch",  # the currency is the tariff's alone
}
STORED = {"bad_item", "bad_rules", "bad_tariff", "bad_timezone", "bad_point"}
TERMS = {"bad_money", "bad_terms", "bad_period"}
"""Faults of values, found as these are made; what was stored before is whole."""
SAYING = {"item:create", "item:update", "place:create", "place:update"}
OFFERING = {
    "item:quote", "rental:request", "rental:book", "offer:book", "offer:make", "offer:counter", "offer:revise",
    "change:quote", "change:propose",
}  # fmt: skip
REVIEWING = {"review:put", "review:skip", "review:reply"}
OPENING = {"rental:inquire", "rental:request", "rental:book"}
"""Nothing is there yet that could be in another state, or somebody else's."""


TALKING = {
    "bad_reason", "cmd_mismatch", "rental_changed", "rental_not_found", "wrong_state", "item_not_found",
    "not_your_role",
}  # fmt: skip
"""What somebody who leaves may meet in talks that somebody else ended first, and passes over."""
UNMET: list[tuple[Callable[[Act], object], set[str]]] = [
    (lambda _: True, NEVER),
    (lambda row: row.event not in SAYING, STORED),
    (lambda row: row.event not in SAYING and row.event not in OFFERING, TERMS),
    # what the catalogue says of other questions
    (lambda row: row.event == "category:list", {"bad_category", "bad_fields", "category_prohibited"}),
    (lambda row: row.event not in REVIEWING, {"bad_review"}),  # a fault of values, too
    (lambda row: row.event in OPENING, {"wrong_state", "not_your_role", "rental_not_found"}),
    (lambda row: "room" not in row.who, {"room_not_found"}),  # the room of one's own rental
    (lambda row: row.event != "message:send", {"chain_index"}),  # what a chain says to its next message
    # what a linking says to its next step
    (lambda row: row.event in {"link:open", "link:get", "link:list", "link:close"}, {"link_step"}),
    (lambda row: row.event in {"link:open", "link:list"}, {"link_not_found"}),
    (lambda row: row.event == "agreement:list", {"nothing_to_sign"}),  # then the list is all there is
    (lambda row: row.event == "change:propose", {"change_closed"}),  # of a change that is there to be answered
    # to other acts than the one that makes such a value it is stored already
    (lambda row: row.event != "protocol:write", {"bad_protocol"}),
    (lambda row: row.event != "billing:put", {"bad_billing", "bad_iban"}),
    (lambda row: row.event == "me:erase", TALKING),
    (lambda row: row.event == "media:get", {"own_rental", "rental_not_found", "role_required"}),  # asked as a question
    (lambda row: row.event == "rental:place", {"cmd_mismatch"}),  # the hub makes up the id
]


def impossible(row: Act) -> set[str]:
    """What the source names on the way, and this act cannot meet."""
    return set().union(*(codes for applies, codes in UNMET if applies(row)))


def raised(function: Any, seen: set[Any]) -> Iterator[str]:
    """Codes raised in a function or class of the hub and in all it names."""
    if function in seen:
        return
    seen.add(function)
    codes, named = read(function)
    yield from codes
    for other in named:
        yield from raised(other, seen)


@cache
def read(function: Any) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The codes that its source raises, and the functions and classes of the hub that it names."""
    names = vars(sys.modules[function.__module__])
    codes: list[str] = []
    named: list[Any] = []
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]) if name in RAISING:
                codes.append(code)
            case ast.Name(id=name) if isinstance(right := names.get(name), Right):
                codes += filter(None, (right.missing, right.told, right.role and "role_required"))
            case ast.Name(id=name):
                named.append(names.get(name))
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                named.append(getattr(names.get(name), attribute, None))
    return tuple(codes), tuple(filter(is_readable, named))


def is_readable(found: Any) -> bool:
    module = getattr(found, "__module__", None) or ""
    ours = module.startswith("hub.") and not module.startswith(("hub.errors", "hub.ports"))
    return ours and (inspect.isfunction(found) or inspect.isclass(found))


def reachable(row: Act) -> set[str]:
    seen: set[Any] = set()
    roots: list[Callable[..., Any]] = [row.command, *([row.use_case] if row.use_case else [])]
    commands = COMMANDS.get(row.event, ())
    roots += [guard for step in ROWS if step.command in commands for guard in step.guards]
    return {code for root in roots for code in raised(root, seen)} - impossible(row)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.event) for row in ACTS])
def test_what_an_act_raises_is_documented(row: Act) -> None:
    assert reachable(row) - set(all_refusals_of(row)) - {"device_required", "confirmation_required"} == set()


def test_refusals_are_of_acts_and_are_codes() -> None:
    assert set(REFUSALS) <= set(BY_EVENT)
    assert {code for codes in REFUSALS.values() for code in codes} <= set(KIND)
