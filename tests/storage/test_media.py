"""Photos are found once their bytes are stored, kept while claimed, and looked at when nothing shows them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.ids import MediaId, UserId, new_id
from hub.photo import Copy, Photo
from hub.ports import Used
from storage.mongo.media import MongoMedia
from storage.mongo.store import Database
from tests.storage.world import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANNA = UserId("a" * 32)


@pytest.fixture
def media(store: Database) -> MongoMedia:
    return MongoMedia(store)


def photo(owner: UserId = ANNA) -> Photo:
    copies = (Copy(1600, 1600, 1200, 500, "a" * 64), Copy(160, 160, 120, 50, "b" * 64))
    return Photo(MediaId(new_id()), owner, 4000, 3000, "#a0b0c0", "0f" * 8, copies, "Eine Säge", NOW)


async def stored(media: MongoMedia, owner: UserId = ANNA) -> Photo:
    made = photo(owner)
    await media.begin(made, NOW + DAY)
    assert await media.finish(made.id)
    return made


async def due(media: MongoMedia, at: timedelta) -> list[MediaId]:
    return [found.id async for found in media.due(NOW + at)]


async def test_a_photo_is_found_when_its_bytes_are_stored(media: MongoMedia) -> None:
    made = photo()
    await media.begin(made, NOW + DAY)
    assert await media.get(made.id) is None
    assert await media.finish(made.id)
    assert await media.get(made.id) == made
    assert await media.several([made.id, MediaId(new_id())]) == {made.id: made}
    assert await media.several([]) == {}


async def test_what_is_being_stored_counts_too(media: MongoMedia) -> None:
    assert await media.used(ANNA) == Used(0, 0)
    await stored(media)
    await media.begin(photo(), NOW + DAY)
    await stored(media, UserId("b" * 32))
    assert await media.used(ANNA) == Used(2, 1100)


async def test_only_ones_own_can_be_claimed_and_all_or_none_says_yes(media: MongoMedia) -> None:
    mine, other, foreign = await stored(media), await stored(media), await stored(media, UserId("b" * 32))
    until = NOW + 3 * DAY
    assert await media.claim(ANNA, [mine.id, other.id], NOW + HOUR, until)
    assert not await media.claim(ANNA, [mine.id, foreign.id], NOW + HOUR, until)
    assert not await media.claim(ANNA, [MediaId(new_id())], NOW + HOUR, until)
    unfinished = photo()
    await media.begin(unfinished, NOW + DAY)
    assert not await media.claim(ANNA, [unfinished.id], NOW + HOUR, until)


async def test_a_claim_puts_off_when_upkeep_looks_and_never_brings_it_forward(media: MongoMedia) -> None:
    made = await stored(media)
    assert await due(media, DAY) == [made.id]
    await media.claim(ANNA, [made.id], NOW + HOUR, NOW + 2 * DAY)
    assert await due(media, DAY) == []
    await media.claim(ANNA, [made.id], NOW + HOUR, NOW + DAY)
    assert await due(media, DAY) == []
    assert await due(media, 2 * DAY) == [made.id]
    await media.put_off(made.id, NOW + 5 * DAY)
    assert await due(media, 4 * DAY) == []


async def test_what_was_claimed_since_is_not_retired(media: MongoMedia) -> None:
    made = await stored(media)
    await media.claim(ANNA, [made.id], NOW + HOUR, NOW + DAY)
    assert not await media.retire(made.id, NOW + HOUR)
    assert await media.get(made.id) == made
    assert await media.retire(made.id, NOW + 2 * HOUR)
    assert await media.get(made.id) is None
    assert not await media.claim(ANNA, [made.id], NOW + 3 * HOUR, NOW + DAY)


async def test_a_retired_one_counts_until_it_is_forgotten(media: MongoMedia) -> None:
    made = await stored(media)
    await media.retire(made.id, NOW + HOUR)
    assert await media.used(ANNA) == Used(1, made.bytes)
    await media.forget(made.id)
    assert await media.used(ANNA) == Used(0, 0)


async def test_upkeep_finds_what_was_never_finished_and_that_cannot_finish_then(media: MongoMedia) -> None:
    made = photo()
    await media.begin(made, NOW + DAY)
    assert await due(media, DAY) == [made.id]
    assert await media.retire(made.id, NOW + DAY)
    assert not await media.finish(made.id)


async def test_the_things_say_who_shows_it(media: MongoMedia, store: Database) -> None:
    made = await stored(media)
    assert (await media.holders(made.id), await media.public(made.id)) == ([], False)
    for name in ("draft", "gone", "active"):
        assert not await media.public(made.id)
        await store.items.insert_one(_thing(name, made.id))
    assert await media.public(made.id)
    holders = {holder.item: holder.deleted for holder in await media.holders(made.id)}
    assert holders == {"draft": False, "gone": True, "active": False}


def _thing(name: str, shown: MediaId) -> dict[str, object]:
    required = {"owner": ANNA, "price": 0, "words": [], "title": "Säge", "tariff": {}, "rules": {}, "rev": 1}
    gone = {"status": "archived", "deleted_at": NOW} if name == "gone" else {"status": name}
    return {"_id": name, "media": [shown], **required, **gone}


def test_a_name_of_a_blob_belongs_to_one_photo_and_one_content() -> None:
    made = photo()
    assert made.blobs == {f"{made.id}-{'a' * 64}", f"{made.id}-{'b' * 64}"}
    assert len(replace(made, copies=(*made.copies, made.copies[1])).blobs) == 2
