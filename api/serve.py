"""`dorfkiste serve`: the parent that owns the listening socket and the databases, and keeps its workers alive.

Everybody who serves is a child process, also when there is only one: whatever kills a worker, the databases and the
socket outlive it, callers wait in the socket's queue, and another worker takes over.
"""

import asyncio
import signal
import socket
from collections.abc import Mapping
from typing import Any

from api.asgi import Job
from api.banner import Running, announce
from api.crew import Crew
from api.engines import hub_servers
from api.life import is_lived, live
from api.listener import open_listener
from api.preparation import prepare
from api.settings import Settings
from api.startup import load_settings


def serve(chosen: Mapping[str, Any], *, timers: bool = True) -> None:
    """Serve until SIGTERM or SIGINT; ``chosen`` are the settings of the command line. Raises ``StartupError``."""
    settings = load_settings(**chosen)
    with open_listener(settings.host, settings.port) as listener:
        port = listener.getsockname()[1]
        asyncio.run(_serve({**_hasty(settings), **chosen, "port": port}, listener, timers=timers))


async def _serve(chosen: Mapping[str, Any], listener: socket.socket, *, timers: bool) -> None:
    settings = load_settings(**chosen)
    stop = _stop_signal()
    async with hub_servers(settings, join=False) as servers:
        prepared = await prepare(settings, servers)
        job = Job(dict(chosen), servers, timers and is_lived(settings), listener.fileno())
        crew = Crew(settings, job, stop)
        finishing: asyncio.Task[None] | None = None
        try:
            await crew.start()
            if not stop.is_set():
                announce(Running(settings, servers, prepared))
                finishing = asyncio.create_task(live(settings, job, timers=timers)) if settings.demo else None
                await stop.wait()
        finally:
            if finishing is not None:
                finishing.cancel()
                await asyncio.gather(finishing, return_exceptions=True)
            await crew.dismiss()


def _hasty(settings: Settings) -> dict[str, Any]:
    """No balancer looks at a developer's hub, so that it need not wait for one when it stops, unless told to."""
    told = settings.environment in {"staging", "prod"} or "balancer_interval_s" in settings.model_fields_set
    return {} if told else {"balancer_interval_s": 0}


def _stop_signal() -> asyncio.Event:
    """Set by SIGTERM and by SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for caught in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(caught, stop.set)
    return stop
