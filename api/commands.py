"""What the command line does beside a running hub, or without one."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.app import open_stores
from api.engines import hub_servers
from api.logging import configure_logging
from api.preparation import keep_time_here, setup_link, silent_publisher
from api.settings import Settings
from hub.account import User, UserRole, normalise_email
from hub.errors import Conflict
from hub.ports import Note, Ports
from hub.usecases.erasing import erase_for
from hub.usecases.suspending import set_suspended
from hub.usecases.upkeep import compare_calendars
from storage.embedded import running_servers
from storage.ending import end
from storage.servers import StartupError


async def keep_time_only(settings: Settings) -> None:
    """Fire timers, deliver mail and keep house until SIGTERM or SIGINT."""
    configure_logging(settings.log_level)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for caught in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(caught, stop.set)
    async with hub_servers(settings) as servers:
        work = asyncio.create_task(keep_time_here(settings, servers))
        await stop.wait()
        await end([work])


async def change_role(settings: Settings, email: str, role: UserRole, *, granted: bool) -> str:
    """Give or take a role through the store: the first admin can only be made by who runs the machine."""
    async with _person(settings, email) as (ports, user):
        note = Note("role_granted" if granted else "role_taken", None, (user.id,), detail=role.value)
        roles = user.roles | {role} if granted else user.roles - {role}
        await ports.users.set_roles(user.id, roles, note)
    return f"{user.handle} is {role.value if granted else f'no longer {role.value}'} now"


async def suspend(settings: Settings, email: str, *, suspended: bool) -> str:
    """Keep a person out, or let them back in."""
    async with _person(settings, email) as (ports, user):
        note = Note("suspended" if suspended else "restored", None, (user.id,))
        await set_suspended(ports, user, note, suspended=suspended)
    return f"{user.handle} is {'suspended, and signed out everywhere' if suspended else 'let back in'}"


async def sign_out_everywhere(settings: Settings, email: str) -> str:
    """End every session of a person; their sockets close within two seconds, on every worker."""
    async with _person(settings, email) as (ports, user):
        sessions = await ports.sessions.live_of(user.id)
        await ports.sessions.revoke([session.id for session in sessions])
        await ports.audit.note(Note("signed_out_by_operator", None, (user.id,)))
    return f"{user.handle} is signed out ({len(sessions)} sign-ins ended)"


@asynccontextmanager
async def _person(settings: Settings, email: str) -> AsyncIterator[tuple[Ports, User]]:
    async with hub_servers(settings) as servers, open_stores(settings, servers, silent_publisher()) as stores:
        found = await stores.ports.users.credentials(normalise_email(email))
        if found is None:
            raise StartupError("Nobody has this e-mail address", "Register first; the address counts, not the handle.")
        yield stores.ports, found[0]


async def new_setup_link(settings: Settings) -> str:
    """Another link for the first admin; the ones before are void."""
    async with hub_servers(settings) as servers, open_stores(settings, servers, silent_publisher()) as stores:
        link = await setup_link(settings, stores.ports)
    if not link:
        raise StartupError("This hub has an admin already", "Ask them, or use `dorfkiste admin grant E-MAIL admin`.")
    return link


async def erase_by_email(settings: Settings, email: str) -> str:
    """Erase somebody who wrote to the operator; refused for the same reasons as when they do it themselves."""
    async with hub_servers(settings) as servers, open_stores(settings, servers, silent_publisher()) as stores:
        found = await stores.ports.users.credentials(normalise_email(email))
        if found is None:
            raise StartupError("Nobody has this e-mail address", "The address counts, not the handle.")
        try:
            await erase_for(stores.ports, found[0].id)
        except Conflict as refusal:
            cause = f"{found[0].handle} cannot leave yet: {refusal.data.get('rentals')} rentals are open"
            raise StartupError(cause, "They end them, or a moderator closes them.") from refusal
    return f"{found[0].handle} is erased"


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
