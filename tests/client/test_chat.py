"""Two neighbours write to each other; each ends with the same timeline."""

import asyncio

import pytest

from client.errors import HubRefused, StoreInUse
from client.store import Store
from tests.client.conftest import Village


def shown(village: Village) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    return tuple(
        [(line.seq, line.kind, line.author, line.text, line.event) for line in side.timeline(village.room)]
        for side in (village.marta, village.tim)
    )


async def both_catch_up(village: Village) -> None:
    await village.marta.catch_up(village.room)
    await village.tim.catch_up(village.room)


async def test_what_one_writes_the_other_reads(village: Village):
    await village.tim.send(village.room, "Grüß dich! Ist die Bohrmaschine frei? 🔧")
    await both_catch_up(village)
    await village.marta.send(village.room, "Für dich: ja, schön 😊")
    await both_catch_up(village)
    marta, tim = shown(village)
    assert marta == tim
    assert village.marta.texts(village.room) == ["Grüß dich! Ist die Bohrmaschine frei? 🔧", "Für dich: ja, schön 😊"]
    assert not village.marta.warned()
    assert not village.tim.warned()


async def test_one_chain_serves_many_messages_and_its_key_goes_out_once(village: Village):
    for n in range(5):
        await village.tim.send(village.room, f"Nachricht {n}")
    assert len({message["chain"] for message in village.hub.sent}) == 1
    assert [bool(message.get("keys")) for message in village.hub.sent] == [True, False, False, False, False]
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == [f"Nachricht {n}" for n in range(5)]


async def test_after_a_hundred_messages_another_chain_begins(village: Village):
    for n in range(103):
        village.tim.write(village.room, str(n))
    village.tim.outbox.nudge(village.room)
    await village.tim.sent(village.room)
    await both_catch_up(village)
    assert len({message["chain"] for message in village.hub.sent}) == 2
    assert village.marta.texts(village.room) == [str(n) for n in range(103)]
    assert not village.marta.warned()


async def test_the_hub_holds_no_plaintext(village: Village):
    await village.tim.send(village.room, "Der Schlüssel liegt unter dem Blumentopf")
    assert b"Blumentopf" not in repr(village.hub).encode()


async def test_what_was_written_shows_at_once_and_moves_into_the_log(village: Village):
    village.tim.write(village.room, "gleich")
    assert [(line.kind, line.seq) for line in village.tim.timeline(village.room)][-1] == ("sending", None)
    village.tim.outbox.start()
    await village.tim.sent(village.room)
    await village.tim.catch_up(village.room)
    assert [(line.kind, line.seq) for line in village.tim.timeline(village.room)][-1] == ("text", 2)


async def test_a_lost_answer_is_asked_for_again_with_the_same_bytes(village: Village):
    village.hub.silent = 2
    await village.tim.send(village.room, "einmal")
    first, *again = village.hub.sent
    assert again
    assert all(message == first for message in again)
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["einmal"]


async def test_a_message_that_must_wait_a_while_keeps_its_bytes(village: Village):
    village.hub.refusals = [
        HubRefused("rate_limited", "rate_limited", retry=True, after_ms=30),
        HubRefused("unknown_outcome", "unavailable", retry=True),
    ]
    await village.tim.send(village.room, "Geduld")
    assert len({message["env"] for message in village.hub.sent}) == 1


@pytest.mark.parametrize("code", ["devices_stale", "chain_stale", "keys_missing", "chain_index"])
async def test_only_a_refusal_that_proves_it_was_not_stored_allows_other_bytes(village: Village, code: str):
    village.hub.refusals = [HubRefused(code, "conflict", {"lists": {village.marta.user: {}}})]
    await village.tim.send(village.room, "noch einmal")
    first, second = village.hub.sent
    assert first["cid"] == second["cid"]
    assert first["chain"] != second["chain"]
    assert second["keys"]


async def test_bytes_that_got_through_after_all_are_not_sent_twice(village: Village):
    village.hub.silent = 1
    village.tim.write(village.room, "schon da")
    village.tim.outbox.nudge(village.room)
    await asyncio.sleep(0.01)
    village.hub.refusals = [HubRefused("devices_stale", "conflict", {})]
    await village.tim.sent(village.room)
    await both_catch_up(village)
    assert village.tim.texts(village.room) == village.marta.texts(village.room) == ["schon da"]
    assert [line.kind for line in village.tim.timeline(village.room)] == ["event", "text"]


async def test_a_message_the_hub_will_never_take_is_shown_as_failed_and_the_next_goes_out(village: Village):
    village.hub.refusals = [HubRefused("too_large", "invalid")]
    await village.tim.send(village.room, "zu groß")
    await village.tim.send(village.room, "passt")
    await both_catch_up(village)
    assert village.marta.texts(village.room) == ["passt"]
    failed = village.tim.timeline(village.room)[-1]
    assert (failed.kind, failed.reason) == ("failed", "too_large")
    assert not village.marta.warned()


async def test_one_directory_has_one_writer(village: Village):
    with pytest.raises(StoreInUse):
        Store(village.tim.directory)
