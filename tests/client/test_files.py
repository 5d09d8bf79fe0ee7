"""Files over a real hub: whole or not at all, on where they stopped, in little memory, whatever is killed when."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from client.errors import FileBroken, HubRefused, NotPossible
from client.happenings import Happening
from client.neighbour import Neighbour
from client.timeline import Line
from crypto.dkx.dkf1 import MAX_SIZE, stored_size
from crypto.dkx.error import FileError
from storage.mongo.database import open_client
from storage.mongo.store import Database, Document
from storage.servers import Servers
from tests.client.test_real_hub import on_a_fixed_port
from tests.e2e.village import heard, list_trailer, living, request
from tests.support.hub_process import HubProcess, running_hub

MIB = 1024 * 1024
GENEROUS = {"CONNECTS_PER_MIN_IP": "10000"}


@dataclass
class Stage:
    """A hub in a process of its own, and its database, into which a test may reach."""

    hub: HubProcess
    database: Database


@pytest.fixture(scope="module")
def hub(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HubProcess, str]]:
    name = f"f{uuid4().hex}"
    env = {**GENEROUS, "MONGODB_URI": servers.mongodb_uri, "REDIS_URL": servers.redis_url, "MONGODB_DATABASE": name}
    with running_hub(tmp_path_factory.mktemp("hub"), env=env) as running:
        yield running, name


@pytest.fixture
async def stage(hub: tuple[HubProcess, str], servers: Servers) -> AsyncIterator[Stage]:
    client: AsyncMongoClient[Document]
    async with open_client(servers.mongodb_uri) as client:
        yield Stage(hub[0], client[hub[1]])


@dataclass
class Pair:
    marta: Neighbour
    tim: Neighbour
    room: str

    async def seq_of(self, name: str, within_s: float = 120) -> int:
        """Where both have the file of this name."""
        async with asyncio.timeout(within_s):
            for side in (self.marta, self.tim):
                await heard(side, self.room, name)
        (line,) = [line for line in self.marta.timeline(self.room) if line.text == name]
        assert line.kind == "file"
        assert line.seq
        return line.seq


@asynccontextmanager
async def neighbours(directory: Path, url: str) -> AsyncIterator[Pair]:
    tag = secrets.token_hex(4)
    async with living(directory, url, [f"marta-{tag}", f"tim-{tag}"]) as (marta, tim):
        item = (await list_trailer(marta))["id"]
        yield Pair(marta, tim, (await request(tim, item, 4))["room"])


def written(path: Path, size: int) -> bytes:
    path.write_bytes(content := os.urandom(size))
    return content


async def test_a_file_and_its_small_picture_arrive_as_they_were_sent(stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        content, small = written(tmp_path / "Anhänger.pdf", 300_001), written(tmp_path / "klein.webp", 4000)
        sealed: list[tuple[int, int]] = []
        await pair.tim.files.send(
            pair.room, tmp_path / "Anhänger.pdf", thumb=tmp_path / "klein.webp", sides=(640, 480),
            on_progress=lambda done, size: sealed.append((done, size)),
        )  # fmt: skip
        seq = await pair.seq_of("Anhänger.pdf")
        assert sealed[-1] == (stored_size(300_001),) * 2
        (line,) = [line for line in pair.marta.timeline(pair.room) if line.seq == seq]
        assert (line.content.mime, line.content.w, line.content.h) == ("application/pdf", 640, 480)
        for side in (pair.marta, pair.tim):
            come: list[int] = []
            await side.files.fetch(
                pair.room, seq, tmp_path / "da", on_progress=lambda done, _, came=come: came.append(done)
            )
            assert (tmp_path / "da").read_bytes() == content
            assert come == sorted(come)
            await side.files.fetch_thumb(pair.room, seq, tmp_path / "da")
            assert (tmp_path / "da").read_bytes() == small
        assert list((tmp_path / pair_dir(pair.tim) / "outgoing").iterdir()) == []
        assert not pair.marta.warnings()


def pair_dir(side: Neighbour) -> str:
    return side._store.spool.outgoing("x").parent.parent.name


async def test_words_do_not_wait_behind_a_file_and_the_smallest_is_one(stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        written(tmp_path / "groß", 4 * MIB)
        written(tmp_path / "leer", 0)
        await pair.tim.files.send(pair.room, tmp_path / "groß")
        await pair.tim.files.send(pair.room, tmp_path / "leer")
        pair.tim.send_text(pair.room, "Kommt gleich")
        large, empty = await pair.seq_of("groß"), await pair.seq_of("leer")
        texts = [line.seq for line in pair.marta.timeline(pair.room) if line.text == "Kommt gleich"]
        assert texts[0] < large < empty
        await pair.marta.files.fetch(pair.room, empty, tmp_path / "da")
        assert (tmp_path / "da").read_bytes() == b""


def peak(pid: int) -> int:
    """The most memory a process has had since ``forget_peak``, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def forget_peak(pid: int) -> int:
    """Count from here; answers what it has now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return peak(pid)


async def test_25_mib_need_little_memory_on_either_side(stage: Stage, tmp_path: Path):
    (worker,) = stage.hub.workers()
    pids = {"hub": worker, "client": os.getpid()}
    async with neighbours(tmp_path, stage.hub.url) as pair:
        await there_and_back(pair, tmp_path, 2 * MIB)
        before = {name: forget_peak(pid) for name, pid in pids.items()}
        await there_and_back(pair, tmp_path, MAX_SIZE)
    grown = {name: peak(pid) - before[name] for name, pid in pids.items()}
    print(grown)  # noqa: T201 - the figure is the point
    assert all(more < 8 * MIB for more in grown.values()), grown


async def there_and_back(pair: Pair, folder: Path, size: int) -> None:
    """A file from Tim to Marta, made and compared without holding it."""
    with (folder / f"{size}").open("wb") as file:
        for _ in range(0, size, MIB):
            file.write(os.urandom(MIB))
    await pair.tim.files.send(pair.room, folder / f"{size}")
    seq = await pair.seq_of(f"{size}")
    await pair.marta.files.fetch(pair.room, seq, folder / "da")
    with (folder / f"{size}").open("rb") as sent, (folder / "da").open("rb") as come:
        while part := sent.read(MIB):
            assert come.read(MIB) == part
        assert come.read(1) == b""


async def upload_reaches(side: Neighbour, part: float) -> Happening:
    async for happening in side.happenings():
        if happening.kind == "progress" and happening.data["done"] >= part * happening.data["size"]:
            return happening
    raise AssertionError


async def test_a_client_killed_while_it_sends_goes_on_where_it_was(stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        content = written(tmp_path / "groß", MAX_SIZE)
        reached = asyncio.ensure_future(upload_reaches(pair.tim, 0.3))
        await asyncio.sleep(0)
        await pair.tim.files.send(pair.room, tmp_path / "groß")
        await reached
        directory = tmp_path / pair_dir(pair.tim)
        await pair.tim.crash()
        (tmp_path / "groß").unlink()  # what was sealed is what is sent
        async with Neighbour(directory, stage.hub.url) as again:
            first = asyncio.ensure_future(upload_reaches(again, 0))
            await asyncio.sleep(0)
            await again.connect()
            pair.tim = again
            assert (await first).data["done"] > MAX_SIZE * 0.1
            await pair.marta.files.fetch(pair.room, await pair.seq_of("groß"), tmp_path / "da")
            assert (tmp_path / "da").read_bytes() == content
            assert not pair.marta.warnings()


async def test_a_hub_killed_in_the_middle_goes_on_where_it_was(tmp_path: Path):
    mortal = on_a_fixed_port(HubProcess(tmp_path / "hub", env=GENEROUS))
    await asyncio.to_thread(mortal.start)
    try:
        async with neighbours(tmp_path, mortal.url) as pair:
            content = written(tmp_path / "groß", MAX_SIZE)
            reached = asyncio.ensure_future(upload_reaches(pair.tim, 0.4))
            await asyncio.sleep(0)
            await pair.tim.files.send(pair.room, tmp_path / "groß")
            await reached
            mortal.kill()
            first = asyncio.ensure_future(upload_reaches(pair.tim, 0))
            await asyncio.to_thread(mortal.start)
            assert (await first).data["done"] > MAX_SIZE * 0.1
            seq = await pair.seq_of("groß")
            await fetched(pair, seq, tmp_path / "da", mortal)
            assert (tmp_path / "da").read_bytes() == content
            assert not pair.marta.warnings()
    finally:
        await asyncio.to_thread(mortal.stop)


async def fetched(pair: Pair, seq: int, target: Path, mortal: HubProcess) -> None:
    """Fetch a file, and kill and start the hub when half of it has come."""
    starting: list[asyncio.Future[None]] = []
    seen: list[int] = []

    def restart(done: int, _size: int) -> None:
        seen.append(done)
        if done > MAX_SIZE // 2 and not starting:
            mortal.kill()
            starting.append(asyncio.ensure_future(asyncio.to_thread(mortal.start)))

    await pair.marta.files.fetch(pair.room, seq, target, restart)
    await starting[0]
    assert seen == sorted(seen), "it went on and did not begin again"


async def test_a_fetch_that_is_cancelled_goes_on_in_another_process(stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        content = written(tmp_path / "groß", 8 * MIB)
        await pair.tim.files.send(pair.room, tmp_path / "groß")
        seq = await pair.seq_of("groß")
        fetching: asyncio.Task[None] = asyncio.ensure_future(
            pair.marta.files.fetch(
                pair.room, seq, tmp_path / "da", lambda done, _: done > 3 * MIB and fetching.cancel()
            )
        )
        with pytest.raises(asyncio.CancelledError):
            await fetching
        assert not (tmp_path / "da").exists()
        directory = tmp_path / pair_dir(pair.marta)
        await pair.marta.close()
        async with Neighbour(directory, stage.hub.url) as again:
            come: list[int] = []
            await again.files.fetch(pair.room, seq, tmp_path / "da", lambda done, _: come.append(done))
            assert come[0] > 3 * MIB
            assert (tmp_path / "da").read_bytes() == content


async def test_a_file_can_be_given_up_until_all_of_it_is_there(stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        written(tmp_path / "groß", MAX_SIZE)
        reached = asyncio.ensure_future(upload_reaches(pair.tim, 0.2))
        await asyncio.sleep(0)
        cid = await pair.tim.files.send(pair.room, tmp_path / "groß")
        file = (await reached).data["file"]
        assert await pair.tim.files.cancel(cid)
        assert [line for line in pair.tim.timeline(pair.room) if line.kind != "event"] == []
        assert list((tmp_path / pair_dir(pair.tim) / "outgoing").iterdir()) == []
        assert await stage.database.files.find_one({"_id": file}) is None
        assert await stage.database["blobs.chunks"].count_documents({"files_id": file}) == 0
        written(tmp_path / "klein", 1000)
        cid = await pair.tim.files.send(pair.room, tmp_path / "klein")
        await pair.seq_of("klein")
        assert not await pair.tim.files.cancel(cid)


async def test_a_message_taken_back_takes_its_file_along(stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        written(tmp_path / "brief", 1000)
        await pair.tim.files.send(pair.room, tmp_path / "brief")
        seq = await pair.seq_of("brief")
        said = await pair.marta.files.fetch(pair.room, seq, tmp_path / "da")
        assert said is None
        pair.tim.chat.delete(pair.room, seq)
        async with asyncio.timeout(20):
            happenings = pair.marta.happenings()
            while not any(line.kind == "gone" and line.seq == seq for line in pair.marta.timeline(pair.room)):
                await anext(happenings)
        with pytest.raises(NotPossible):
            await pair.marta.files.fetch(pair.room, seq, tmp_path / "da")
        async with asyncio.timeout(10):  # people are told first, then the files are removed
            while await stage.database.files.count_documents({"room": pair.room}):  # noqa: ASYNC110 - a database gives no event
                await asyncio.sleep(0.05)


def file_line(pair: Pair, seq: int) -> Line:
    (line,) = [line for line in pair.marta.timeline(pair.room) if line.seq == seq]
    return line


@pytest.mark.parametrize("fault", ["flipped", "header", "cut", "longer", "other"])
async def test_what_was_altered_at_the_hub_is_not_opened(fault: str, stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        written(tmp_path / "brief", 200_000)
        await pair.tim.files.send(pair.room, tmp_path / "brief")
        seq = await pair.seq_of("brief")
        await alter(stage.database, file_line(pair, seq).content.id.hex(), fault)
        with pytest.raises(FileBroken):
            await pair.marta.files.fetch(pair.room, seq, tmp_path / "da")
        assert not (tmp_path / "da").exists()
        assert list((tmp_path / pair_dir(pair.marta) / "incoming").iterdir()) == []
        assert [warned.code for warned in pair.marta.warnings()] == ["file_altered"]


async def alter(database: Database, file: str, fault: str) -> None:
    chunks = database["blobs.chunks"]
    length = stored_size(200_000)
    if fault in {"flipped", "header"}:
        chunk = await chunks.find_one({"files_id": file, "n": 1 if fault == "flipped" else 0})
        at = 77 if fault == "flipped" else 5
        data = bytearray(chunk["data"])
        data[at] ^= 1
        await chunks.update_one({"_id": chunk["_id"]}, {"$set": {"data": bytes(data)}})
        return
    if fault == "other":  # another file of the right length
        async for chunk in chunks.find({"files_id": file}):
            await chunks.update_one({"_id": chunk["_id"]}, {"$set": {"data": os.urandom(len(chunk["data"]))}})
        return
    changed = length - 16 if fault == "cut" else length + 16
    await database.files.update_one({"_id": file}, {"$set": {"size": changed, "offset": changed}})
    await database["blobs.files"].update_one({"_id": file}, {"$set": {"length": changed}})
    if fault == "longer":
        last = await chunks.find_one({"files_id": file}, sort=[("n", -1)])
        await chunks.update_one({"_id": last["_id"]}, {"$set": {"data": last["data"] + bytes(16)}})


async def test_what_is_refused_is_said_and_leaves_nothing(stage: Stage, tmp_path: Path):
    async with neighbours(tmp_path, stage.hub.url) as pair:
        (tmp_path / "zu groß").touch()
        os.truncate(tmp_path / "zu groß", MAX_SIZE + 1)
        with pytest.raises(FileError):
            await pair.tim.files.send(pair.room, tmp_path / "zu groß")
        with pytest.raises(FileNotFoundError):
            await pair.tim.files.send(pair.room, tmp_path / "fehlt")
        assert list((tmp_path / pair_dir(pair.tim) / "outgoing").iterdir()) == []
        written(tmp_path / "klein", 10)
        await pair.tim.files.send("0" * 32, tmp_path / "klein")
        async with asyncio.timeout(20):
            async for happening in pair.tim.happenings():
                if happening.kind == "failed":
                    break
        assert happening.data["code"] == "room_not_found"
        with pytest.raises(NotPossible):
            await pair.tim.files.fetch(pair.room, 1, tmp_path / "da")
        with pytest.raises(HubRefused, match="file_not_found"):
            async for _ in await pair.tim._hub.stretch(f"/v1/files/{'0' * 32}", 0, 44):
                pass
