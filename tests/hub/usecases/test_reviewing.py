"""Reviews on the real stores: sealed at rest, blind until both spoke or time is over, public exactly once."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import Conflict, NotFound
from hub.ids import RentalId
from hub.review import WINDOW
from hub.usecases import booking, reviewing
from tests.support.world import Neighbour, World, cmd_id

CANARY = "Kanarienvogel-Bewertung"


@dataclass
class Ended:
    """Bernd cancelled at short notice what Anna had agreed to."""

    world: World
    anna: Neighbour
    bernd: Neighbour
    rental: RentalId
    item: Any

    async def put(self, by: Neighbour, text: str = "Gut.", **how: Any) -> reviewing.ReviewSheet:
        command = reviewing.PutReview(self.rental, 4, 5, 5, text=text, **how)
        return await reviewing.put_review(self.world.ports, by.actor, command)

    async def get(self, by: Neighbour) -> reviewing.ReviewSheet:
        return await reviewing.get_review(self.world.ports, by.actor, reviewing.GetReview(self.rental))

    async def told(self, person: Neighbour) -> list[str]:
        page = await self.world.ports.notifications.page(person.user.id, None, 50)
        return sorted(one.type for one in page if one.type.startswith("review"))

    async def wait(self, **by: float) -> list[str]:
        self.world.clock.moved += timedelta(**by)
        return await self.world.fire_due()


async def end(world: World, anna: Neighbour, bernd: Neighbour, item: Any) -> Ended:
    start, stop = world.days(1, 2)
    asked = await world.request(bernd, anna, item, start=start, end=stop)
    await world.accept(anna, asked)
    rental = asked.sheet.rental.id
    await booking.cancel_rental(world.ports, bernd.actor, booking.CancelRental(cmd_id(), rental, "illness"))
    await world.fire_due()
    return Ended(world, anna, bernd, rental, item)


@pytest.fixture
async def ended(world: World) -> Ended:
    anna, bernd = await world.person(), await world.person()
    return await end(world, anna, bernd, await world.item(anna))


async def test_the_end_opens_a_round_and_tells_both(ended: Ended) -> None:
    sheet = await ended.get(ended.anna)
    assert (sheet.mine, sheet.theirs, sheet.published, sheet.allowed) == (None, None, False, ("put", "skip"))
    assert await ended.told(ended.anna) == await ended.told(ended.bernd) == ["review_possible"]


async def test_nobody_reads_before_both_have_spoken(ended: Ended) -> None:
    await ended.put(ended.bernd, "Nett.", item=5, thanks="Psst.")
    sealed = await ended.get(ended.anna)
    assert (sealed.theirs, sealed.published) == (None, False)
    listed = await reviewing.list_reviews(
        ended.world.ports, ended.anna.actor, reviewing.ListReviews(ended.anna.user.id)
    )
    assert (listed.reviews, listed.score.count) == ([], 0)
    both = await ended.put(ended.anna, "Auch nett.")
    assert both.published
    assert both.theirs is not None
    assert (both.theirs.verdict.text, both.theirs.verdict.thanks) == ("Nett.", "Psst.")
    assert await ended.told(ended.bernd) == ["review_possible", "review_published"]


async def test_two_last_words_at_once_publish_both_exactly_once(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    for n in range(6):
        ended = await end(world, anna, bernd, await world.item(anna))
        await asyncio.gather(ended.put(anna), ended.put(bernd), ended.put(anna), ended.put(bernd))
        sheets = await ended.get(anna), await ended.get(bernd)
        assert all(sheet.published and sheet.mine and sheet.theirs for sheet in sheets)
        for person in (anna, bernd):
            assert (await ended.told(person)).count("review_published") == n + 1
            page = await world.ports.reviews.about(person.user.id, None, 50)
            assert len(page) == n + 1


async def test_a_last_word_and_the_end_of_time_publish_once(ended: Ended) -> None:
    await ended.put(ended.bernd)
    world = ended.world
    world.clock.moved += WINDOW - timedelta(milliseconds=30)
    outcomes = await asyncio.gather(
        ended.put(ended.anna), asyncio.sleep(0.05), *(world.fire_due() for _ in range(3)), return_exceptions=True
    )
    await asyncio.sleep(0.05)
    await world.fire_due()
    assert all(outcome is None or isinstance(outcome, (list, reviewing.ReviewSheet, Conflict)) for outcome in outcomes)
    assert (await ended.get(ended.anna)).published
    assert (await ended.told(ended.anna)).count("review_published") == 1


async def test_time_publishes_what_one_alone_said(ended: Ended) -> None:
    await ended.put(ended.bernd, "Allein.")
    assert await ended.wait(days=13) == []
    assert await ended.wait(days=1) == ["reviews_close"]
    sheet = await ended.get(ended.anna)
    assert sheet.theirs is not None
    assert (sheet.theirs.verdict.text, sheet.allowed) == ("Allein.", ("reply",))
    with pytest.raises(Conflict, match="reviews_closed"):
        await ended.put(ended.anna)
    assert await ended.told(ended.bernd) == ["review_possible"]


async def test_the_timer_outlives_what_still_happens_to_the_rental(ended: Ended) -> None:
    rental = await ended.world.ports.rentals.get(ended.rental, None)
    assert rental is not None
    async with ended.world.ports.work() as tx:
        await tx.set_timers(rental.id, ())
    assert await ended.wait(days=14) == ["reviews_close"]


async def test_a_skip_counts_as_a_word_and_is_not_listed(ended: Ended) -> None:
    skip = reviewing.SkipReview(ended.rental, "Danke dir.")
    await reviewing.skip_review(ended.world.ports, ended.bernd.actor, skip)
    sheet = await ended.put(ended.anna)
    assert sheet.theirs is not None
    assert (sheet.theirs.skipped, sheet.theirs.verdict.thanks) == (True, "Danke dir.")
    assert await ended.world.ports.reviews.about(ended.anna.user.id, None, 50) == []


async def test_the_subject_replies_once(ended: Ended) -> None:
    await ended.put(ended.bernd, "Kalt war es.")
    await ended.put(ended.anna)
    for _ in range(2):
        replied = reviewing.ReplyReview(ended.rental, "Im Winter eben.")
        await reviewing.reply_review(ended.world.ports, ended.anna.actor, replied)
    with pytest.raises(Conflict, match="reply_written"):
        await reviewing.reply_review(
            ended.world.ports, ended.anna.actor, reviewing.ReplyReview(ended.rental, "Und im Sommer.")
        )
    assert (await ended.told(ended.bernd)).count("review_replied") == 1
    (one,) = await ended.world.ports.reviews.about(ended.anna.user.id, None, 50)
    assert one.reply is not None
    assert one.reply.text == "Im Winter eben."


async def test_to_others_the_rental_does_not_exist(ended: Ended) -> None:
    stranger = await ended.world.person()
    for ask in (ended.put(stranger), ended.get(stranger)):
        with pytest.raises(NotFound, match="rental_not_found"):
            await ask


async def test_while_it_runs_there_is_nothing_to_review(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    with pytest.raises(Conflict, match="not_reviewable") as refusal:
        await reviewing.get_review(world.ports, anna.actor, reviewing.GetReview(asked.sheet.rental.id))
    assert refusal.value.data == {"state": "negotiating"}


async def test_what_was_never_fetched_can_be_reviewed(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    await world.accept(anna, asked)
    world.clock.moved += timedelta(days=5)
    assert "unclaimed" in await world.fire_due()
    sheet = await reviewing.get_review(world.ports, anna.actor, reviewing.GetReview(asked.sheet.rental.id))
    assert sheet.allowed == ("put", "skip")


async def test_scores_and_stars_begin_with_the_third_review(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    for n in range(3):
        ended = await end(world, anna, bernd, item)
        await ended.put(bernd, item=3 + n)
        await ended.put(anna)
        of_person = await world.ports.reviews.score(anna.user.id)
        of_item = await world.ports.reviews.item_score(item.id)
        assert of_person.count == of_item.count == n + 1
        assert (of_person.stars is not None) == (n == 2)
    assert of_person.stars == {"overall": 4.0, "communication": 5.0, "punctual": 5.0}
    assert of_item.stars == {"overall": 4.0, "item": 4.0}
    ask = reviewing.ListItemReviews(item.id, limit=2)
    page = await reviewing.list_item_reviews(world.ports, anna.actor, ask)
    rest = await reviewing.list_item_reviews(
        world.ports, anna.actor, reviewing.ListItemReviews(item.id, page.reviews[-1].id)
    )
    assert [len(page.reviews), len(rest.reviews)] == [2, 1]
    assert {one.author for one in (*page.reviews, *rest.reviews)} == {bernd.user.id}


async def test_words_are_sealed_at_rest_and_gone_with_their_author(ended: Ended) -> None:
    await ended.put(ended.bernd, CANARY, thanks=CANARY)
    await ended.put(ended.anna, CANARY)
    database = ended.world.database
    await reviewing.reply_review(ended.world.ports, ended.anna.actor, reviewing.ReplyReview(ended.rental, CANARY))
    stored = [repr(document) for name in ("reviews", "review_rounds") async for document in database[name].find()]
    assert len(stored) == 3
    assert not any(CANARY in document for document in stored)
    assert CANARY not in repr(ended.world.ear.heard)


async def test_a_reply_to_somebody_who_is_gone_still_works(ended: Ended, world: World) -> None:
    await ended.put(ended.bernd, CANARY)
    await ended.put(ended.anna)
    await world.database.data_keys.delete_one({"_id": ended.bernd.user.id})
    world.ports.reviews._personal.drop(ended.bernd.user.id)  # type: ignore[attr-defined]
    replied = reviewing.ReplyReview(ended.rental, "Schade.")
    sheet = await reviewing.reply_review(world.ports, ended.anna.actor, replied)
    assert sheet.theirs is not None
    assert sheet.theirs.reply is not None
    assert (sheet.theirs.verdict.text, sheet.theirs.reply.text) == ("", "Schade.")
