"""The neighbours of `serve --demo`: they rent and write as their screenplay says, end-to-end encrypted.

Started by the hub, which gives its job in one line of JSON on the standard input, and hears on the standard output how
far it is. The end of the input is the end of the work, whoever ended it; started again it goes on where it was.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from client.demo.village.household import Household, Secrets
from client.demo.village.journal import Journal
from client.demo.village.scene import Scene
from client.demo.village.script import Rental, read_script
from client.demo.village.verbs import play
from client.errors import HubRefused

PATIENCE: Final = 5
"""Whoever looks at the village meanwhile goes first."""


@dataclass(frozen=True, slots=True)
class Job:
    """``ago``: the day to be played, counted back from ``born``; None stays at home until told to go."""

    url: str
    folder: Path
    script: Path
    people: Sequence[str]
    password: str
    code: str
    born: datetime
    rentals: int
    ago: int | None

    @classmethod
    def load(cls, line: bytes) -> Self:
        told = json.loads(line)
        paths = {name: Path(told[name]) for name in ("folder", "script")}
        return cls(**{**told, **paths, "born": datetime.fromisoformat(told["born"])})


def main() -> int:
    """Play the day of the job, until it is played or the input has ended."""
    os.nice(PATIENCE)
    job = Job.load(os.read(0, 65_536))
    with suppress(asyncio.CancelledError):
        asyncio.run(_work(job))
    return 0


async def _work(job: Job) -> None:
    _end_with_input()
    job.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    journal = Journal(job.folder / "journal.jsonl")
    secrets = Secrets(job.password, job.code)
    async with Household(job.url, job.folder, journal, secrets) as household:
        if job.ago is None:
            await household.stay(job.people)
        else:
            await household.settle(job.people)
            await _play(household, journal, job, job.ago)
            await household.back_up()


def _end_with_input() -> None:
    """Cancel what runs when the hub that started us has let go of us; it never writes again."""
    loop, playing = asyncio.get_running_loop(), asyncio.current_task()

    def ended() -> None:
        loop.remove_reader(0)
        if playing is not None:
            playing.cancel()

    loop.add_reader(0, ended)


async def _play(household: Household, journal: Journal, job: Job, ago: int) -> None:
    """That day of every rental. Where the hub refuses, whoever looks at the village has acted there."""
    script = read_script(job.script, job.rentals)
    total = sum(len(rental.acts) for rental in script)
    for rental in script:
        scene = Scene(household, journal, rental, job.born, job.script.with_name("photos"))
        try:
            for step, act in rental.steps():
                if act.ago == ago and step not in journal.done:
                    await household.prepare(step, rental.owner, rental.renter)
                    await play(scene, act)
                    journal.finish(step)
                    _tell(done=_played(journal, script), of=total)
        except HubRefused as refusal:
            sys.stderr.write(f"{rental.name} goes its own way: {refusal.code}\n")
            journal.finish(*(step for step, _ in rental.steps()))


def _played(journal: Journal, script: Sequence[Rental]) -> int:
    return sum(step in journal.done for rental in script for step, _ in rental.steps())


def _tell(**told: int) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
