"""Kinds of things, and what is said about a thing of each kind (the data: static/catalogue/categories.json)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NewType

from hub.errors import Invalid

CategoryId = NewType("CategoryId", str)
OTHER: Final = CategoryId("other")
"""Where a thing stands whose owner did not say."""

FieldValue = str | int | bool
FieldKind = Literal["integer", "text", "choice", "flag"]
Flag = Literal["transport", "motor", "prohibited"]
"""``transport``: lending for money is reported (PStTG); ``motor``: insurance; ``prohibited``: nobody may list it."""


@dataclass(frozen=True, slots=True)
class Names:
    """The same in German and in English."""

    de: str
    en: str

    def both(self) -> tuple[str, str]:
        return self.de, self.en


@dataclass(frozen=True, slots=True)
class CategoryField:
    """``min`` to ``max`` in ``unit`` for an integer; ``max`` characters of a text; one of ``options`` for a choice."""

    id: str
    names: Names
    kind: FieldKind
    unit: str = ""
    min: int | None = None
    max: int | None = None
    options: tuple[tuple[str, Names], ...] = ()

    def takes(self, value: FieldValue) -> bool:
        """Whether the value is one of this field."""
        match self.kind:
            case "flag":
                return type(value) is bool
            case "integer":
                return type(value) is int and (self.min or 0) <= value <= (self.max or 0)
            case "text":
                return isinstance(value, str) and bool(value.strip()) and len(value) <= (self.max or 0)
            case "choice":
                return any(value == option for option, _ in self.options)


@dataclass(frozen=True, slots=True)
class Category:
    """``path`` leads from the root to the category itself; flags and fields of the categories above hold here too."""

    id: CategoryId
    path: tuple[CategoryId, ...]
    names: Names
    icon: str
    order: int
    flags: frozenset[Flag]
    fields: tuple[CategoryField, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All categories by id, in the order in which they are shown."""

    categories: Mapping[CategoryId, Category]

    def check(self, category: CategoryId, fields: Mapping[str, FieldValue]) -> None:
        """``Invalid("bad_category")``, ``("category_prohibited")``, or ``("bad_fields")`` naming the field."""
        known = self.categories.get(category)
        if known is None:
            raise Invalid("bad_category")
        if "prohibited" in known.flags:
            raise Invalid("category_prohibited", {"category": category})
        kinds = {field.id: field for field in known.fields}
        for name, value in fields.items():
            if name not in kinds or not kinds[name].takes(value):
                raise Invalid("bad_fields", {"field": name})

    def within(self, category: CategoryId) -> tuple[CategoryId, ...]:
        """The category and everything below it. ``Invalid("bad_category")``."""
        if category not in self.categories:
            raise Invalid("bad_category")
        return tuple(other.id for other in self.categories.values() if category in other.path)


def read_catalogue(told: Iterable[Mapping[str, Any]]) -> Catalogue:
    """The tree of the data file, flattened parents first."""
    return Catalogue({category.id: category for category in _flattened(told, None)})


def _flattened(told: Iterable[Mapping[str, Any]], above: Category | None) -> Iterator[Category]:
    for order, node in enumerate(told, 1):
        id_ = CategoryId(node["id"])
        own = tuple(_field(field) for field in node.get("fields", ()))
        category = Category(
            id=id_,
            path=(*(above.path if above else ()), id_),
            names=_names(node),
            icon=node["icon"],
            order=order,
            flags=(above.flags if above else frozenset()) | frozenset(node.get("flags", ())),
            fields=(*(above.fields if above else ()), *own),
        )
        yield category
        yield from _flattened(node.get("children", ()), category)


def _field(told: Mapping[str, Any]) -> CategoryField:
    return CategoryField(
        id=told["id"],
        names=_names(told),
        kind=told["type"],
        unit=told.get("unit", ""),
        min=told.get("min"),
        max=told.get("max"),
        options=tuple((option["id"], _names(option)) for option in told.get("options", ())),
    )


def _names(told: Mapping[str, Any]) -> Names:
    return Names(told["de"], told["en"])
