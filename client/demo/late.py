"""A late return: who brings it, who waits for it, and who had it next; each with a way out at every step."""

from client.demo.cast import Person
from client.demo.compare import compare
from client.demo.stage import LATE, Stage
from client.rentals import terms


async def late_return(stage: Stage) -> None:
    """Tim keeps the trailer too long; Aylin, who has it next, is warned and moves; he brings it and pays for it."""
    marta, tim, aylin = stage.cast[:3]
    item = await stage.list_trailer(marta)
    first = await stage.agree(marta, tim, item, 0, 1)
    second = await stage.agree(marta, aylin, item, 1.25, 2)
    lending = stage.lending(marta, tim, first)
    await lending.hand_over()
    await stage.pass_time(stage.at(1.125), "late.title.1")
    await _told(stage, (marta, tim), first, (aylin, second))
    await _moved(stage, marta, aylin, second)
    await stage.pass_time(stage.at(2.2), "late.title.2")
    await _brought(stage, marta, tim, first)
    for who, (_, room) in ((tim, first), (aylin, second)):
        await compare(stage.picture, (marta, who), room)


async def _told(
    stage: Stage, late: tuple[Person, Person], first: tuple[str, str], after: tuple[Person, tuple[str, str]]
) -> None:
    """Everybody hears of it, and who is next hears what she can do."""
    (marta, tim), (aylin, (rental, room)) = late, after
    for person in late:
        await stage.saw(person, first[1], "rental_overdue")
    view = await tim.client.rentals.get(first[0])
    stage.must(view["overdue_since"] is not None and view["overdue_step"] == 1, "failed.not_told")
    stage.say("late.overdue", renter=tim.name, owner=marta.name)
    await stage.saw(aylin, room, "rental_at_risk")
    quote = await aylin.client.rentals.cancel_quote(rental)
    stage.must(quote["fee"] == 0, "failed.fee")
    stage.say("late.at_risk", name=aylin.name, fee=stage.picture.words.money(quote["fee"], quote["cur"]))


async def _moved(stage: Stage, marta: Person, aylin: Person, deal: tuple[str, str]) -> None:
    """Aylin would rather have it two days later than not at all."""
    rental, room = deal
    days = stage.at(4), stage.at(5)
    quote = await aylin.client.changes.quote(rental, *days)
    proposed = await aylin.client.changes.propose(rental, terms(*days, quote["price"]))
    stage.say("late.proposed", name=aylin.name, terms=stage.picture.change(proposed["rental"]))
    answer = await marta.client.changes.accept(rental, proposed["rental"]["change"]["no"])
    stage.must(answer["rental"]["at_risk_since"] is None, "failed.not_told")
    await aylin.has_entry(room, answer["seq"])
    stage.say("late.moved", owner=marta.name)


async def _brought(stage: Stage, marta: Person, tim: Person, deal: tuple[str, str]) -> None:
    """More than a day late: two days are begun; the second notice was given."""
    rental, room = deal
    words = stage.picture.words
    lending = stage.lending(marta, tim, deal)
    await lending.bring_back()
    fee = (await tim.client.rentals.get(rental))["returned"]["fee"]
    stage.must(fee == 2 * LATE, "failed.fee")
    stage.say("late.fee", renter=tim.name, money=words.money(fee, "EUR"))
    answer = await tim.client.lending.claim_payment(rental, "late_fee", fee)
    answer = await marta.client.lending.confirm_payment(rental, answer["rental"]["ledger"][-1]["no"])
    for side in (marta, tim):
        await side.has_entry(room, answer["seq"])
    stage.say("late.paid", owner=marta.name)
