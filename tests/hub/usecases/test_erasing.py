"""Leaving for good: nothing of the person can be read, what others rely on stays, and nobody comes back."""

from typing import Any

import pytest

from hub.errors import Conflict, NotFound
from hub.keeping import REGISTRY, Erased
from hub.rental import State
from hub.usecases.accounts import GetMe, get_me
from hub.usecases.booking import GetRental, get_rental
from hub.usecases.erasing import EraseAccount, erase_account, erase_again, resume_erasures
from hub.usecases.items import GetItem, get_item
from hub.usecases.messaging import ListRooms, list_rooms
from hub.usecases.profiles import GetUser, get_user
from hub.usecases.retention import end_terms
from hub.usecases.reviewing import ListReviews, PutReview, list_reviews, put_review
from storage.mongo.store import Database
from tests.support.lending import Loan, lend
from tests.support.world import Neighbour, World


async def erase(world: World, person: Neighbour) -> None:
    await erase_account(world.ports, person.actor, EraseAccount())


async def ids_of(database: Database, user: str) -> set[str]:
    """Collections in which the id of a person stands."""
    found = set()
    for name in await database.list_collection_names():
        async for document in database[name].find():
            if user in repr(document) or bytes.fromhex(user) in _bytes(document):
                found.add(name)
    return found


def _bytes(document: Any) -> list[bytes]:
    return [value for value in document.values() if isinstance(value, bytes)]


async def over(loan: Loan) -> None:
    """The thing is back, and time has done the rest."""
    await loan.give_back()
    await loan.confirm()
    loan.later(days=3)
    await loan.world.fire_due()
    assert (await loan.now()).state is State.COMPLETED


async def finished(world: World) -> tuple[Neighbour, Neighbour, Any]:
    """A loan that is over."""
    loan = await lend(world)
    await over(loan)
    return loan.owner, loan.renter, loan


async def test_nothing_agreed_may_be_left_behind(world: World) -> None:
    loan = await lend(world)
    for party in (loan.owner, loan.renter):
        with pytest.raises(Conflict, match="erasure_blocked") as refused:
            await erase(world, party)
        assert refused.value.data == {"rentals": 1}
        assert (await get_me(world.ports, party.actor, GetMe())).handle == party.user.handle


async def test_an_erased_person_is_gone_and_cannot_act(world: World) -> None:
    anna, bernd = await world.person("anna"), await world.person()
    item = await world.item(anna)
    await erase(world, anna)
    assert await world.ports.users.by_handle("anna") is None
    assert await world.ports.users.credentials("anna@example.org") is None
    assert await world.ports.sessions.live_of(anna.user.id) == []
    with pytest.raises(NotFound, match="user_not_found"):
        await get_user(world.ports, bernd.actor, GetUser(anna.user.id))
    with pytest.raises(NotFound, match="item_not_found"):
        await get_item(world.ports, GetItem(item.id))
    assert len(world.erased) == 1


async def test_talks_end_and_the_other_side_hears_of_it(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    other = await world.request(anna, bernd, await world.item(bernd))
    await erase(world, anna)
    for talk, end in ((asked, State.DECLINED), (other, State.WITHDRAWN)):
        sheet = await get_rental(world.ports, bernd.actor, GetRental(talk.sheet.rental.id))
        assert sheet.rental.state is end


async def test_the_other_side_keeps_its_rental_room_and_stars_without_the_name(world: World) -> None:
    owner, renter, loan = await finished(world)
    words = PutReview(loan.id, 5, 5, 5, item=5, text="Alles bestens, Kanari!", thanks="Danke")
    await put_review(world.ports, renter.actor, words)
    await put_review(world.ports, owner.actor, PutReview(loan.id, 4, 4, 4))
    await erase(world, renter)
    sheet = await get_rental(world.ports, owner.actor, GetRental(loan.id))
    assert (sheet.renter.id, sheet.renter.handle, sheet.renter.display_name) == (renter.user.id, "", "")
    (room,) = await list_rooms(world.ports, owner.actor, ListRooms())
    assert room.people[renter.user.id].display_name == ""
    page = await list_reviews(world.ports, owner.actor, ListReviews(owner.user.id))
    assert [review.verdict.text for review in page.reviews] == [""]
    assert page.authors == {}


async def test_the_registry_says_where_an_id_may_stay(world: World) -> None:
    owner, renter, _ = await finished(world)
    await erase(world, renter)
    kept = {group.collection for group in REGISTRY.groups if group.erased is Erased.KEPT}
    assert await ids_of(world.database, renter.user.id) <= kept
    await erase(world, owner)
    assert await ids_of(world.database, owner.user.id) <= kept


async def test_a_crash_after_the_key_is_destroyed_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await world.person()
    await world.item(anna)

    async def crash(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(type(world.ports.erasures), "remove_rest", crash)
        with pytest.raises(ConnectionError):
            await erase(world, anna)
    assert await world.database.places.count_documents({"owner": anna.user.id}) == 1
    assert await resume_erasures(world.ports) == 1
    assert await world.database.places.count_documents({"owner": anna.user.id}) == 0
    assert await resume_erasures(world.ports) == 0
    assert await world.database.erased.count_documents({"user": {"$exists": True}}) == 0


async def test_whom_a_backup_brings_back_is_erased_again_whatever_is_open_there(world: World) -> None:
    loan = await lend(world)
    database, renter = world.database, loan.renter.user
    before = {name: await database[name].find().to_list() for name in ("users", "data_keys", "credentials", "rentals")}
    await over(loan)
    await erase(world, loan.renter)
    for name, documents in before.items():
        await database[name].delete_many({})
        await database[name].insert_many(documents)
    assert await world.ports.users.get(renter.id) is not None
    assert await erase_again(world.ports, world.erased) == 1
    assert await world.ports.users.get(renter.id) is None
    assert await erase_again(world.ports, world.erased) == 0


async def test_the_handle_and_address_are_free_again_for_somebody_new(world: World) -> None:
    await erase(world, await world.person("anna"))
    assert (await world.person("anna")).user.handle == "anna"


async def test_things_messages_and_rentals_go_when_their_time_is_over(world: World) -> None:
    owner, renter, loan = await finished(world)
    await erase(world, owner)
    assert await world.ports.items.get(loan.item.id) is not None
    loan.later(days=214)
    assert (await end_terms(world.ports)).things == 1
    assert await world.ports.items.get(loan.item.id) is None
    loan.later(days=366 * 4)
    assert (await end_terms(world.ports)).rentals == 1
    assert not await end_terms(world.ports)
    for name in ("rentals", "rooms", "entries", "chains", "receipts", "codes"):
        assert await world.database[name].count_documents({}) == 0, name
    with pytest.raises(NotFound, match="rental_not_found"):
        await get_rental(world.ports, renter.actor, GetRental(loan.id))
