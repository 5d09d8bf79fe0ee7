"""Finds and ends real processes, as the kernel sees them and not as we remember them."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path


def pids_naming(word: str | Path) -> dict[str, int]:
    """The processes that have ``word`` in their command line, by program name."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            named = str(word) in (entry / "cmdline").read_bytes().decode(errors="replace")
            if named and int(entry.name) != os.getpid():
                found[(entry / "comm").read_text().strip()] = int(entry.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def listening_ports(pid: int) -> set[int]:
    """TCP ports on which ``pid`` listens."""
    inodes = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    ports = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = row.split()[:10]
            if state == "0A" and f"socket:[{inode}]" in inodes:
                ports.add(int(local.rpartition(":")[2], 16))
    return ports


async def until(condition: Callable[[], bool], within_s: float = 10) -> None:
    """Wait for ``condition``; fails the test when it does not come true in time."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110  another process gives no event
            await asyncio.sleep(0.02)
