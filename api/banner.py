"""What the operator reads at start: what runs, where, and what to do next (experience.md §5.1)."""

import os
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TextIO

import orjson

from api.preparation import Prepared
from api.settings import LOOPBACK, Settings
from storage.servers import Servers, StartupError

YELLOW, GREEN, BOLD, PLAIN = "\x1b[33m", "\x1b[32m", "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True)
class Running:
    """What the banner tells about."""

    settings: Settings
    servers: Servers
    prepared: Prepared

    @property
    def url(self) -> str:
        return self.settings.base_url


def announce(running: Running, out: TextIO = sys.stdout) -> None:
    """Print the banner; where nobody watches, add one line of JSON for the program that waits for us."""
    text = "\n".join(_lines(running))
    watched = out.isatty()
    print(_coloured(text) if watched and not os.environ.get("NO_COLOR") else text, file=out)
    if not watched:
        print(orjson.dumps({"event": "ready", "url": running.url}).decode(), file=out)
    out.flush()


class Progress:
    """One line about something that goes on while the hub serves; it moves only where somebody watches."""

    def __init__(self, what: str, out: TextIO = sys.stdout) -> None:
        self._what, self._out = what, out

    def tell(self, done: int, of: int) -> None:
        if self._out.isatty():
            self._say(f"\r  … {self._what:<13} {done * 100 // of} %")

    def end(self, told: str, mark: str = "✓") -> None:
        begin, close = ("\r", "\x1b[K\n") if self._out.isatty() else ("", "\n")
        self._say(f"{begin}  {mark} {self._what:<13} {told}{close}")

    def _say(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def complain(error: StartupError, out: TextIO = sys.stderr) -> None:
    """Cause and next command, for a hub that cannot start."""
    print(f"dorfkiste: {error.cause}.\n  → {error.remedy}", file=out, flush=True)


def _lines(running: Running) -> list[str]:
    return [
        "",
        *_sign(running.settings),
        *(f"  ✓ {name:<13} {what}" for name, what in _parts(running) if what),
        *(f"  ! {note}" for note in _warnings(running)),
        "",
        f"  Open        {running.url}",
        *([f"  ├─ Set up   {running.prepared.setup}  (once, 30 minutes)"] if running.prepared.setup else []),
        *([f"  ├─ Sign in  {running.prepared.sign_in}"] if running.prepared.sign_in else []),
        *([f"  ├─ Recover  {running.prepared.recovery}  (reads what they wrote)"] if running.prepared.recovery else []),
        f"  ├─ Docs     {running.url}/docs",
        f"  └─ Health   {running.url}/readyz",
        "",
        "  Ctrl+C stops everything. Problems? dorfkiste doctor",
        "",
    ]


def _sign(settings: Settings) -> list[str]:
    """The place-name sign, as every village has one."""
    width = max(len(settings.village_name), len("Dorfkiste")) + 4
    about = f"Dorfkiste {version('dorfkiste')} · Python {sys.version_info.major}.{sys.version_info.minor}"
    warning = " · demo data, do not use in production" if settings.demo else ""
    return [
        f"  ┌{'─' * width}┐",
        f"  │{settings.village_name:^{width}}│   {about}{warning}",
        f"  │{'Dorfkiste':^{width}}│",
        f"  └{'─' * width}┘",
    ]


def _parts(running: Running) -> list[tuple[str, str]]:
    settings, servers = running.settings, running.servers
    place = f"private, {settings.data_dir}" if settings.embedded else "yours"
    return [
        (f"MongoDB {servers.mongo_version}", f"{place:<40} {servers.took['mongo']:.1f} s"),
        (f"Redis {servers.redis_version}", f"{place:<40} {servers.took['redis']:.1f} s"),
        ("Keys", running.prepared.secrets),
        ("Workers", f"{settings.workers}"),
        ("Demo village", running.prepared.village),
    ]


def _warnings(running: Running) -> list[str]:
    notes = list(running.servers.notes)
    if running.settings.host not in LOOPBACK and not running.settings.base_url.startswith("https://"):
        notes.append(
            f"Listening on {running.settings.host} without TLS: passkeys, push and the camera will not work in "
            "browsers, and everybody on the way can read passwords. Put a proxy with TLS in front and set BASE_URL."
        )
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        notes.append("Running as root: a user of its own is safer.")
    return notes


def _coloured(text: str) -> str:
    for mark, colour in (("✓", GREEN), ("!", YELLOW)):
        text = text.replace(f"  {mark} ", f"  {colour}{mark}{PLAIN} ")
    return text.replace("Open ", f"{BOLD}Open{PLAIN} ", 1)
