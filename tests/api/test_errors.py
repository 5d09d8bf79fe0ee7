"""Every refusal the source knows has a kind, a status and words in both languages."""

import json
import re
from pathlib import Path

import pytest

from api.errors import CODES, STATUS, describe, problem
from crypto.dkx import error as dkx
from hub import authority, errors
from hub.authority import Right
from hub.errors import Conflict, HubError, RateLimited
from hub.usecases._dkx import refusal

ROOT = Path(__file__).parents[2]
KINDS = {cls.__name__: cls for cls in HubError.__subclasses__()}
RAISED = re.compile(rf'\b({"|".join(KINDS)})\(\s*"([a-z0-9_]+)"')
FAMILIES = (dkx.DlkCertError, dkx.DevListError, dkx.SpkError, dkx.RosterError, dkx.BackupError)
BY_DOORS = {("timeout", "unavailable"), ("internal", "internal")}
"""Codes that a door writes by itself, when there is no refusal to describe."""


def raised_in_source() -> set[tuple[str, str]]:
    found = set(BY_DOORS)
    for path in (path for folder in ("hub", "api", "storage") for path in (ROOT / folder).rglob("*.py")):
        found |= {(code, KINDS[name].kind) for name, code in RAISED.findall(path.read_text("utf-8"))}
    return found


def raised_by_documents() -> set[tuple[str, str]]:
    family = [cls for base in FAMILIES for cls in (base, *base.__subclasses__())]
    return {(cls.code, refusal(cls()).kind) for cls in family} | {(dkx.LoginError.code, "unauthenticated")}


def raised_by_rights() -> set[tuple[str, str]]:
    rights = [right for right in vars(authority).values() if isinstance(right, Right)]
    return {(right.missing, "not_found") for right in rights} | {
        (right.told, "forbidden") for right in rights if right.told
    }


def known() -> set[tuple[str, str]]:
    return {(code, kind) for kind, codes in CODES.items() for code in codes}


def test_the_list_of_codes_is_what_the_source_raises() -> None:
    raised = raised_in_source() | raised_by_documents() | raised_by_rights()
    assert raised - known() == set()
    assert known() - raised == set()


def test_a_code_has_one_kind() -> None:
    assert len(known()) == len({code for code, _ in known()})


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_code_has_words(language: str) -> None:
    words = json.loads((ROOT / "static/locale" / f"{language}.json").read_text("utf-8"))["errors"]
    assert set(words) == {code for code, _ in known()}
    assert all(sentence.endswith((".", "?", "!")) for sentence in words.values())


def test_every_kind_has_a_status() -> None:
    assert set(STATUS) == set(CODES) == {cls.kind for cls in (*KINDS.values(), errors.HubError)}


def test_a_refusal_is_the_same_object_in_an_ack_and_in_a_problem() -> None:
    error = RateLimited("rate_limited", {"limit": "sync"}, after_ms=700)
    said = {"code": "rate_limited", "kind": "rate_limited", "retry": True, "after_ms": 700, "data": {"limit": "sync"}}
    assert describe(error) == said
    status, shown = problem(error)
    assert status == shown["status"] == 429
    assert said.items() <= shown.items()


def test_what_is_not_there_is_left_out() -> None:
    assert describe(Conflict("wrong_state")) == {"code": "wrong_state", "kind": "conflict"}
