"""A copy of everything about oneself, while it is made and once it is ready."""

from api.views.common import View, milliseconds
from hub.export import Export
from hub.usecases.exporting import ExportLink


def export(found: Export) -> View:
    return {
        "id": found.id,
        "ready": found.ready,
        "done": found.done,
        "of": found.of,
        "bytes": found.bytes,
        "created_at": milliseconds(found.created_at),
        "expires_at": milliseconds(found.expires_at),
    }


def link(made: ExportLink) -> View:
    """Where it can be fetched, once."""
    return {"path": f"/exports/{made.secret}", "expires_at": milliseconds(made.expires_at)}
