"""Two neighbours, their devices and a hub that repeats, forges and hides, in whatever order Hypothesis thinks of.

Whatever happens: what is authentic is read exactly once by every device it was meant for, what is forged by none, and
no index of a chain is ever used for two messages.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crypto import b64
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey, new_id
from tests.client.paper_hub import PaperHub, PaperNeighbour

NAMES = ("marta", "tim")
STEPS = ("send", "read", "repeat", "forge", "add", "remove", "save", "restore", "crash")


class Village:
    """The first device of each neighbour stays; others come and go.

    ``meant`` says who must read a text, ``written`` by whom it was; ``saved`` holds how many there were at a copy.
    """

    def __init__(self, directory: Path) -> None:
        self.directory, self.hub, self.made = directory, PaperHub(), 0
        self.devices: dict[str, list[PaperNeighbour]] = {name: [] for name in NAMES}
        self.saved: dict[Path, int] = {}
        self.written: dict[str, Path] = {}
        self.meant: dict[str, set[Path]] = {}
        self.room = ""

    async def open(self) -> None:
        marta, tim = [PaperNeighbour(self.hub, self.directory / name) for name in NAMES]
        for name, first in zip(NAMES, (marta, tim), strict=True):
            await first.settle_in()
            self.devices[name].append(first)
        self.room = await tim.open_room(self.hub, marta)

    async def close(self) -> None:
        for device in self.all():
            await device.outbox.stop()
            device.store.abandon()

    def all(self) -> list[PaperNeighbour]:
        return [device for devices in self.devices.values() for device in devices]

    async def act(self, step: str, who: int, which: int) -> None:
        devices = self.devices[NAMES[who]]
        await getattr(self, f"_{step}")(devices, which % len(devices))

    async def settle(self) -> None:
        for device in self.all():
            await device.catch_up(self.room)

    async def _send(self, devices: list[PaperNeighbour], which: int) -> None:
        self.made += 1
        text = f"Nachricht {self.made}"
        for device in self.all():
            await device.catch_up(self.room)
            for other in self.all():
                await device.trust.refresh(other.user)
        await devices[which].send(self.room, text)
        self.meant[text] = {device.directory for device in self.all()}
        self.written[text] = devices[which].directory

    async def _read(self, devices: list[PaperNeighbour], which: int) -> None:
        await devices[which].catch_up(self.room)

    async def _repeat(self, _devices: list[PaperNeighbour], which: int) -> None:
        """The hub delivers an old message again, as a new entry."""
        if item := self._message(which):
            self._append(item, item)

    async def _forge(self, _devices: list[PaperNeighbour], which: int) -> None:
        """The hub changes a byte of a message it has seen."""
        if item := self._message(which):
            raw = bytearray(b64.decode(item["env"]))
            raw[-70 - which % 200] ^= 1 << which % 8
            self._append(item, item | {"env": b64.encode(bytes(raw))})

    def _message(self, which: int) -> dict[str, Any] | None:
        found = [item for item in self.hub.logs[self.room] if item["kind"] == "message"]
        return found[which % len(found)] if found else None

    def _append(self, original: dict[str, Any], item: dict[str, Any]) -> None:
        seq = self.hub.append(self.room, {**item, "seq": len(self.hub.logs[self.room]) + 1})["seq"]
        self.hub.keys[self.room, seq] = self.hub.keys.get((self.room, original["seq"]), {})

    async def _add(self, devices: list[PaperNeighbour], _which: int) -> None:
        """A further device, with the account's keys as a linking hands them over."""
        if len(devices) >= 3:
            return
        first = devices[0].store.identity
        await devices[0].trust.refresh(devices[0].user)
        own = OwnDevice(first.own().account, new_id(), first.own().aik, SigningKey.generate(), BoxKey.generate())
        added = PaperNeighbour(self.hub, self.directory / own.device.hex(), devices[0].user)
        added.store.identity.adopt(own, first.keys(), first.cert, first.devlist)
        added.line.device = own.device.hex()
        await added.trust.refresh(added.user)
        await added.desk.join()
        await added.desk.prove()
        devices.append(added)

    async def _remove(self, devices: list[PaperNeighbour], which: int) -> None:
        """One of the further devices goes; the first one says so."""
        if which == 0:
            return
        gone = devices.pop(which)
        await devices[0].desk.change(lambda rows: [row for row in rows if row.id.hex() != gone.line.device])
        await gone.outbox.stop()
        gone.store.abandon()
        self.meant = {text: meant - {gone.directory} for text, meant in self.meant.items()}

    async def _save(self, devices: list[PaperNeighbour], which: int) -> None:
        """A copy of the directory, as a backup program takes it."""
        device = devices[which]
        await device.outbox.stop()
        device.store.close()
        self.saved[device.directory], copy = self.made, device.directory.with_suffix(".saved")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(device.directory, copy)
        devices[which] = PaperNeighbour(self.hub, device.directory)

    async def _restore(self, devices: list[PaperNeighbour], which: int) -> None:
        """The directory is as it was then; keys of chains it began since are nowhere any more, without a backup."""
        device = devices[which]
        if (before := self.saved.get(device.directory)) is None:
            return
        for number in range(before + 1, self.made + 1):
            if self.written[text := f"Nachricht {number}"] == device.directory:
                self.meant[text] -= {device.directory}
        await device.outbox.stop()
        device.store.abandon()
        shutil.rmtree(device.directory)
        shutil.copytree(device.directory.with_suffix(".saved"), device.directory)
        devices[which] = PaperNeighbour(self.hub, device.directory)

    async def _crash(self, devices: list[PaperNeighbour], which: int) -> None:
        devices[which] = await devices[which].restart(self.hub, clean=False)


steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 2000)), min_size=4, max_size=14)


@settings(max_examples=8, deadline=None)
@example([("send", 0, 0), ("save", 1, 0), ("send", 1, 0), ("restore", 1, 0)])
@given(steps)
def test_what_is_authentic_is_read_once_and_nothing_else(walk: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(live(Path(directory), walk))


async def live(directory: Path, walk: list[tuple[str, int, int]]) -> None:
    village = Village(directory)
    try:
        await village.open()
        for step in (*walk, ("send", 0, 1), ("send", 1, 2)):
            await village.act(*step)
        await village.settle()
        check_texts(village)
        check_slots(village)
    finally:
        await village.close()


def check_texts(village: Village) -> None:
    for device in village.all():
        read = device.texts(village.room)
        due = [text for text, meant in village.meant.items() if device.directory in meant]
        assert len(set(read)) == len(read)
        assert set(read) <= set(village.meant)
        assert set(due) <= set(read), (device.directory.name, due, read)


def check_slots(village: Village) -> None:
    sent = [(message["chain"], message["idx"], message["cid"]) for message in village.hub.sent]
    assert len({slot[:2] for slot in set(sent)}) == len(set(sent))
