"""Removing a copy: its bytes first, so that what was interrupted is found again."""

from hub.export import Export
from hub.ports import Ports


async def remove_export(ports: Ports, export: Export) -> None:
    await ports.blobs.delete([export.blob])
    await ports.exports.remove(export.id)
