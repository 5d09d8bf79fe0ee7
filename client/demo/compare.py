"""What a story must end with: both sides see the same, in the same order, and nothing that only one of them has."""

import json
from typing import Any

from client.demo.cast import Person
from client.demo.picture import Picture
from client.errors import NeighbourError
from client.timeline import Line


class Failed(NeighbourError):
    """The demo did not show what it is there to show; ``key`` is a key of the words."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


async def compare(picture: Picture, sides: tuple[Person, Person], room: str) -> None:
    """Show both timelines of a room, which must agree."""
    head = max(side.client.cursor(room) for side in sides)
    for side in sides:
        await side.has_entry(room, head)
    views = {side.id: side.client.timeline(room) for side in sides}
    picture.head("view.title")
    picture.side_by_side(views, {side.id: side.name for side in sides})
    mine, theirs = (list(map(_facts, view)) for view in views.values())
    if mine != theirs or any(line.kind not in {"text", "event"} for line in views[sides[0].id]):
        raise Failed("failed.differ")
    picture.say("view.agree", n=len(mine))


async def safety(picture: Picture, one: Person, other: Person) -> None:
    """Show the safety number, which must be the same on both devices."""
    numbers = {await one.client.safety_number(other.id), await other.client.safety_number(one.id)}
    if len(numbers) != 1:
        raise Failed("failed.differ")
    picture.head("safety.title")
    picture.plain(numbers.pop())


def _facts(line: Line) -> tuple[Any, ...]:
    return line.seq, line.kind, line.author, line.at, line.text, line.event, json.dumps(line.data, sort_keys=True)
