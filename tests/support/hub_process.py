"""A hub as its operator runs it: `dorfkiste serve` in a process of its own, found, killed and restarted by tests."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

READY_WITHIN_S = 120


class HubProcess:
    """`dorfkiste serve` on a free port; ``url`` once it is ready. Its output is kept for the failure report."""

    def __init__(
        self, data_dir: Path, *, workers: int = 1, demo: bool = False, env: dict[str, str] | None = None
    ) -> None:
        self.data_dir = data_dir
        options = {"--port": "0", "--data-dir": str(data_dir), "--workers": str(workers)}
        self._command = [sys.executable, "-m", "api.cli", "serve", *(part for pair in options.items() for part in pair)]
        self._command += ["--demo"] if demo else []
        self._env = {**os.environ, "NO_COLOR": "1", "ENVIRONMENT": "test", "RATE_LIMIT_FACTOR": "1000", **(env or {})}
        self.lines: list[str] = []
        self.url = ""

    def start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command line
            self._command,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        ready = threading.Event()
        threading.Thread(target=self._read, args=(ready,), daemon=True).start()
        if not ready.wait(READY_WITHIN_S) or not self.url:
            self.stop()
            raise AssertionError("the hub did not become ready:\n" + "\n".join(self.lines[-40:]))

    def _read(self, ready: threading.Event) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip())
                if '"ready"' in line:
                    self.url = _ready(line).get("url", "")
                    ready.set()
        ready.set()

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    @property
    def pid(self) -> int:
        return self._process.pid

    def workers(self) -> list[int]:
        """The worker processes, lowest pid first."""
        return sorted(
            pid for pid in descendants(self.pid) if "api.asgi" in cmdline(pid) or "api.worker" in cmdline(pid)
        )

    def server(self, name: str) -> int:
        """The pid of the embedded ``mongod`` or ``valkey``."""
        return next(pid for pid in descendants(self.pid) if name in cmdline(pid).split("\0")[0])

    def stop(self) -> int:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                return self._process.wait(25)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()

    def kill(self) -> None:
        """kill -9 of the supervising process; everything it started must go with it."""
        self._process.kill()
        self._process.wait()


def _ready(line: str) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return parsed


def cmdline(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def descendants(pid: int) -> Iterator[int]:
    """All processes below ``pid``, as the kernel knows them."""
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in children:
        yield child
        yield from descendants(child)


def wait_until(holds: Any, seconds: float = 10) -> None:
    """Poll until ``holds()`` is true; the message of the assertion is the name of the question."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {getattr(holds, '__name__', holds)}"
        time.sleep(0.02)


@contextmanager
def running_hub(data_dir: Path, *, workers: int = 1, env: dict[str, str] | None = None) -> Iterator[HubProcess]:
    hub = HubProcess(data_dir, workers=workers, env=env)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()
