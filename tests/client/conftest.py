"""Two neighbours in a room, on paper."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.client.paper_hub import PaperHub, PaperNeighbour


@dataclass
class Village:
    hub: PaperHub
    marta: PaperNeighbour
    tim: PaperNeighbour
    room: str


@pytest.fixture
def hub() -> PaperHub:
    return PaperHub()


@pytest.fixture
async def village(hub: PaperHub, tmp_path: Path) -> AsyncIterator[Village]:
    """Marta lends, Tim asks; both have settled in and read the first event."""
    marta, tim = PaperNeighbour(hub, tmp_path / "marta"), PaperNeighbour(hub, tmp_path / "tim")
    await marta.settle_in()
    await tim.settle_in()
    room = await tim.open_room(hub, marta)
    await marta.catch_up(room)
    await tim.catch_up(room)
    village = Village(hub, marta, tim, room)
    yield village
    for neighbour in (village.marta, village.tim):
        await neighbour.outbox.stop()
        neighbour.store.abandon()
