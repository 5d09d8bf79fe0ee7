"""The processes of a benchmark: the hub as its operator runs it, the peers, and what CPU each has used."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
HERE = Path(__file__).parent
GENEROUS = {
    "ENVIRONMENT": "test",
    "LOG_LEVEL": "warning",
    "NO_COLOR": "1",
    "RATE_LIMIT_FACTOR": "1000000",
    "MESSAGE_BURST": "1000000",
    "MESSAGE_PER_S": "1000000",
    "ROOM_PER_MIN": "100000000",
    "CONNECTS_PER_MIN_IP": "1000000",
    "MAX_UNAUTH_SOCKETS_PER_IP": "10000",
    "MAX_SOCKETS_PER_USER": "10000",
    "BALANCER_INTERVAL_S": "0",
    "DRAIN_S": "1",
}
"""Limits out of the way: they are checked all the same, and never reached."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def below(pid: int) -> Iterator[int]:
    """Every process below ``pid``."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from below(int(child))


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def cpu_s(pids: list[int]) -> float:
    """User and system time of these processes so far."""
    return (
        sum(sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13])) for pid in pids)
        / TICK
    )


def rss_kb(pids: list[int]) -> int:
    return sum(
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024 for pid in pids
    )


def pin(pids: list[int], cores: set[int]) -> None:
    """Keep processes, with all their threads, on these cores; the same for every contender."""
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), cores)


@contextmanager
def running(arguments: list[str], env: dict[str, str], is_ready: Callable[[str], bool] | None = None) -> Iterator[Any]:
    """A child process; with ``is_ready``, entered once a line of its output says so."""
    child = subprocess.Popen(arguments, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True)
    try:
        child.ready_line = _await_line(child, is_ready) if is_ready else ""  # type: ignore[attr-defined]  # one attribute
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _await_line(child: "subprocess.Popen[str]", is_ready: Callable[[str], bool]) -> str:
    assert child.stdout is not None
    for line in child.stdout:
        if is_ready(line):
            return line
    raise RuntimeError(f"ended before it was ready: {child.args}")


@contextmanager
def hub(data_dir: Path, port: int, env: dict[str, str], workers: int) -> Iterator[list[int]]:
    """The hub on its own databases or those of ``env``; answers its worker processes."""
    arguments = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--workers", str(workers)]
    with running(
        [*arguments, "--data-dir", str(data_dir)], {**GENEROUS, **env}, lambda line: '"ready"' in line
    ) as child:
        assert json.loads(child.ready_line)["url"].endswith(str(port))
        children = [pid for pid in below(child.pid) if "mongod" not in command(pid) and "valkey" not in command(pid)]
        yield children or [child.pid]


@contextmanager
def peer(name: str, env: dict[str, str]) -> Iterator[tuple[int, list[int]]]:
    """One of ``bench/peers`` on a free port."""
    port = free_port()
    with running([sys.executable, str(HERE / "peers" / f"{name}.py")], {"PORT": str(port), **env}) as child:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port, [child.pid]
