"""The kinds of things, and what can be said of each."""

from dataclasses import asdict

from api.views.common import View
from hub.category import Catalogue, Category, CategoryField


def categories(catalogue: Catalogue) -> View:
    """In the order in which they are shown, each below its parent; both languages, so that one answer suits all."""
    return {"categories": [_category(category) for category in catalogue.categories.values()]}


def _category(category: Category) -> View:
    return {
        "id": category.id,
        "path": list(category.path),
        "names": asdict(category.names),
        "icon": category.icon,
        "order": category.order,
        "flags": sorted(category.flags),
        "fields": [_field(field) for field in category.fields],
    }


def _field(field: CategoryField) -> View:
    return {
        "id": field.id,
        "names": asdict(field.names),
        "kind": field.kind,
        "unit": field.unit,
        "min": field.min,
        "max": field.max,
        "options": [{"id": id_, "names": asdict(names)} for id_, names in field.options],
    }
