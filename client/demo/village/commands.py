"""The verbs of the screenplay that are one command of an ordinary client."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from client.demo.village.scene import Scene, View
from client.demo.village.script import Act
from client.neighbour import Neighbour
from client.rentals import terms
from crypto.dkx.handover import HandoverKind

Give = Callable[[Scene, Neighbour, Act], Awaitable[View]]
CASE: Final = 1
"""No rental of the screenplay has more than one."""


async def _offer(scene: Scene, who: Neighbour, act: Act) -> View:
    quote = await who.rentals.quote(await scene.item(who), *scene.days)
    price = int(act.rest or quote["price"])
    return await who.rentals.offer(scene.id, terms(*scene.days, price, negotiated=price != quote["price"]))


async def _counter(scene: Scene, who: Neighbour, act: Act) -> View:
    return await who.rentals.counter(
        scene.id, await _rev(scene, who), terms(*scene.days, int(act.rest), negotiated=True)
    )


async def _accept(scene: Scene, who: Neighbour, _: Act) -> View:
    return await who.rentals.accept(scene.id, await _rev(scene, who))


async def _rev(scene: Scene, who: Neighbour) -> int:
    return int((await who.rentals.get(scene.id))["offer"]["rev"])


async def _hand_over(scene: Scene, who: Neighbour, act: Act) -> View:
    shown = await (await scene.other(act)).lending.code(scene.id, HandoverKind.HANDOVER)
    return await who.lending.hand_over(scene.id, code=shown["code"])


async def _give_back(scene: Scene, who: Neighbour, act: Act) -> View:
    shown = await (await scene.other(act)).lending.code(scene.id, HandoverKind.RETURN)
    return await who.lending.give_back(scene.id, code=shown["code"])


async def _report_damage(scene: Scene, who: Neighbour, act: Act) -> View:
    claimed, words = act.word()
    return await who.lending.report_damage(scene.id, words, int(claimed))


async def _ask_change(scene: Scene, who: Neighbour, act: Act) -> View:
    told = act.rest.split()
    days = scene.moment(" ".join(told[:2])), scene.moment(" ".join(told[2:]))
    quote = await who.changes.quote(scene.id, *days)
    return await who.changes.propose(scene.id, terms(*days, quote["price"]))


async def _accept_change(scene: Scene, who: Neighbour, _: Act) -> View:
    asked: dict[str, Any] = (await who.rentals.get(scene.id))["change"]
    return await who.changes.accept(scene.id, asked["no"])


COMMANDS: Final[Mapping[str, Give]] = {
    "offers": _offer,
    "counters": _counter,
    "accepts": _accept,
    "declines": lambda scene, who, act: who.rentals.decline(scene.id, act.rest),
    "withdraws": lambda scene, who, act: who.rentals.withdraw(scene.id, act.rest),
    "cancels": lambda scene, who, act: who.rentals.cancel(scene.id, act.rest),
    "meets": lambda scene, who, act: who.rentals.meet(scene.id, act.rest),
    "hands_over": _hand_over,
    "returns": _give_back,
    "returns_alone": lambda scene, who, _: who.lending.give_back(scene.id),
    "confirms_return": lambda scene, who, _: who.lending.confirm_return(scene.id),
    "claims_no_show": lambda scene, who, _: who.lending.claim_no_show(scene.id),
    "admits_loss": lambda scene, who, act: who.lending.admit_loss(scene.id, act.rest),
    "reports_damage": _report_damage,
    "proposes": lambda scene, who, act: who.lending.propose(scene.id, CASE, int(act.rest)),
    "agrees": lambda scene, who, act: who.lending.agree(scene.id, CASE, int(act.rest)),
    "asks_change": _ask_change,
    "accepts_change": _accept_change,
}
