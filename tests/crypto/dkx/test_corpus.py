"""What liars send gets the verdict that is published, the same in every language."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.crypto import published
from tests.crypto.corpus import judges

CASES: dict[str, Any] = json.loads(published.CORPUS.read_text("utf-8"))
NAMES = [name for name in CASES if name != "_inputs"]


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_is_the_published_one(name: str) -> None:
    case = CASES[name]
    assert judges.verdict(case["kind"], case) == case["verdict"]


def test_the_corpus_is_what_our_code_makes() -> None:
    assert published.corpus() == CASES


def test_every_kind_has_cases_that_pass_and_cases_that_do_not() -> None:
    good = Counter(CASES[name]["kind"] for name in NAMES if CASES[name]["verdict"] == "ok")
    bad = Counter(CASES[name]["kind"] for name in NAMES if CASES[name]["verdict"] != "ok")
    assert good.keys() == bad.keys() == judges.JUDGES.keys() == CASES["_inputs"].keys() - {"all"}
