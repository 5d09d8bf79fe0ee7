"""The life of the demo village: its neighbours rent and write as ordinary clients do, in a process of their own.

What happened days ago happens on a second hub beside this one, on the same databases, whose business clock stands at
that day. Meanwhile no timer of this hub fires: for it all of that would be long due.
"""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.asgi import Job
from api.banner import Progress
from api.crew import Crew
from api.listener import open_listener
from api.preparation import hang_village_pictures, keep_time_here
from api.settings import Settings
from api.startup import load_settings
from api.village import DEMO, PASSWORD, RECOVERY_CODE, neighbours
from storage.servers import StartupError

SCRIPT: Final = DEMO / "life.json"
COMMAND: Final = (sys.executable, "-m", "api.cli", "demo", "village")
FAREWELL_S: Final = 10.0
TRIES: Final = 3
UNHURRIED: Final = {"workers": 1, "balancer_interval_s": 0, "drain_s": 0, "rate_limit_factor": 1000}

log = logging.getLogger("dorfkiste.village")


class LifeStopped(Exception):
    """The neighbours' process ended before its day was played."""


class Record:
    """When the village began, with how many rentals, and which days of its life are played; on disk."""

    def __init__(self, folder: Path, rentals: int) -> None:
        """``rentals`` counts while there is no village yet; afterwards there are as many as it began with."""
        self._path = folder / "lived.json"
        told = json.loads(self._path.read_text()) if self._path.exists() else {}
        self.born = datetime.fromisoformat(told["born"]) if told else datetime.now(UTC).replace(microsecond=0)
        self.rentals: int = told.get("rentals", rentals)
        self._played: list[int] = told.get("played", [])

    def left(self) -> list[int]:
        """How many days ago something is still to be done, the longest ago first."""
        told = json.loads(SCRIPT.read_text(encoding="utf-8"))["rentals"][: self.rentals]
        days = {act["ago"] for each in told for act in each["acts"] if isinstance(act, dict)}
        return sorted(days - set(self._played), reverse=True)

    def moment(self, ago: int, zone: str) -> datetime:
        """When that day is played, by the clock of the village."""
        told = json.loads(SCRIPT.read_text(encoding="utf-8"))["clock"][str(ago)]
        day = self.born.astimezone(ZoneInfo(zone)).date() - timedelta(days=ago)
        return datetime.combine(day, time.fromisoformat(told), ZoneInfo(zone))

    def keep(self, *played: int) -> None:
        """Write down that these days are played, too."""
        self._played += played
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps({"born": self.born.isoformat(), "rentals": self.rentals, "played": self._played}))
        part.replace(self._path)


def folder_of(settings: Settings) -> Path:
    """Where the demo neighbours keep their keys."""
    return settings.data_dir.absolute() / "village"


def is_lived(settings: Settings) -> bool:
    """Whether all of the village's past is played, so that time may go on."""
    return not settings.demo or not _record(settings).left()


def _record(settings: Settings) -> Record:
    return Record(folder_of(settings), settings.demo_rentals)


async def live(settings: Settings, job: Job, *, timers: bool) -> None:
    """What the demo village gets while people look at it already: pictures, a past, and time once that is played."""
    await asyncio.gather(hang_village_pictures(settings, job.servers), _live(settings, job, timers=timers))


async def _live(settings: Settings, job: Job, *, timers: bool) -> None:
    record = _record(settings)
    left, progress = record.left(), Progress("Village life")
    try:
        if left:
            await _play(settings, job, record, progress)
            progress.end(f"{record.rentals} rentals, and what their neighbours wrote")
    except (LifeStopped, StartupError, OSError, LookupError, ValueError) as error:
        log.warning("the demo village stops in the middle of its life: %s", error)
        progress.end("stopped in the middle; the next start goes on with it", "!")
    going_on = [keep_time_here(settings, job.servers)] if left and timers else []
    if record.rentals:
        going_on.append(_be_at_home(settings, record))
    await asyncio.gather(*going_on)


async def _play(settings: Settings, job: Job, record: Record, progress: Progress) -> None:
    record.keep()
    progress.tell(0, 1)
    for ago in record.left():
        task = _task(settings, record, ago)
        if ago:
            async with _hub_of_then(job, record.moment(ago, settings.time_zone)) as url:
                await _persist(task | {"url": url}, progress)
        else:
            await _persist(task, progress)
        record.keep(ago)


async def _persist(task: dict[str, Any], progress: Progress) -> None:
    """Begin again when the neighbours' process dies: it goes on where it was."""
    for _ in range(TRIES - 1):
        with suppress(LifeStopped):
            await _neighbours(task, progress)
            return
    await _neighbours(task, progress)


async def _be_at_home(settings: Settings, record: Record) -> None:
    """The neighbours' devices stay on line: what is written to them can be read wherever they sign in next."""
    with suppress(LifeStopped, OSError, ValueError):
        await _neighbours(_task(settings, record, None), None)


def _task(settings: Settings, record: Record, ago: int | None) -> dict[str, Any]:
    return {
        "url": settings.base_url,
        "folder": str(folder_of(settings)),
        "script": str(SCRIPT),
        "people": [each["handle"] for each in neighbours()],
        "password": PASSWORD,
        "code": RECOVERY_CODE,
        "born": record.born.isoformat(),
        "rentals": record.rentals,
        "ago": ago,
    }


@asynccontextmanager
async def _hub_of_then(job: Job, moment: datetime) -> AsyncIterator[str]:
    """A hub on the same databases, for as long as the block, whose business clock stands at ``moment``."""
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        url, offset = f"http://127.0.0.1:{port}", int((moment - datetime.now(UTC)).total_seconds())
        own = {"host": "127.0.0.1", "port": port, "base_url": url, "clock_offset": offset, "log_level": "error"}
        chosen = {**job.chosen, **UNHURRIED, **own}
        then = replace(job, chosen=chosen, timers=True, listener=listener.fileno())
        crew = Crew(load_settings(**chosen), then, asyncio.Event())
        try:
            await crew.start()
            yield url
        finally:
            await crew.dismiss()


async def _neighbours(task: dict[str, Any], progress: Progress | None) -> None:
    """Let the neighbours do it; ``LifeStopped`` unless they did. Cancelled, they stop where they are."""
    process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE, start_new_session=True)
    if process.stdin is None or process.stdout is None:
        raise LifeStopped("no pipes")
    try:
        process.stdin.write(json.dumps(task).encode() + b"\n")
        while line := await process.stdout.readline():
            if progress is not None:
                progress.tell(**json.loads(line))
        if await process.wait():
            raise LifeStopped(f"exit code {process.returncode}")
    finally:
        process.stdin.close()
        await _farewell(process)


async def _farewell(process: asyncio.subprocess.Process) -> None:
    """The end of its input tells it to go; it gets some time to leave well."""
    try:
        async with asyncio.timeout(FAREWELL_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
