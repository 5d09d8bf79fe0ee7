"""Several devices of one account on a real hub: linked, restored, lost, stolen; history follows, thieves do not."""

import asyncio
import json
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from client.errors import HubRefused, NeighbourError, NotReady
from client.neighbour import Neighbour
from client.recovery import WrongCode
from client.store import Store
from client.store.identity import AccountKeys
from crypto import b64
from crypto.dkx.backup import Entry
from crypto.dkx.devlist import Device
from crypto.dkx.error import BackupError, DkxError
from crypto.dkx.sealing.backup_entry import open_entry
from crypto.dkx.sealing.keys import BoxKey, SigningKey, new_id
from crypto.dkx.sealing.signing import next_devlist
from tests.e2e.village import list_trailer, request
from tests.support.hub_process import HubProcess, running_hub

PASSWORD = "dorf-und-kiste-26"
ENV = {"MESSAGE_BURST": "10000", "MESSAGE_PER_S": "10000", "CONNECTS_PER_MIN_IP": "10000"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("hub"), env=ENV) as running:
        yield running


@dataclass
class Home:
    """Marta lends and has as many devices as a test gives her; Tim has asked for the trailer."""

    hub: HubProcess
    directory: Path
    tag: str
    open: list[Neighbour] = field(default_factory=list)
    room: str = ""

    def address(self, name: str) -> str:
        return f"{name}-{self.tag}@example.org"

    async def sign_in(self, name: str, place: str) -> Neighbour:
        """A neighbour's sign-in on a machine of its own, or again on one there was."""
        neighbour = Neighbour(self.directory / place, self.hub.url)
        self.open.append(neighbour)
        await neighbour.sign_in(self.address(name), PASSWORD)
        return neighbour

    async def move_in(self, name: str) -> Neighbour:
        neighbour = Neighbour(self.directory / name, self.hub.url)
        self.open.append(neighbour)
        handle = f"{name}-{self.tag}"
        await neighbour.register(email=self.address(name), password=PASSWORD, handle=handle, display_name=name.title())
        await neighbour.sign_in(self.address(name), PASSWORD)
        await neighbour.create_device()
        await neighbour.connect()
        return neighbour

    async def leave(self, neighbour: Neighbour) -> None:
        self.open.remove(neighbour)
        await neighbour.close()


@asynccontextmanager
async def home(hub: HubProcess, directory: Path, tag: str) -> AsyncIterator[tuple[Home, Neighbour, Neighbour]]:
    made = Home(hub, directory, tag)
    try:
        marta, tim = await made.move_in("marta"), await made.move_in("tim")
        item = await list_trailer(marta)
        made.room = (await request(tim, item["id"], 9))["room"]
        yield made, marta, tim
    finally:
        for neighbour in made.open:
            await neighbour.close()


def texts(neighbour: Neighbour, room: str) -> list[str]:
    return [line.text for line in neighbour.timeline(room) if line.kind == "text"]


async def eventually(holds: Callable[[], bool], within_s: float = 15) -> None:
    """For what nobody is told of."""
    async with asyncio.timeout(within_s):
        for _ in iter(holds, True):
            await asyncio.sleep(0.05)


async def until(neighbour: Neighbour, holds: Callable[[], bool], within_s: float = 25) -> None:
    happenings = neighbour.happenings()
    async with asyncio.timeout(within_s):
        while not holds():
            await anext(happenings)


async def reads(neighbour: Neighbour, room: str, text: str) -> None:
    await until(neighbour, lambda: text in texts(neighbour, room))


async def say(sender: Neighbour, room: str, text: str, *readers: Neighbour) -> None:
    sender.send_text(room, text)
    for reader in (sender, *readers):
        await reads(reader, room, text)


async def link_by_code(made: Home, host: Neighbour, name: str, place: str) -> Neighbour:
    fresh = await made.sign_in(name, place)
    code = await fresh.newcomer.ask_by_code()
    await host.host.admit_by_code(code)
    await fresh.newcomer.finish()
    await fresh.connect()
    return fresh


