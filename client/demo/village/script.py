"""The screenplay of the village: which rentals there are, and who does what in them so many days ago."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

TZ: Final = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Act:
    """``who`` is the ``owner`` or the ``renter``; ``rest`` is what the verb needs besides."""

    ago: int
    who: str
    verb: str
    rest: str

    def word(self) -> tuple[str, str]:
        """The first word of the rest, and what follows."""
        first, _, others = self.rest.partition(" ")
        return first, others


@dataclass(frozen=True, slots=True)
class Rental:
    """``start`` and ``end`` are told as a day, counted from the one on which the village began, and an hour."""

    name: str
    owner: str
    renter: str
    thing: str
    start: str
    end: str
    acts: tuple[Act, ...]

    def steps(self) -> Iterator[tuple[str, Act]]:
        """Every act under a name of its own."""
        for number, act in enumerate(self.acts):
            yield f"{self.name}/{number}", act


def read_script(path: Path, most: int) -> list[Rental]:
    """The first ``most`` rentals of the screenplay."""
    told = json.loads(path.read_text(encoding="utf-8"))["rentals"][:most]
    return [
        Rental(
            each["name"], each["owner"], each["renter"], each["thing"], each["from"], each["to"], _acts(each["acts"])
        )
        for each in told
    ]


def moment(born: datetime, told: str) -> datetime:
    """``-3 10`` is ten o'clock in the village, three days before the one on which it began."""
    day, hour = map(int, told.split())
    midnight = born.astimezone(TZ).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=day, hours=hour)


def _acts(told: list[Any]) -> tuple[Act, ...]:
    acts, ago = [], 0
    for each in told:
        if isinstance(each, dict):
            ago = each["ago"]
        else:
            who, verb, *rest = each.split(" ", 2)
            acts.append(Act(ago, who, verb, rest[0] if rest else ""))
    return tuple(acts)
