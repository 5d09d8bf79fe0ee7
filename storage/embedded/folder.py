"""The folders of embedded servers: one owner per data folder, room on the disk, and short private socket paths."""

import asyncio
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from storage.servers import StartupError

MIN_FREE = 1_000_000_000
SOCKET_PATH_MAX = 103
"""Bytes of ``sockaddr_un.sun_path`` on macOS, less the final zero; Linux has four more."""
LONGEST_NAME = len("/mongodb-27017.sock")
PREDECESSOR_PATIENCE_S = 15.0


@contextmanager
def path_trouble(what: str, remedy: str) -> Iterator[None]:
    """Turn an ``OSError`` inside into a ``StartupError`` that names the path."""
    try:
        yield
    except OSError as error:
        raise StartupError(f"{what}: {error.filename or ''} {error.strerror}", remedy) from error


def home_folder(data_dir: Path) -> Path:
    """Make the data folder (it may be a link to another disk) and be sure of the right to write there."""
    with path_trouble("The data folder cannot be used", "Set DATA_DIR to a folder this user may write to."):
        home = data_dir.resolve()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
        return home


def run_folder(home: Path) -> Path:
    """Make the folder of the sockets, closed to all others."""
    with path_trouble("The folder for sockets cannot be used", "Set XDG_RUNTIME_DIR to a short private folder."):
        run = socket_folder(home)
        private_folder(run.parent)
        return private_folder(run)


def private_folder(folder: Path) -> Path:
    """Make ``folder`` with mode 0700, or make sure an existing one is ours and closed to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid():
        raise StartupError(f"{folder} belongs to someone else", "Run the hub as its owner, or remove it.")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def check_disk(folder: Path, min_free: int = MIN_FREE) -> None:
    """``StartupError`` when the disk of ``folder`` has less than ``min_free`` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < min_free:
        cause = f"Only {free // 1_000_000} MB are free at {folder}, {min_free // 1_000_000} MB are needed"
        raise StartupError(cause, "Free some space or set DATA_DIR to a larger disk.")


def socket_folder(data_dir: Path) -> Path:
    """Where the sockets of ``data_dir`` live: the same for the same folder, short whatever its name.

    Sockets cannot lie in the data folder itself: both servers fail on paths above 107 bytes.
    """
    name = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    for base in _bases():
        folder = base / name
        if len(os.fsencode(folder)) + LONGEST_NAME <= SOCKET_PATH_MAX:
            return folder
    raise StartupError("No folder with a short enough path for sockets", "Set TMPDIR or XDG_RUNTIME_DIR to one.")


def _bases() -> Iterator[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.access(runtime, os.W_OK):
        yield Path(runtime, "dorfkiste")
    for folder in (tempfile.gettempdir(), "/tmp"):  # noqa: S108  only below it, in a checked 0700 folder of our own
        yield Path(folder, f"dorfkiste-{os.getuid()}")


@asynccontextmanager
async def owned(data_dir: Path) -> AsyncIterator[int]:
    """Own ``data_dir`` alone; gives the lock's descriptor.

    The servers inherit the descriptor, so that after a ``kill -9`` of a hub the lock lasts until its servers have
    ended too: its successor waits for them instead of meeting their half-closed files and vanishing sockets.
    """
    with path_trouble("The data folder cannot be locked", "Run the hub as the owner of that file."):
        lock = os.open(data_dir / "hub.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        await _locked(lock, data_dir)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


async def _locked(lock: int, data_dir: Path) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PREDECESSOR_PATIENCE_S
    while not _try_lock(lock):
        pid = int(os.pread(lock, 20, 0) or b"0")
        if _alive(pid) or loop.time() > deadline:
            remedy = f"Stop process {pid}, or give this hub its own DATA_DIR."
            raise StartupError(f"Another hub uses this data folder ({data_dir}, PID {pid})", remedy)
        await asyncio.sleep(0.02)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    """Whether ``pid`` runs; a zombie does not count, nor does the moment before a new owner writes its own."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return pid != 0 and not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