async def back_up(neighbour: Neighbour) -> str:
    code = neighbour.recovery.prepare()
    await neighbour.account.confirm(PASSWORD)
    await neighbour.recovery.confirm(code.lower().replace("-", " "))
    return code


async def backed_up(neighbour: Neighbour) -> None:
    await eventually(lambda: not neighbour._store.chains.unbacked(1))


def warned(*neighbours: Neighbour) -> set[str]:
    return {warning.code for neighbour in neighbours for warning in neighbour.warnings()}


async def test_a_second_device_by_code_reads_what_was_said_and_speaks_for_the_same_person(
    hub: HubProcess, tmp_path: Path
):
    async with home(hub, tmp_path, "code") as (made, marta, tim):
        await say(tim, made.room, "vor dem Tablet", marta)
        number = await tim.safety_number(marta.user)
        tablet = await link_by_code(made, marta, "marta", "tablet")
        await reads(tablet, made.room, "vor dem Tablet")
        await say(tim, made.room, "an beide", marta, tablet)
        await say(tablet, made.room, "vom Tablet", marta, tim)
        await say(marta, made.room, "vom Handy", tablet, tim)
        assert texts(tablet, made.room) == texts(marta, made.room) == texts(tim, made.room)
        assert {line.author for line in tim.timeline(made.room) if line.text.startswith("vom")} == {marta.user}
        assert await tim.safety_number(marta.user) == await tablet.safety_number(tim.user) == number
        assert set(marta.devices()) == set(tablet.devices()) == {marta.device, tablet.device}
        assert warned(marta, tim, tablet) <= {"device_added"}


async def begin_anew(made: Home, name: str, place: str) -> Neighbour:
    fresh = await made.sign_in(name, place)
    await fresh.account.confirm(PASSWORD)
    await fresh.begin_anew()
    await fresh.connect()
    return fresh


async def test_who_has_lost_everything_begins_anew_and_the_others_are_asked_first(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "anew") as (made, marta, tim):
        await say(tim, made.room, "vorher", marta)
        number = await tim.safety_number(marta.user)
        await back_up(marta)
        await made.leave(marta)
        fresh = await begin_anew(made, "marta", "fresh")
        assert texts(fresh, made.room) == []
        await until(tim, lambda: "identity_changed" in warned(tim))
        tim.send_text(made.room, "wer da?")
        fresh.send_text(made.room, "ich bin es noch")
        await reads(fresh, made.room, "ich bin es noch")
        await until(tim, lambda: tim.cursor(made.room) == fresh.cursor(made.room))
        assert texts(tim, made.room) == ["vorher"]
        assert texts(fresh, made.room) == ["ich bin es noch"]

        await tim.accept_identity(marta.user)
        await reads(tim, made.room, "ich bin es noch")
        await reads(fresh, made.room, "wer da?")
        await say(fresh, made.room, "schön", tim)
        assert await tim.safety_number(marta.user) == await fresh.safety_number(tim.user) != number
        assert list(fresh.devices()) == [fresh.device]
        assert warned(fresh) == set()
        assert warned(tim) == {"identity_changed"}


async def test_a_new_device_of_the_other_side_reads_across_the_change(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "across") as (made, marta, tim):
        await say(marta, made.room, "mit den alten Schlüsseln", tim)
        code = await back_up(tim)
        await made.leave(marta)
        fresh = await begin_anew(made, "marta", "fresh")
        await until(tim, lambda: "identity_changed" in warned(tim))
        await tim.accept_identity(marta.user)
        await say(fresh, made.room, "mit den neuen", tim)
        await backed_up(tim)
        await made.leave(tim)
        restored = await made.sign_in("tim", "restored")
        assert await restored.recovery.restore(code) == 0
        await restored.connect()
        await reads(restored, made.room, "mit den neuen")
        assert texts(restored, made.room) == ["mit den alten Schlüsseln", "mit den neuen"]
        assert warned(restored) == set()


async def test_both_may_begin_anew(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "both") as (made, *before):
        for neighbour in before:
            await made.leave(neighbour)
        marta, tim = [await begin_anew(made, name, f"{name}-anew") for name in ("marta", "tim")]
        await until(marta, lambda: "identity_changed" in warned(marta))
        await marta.accept_identity(tim.user)
        await say(marta, made.room, "von vorn", tim)
        await say(tim, made.room, "von vorn!", marta)


