"""The unhappy stories by name, and playing one: who is in it, on a stage whose clock moves."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from client.demo.cast import settled
from client.demo.dispute import dispute
from client.demo.embedded import DemoHub
from client.demo.late import late_return
from client.demo.picture import Picture
from client.demo.stage import Stage, Story, appoint


@dataclass(frozen=True, slots=True)
class Play:
    """``moderators`` of the ``names`` are made so by the operator."""

    tell: Story
    names: tuple[str, ...]
    moderators: tuple[str, ...] = ()


STORIES: Final[Mapping[str, Play]] = {
    "late-return": Play(late_return, ("Marta", "Tim", "Aylin")),
    "dispute": Play(dispute, ("Marta", "Tim", "Paula", "Jonas"), ("Paula", "Jonas")),
}


async def play(chosen: Play, hub: DemoHub, directory: Path, picture: Picture, lang: str) -> None:
    """Returns only if everything showed what it should."""
    async with AsyncExitStack() as stack:
        cast = [
            await stack.enter_async_context(settled(name, directory / name.lower(), hub.url, lang))
            for name in chosen.names
        ]
        picture.say("people.ready", names=", ".join(chosen.names), directory=directory)
        if chosen.moderators:
            await appoint(hub.data_dir, *(person.email for person in cast if person.name in chosen.moderators))
            picture.say("story.appointed", names=", ".join(chosen.moderators))
        await chosen.tell(Stage(hub, picture, tuple(cast)))
