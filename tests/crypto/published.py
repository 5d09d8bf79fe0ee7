"""Writes vectors and corpus; a value or verdict that was published once is never changed: run by scripts/vectors."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.crypto import vectors2
from tests.crypto.corpus import judges
from tests.crypto.vectors2_notes import NOTES

DOCS = Path("docs")
PATH = DOCS / "e2ee-vectors-2.json"
CORPUS = Path("tests/crypto/corpus/cases.json")


def second() -> dict[str, Any]:
    return {**{name: make() for name, make in vectors2.MADE.items()}, "_inputs": NOTES}


def corpus() -> dict[str, Any]:
    """Every case by its name, so that one that is published can be found again."""
    cases = ({"kind": kind, **case} for kind, found in judges.corpus().items() for case in found)
    return {"_inputs": judges.NOTES} | {f"{case['kind']}: {case['name']}": case for case in cases}


def text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def changed(path: Path, value: Mapping[str, Any]) -> list[str]:
    """Keys that are published with another value than is made today."""
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return [key for key, was in known.items() if not key.startswith("_") and value.get(key) != was]


def main() -> int:
    made = {PATH: second(), CORPUS: corpus()}
    for path, value in made.items():
        if broken := changed(path, value):
            sys.stderr.write(f"{path}: {', '.join(broken)} would change; version 1 is kept for ever\n")
            return 1
    for path, value in made.items():
        path.write_text(text(value), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