async def test_killed_while_one_begins_anew_it_is_done_by_saying_it_again(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "cut") as (made, marta, tim):
        await made.leave(marta)
        await killed(made, "fresh", "POST /v1/devices/reset", "anew")
        fresh = await made.sign_in("marta", "fresh")
        await fresh.connect()
        await until(tim, lambda: "identity_changed" in warned(tim))
        await tim.accept_identity(fresh.user)
        await say(fresh, made.room, "da bin ich", tim)


async def test_only_who_proves_to_be_there_begins_anew_and_their_old_devices_are_out(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "proof") as (made, marta, tim):
        with pytest.raises(NeighbourError, match="is a device of the account"):
            await marta.begin_anew()
        fresh = await begin_anew(made, "marta", "fresh")
        with pytest.raises(HubRefused, match="session_revoked"):
            await marta._hub.get("/v1/rooms")
        kept = await fresh._hub.get("/v1/backup")
        assert (kept["code"], kept["passkey"]) == (None, None)
        assert tim.is_up


async def asked_for(host: Neighbour) -> str:
    """The linking that a new device has begun, once the hub has told of it."""
    told = host.happenings()
    while not (waiting := await host.host.waiting()):
        await anext(told)
    return str(waiting[0]["link"])


async def test_by_digits_both_show_the_same_and_nothing_leaves_before_the_tap(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "digits") as (made, marta, tim):
        await say(tim, made.room, "davor", marta)
        laptop = await made.sign_in("marta", "laptop")
        asking = asyncio.create_task(laptop.newcomer.ask_by_digits())
        link = await asked_for(marta)
        shown = await marta.host.compare(link)
        assert await asking == shown
        assert (await marta._hub.get(f"/v1/links/{link}"))["bundle"] is None
        await marta.host.confirm(link)
        await laptop.newcomer.finish()
        await laptop.connect()
        await reads(laptop, made.room, "davor")


async def test_somebody_with_the_password_alone_is_turned_away(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "guess") as (made, marta, _):
        thief = await made.sign_in("marta", "thief")
        asking = asyncio.create_task(thief.newcomer.ask_by_digits())
        link = await asked_for(marta)
        await marta.host.compare(link)
        await asking
        await marta.host.reject(link)
        with pytest.raises(HubRefused, match="link_not_found"):
            await thief.newcomer.finish()
        assert list(marta.devices()) == [marta.device]


async def test_on_a_new_machine_the_code_brings_everything_back(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "restore") as (made, marta, tim):
        await say(tim, made.room, "noch auf dem alten", marta)
        await say(marta, made.room, "ebenso", tim)
        number = await tim.safety_number(marta.user)
        code = await back_up(marta)
        assert not marta._store.identity.holds_aik
        await say(tim, made.room, "nach der Sicherung", marta)
        await backed_up(marta)
        await made.leave(marta)
        shutil.rmtree(tmp_path / "marta")

        fresh = await made.sign_in("marta", "new-machine")
        with pytest.raises(WrongCode):
            await fresh.recovery.restore("A" * 24)
        assert await fresh.recovery.restore(code) == 0
        await fresh.connect()
        await reads(fresh, made.room, "nach der Sicherung")
        assert texts(fresh, made.room) == texts(tim, made.room)
        await say(fresh, made.room, "wieder da", tim)
        assert await tim.safety_number(marta.user) == number
        assert warned(fresh) == set()


async def test_nothing_is_backed_up_before_the_code_is_typed_back(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "typed") as (_, marta, _tim):
        shown = marta.recovery.prepare(words=True)
        with pytest.raises(WrongCode):
            await marta.recovery.confirm("apfel " * 7)
        assert not await marta.recovery.exists()
        assert marta._store.identity.holds_aik
        await marta.account.confirm(PASSWORD)
        await marta.recovery.confirm(shown.upper().replace(" ", "   "))
        assert await marta.recovery.exists()
        second = marta.recovery.prepare()
        with pytest.raises(WrongCode):
            await marta.recovery.confirm(second)
        await marta.recovery.confirm(second, code=shown)
        with pytest.raises(WrongCode):
            await marta.recovery.unlock(shown)


