"""A dispute: a return that the owner has not seen, a scratch, a moderator, a second opinion, and an end."""

from client.demo.cast import Person
from client.demo.compare import compare
from client.demo.stage import DEPOSIT, Stage
from client.errors import HubRefused
from crypto.dkx.handover import HandoverKind

CLAIMED, FIRST, SECOND = 3000, 2000, 1200


async def dispute(stage: Stage) -> None:
    """The two do not agree; time, a moderator and another one bring it to an end without anybody having to win."""
    marta, tim, paula, jonas = stage.cast
    item = await stage.list_trailer(marta)
    deal = await stage.agree(marta, tim, item, 0, 1)
    await stage.lending(marta, tim, deal).hand_over()
    await _not_there(stage, marta, tim, deal)
    await _scratched(stage, marta, tim, deal)
    await stage.pass_time(stage.at(3.5), "dispute.title.1")
    await _judged(stage, (marta, tim), (paula, jonas), deal)
    await stage.pass_time(stage.at(7), "dispute.title.2")
    await stage.saw(marta, deal[1], "rental_completed")
    end = await tim.client.rentals.get(deal[0])
    held = end["deposit"]
    stage.must((end["state"], held["state"], held["kept"]) == ("completed", "partly_kept", SECOND), "failed.deposit")
    money = stage.picture.words.money
    stage.say("dispute.end", kept=money(SECOND, "EUR"), back=money(DEPOSIT - SECOND, "EUR"))
    await compare(stage.picture, (marta, tim), deal[1])


async def _not_there(stage: Stage, marta: Person, tim: Person, deal: tuple[str, str]) -> None:
    """By his word alone it is back; she has not seen it. Then he finds her, and her code proves it."""
    rental, _ = deal
    await tim.client.lending.give_back(rental)
    stage.say("dispute.declared", renter=tim.name)
    answer = await marta.client.lending.dispute_return(rental)
    stage.must(answer["rental"]["state"] == "active", "failed.dispute")
    stage.say("dispute.denied", owner=marta.name)
    shown = await marta.client.lending.code(rental, HandoverKind.RETURN)
    await tim.client.lending.give_back(rental, code=shown["code"])
    stage.say("dispute.proven", renter=tim.name, code=shown["code"])


async def _scratched(stage: Stage, marta: Person, tim: Person, deal: tuple[str, str]) -> None:
    rental, room = deal
    words = stage.picture.words
    await marta.client.lending.report_damage(rental, words("dispute.words"), CLAIMED)
    stage.say("dispute.reported", owner=marta.name, text=words("dispute.words"), money=words.money(CLAIMED, "EUR"))
    answer = await tim.client.lending.propose(rental, 1, 500)
    stage.say("dispute.proposed", renter=tim.name, money=words.money(500, "EUR"))
    for side in (marta, tim):
        await side.has_entry(room, answer["seq"])


async def _judged(
    stage: Stage, parties: tuple[Person, Person], moderators: tuple[Person, Person], deal: tuple[str, str]
) -> None:
    """Two days went by, so moderators see it. Who decided once does not decide again."""
    tim, (paula, jonas), (rental, room) = parties[1], moderators, deal
    words = stage.picture.words
    await stage.saw(tim, room, "case_mediated")
    seen = [one["id"] for one in await paula.client.mediation.disputes()]
    stage.must(rental in seen, "failed.dispute")
    await paula.client.mediation.decide(rental, 1, FIRST, words("dispute.first"))
    stage.say("dispute.decided", name=paula.name, text=words("dispute.first"), money=words.money(FIRST, "EUR"))
    await tim.client.lending.appeal(rental, 1, words("dispute.appeal"))
    stage.say("dispute.appealed", renter=tim.name, text=words("dispute.appeal"))
    stage.say("dispute.own", name=paula.name, code=await _refused(paula, rental))
    answer = await jonas.client.mediation.decide_appeal(rental, 1, SECOND, words("dispute.second"))
    stage.say("dispute.again", name=jonas.name, text=words("dispute.second"), money=words.money(SECOND, "EUR"))
    for side in parties:
        await side.has_entry(room, answer["seq"])


async def _refused(paula: Person, rental: str) -> str:
    try:
        await paula.client.mediation.decide_appeal(rental, 1, 0, "noch einmal")
    except HubRefused as refusal:
        return refusal.code
    return "accepted"
