"""Looking somebody up: what all neighbours may know of each other before they trust each other with a thing."""

from dataclasses import dataclass

from hub.account import Actor, User
from hub.ids import UserId
from hub.ports import Ports
from hub.reliability import LOOKED_AT, Reliability, reliability_of
from hub.review import Score
from hub.usecases._people import existing


@dataclass(frozen=True, slots=True)
class GetUser:
    user: UserId


@dataclass(frozen=True, slots=True)
class Profile:
    user: User
    score: Score
    reliability: Reliability


async def get_user(ports: Ports, actor: Actor, command: GetUser) -> Profile:  # noqa: ARG001 - every act has the same shape
    user = await existing(ports, command.user)
    rentals = await ports.rentals.of(user.id, LOOKED_AT)
    return Profile(user, await ports.reviews.score(user.id), reliability_of(user.id, rentals))
