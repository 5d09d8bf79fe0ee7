"""Looking somebody up: what all neighbours may know of each other before they trust each other with a thing."""

from dataclasses import dataclass

from hub.account import Actor, User
from hub.ids import UserId
from hub.ports import Ports
from hub.reliability import Reliability
from hub.review import Score
from hub.usecases._people import reliability, shown


@dataclass(frozen=True, slots=True)
class GetUser:
    user: UserId


@dataclass(frozen=True, slots=True)
class Profile:
    user: User
    score: Score
    reliability: Reliability


async def get_user(ports: Ports, actor: Actor, command: GetUser) -> Profile:
    user = await shown(ports, command.user, actor.user)
    return Profile(user, await ports.reviews.score(user.id), await reliability(ports, user))
