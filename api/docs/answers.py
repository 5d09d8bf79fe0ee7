"""The answers as named schemas: acts that show the same view share one, made from all of their examples."""

from collections.abc import Iterable
from typing import Any, Final

from api.docs.schema import Schema, merged, shape_of
from api.protocol import ACTS, Act

_DUP: Final[Schema] = {"const": True, "description": "Done before; this is the first answer again."}


def answer_name(row: Act) -> str:
    """For example ``AppliedAnswer``, after the view ``applied``."""
    return "".join(part.title() for part in row.view.__name__.split("_")) + "Answer"


def answer_ref(row: Act) -> Schema:
    return {"$ref": f"#/components/schemas/{answer_name(row)}"}


def answer_schemas(acts: Iterable[Act] = ACTS) -> dict[str, Schema]:
    """Every answer by name. What was written into a room's log may be the answer to a repetition: ``dup``."""
    examples: dict[str, list[Any]] = {}
    for row in acts:
        known = examples.setdefault(answer_name(row), [])
        if row.example.answer not in known:
            known.append(row.example.answer)
    schemas = {name: merged([shape_of(answer) for answer in known]) for name, known in sorted(examples.items())}
    for schema in schemas.values():
        if "seq" in schema["properties"]:
            schema["properties"]["dup"] = _DUP
    return schemas
