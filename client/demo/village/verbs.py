"""What people of the screenplay do: each verb as the acts of an ordinary client, none of them twice."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from client.demo.village.commands import COMMANDS
from client.demo.village.scene import Scene, View
from client.demo.village.script import Act
from client.rentals import terms

SIDES: Final = (1000, 750)
"""Pixels of every picture in the demo."""
Verb = Callable[[Scene, Act], Awaitable[None]]


async def play(scene: Scene, act: Act) -> None:
    """Do what the act says, unless it was done before."""
    if (verb := VERBS.get(act.verb)) is not None:
        await verb(scene, act)
        return
    give, who = COMMANDS[act.verb], await scene.who(act)
    await scene.once(who, lambda: give(scene, who.client, act))


async def _inquires(scene: Scene, act: Act) -> None:
    who = await scene.who(act)
    await scene.open(who, who.client.rentals.inquire)


async def _requests(scene: Scene, act: Act) -> None:
    who = await scene.who(act)

    async def ask(item: str) -> View:
        quote = await who.client.rentals.quote(item, *scene.days)
        return await who.client.rentals.request(item, terms(*scene.days, quote["price"]))

    await scene.open(who, ask)


async def _says(scene: Scene, act: Act) -> None:
    who = await scene.who(act)
    if scene.line(who, lambda line: line.text == act.rest and line.author == who.id) is None:
        who.client.send_text(scene.room, act.rest)
    await scene.both_see(lambda line: line.text == act.rest and line.seq is not None)
    await who.client.mark_read(scene.room, who.client.cursor(scene.room))


async def _sends(scene: Scene, act: Act) -> None:
    """A picture, under a name."""
    who = await scene.who(act)
    picture, name = act.word()
    if scene.line(who, lambda line: line.text == name and line.author == who.id) is None:
        await who.client.files.send(scene.room, scene.pictures / f"{picture}.webp", name=name, sides=SIDES)
    await scene.both_see(lambda line: line.kind == "file" and line.text == name and line.seq is not None)


async def _reacts(scene: Scene, act: Act) -> None:
    who = await scene.who(act)
    said = scene.line(who, lambda line: line.kind == "text" and line.author != who.id)
    if said is None or said.seq is None:
        return
    if who.id not in said.reactions.get(act.rest, ()):
        who.client.chat.react(scene.room, said.seq, act.rest)
    await scene.both_see(lambda line: line.seq == said.seq and who.id in line.reactions.get(act.rest, ()))


async def _sees(scene: Scene, act: Act) -> None:
    await scene.sees(await scene.who(act), lambda line: line.event == act.rest)


async def _pays(scene: Scene, act: Act) -> None:
    """From hand to hand: one says so, the other confirms it."""
    payer, taker = await scene.who(act), await scene.partner(act)

    async def claim() -> View:
        amount = _amount(act.rest, await payer.client.rentals.get(scene.id))
        return await payer.client.lending.claim_payment(scene.id, act.rest, amount)

    async def confirm() -> View:
        ledger = (await taker.client.rentals.get(scene.id))["ledger"]
        return await taker.client.lending.confirm_payment(scene.id, ledger[-1]["no"])

    await scene.once(payer, claim)
    await scene.once(taker, confirm)


def _amount(kind: str, rental: dict[str, Any]) -> int:
    agreed = rental["offer"]["terms"]
    match kind:
        case "deposit_in":
            return int(agreed["deposit"])
        case "deposit_out":
            return int(agreed["deposit"] - (rental["deposit"]["kept"] or 0))
        case "late_fee":
            return int(rental["returned"]["fee"])
        case _:
            return int(agreed["price"])


async def _signs(scene: Scene, act: Act) -> None:
    who = await scene.who(act)
    offer = await who.client.agreements.offered(scene.id)
    if offer is not None:
        await scene.both_have((await who.client.agreements.sign(offer))["seq"])


async def _reviews(scene: Scene, act: Act) -> None:
    """Stars, tags, words. What was said already stays as it is."""
    who = await scene.who(act)
    given, rest = act.word()
    tags, _, words = rest.partition(" ")
    stars = dict.fromkeys(("overall", "communication", "punctual"), int(given))
    about = {"item": int(given)} if act.who == "renter" else {}
    if (await who.client.people.review_of(scene.id))["mine"] is None:
        await who.client.people.review(scene.id, {**stars, **about}, tags=tags.split(","), text=words)


async def _replies(scene: Scene, act: Act) -> None:
    who = await scene.who(act)
    if (await who.client.people.review_of(scene.id))["theirs"]["reply"] is None:
        await who.client.people.reply(scene.id, act.rest)


async def _blocks(scene: Scene, act: Act) -> None:
    who, other = await scene.who(act), await scene.partner(act)
    await who.client.people.block(other.id)


VERBS: Final[Mapping[str, Verb]] = {
    "inquires": _inquires,
    "requests": _requests,
    "says": _says,
    "sends": _sends,
    "reacts": _reacts,
    "sees": _sees,
    "pays": _pays,
    "signs": _signs,
    "reviews": _reviews,
    "replies": _replies,
    "blocks": _blocks,
}
"""Everything that is more or less than one command of a rental."""
