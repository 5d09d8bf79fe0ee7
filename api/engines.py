"""The two servers a command works on: those of the settings, those of a hub that runs here, or its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.settings import Settings
from storage.embedded import embedded_servers, running_servers
from storage.external import check_external
from storage.servers import Servers


@asynccontextmanager
async def hub_servers(settings: Settings, *, join: bool = True) -> AsyncIterator[Servers]:
    """MongoDB and Redis for the length of the block. Raises ``StartupError``.

    ``join`` allows to work beside a hub that runs on the same folder; ``serve`` wants the folder to itself.
    """
    if settings.mongodb_uri and settings.redis_url:
        yield await check_external(settings.mongodb_uri.get_secret_value(), settings.redis_url.get_secret_value())
    elif join and (running := running_servers(settings.data_dir)):
        yield running
    else:
        async with embedded_servers(settings.data_dir) as own:
            yield own
