"""A process that dies at any moment loses no message, sends none twice and never goes on with an old chain."""

import shutil
import stat

from tests.client.conftest import Village
from tests.client.paper_hub import PaperNeighbour


async def test_killed_between_sealing_and_sending_the_same_bytes_go_out_later(village: Village):
    village.tim.write(village.room, "vor dem Absturz")
    sealed = await village.tim.sender.seal(village.tim.store.outgoing.next(village.room))
    village.tim = await village.tim.restart(village.hub, clean=False)
    village.tim.outbox.start()
    await village.tim.sent(village.room)
    assert village.hub.sent[0]["env"] == sealed["env"]
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["vor dem Absturz"]


async def test_killed_between_sending_and_the_answer_it_is_stored_once(village: Village):
    village.tim.write(village.room, "einmal")
    message = await village.tim.sender.seal(village.tim.store.outgoing.next(village.room))
    village.hub.send(village.tim.user, dict(message))
    village.tim = await village.tim.restart(village.hub, clean=False)
    village.tim.outbox.start()
    await village.tim.sent(village.room)
    await village.tim.catch_up(village.room)
    assert len(village.hub.logs[village.room]) == 2
    assert village.tim.texts(village.room) == ["einmal"]


async def test_after_an_unclean_end_the_next_message_begins_a_new_chain(village: Village):
    await village.tim.send(village.room, "davor")
    village.tim = await village.tim.restart(village.hub, clean=False)
    await village.tim.send(village.room, "danach")
    assert village.hub.sent[0]["chain"] != village.hub.sent[1]["chain"]
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["davor", "danach"]
    assert not village.marta.warned()


async def test_after_a_clean_end_the_chain_goes_on(village: Village):
    await village.tim.send(village.room, "davor")
    village.hub.chain_last[village.hub.sent[0]["chain"]] = 0
    village.tim = await village.tim.restart(village.hub)
    await village.tim.send(village.room, "danach")
    assert village.hub.sent[0]["chain"] == village.hub.sent[1]["chain"]


async def test_a_restored_copy_notices_that_the_hub_is_ahead_of_it(village: Village):
    await village.tim.send(village.room, "eins")
    await village.tim.outbox.stop()
    village.tim.store.close()
    shutil.copytree(village.tim.directory, village.tim.directory.with_name("copy"))
    village.tim = PaperNeighbour(village.hub, village.tim.directory.with_name("copy"))
    village.hub.chain_last[village.hub.sent[0]["chain"]] = 7
    await village.tim.send(village.room, "zwei")
    assert village.hub.sent[0]["chain"] != village.hub.sent[1]["chain"]
    assert village.tim.warned() == ["rolled_back"]


async def test_killed_while_reading_it_goes_on_where_the_disk_is(village: Village):
    for n in range(6):
        await village.tim.send(village.room, str(n))
    for item in village.hub.sync(village.marta.line.device, {village.room: 1}, 3)["rooms"][village.room]["items"]:
        await village.marta.applier.apply(village.room, item)
    village.marta = await village.marta.restart(village.hub, clean=False)
    assert village.marta.store.log.cursor(village.room) == 4
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == [str(n) for n in range(6)]


async def test_the_directory_is_for_its_owner_only(village: Village):
    modes = {
        path: stat.S_IMODE(path.stat().st_mode) for path in [village.tim.directory, *village.tim.directory.iterdir()]
    }
    assert {path: mode for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}
