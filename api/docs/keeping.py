"""The records of processing (GDPR Art. 30), in the two languages of the people they are for."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from api.docs.text import table
from hub.keeping import BASIS, REGISTRY, Group, Purpose

LOCALE: Final = Path(__file__).parents[2] / "static" / "locale"


def records_document(language: str) -> str:
    """What is stored what for, and field by field."""
    words = _words(language)
    heads = words["heads"]
    purposes = table((heads["purpose"], heads["what"], heads["basis"]), (_purpose(words, one) for one in Purpose))
    columns = [heads[name] for name in ("fields", "purpose", "term", "erased")]
    parts = [f"# {words['title']}", words["intro"], f"## {words['by_purpose']}", purposes]
    parts.append(f"## {words['by_collection']}")
    for name in dict.fromkeys(group.collection for group in REGISTRY.groups):
        rows = [_row(words, group) for group in REGISTRY.groups if group.collection == name]
        parts += [f"### `{name}`", table(columns, rows)]
    return "\n\n".join(parts) + "\n"


def _purpose(words: Mapping[str, Any], purpose: Purpose) -> list[str]:
    name, what = words["purposes"][purpose]
    return [name, what, words["bases"][BASIS[purpose]]]


def _row(words: Mapping[str, Any], group: Group) -> list[str]:
    fields = ", ".join(f"`{field}`" for field in group.fields)
    return [fields, words["purposes"][group.purpose][0], words["terms"][group.term], words["erasures"][group.erased]]


def _words(language: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((LOCALE / f"keeping.{language}.json").read_text(encoding="utf-8"))
    return found
