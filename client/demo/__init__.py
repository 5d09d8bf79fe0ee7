"""`dorfkiste demo`: neighbours at work on a fresh machine, against a real hub; exit code 0 only if they agree."""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from client.demo import village
from client.demo.embedded import HubFailed, embedded_hub
from client.demo.lend import Unexpected
from client.demo.picture import Picture
from client.demo.stories import STORIES, play
from client.demo.story import TZ, Failed, WaitedInVain, tell
from client.errors import HubRefused, NeighbourError, Offline
from client.words import LANGUAGES, Words

MAIN: Final = "deal"


def main(argv: Sequence[str] | None = None) -> int:
    """Play the demo; 0 if everything showed what it should, 1 otherwise, 2 for a wrong command line.

    ``village`` alone is how the hub calls those who live in its demo village.
    """
    if (sys.argv[1:] if argv is None else list(argv)) == ["village"]:
        return village.main()
    chosen = _arguments(argv)
    words = Words.load(chosen.lang)
    picture = Picture(Console(), words, TZ)
    picture.plain(words("title"))
    try:
        with _folder(chosen.keep, words) as directory:
            asyncio.run(_play(chosen, directory, picture))
            picture.say("done", s=f"{picture.seconds:.1f}")
            if chosen.keep is not None:
                picture.say("kept", directory=directory)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    except NeighbourError as error:
        picture.say("failed", why=_why(error, words))
        if isinstance(error, HubFailed):
            sys.stderr.write(f"{error.output}\n")
        return 1
    return 0


async def _play(chosen: argparse.Namespace, directory: Path, picture: Picture) -> None:
    if (playing := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    if chosen.url:
        await tell(chosen.url, directory, picture, chosen.lang)
        return
    picture.say("hub.starting")
    async with embedded_hub(directory / "hub", movable=chosen.story != MAIN) as hub:
        picture.say("hub.ready", url=hub.url)
        if chosen.story == MAIN:
            await tell(hub.url, directory, picture, chosen.lang)
        else:
            await play(STORIES[chosen.story], hub, directory, picture, chosen.lang)
        picture.say("hub.stopping")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    words = Words.load("en")
    parser = argparse.ArgumentParser(prog="dorfkiste demo", description=words("usage"))
    parser.add_argument("--lang", choices=LANGUAGES, default="de", help=words("usage.lang"))
    parser.add_argument("--keep", type=Path, metavar="DIR", help=words("usage.keep"))
    parser.add_argument("--url", help=words("usage.url"))
    parser.add_argument("--story", choices=(MAIN, *STORIES), default=MAIN, help=words("usage.story"))
    chosen = parser.parse_args(argv)
    if chosen.url and chosen.story != MAIN:
        parser.error(words("failed.story_url"))
    return chosen


@contextmanager
def _folder(keep: Path | None, words: Words) -> Iterator[Path]:
    """A folder of our own: a temporary one, or the empty one that was named."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="dorfkiste-demo-") as made:
            yield Path(made)
        return
    if keep.exists() and any(keep.iterdir()):
        raise NeighbourError(words("failed.folder", directory=keep))
    keep.mkdir(parents=True, exist_ok=True)
    yield keep


def _why(error: NeighbourError, words: Words) -> str:
    match error:
        case HubFailed():
            return words("failed.hub")
        case Failed() | Unexpected():
            return words(error.key)
        case WaitedInVain():
            return words("failed.waited", what=words(error.what))
        case HubRefused():
            return words("failed.refused", code=error.code)
        case Offline():
            return words("failed.offline")
        case _:
            return str(error)
