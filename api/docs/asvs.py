"""OWASP ASVS 5.0, levels 1 and 2: the hub's own account of itself, from ``asvs.toml`` (security.md: the bar)."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from api.docs.text import prose, table

DATA: Final = Path(__file__).with_suffix(".toml")
LEVELS: Final = {1: 70, 2: 183}
"""How many requirements the standard has at each level."""


class Requirement(NamedTuple):
    """``by``: paths in the repository; one of ``by``, ``na`` and ``gap`` says something."""

    number: str
    level: int
    asks: str
    by: tuple[str, ...]
    na: str
    gap: str


def chapters() -> Iterator[tuple[str, list[Requirement]]]:
    """Heading and requirements, in the standard's order."""
    for number, found in tomllib.loads(DATA.read_text(encoding="utf-8")).items():
        yield f"V{number} {found.pop('name')}", [_requirement(key, row) for key, row in found.items()]


def _requirement(number: str, row: Mapping[str, Any]) -> Requirement:
    by = tuple(row.get("by", "").split())
    return Requirement(number, row["level"], row["asks"], by, row.get("na", ""), row.get("gap", ""))


def asvs_document() -> str:
    """How much is met at each level, then every requirement with its answer."""
    told = list(chapters())
    parts = "\n\n".join(_chapter(heading, found) for heading, found in told)
    return prose("asvs", summary=_summary(told), chapters=parts)


def _summary(told: list[tuple[str, list[Requirement]]]) -> str:
    rows = [_counted(level, [one for _, many in told for one in many if one.level == level]) for level in LEVELS]
    return table(("", "Met", "Does not apply", "Missing"), rows)


def _counted(level: int, found: list[Requirement]) -> list[str]:
    met, apart, missing = (sum(bool(one[at]) for one in found) for at in (3, 4, 5))
    return [f"Level {level}", str(met), str(apart), str(missing)]


def _chapter(heading: str, found: list[Requirement]) -> str:
    rows = [(one.number, str(one.level), _capital(one.asks), _answer(one)) for one in found]
    return f"## {heading}\n\n" + table(("", "Level", "Asks that", "Answer"), rows)


def _answer(one: Requirement) -> str:
    if one.by:
        return ", ".join(f"`{path}`" for path in one.by)
    return f"Does not apply: {one.na}." if one.na else f"**Missing:** {one.gap}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
