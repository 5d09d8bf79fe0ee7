"""The app has words for whatever its scripts ask for, in both languages, also where a part of the key is the hub's."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, get_args

import pytest

from api.pages.asset import STATIC
from crypto.dkx.agreement import Kind
from hub import condition, terms
from hub.agreement import Standing
from hub.cancellation import CancellationPolicy
from hub.item import ItemStatus, PrereqKind
from hub.rental import CodeKind, State
from hub.rental.case import OPENED, AppealState, CaseState
from hub.rental.ledger import EntryKind, Method
from hub.rental.region import DepositState, PaymentState
from hub.report import Reason

THE_HUBS: Final[Mapping[str, Iterable[str]]] = {
    "appeal_*": AppealState,
    "case_*": OPENED,
    "case_state_*": CaseState,
    "condition_*": get_args(condition.Condition),
    "deposit_*": DepositState,
    "doc_*": get_args(terms.Doc),
    "document_*": frozenset(Kind) - {Kind.WITHDRAWAL},
    "entry_*": EntryKind,
    "method_*": Method,
    "payment_*": PaymentState,
    "policy_*": CancellationPolicy,
    "policy_*_about": CancellationPolicy,
    "prereq_*": PrereqKind,
    "protocol_*": CodeKind,
    "protocol_and_*": CodeKind,
    "report_*": frozenset(Reason) - {Reason.EVIDENCE},
    "say_*": frozenset(State) - {State.INQUIRY, State.NEGOTIATING},
    "standing_*": Standing,
    "state_*": State,
    "thing_*": get_args(ItemStatus),
}
"""What the hub may fill each gap with. Evidence has a sheet of its own; a withdrawal is how another document stands."""
ASKED_FIRST: Final = {"ev_*", "ev_*_you", "fault_*", "reason_*", "unreadable_*", "warned_*"}
"""The script looks whether there are words, and has others where there are none."""
HELD: Final = {"held_*"}


@cache
def words(language: str) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads((STATIC / f"locale/app.{language}.json").read_text("utf-8"))
    return found


@cache
def scripts() -> str:
    folders = ("lib/*.js", "ui/**/*.js", "*.js")
    return "\n".join(path.read_text("utf-8") for folder in folders for path in sorted(STATIC.glob(folder)))


def asked(pattern: str) -> set[str]:
    return set(re.findall(pattern, scripts()))


def made_up() -> set[str]:
    """Keys with a gap, as ``state_*``."""
    return {re.sub(r"\$\{[^`]*?\}", "*", key) for key in asked(r"\bt\(`([^`]+)`")}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_key_that_stands_in_a_script_has_words(language: str) -> None:
    keys = asked(r"\bt\('(\w+)'") | asked(r"\bt\([^'`()]+ \? '(\w+)'") | asked(r"\bt\([^'`()]+ \? '\w+' : '(\w+)'")
    assert len(keys) > 300
    assert keys - words(language).keys() == set()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("key", THE_HUBS)
def test_every_key_that_the_hub_completes_has_words(key: str, language: str) -> None:
    assert {key.replace("*", name) for name in THE_HUBS[key]} - words(language).keys() == set()


@pytest.mark.parametrize("language", ["de", "en"])
def test_whatever_holds_a_message_back_is_said(language: str) -> None:
    """Any alarm about keys holds it, and who is not there yet."""
    held = asked(r"\b[aA]larm\('(\w+)'") | asked(r"#held\(name, '(\w+)'\)")
    assert len(held) > 2
    assert {f"held_{code}" for code in held} - words(language).keys() == set()


def test_the_keys_that_are_completed_elsewhere_are_asked_for() -> None:
    assert (THE_HUBS.keys() | ASKED_FIRST | HELD) - made_up() == set()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_gap_that_scripts_fill_themselves_has_more_than_one_word(language: str) -> None:
    for key in made_up() - THE_HUBS.keys() - ASKED_FIRST - HELD:
        pattern = re.compile(key.replace("*", r"\w+"))
        assert sum(pattern.fullmatch(known) is not None for known in words(language)) > 1, key