async def test_a_lost_device_reads_nothing_new_and_its_keys_open_nothing(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "lost") as (made, marta, tim):
        code = await back_up(marta)
        phone = await link_by_code(made, marta, "marta", "phone")
        await say(tim, made.room, "beide lesen", marta, phone)
        lost = phone.device
        old = phone._store.identity.keys()
        await marta.account.confirm(PASSWORD)
        await marta.recovery.remove([lost], code)
        await eventually(lambda: tim.trust.pin(marta.user).current.place[0] == 2)
        await say(tim, made.room, "nur noch für Marta", marta)
        await say(marta, made.room, "auch das", tim)
        await asyncio.sleep(0.3)
        assert not {"nur noch für Marta", "auch das"} & set(texts(phone, made.room))
        with pytest.raises(NotReady, match="removed"):
            await phone.sign_in(made.address("marta"), PASSWORD)

        with pytest.raises(HubRefused, match="device_required"):
            await phone._live._together.backup.fetch()
        await backed_up(marta)
        await old_keys_open_nothing_new(marta, phone, old)

        fresh = await made.sign_in("marta", "after")
        assert await fresh.recovery.restore(code) == 0
        await fresh.connect()
        await reads(fresh, made.room, "auch das")
        assert texts(fresh, made.room) == texts(tim, made.room)


async def old_keys_open_nothing_new(marta: Neighbour, phone: Neighbour, old: AccountKeys) -> None:
    """Not even if the hub itself handed everything to whoever has the lost device."""
    page = await marta._hub.get("/v1/backup/entries", after=0)
    assert page["entries"]
    for raw in page["entries"]:
        with pytest.raises(BackupError):
            open_entry(Entry.parse(b64.decode(raw)), old.bk)
    own, current = phone._store.identity.own(), marta._store.identity.devlist
    back = [*current.devices, Device(own.device, own.dsk.public, own.dbk.public, 1)]
    dlk = SigningKey.from_seed(old.dlk)
    for epoch, cert in ((2, marta._store.identity.cert), (1, phone._store.identity.cert)):
        forged = next_devlist(dlk, current, back, now_ms=1, epoch=epoch)
        with pytest.raises(HubRefused, match=r"devlist_|dlkcert_"):
            await marta._device.publish(cert, forged)
        with pytest.raises(DkxError):
            marta.trust.pins.learn_list(cert, forged, 2**42)


async def test_a_thief_who_publishes_first_does_not_lock_the_owner_out(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "thief") as (made, first, tim):
        code = await back_up(first)
        await say(tim, made.room, "davor", first)
        number = await tim.safety_number(first.user)
        stolen = Device(new_id(), SigningKey.generate().public, BoxKey.generate().public, 1)
        await first._device.change(lambda _: [stolen])  # with her keys: as if her directory had been copied
        await until(tim, lambda: tim.trust.pin(first.user).current.device(stolen.id) is not None)
        await made.leave(first)

        marta = Neighbour(tmp_path / "marta", hub.url)
        made.open.append(marta)
        with pytest.raises(NotReady, match="removed"):
            await marta.sign_in(made.address("marta"), PASSWORD)
        await marta.recovery.remove([stolen.id.hex()], code)
        await marta.connect()
        await eventually(lambda: tim.trust.pin(marta.user).current.place[0] == 2)
        assert list(marta.devices()) == [marta.device]
        await say(marta, made.room, "wieder ich", tim)
        await say(tim, made.room, "gut", marta)
        assert await tim.safety_number(marta.user) == number


