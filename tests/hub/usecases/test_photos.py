"""Photos: kept within one's space, shown to whom they concern, deleted when asked, and never left behind."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.adapters import SystemClock
from hub.errors import Conflict, HubError, NotFound, Unavailable
from hub.ids import ItemId, MediaId, new_id
from hub.photo import MAX_PER_ITEM, Photo
from hub.ports import Ports
from hub.usecases._photos import claim_photos
from hub.usecases.photos import (
    AddPhoto,
    DeletePhoto,
    GetPhoto,
    ShowCopy,
    add_photo,
    delete_photo,
    get_photo,
    show_copy,
    sweep_photos,
)
from tests.support.pictures import drawn, upload, written
from tests.support.world import Neighbour, World

FILE = written(drawn())


class LaterClock(SystemClock):
    """Both clocks ``later``: upkeep goes by the real one."""

    def __init__(self, later: timedelta) -> None:
        super().__init__()
        self._later = later

    def real(self) -> datetime:
        return datetime.now(UTC) + self._later


def later(ports: Ports, **by: float) -> Ports:
    return replace(ports, clock=LaterClock(timedelta(**by)))


async def added(ports: Ports, person: Neighbour) -> Photo:
    with upload(FILE) as file:
        return await add_photo(ports, person.actor, AddPhoto(file, "Eine Säge"))


async def show_on(world: World, item: ItemId, *photos: Photo) -> None:
    shown = {"$set": {"media": [photo.id for photo in photos]}}
    await world.database.items.update_one({"_id": item}, shown)


async def kept(world: World) -> tuple[int, int, int]:
    """How many photos, blobs and chunks there are."""
    names = ("media", "blobs.files", "blobs.chunks")
    photos, blobs, chunks = [await world.database[name].count_documents({}) for name in names]
    return photos, blobs, chunks


async def test_a_photo_is_kept_in_four_sizes(world: World) -> None:
    anna = await world.person(device=False)
    photo = await added(world.ports, anna)
    found = await get_photo(world.ports, anna.actor, GetPhoto(photo.id))
    assert replace(found, created_at=photo.created_at) == photo
    assert (photo.owner, photo.alt, [copy.size for copy in photo.copies]) == (
        anna.user.id, "Eine Säge", [1600, 800, 400, 160])  # fmt: skip
    for copy in photo.copies:
        assert await world.ports.blobs.size(photo.blob(copy)) == copy.bytes
    assert await kept(world) == (1, 3, 3)  # 640 pixels are the same file at 1600 and 800


async def test_only_its_owner_sees_it_until_a_public_thing_shows_it(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person(device=False)
    photo, item = await added(world.ports, anna), await world.item(anna)
    wanted = ShowCopy(photo.id, 400)
    assert not (await show_copy(world.ports, anna.actor, wanted)).public
    for reader in (bernd.actor, None):
        with pytest.raises(NotFound, match="photo_not_found"):
            await show_copy(world.ports, reader, wanted)
    await show_on(world, item.id, photo)
    for reader in (anna.actor, bernd.actor, None):
        assert (await show_copy(world.ports, reader, wanted)).public
    await world.database.items.update_one({"_id": item.id}, {"$set": {"deleted_at": datetime.now(UTC)}})
    with pytest.raises(NotFound, match="photo_not_found"):
        await show_copy(world.ports, None, wanted)


async def test_there_are_these_sizes_and_no_others(world: World) -> None:
    anna = await world.person(device=False)
    photo = await added(world.ports, anna)
    with pytest.raises(NotFound, match="photo_not_found"):
        await show_copy(world.ports, anna.actor, ShowCopy(photo.id, 401))


async def test_ones_space_ends(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person(device=False)
    small = replace(world.ports, policy=replace(world.ports.policy, max_photos=2))
    first, _ = await added(small, anna), await added(small, anna)
    with pytest.raises(Conflict) as full:
        await added(small, anna)
    assert (full.value.code, full.value.data) == ("photos_full", {"of": "photos", "max": 2})
    await added(small, bernd)
    await delete_photo(small, anna.actor, DeletePhoto(first.id))
    await added(small, anna)


async def test_ones_space_is_bytes_too(world: World) -> None:
    anna = await world.person(device=False)
    size = (await added(world.ports, anna)).bytes
    small = replace(world.ports, policy=replace(world.ports.policy, max_photo_bytes=2 * size + 1))
    await added(small, anna)
    before = await kept(world)
    with pytest.raises(Conflict) as full:
        await added(small, anna)
    assert full.value.data == {"of": "bytes", "max": 2 * size + 1}
    assert await kept(world) == before


async def test_uploads_side_by_side_do_not_go_beyond_ones_space(world: World) -> None:
    anna = await world.person(device=False)
    small = replace(world.ports, policy=replace(world.ports.policy, max_photos=3))
    done = await asyncio.gather(*(added(small, anna) for _ in range(8)), return_exceptions=True)
    assert all(isinstance(one, Photo) or (isinstance(one, Conflict) and one.code == "photos_full") for one in done)
    assert 1 <= (await kept(world))[0] <= 3


async def test_deleting_leaves_no_byte(world: World) -> None:
    anna = await world.person(device=False)
    photo, other = await added(world.ports, anna), await added(world.ports, anna)
    await delete_photo(world.ports, anna.actor, DeletePhoto(photo.id))
    assert await kept(world) == (1, 3, 3)
    assert {name.partition("-")[0] for name in await world.database["blobs.chunks"].distinct("files_id")} == {other.id}
    with pytest.raises(NotFound, match="photo_not_found"):
        await delete_photo(world.ports, anna.actor, DeletePhoto(photo.id))


async def test_nobody_deletes_somebody_elses(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person(device=False)
    photo = await added(world.ports, anna)
    with pytest.raises(NotFound, match="photo_not_found"):
        await delete_photo(world.ports, bernd.actor, DeletePhoto(photo.id))
    assert await get_photo(world.ports, anna.actor, GetPhoto(photo.id))


async def test_what_a_thing_shows_is_not_deleted(world: World) -> None:
    anna = await world.person(device=False)
    photo, item = await added(world.ports, anna), await world.item(anna)
    await show_on(world, item.id, photo)
    with pytest.raises(Conflict, match="photo_in_use"):
        await delete_photo(world.ports, anna.actor, DeletePhoto(photo.id))
    await show_on(world, item.id)
    await delete_photo(world.ports, anna.actor, DeletePhoto(photo.id))


async def test_what_an_act_is_about_to_show_is_not_deleted_under_its_hands(world: World) -> None:
    anna = await world.person(device=False)
    photo = await added(world.ports, anna)
    await claim_photos(world.ports, anna.user.id, [photo.id])
    with pytest.raises(Conflict, match="photo_in_use"):
        await delete_photo(world.ports, anna.actor, DeletePhoto(photo.id))
    await delete_photo(later(world.ports, minutes=2), anna.actor, DeletePhoto(photo.id))
    with pytest.raises(NotFound, match="photo_not_found"):
        await claim_photos(world.ports, anna.user.id, [photo.id])


async def test_only_ones_own_can_be_shown_on_a_thing_each_once_and_not_too_many(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person(device=False)
    photo = await added(world.ports, anna)
    await claim_photos(world.ports, anna.user.id, [])
    for owner, wanted, code in (
        (bernd, [photo.id], "photo_not_found"),
        (anna, [photo.id, MediaId(new_id())], "photo_not_found"),
        (anna, [photo.id, photo.id], "too_many"),
        (anna, [MediaId(new_id()) for _ in range(MAX_PER_ITEM + 1)], "too_many"),
    ):
        with pytest.raises(HubError, match=code):
            await claim_photos(world.ports, owner.user.id, wanted)


async def test_what_nothing_shows_goes_after_a_day(world: World) -> None:
    anna = await world.person(device=False)
    await added(world.ports, anna)
    assert await sweep_photos(later(world.ports, hours=23)) == 0
    assert await sweep_photos(later(world.ports, hours=25)) == 1
    assert await kept(world) == (0, 0, 0)


async def test_what_a_thing_shows_stays(world: World) -> None:
    anna = await world.person(device=False)
    shown, item = await added(world.ports, anna), await world.item(anna)
    await show_on(world, item.id, shown)
    for days in (2, 30, 3000):
        assert await sweep_photos(later(world.ports, days=days)) == 0
    assert await get_photo(world.ports, anna.actor, GetPhoto(shown.id))


async def test_a_claimed_one_stays_a_day_longer(world: World) -> None:
    anna = await world.person(device=False)
    photo = await added(world.ports, anna)
    await claim_photos(later(world.ports, hours=20), anna.user.id, [photo.id])
    assert await sweep_photos(later(world.ports, hours=25)) == 0
    assert await sweep_photos(later(world.ports, hours=45)) == 1


@pytest.mark.parametrize(
    ("end", "days", "removed"),
    [("accept", 2, 0), ("accept", 3000, 0), ("cancel", 100, 0), ("cancel", 220, 1), ("decline", 2, 1), ("none", 2, 1)],
)
async def test_those_of_a_deleted_thing_go_when_its_rentals_allow_it(
    end: str, days: int, removed: int, world: World
) -> None:
    anna, bernd = await world.person(), await world.person()
    photo, item = await added(world.ports, anna), await world.item(anna)
    await show_on(world, item.id, photo)
    if end != "none":
        rental = (await world.request(bernd, anna, item)).sheet.rental
        states = {"accept": "confirmed", "cancel": "cancelled", "decline": "declined"}
        await world.database.rentals.update_one({"_id": rental.id}, {"$set": {"state": states[end]}})
    await world.database.items.update_one({"_id": item.id}, {"$set": {"deleted_at": datetime.now(UTC)}})
    assert await sweep_photos(later(world.ports, days=days)) == removed


class TornBlobs:
    """Stores one copy, then the line to the database breaks."""

    def __init__(self, blobs: Any) -> None:
        self._blobs = blobs
        self._left = 1

    async def put(self, name: str, parts: AsyncIterator[bytes]) -> int:
        self._left -= 1
        if self._left < 0:
            raise Unavailable("store_unavailable")
        return int(await self._blobs.put(name, parts))


async def test_what_an_interrupted_upload_left_goes_too(world: World) -> None:
    anna = await world.person(device=False)
    torn = replace(world.ports, blobs=TornBlobs(world.ports.blobs))  # type: ignore[arg-type]  # the part that is used
    with pytest.raises(Unavailable, match="store_unavailable"):
        await added(torn, anna)
    assert await kept(world) == (1, 1, 1)
    assert await sweep_photos(world.ports) == 0
    assert await sweep_photos(later(world.ports, hours=25)) == 1
    assert await kept(world) == (0, 0, 0)


async def test_what_an_interrupted_sweep_left_goes_with_the_next(world: World) -> None:
    anna = await world.person(device=False)
    photo = await added(world.ports, anna)
    assert await world.ports.media.retire(photo.id, datetime.now(UTC))
    assert await sweep_photos(later(world.ports, hours=25)) == 1
    assert await kept(world) == (0, 0, 0)


async def test_several_may_sweep_at_once(world: World) -> None:
    anna = await world.person(device=False)
    for _ in range(3):
        await added(world.ports, anna)
    ports = later(world.ports, hours=25)
    swept = await asyncio.gather(*(sweep_photos(ports) for _ in range(3)))
    assert sum(swept) >= 3
    assert await kept(world) == (0, 0, 0)


async def test_pictures_that_look_alike_are_found_across_accounts(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person(device=False)
    one, other = await added(world.ports, anna), await added(world.ports, bernd)
    found = [row["_id"] async for row in world.database.media.find({"dhash": one.dhash})]
    assert set(found) == {one.id, other.id}
