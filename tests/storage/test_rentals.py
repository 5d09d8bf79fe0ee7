"""Rentals: all of one comes back, and only to its parties."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.ids import ItemId, RentalId, UserId, new_id
from hub.rental import CLOSED, Cancellation, Rental, Role, Snapshot, State
from storage.mongo.rental_document import rental_document
from storage.mongo.rentals import MongoRentals
from storage.mongo.store import Database
from tests.storage import world


@pytest.fixture
def rentals(db: Database) -> MongoRentals:
    return MongoRentals(db)


async def kept(db: Database, **fields: object) -> Rental:
    rental = world.rental(**fields)
    await db.rentals.insert_one(rental_document(rental) | {"event_head": rental.event_head})
    return rental


@pytest.mark.parametrize("state", list(State))
async def test_a_rental_comes_back_in_every_state(rentals: MongoRentals, db: Database, state: State):
    rental = await kept(db, state=state, event_head=b"h" * 32)
    assert await rentals.get(rental.id, None) == rental


async def test_an_inquiry_has_no_offer(rentals: MongoRentals, db: Database):
    rental = await kept(db, state=State.INQUIRY, offer=None, offers=())
    assert await rentals.get(rental.id, None) == rental


async def test_the_tariff_agreed_on_comes_back_whole(rentals: MongoRentals, db: Database):
    rental = await kept(db, snapshot=Snapshot("Zelt", world.WHOLE_TARIFF))
    assert await rentals.get(rental.id, None) == rental


async def test_a_cancellation_comes_back(rentals: MongoRentals, db: Database):
    undone = Cancellation(Role.OWNER, "broken", world.NOW)
    rental = await kept(db, state=State.CANCELLED, closed_reason="broken", cancel=undone)
    assert await rentals.get(rental.id, None) == rental


async def test_an_offer_with_a_place_of_its_own_comes_back(rentals: MongoRentals, db: Database):
    offer = world.offer()
    elsewhere = replace(offer, terms=replace(offer.terms, place=new_id(), negotiated=True))
    rental = await kept(db, offer=elsewhere)
    assert await rentals.get(rental.id, None) == rental


async def test_a_rental_is_shown_to_its_parties_only(rentals: MongoRentals, db: Database):
    rental = await kept(db)
    assert await rentals.get(rental.id, rental.owner) == rental
    assert await rentals.get(rental.id, rental.renter) == rental
    assert await rentals.get(rental.id, UserId(new_id())) is None
    assert await rentals.get(RentalId(new_id()), rental.owner) is None


async def test_ones_rentals_are_listed_with_the_last_touched_first(rentals: MongoRentals, db: Database):
    me = UserId(new_id())
    older = await kept(db, owner=me, updated_at=world.NOW - timedelta(days=1))
    newer = await kept(db, renter=me)
    await kept(db)
    assert await rentals.of(me, 10) == [newer, older]
    assert await rentals.of(me, 1) == [newer]


async def test_rivals_are_those_who_bargain_for_the_same_thing(rentals: MongoRentals, db: Database):
    item = ItemId(new_id())
    rival = await kept(db, item=item)
    await kept(db, item=item, state=State.CONFIRMED)
    await kept(db)
    assert await rentals.of_item_in(item, {State.NEGOTIATING}) == [rival]


async def test_quotas_count_what_is_open(rentals: MongoRentals, db: Database):
    renter, item = UserId(new_id()), ItemId(new_id())
    for state in State:
        await kept(db, renter=renter, item=item, state=state)
    assert await rentals.live_negotiations(item, renter) == 1
    assert await rentals.live_negotiations(ItemId(new_id()), renter) == 0
    assert await rentals.cancelled_or_open_count(renter) == len(State) - len(CLOSED)
