"""A calendar that does not follow from its rentals is found, and one that does is not."""

from hub.ids import RentalId
from hub.usecases.booking import CancelRental, cancel_rental
from hub.usecases.upkeep import compare_calendars
from storage.mongo.store import Database
from tests.support.world import Neighbour, World, cmd_id


async def differences(world: World) -> list[str]:
    return [str(found) async for found in compare_calendars(world.ports)]


async def agree(world: World) -> tuple[Neighbour, RentalId]:
    """A new thing, lent to a new neighbour."""
    owner, renter = await world.person(), await world.person()
    applied = await world.request(renter, owner, await world.item(owner))
    agreed = await world.accept(owner, applied)
    return owner, agreed.sheet.rental.id


async def test_calendars_follow_from_agreements_and_cancellations(world: World):
    await agree(world)
    owner, rental = await agree(world)
    await cancel_rental(world.ports, owner.actor, CancelRental(cmd_id(), rental, "broken"))
    assert await differences(world) == []


async def test_a_calendar_that_lost_a_rental_is_found(world: World, village_database: Database):
    await agree(world)
    await village_database.calendars.update_many({}, {"$set": {"busy": []}})
    (found,) = await differences(world)
    assert "1 missing" in found


async def test_a_calendar_whose_full_days_are_wrong_is_found(world: World, village_database: Database):
    await agree(world)
    await village_database.calendars.update_many({}, {"$set": {"full": []}})
    assert len(await differences(world)) == 1