async def test_other_devices_go_on_and_take_the_new_keys_by_the_code(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "three") as (made, marta, tim):
        code = await back_up(marta)
        tablet = await link_by_code(made, marta, "marta", "tablet")
        phone = await link_by_code(made, marta, "marta", "phone")
        await marta.account.confirm(PASSWORD)
        await marta.recovery.remove([phone.device], code)
        await eventually(lambda: phone.device not in tablet.devices())
        assert "account_keys_changed" in warned(tablet) - warned(marta)
        await say(tim, made.room, "an zwei", marta, tablet)
        await say(tablet, made.room, "vom Tablet", tim, marta)
        await backed_up(marta)
        with pytest.raises(NotReady, match="recovery code"):
            tablet._store.identity.keys()
        await tablet.recovery.renew(code)
        assert tablet._store.identity.keys() == marta._store.identity.keys()
        watch = await link_by_code(made, tablet, "marta", "watch")
        await reads(watch, made.room, "vom Tablet")


async def test_signing_out_erases_the_keys_and_the_others_write_without_it(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "out") as (made, marta, tim):
        with pytest.raises(NeighbourError, match="make a backup first"):
            await marta.sign_out()
        tablet = await link_by_code(made, marta, "marta", "tablet")
        gone = tablet.device
        await tablet.sign_out()
        await made.leave(tablet)
        await eventually(lambda: tim.trust.pin(marta.user).current.device(bytes.fromhex(gone)) is None)
        await say(tim, made.room, "nur ans Handy", marta)
        store = Store(tmp_path / "tablet")
        assert not store.identity.exists()
        assert not store.log.rooms()
        store.close()


async def test_a_restored_snapshot_never_uses_an_index_again(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "snapshot") as (made, marta, first):
        await say(first, made.room, "eins", marta)
        await made.leave(first)
        shutil.copytree(tmp_path / "tim", tmp_path / "tim-copy")
        tim = await made.sign_in("tim", "tim")
        await tim.connect()
        await say(tim, made.room, "zwei", marta)
        await made.leave(tim)
        copy = await made.sign_in("tim", "tim-copy")
        await copy.connect()
        await say(copy, made.room, "drei", marta)
        assert warned(copy) == {"rolled_back"}
        slots = [_slot(item) for item in await marta.raw_history(made.room) if item["kind"] == "message"]
        assert len(set(slots)) == len(slots) == 3
        assert texts(marta, made.room) == ["eins", "zwei", "drei"]


def _slot(item: dict[str, str]) -> bytes:
    """Device, chain and index of an envelope."""
    return b64.decode(item["env"])[20:56]


async def test_a_device_that_lacks_a_key_asks_and_is_answered(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "lacks") as (made, marta, tim):
        await say(tim, made.room, "geht verloren", marta)
        entry = next(entry for entry in marta._store.log.of(made.room) if entry.kind == "message")
        marta._store._db.execute("DELETE FROM chains WHERE chain = ?", entry.chain)
        await _forget(marta, made.room, entry.seq)
        assert "geht verloren" not in texts(marta, made.room)
        await marta._live._heal()
        await reads(marta, made.room, "geht verloren")


async def _forget(neighbour: Neighbour, room: str, seq: int) -> None:
    """As if the message had come without its key."""
    item = next(item for item in await neighbour.raw_history(room) if item["seq"] == seq)
    entry = neighbour._store.log.get(room, seq)
    bare = json.dumps({name: value for name, value in item.items() if name != "key"})
    neighbour._store.log.keep(replace(entry, body=None, ctype=None, reason="no_key", item=bare))


async def test_one_time_prekeys_are_used_refilled_and_erased(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "opk") as (made, marta, tim):
        identity = marta._store.identity
        assert len(identity._db.all("SELECT id FROM own_one_time WHERE published")) == 50
        for n in range(32):
            tim._store.chains.discard(made.room)
            await say(tim, made.room, str(n), marta)
        used = identity._db.one("SELECT count(*) AS n FROM own_one_time WHERE used IS NOT NULL")["n"]
        assert used == 32
        await eventually(lambda: identity._db.one("SELECT max(id) AS top FROM own_one_time")["top"] >= 80)
        identity.erase_old_prekeys(2**62)
        assert identity._db.one("SELECT count(*) AS n FROM own_one_time WHERE used IS NOT NULL")["n"] == 0


