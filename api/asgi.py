"""One worker process: `python -m api.asgi`, started by `dorfkiste serve`, which writes the job to its standard input.

The job travels through a pipe because it names the databases with their passwords, and because the pipe is the
lifeline: when the parent is gone, however it went, the pipe ends and so does the worker.
"""

import asyncio
import json
import os
import signal
import socket
import threading
from dataclasses import asdict, dataclass
from io import FileIO
from typing import Any

import uvloop

from api.app import create_hub
from api.asgi_server import HubServer, server_config
from api.banner import complain
from api.logging import configure_logging
from api.startup import load_settings
from storage.servers import Servers, StartupError


@dataclass(frozen=True)
class Job:
    """What a worker is to do, on which servers; ``listener`` and ``ready`` are descriptors it inherits.

    ``chosen`` are the settings of the command line, on top of the environment that both processes share.
    """

    chosen: dict[str, Any]
    servers: Servers
    timers: bool
    listener: int
    ready: int = -1

    def dump(self) -> bytes:
        """One line for the worker's standard input."""
        return json.dumps(asdict(self), default=str).encode() + b"\n"

    @classmethod
    def load(cls, line: bytes) -> "Job":
        fields = json.loads(line)
        servers = Servers(**{**fields["servers"], "notes": tuple(fields["servers"]["notes"])})
        return cls(**{**fields, "servers": servers})


class Worker(HubServer):
    """Tells the parent when callers are being answered, and lets code run after the last of them has left."""

    ready: int

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets=sockets)
        os.write(self.ready, b"1")
        os.close(self.ready)

    async def work(self, listener: socket.socket) -> None:
        """``serve`` without its last step: uvicorn would raise the signal again, before our stores are closed."""
        loop = asyncio.get_running_loop()
        for caught in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(caught, self.handle_exit, caught, None)
        await self._serve([listener])


async def work(job: Job) -> None:
    """Serve until told to stop."""
    settings = load_settings(**job.chosen)
    configure_logging(settings.log_level)
    async with create_hub(settings, job.servers, timers=job.timers) as hub:
        worker = Worker(
            server_config(hub.asgi, hub.limits),
            hub.sockets,
            on_drain=hub.drain,
            balancer_interval_s=settings.balancer_interval_s,
            drain_s=settings.drain_s,
        )
        worker.ready = job.ready
        await worker.work(socket.socket(fileno=job.listener))


def main() -> None:
    """Read the job, hold on to the lifeline, work."""
    pipe = open(0, "rb", buffering=0)  # noqa: SIM115 - unbuffered, so that no lock is held when the process ends
    job = Job.load(pipe.readline())
    threading.Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    try:
        uvloop.run(work(job))
    except StartupError as error:
        complain(error)
        raise SystemExit(error.exit_code) from error


def _end_with_parent(pipe: FileIO) -> None:
    """The parent never writes again, so the end of the pipe is the end of the parent."""
    pipe.read()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
