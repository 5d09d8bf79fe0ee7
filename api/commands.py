"""What the command line does beside a running hub, or without one."""

import asyncio
import shutil
import signal

from api.app import background, open_stores
from api.engines import hub_servers
from api.logging import configure_logging
from api.preparation import silent_publisher
from api.settings import Settings
from hub.account import UserRole, normalise_email
from hub.ports import Note
from hub.usecases.upkeep import compare_calendars
from storage.embedded import running_servers
from storage.servers import StartupError


async def keep_time_only(settings: Settings) -> None:
    """Fire timers, deliver mail and keep house until SIGTERM or SIGINT."""
    configure_logging(settings.log_level)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for caught in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(caught, stop.set)
    publisher = silent_publisher()
    async with hub_servers(settings) as servers, open_stores(settings, servers, publisher) as stores:
        publisher.bus = stores.storage.bus
        tasks = [asyncio.create_task(work) for work in background(settings, stores.ports, publisher.moved)]
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def grant_by_email(settings: Settings, email: str, role: UserRole) -> str:
    """Give a role through the store: the first admin can only be made by who runs the machine."""
    async with hub_servers(settings) as servers, open_stores(settings, servers, silent_publisher()) as stores:
        users = stores.ports.users
        found = await users.credentials(normalise_email(email))
        if found is None:
            raise StartupError("Nobody has this e-mail address", "Register first; the address counts, not the handle.")
        note = Note("role_granted", None, (found[0].id,), detail=role.value)
        await users.set_roles(found[0].id, found[0].roles | {role}, note)
        return f"{found[0].handle} is {role.value} now"


async def wrong_calendars(settings: Settings) -> list[str]:
    """One line for each thing whose calendar does not follow from its rentals."""
    async with hub_servers(settings) as servers, open_stores(settings, servers, silent_publisher()) as stores:
        return [str(found) async for found in compare_calendars(stores.ports)]


def forget_demo(settings: Settings) -> str:
    """Delete the demo village with its databases and secrets."""
    folder = settings.data_dir
    if running_servers(folder):
        raise StartupError(f"A hub is running on {folder}", "Stop it first.")
    if not folder.exists():
        return f"{folder} is not there: nothing to forget"
    if not (folder / "secrets").exists():
        raise StartupError(f"{folder} does not look like a hub's folder", "Delete it by hand if you are sure.")
    shutil.rmtree(folder)
    return f"{folder} is gone; `dorfkiste serve --demo` makes a new village"
