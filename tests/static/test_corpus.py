"""Liars get the same verdicts from JavaScript as from Python."""

import json
from pathlib import Path
from typing import Any, Final

from tests.static.node import Js
from tests.static.test_vectors import VECTORS

CORPUS: Final[dict[str, Any]] = json.loads(Path("tests/crypto/corpus/cases.json").read_text("utf-8"))
CASES: Final = {name: case for name, case in CORPUS.items() if name != "_inputs"}


def test_every_case_of_the_corpus_has_the_published_verdict(js: Js) -> None:
    verdicts = dict(zip(CASES, js.judged(list(CASES.values()), VECTORS), strict=True))
    assert verdicts == {name: case["verdict"] for name, case in CASES.items()}
    assert len(verdicts) > 400
