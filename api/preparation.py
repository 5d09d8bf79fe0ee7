"""What is done once before anybody is served: secrets, schema, the operator's texts, the erased, the demo village."""

import logging
from dataclasses import dataclass, replace
from typing import Final

from pymongo.errors import PyMongoError

from api.adapters import SystemClock
from api.app import background, open_stores
from api.erased import ErasedList
from api.settings import Settings
from api.sockets.connection import Registry
from api.sockets.publisher import LivePublisher
from api.sockets.seating import Seating
from api.terms import terms_in
from api.village import PASSWORD, RECOVERY_CODE, hang_pictures, settle
from hub.errors import HubError
from hub.ports import Ports
from hub.usecases.consenting import record_terms
from hub.usecases.erasing import erase_again
from hub.usecases.founding import offer_setup
from storage.ending import together
from storage.servers import Servers, StartupError

LIVED_THERE_S: Final = 90 * 86_400
"""So long the demo neighbours have lived here when the hub is first started."""

log = logging.getLogger("dorfkiste.village")


@dataclass(frozen=True)
class Prepared:
    """For the banner: where the secrets are, who lives in the demo village and how to sign in there.

    ``setup`` is the link by which the first admin is made, while there is none.
    """

    secrets: str
    village: str = ""
    sign_in: str = ""
    recovery: str = ""
    setup: str = ""


async def prepare(settings: Settings, servers: Servers) -> Prepared:
    """Make everything ready; nothing of it hurts when it is ready already. Raises ``StartupError``."""
    folder = settings.secrets_dir or settings.data_dir / "secrets"
    secrets = f"{folder}" if folder.exists() else f"created {folder} (chmod 600)"
    try:
        async with open_stores(settings, servers, silent_publisher()) as stores:
            await record_terms(stores.ports, terms_in(settings.legal_dir))
            await erase_again(stores.ports, ErasedList(settings.data_dir).read())
            if not settings.demo:
                return Prepared(secrets, setup=await setup_link(settings, stores.ports))
            long_ago = SystemClock(settings.clock_offset - LIVED_THERE_S)
            neighbours, things = await settle(replace(stores.ports, clock=long_ago))
    except PyMongoError as error:
        cause = f"MongoDB cannot be prepared: {type(error).__name__}"
        raise StartupError(cause, "Try `dorfkiste doctor`; it needs a replica set.") from error
    told = f"{neighbours} neighbours · {things} things"
    sign_in = f"{settings.base_url}/signin · all have the password {PASSWORD}"
    return Prepared(secrets, told, sign_in, RECOVERY_CODE)


async def hang_village_pictures(settings: Settings, servers: Servers) -> None:
    """What takes too long to be waited for. Failing leaves things without."""
    try:
        async with open_stores(settings, servers, silent_publisher()) as stores:
            if hung := await hang_pictures(stores.ports):
                log.info("%d pictures hang in the demo village", hung)
    except (HubError, PyMongoError):
        log.exception("the demo village has to do without some of its pictures")


async def keep_time_here(settings: Settings, servers: Servers) -> None:
    """Fire timers, deliver mail and keep house in this process, until cancelled."""
    publisher = silent_publisher()
    async with open_stores(settings, servers, publisher) as stores:
        publisher.bus = stores.storage.bus
        await together(background(settings, stores, publisher.moved))


async def setup_link(settings: Settings, ports: Ports) -> str:
    """A link that makes the first admin, once, within half an hour; empty where there is one.

    The secret stands behind the #, so that no proxy writes it down.
    """
    secret = await offer_setup(ports)
    return f"{settings.base_url}/setup#t={secret}" if secret else ""


def silent_publisher() -> LivePublisher:
    """For work beside the doors: nobody sits here, and what is told goes nowhere."""
    return LivePublisher(Seating(Registry()), worker="")