async def killed(made: Home, place: str, deadly: str, action: str, *said: str) -> None:
    """Another process goes on in this directory, and dies (kill -9) as soon as the hub has answered ``deadly``."""
    script = Path(__file__).with_name("dying.py")
    told = (str(made.directory / place), made.hub.url, made.address("marta"), deadly, action, *said)
    process = await asyncio.create_subprocess_exec(sys.executable, str(script), *told, cwd=Path(__file__).parents[2])
    assert await process.wait() == -signal.SIGKILL


async def test_killed_while_it_lets_a_device_in_it_goes_on_at_the_next_start(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "host") as (made, first, tim):
        await say(tim, made.room, "davor", first)
        tablet = await made.sign_in("marta", "tablet")
        code = await tablet.newcomer.ask_by_code()
        await made.leave(first)
        await killed(made, "marta", "POST /v1/devices", "admit", code)
        marta = await made.sign_in("marta", "marta")
        await marta.connect()
        await tablet.newcomer.finish()
        await tablet.connect()
        await reads(tablet, made.room, "davor")
        await say(tim, made.room, "an beide", marta, tablet)
        assert set(marta.devices()) == {marta.device, tablet.device}
        assert marta._store.identity.under_way("admitting") is None


async def test_an_admission_that_can_no_longer_be_finished_is_taken_back(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "undone") as (made, first, _):
        tablet = await made.sign_in("marta", "tablet")
        code = await tablet.newcomer.ask_by_code()
        await made.leave(first)
        await killed(made, "marta", "POST /v1/devices", "admit", code)
        (waiting,) = await tablet.host.waiting()
        await tablet.host.reject(waiting["link"])
        marta = await made.sign_in("marta", "marta")
        await marta.trust.refresh(marta.user)
        assert len(marta.devices()) == 2
        await marta.connect()
        await until(marta, lambda: "link_unfinished" in warned(marta))
        assert list(marta.devices()) == [marta.device]


async def test_killed_while_it_becomes_a_device_it_goes_on_at_the_next_start(hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, "new") as (made, marta, tim):
        await say(tim, made.room, "davor", marta)
        fresh = await made.sign_in("marta", "tablet")
        await marta.host.admit_by_code(await fresh.newcomer.ask_by_code())
        await made.leave(fresh)
        await killed(made, "tablet", "POST /v1/devices/proof", "finish")
        tablet = await made.sign_in("marta", "tablet")
        await tablet.newcomer.finish()
        await tablet.connect()
        await reads(tablet, made.room, "davor")


@pytest.mark.parametrize("deadly", ["POST /v1/devices", "GET /v1/backup/entries"])
async def test_killed_while_it_restores_it_goes_on_at_the_next_start(deadly: str, hub: HubProcess, tmp_path: Path):
    async with home(hub, tmp_path, f"res-{deadly[:3].lower()}") as (made, marta, tim):
        await say(tim, made.room, "davor", marta)
        code = await back_up(marta)
        await backed_up(marta)
        await killed(made, "fresh", deadly, "restore", code)
        fresh = await made.sign_in("marta", "fresh")
        assert await fresh.recovery.restore(code) == 0
        await fresh.connect()
        await reads(fresh, made.room, "davor")
        assert set(fresh.devices()) == {marta.device, fresh.device}


@pytest.mark.parametrize("deadly", ["POST /v1/devices", "PUT /v1/backup"])
async def test_killed_while_it_shuts_a_device_out_it_goes_on_at_the_next_start(
    deadly: str, hub: HubProcess, tmp_path: Path
):
    async with home(hub, tmp_path, f"rem-{deadly[:3].lower()}") as (made, first, tim):
        code = await back_up(first)
        tablet = await link_by_code(made, first, "marta", "tablet")
        gone = tablet.device
        await say(tim, made.room, "davor", first, tablet)
        await made.leave(tablet)
        await made.leave(first)
        await killed(made, "marta", deadly, "remove", gone, code)
        marta = await made.sign_in("marta", "marta")
        await marta.connect()
        await eventually(lambda: marta._store.identity.under_way("renewing") is None)
        assert list(marta.devices()) == [marta.device]
        fresh = await made.sign_in("marta", "fresh")
        assert await fresh.recovery.restore(code) == 0
        await fresh.connect()
        await reads(fresh, made.room, "davor")
