"""What is done once before anybody is served: secrets, schema, the operator's texts, the erased, the demo village."""

import logging
from dataclasses import dataclass

from pymongo.errors import PyMongoError

from api.app import open_stores
from api.erased import ErasedList
from api.settings import Settings
from api.sockets.connection import Registry
from api.sockets.publisher import LivePublisher
from api.sockets.seating import Seating
from api.terms import terms_in
from api.village import PASSWORD, hang_pictures, settle
from hub.errors import HubError
from hub.ports import Ports
from hub.usecases.consenting import record_terms
from hub.usecases.erasing import erase_again
from hub.usecases.founding import offer_setup
from storage.servers import Servers, StartupError

log = logging.getLogger("dorfkiste.village")


@dataclass(frozen=True)
class Prepared:
    """For the banner: where the secrets are, who lives in the demo village and how to sign in there.

    ``setup`` is the link by which the first admin is made, while there is none.
    """

    secrets: str
    village: str = ""
    sign_in: str = ""
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
            neighbours, things = await settle(stores.ports)
    except PyMongoError as error:
        cause = f"MongoDB cannot be prepared: {type(error).__name__}"
        raise StartupError(cause, "Try `dorfkiste doctor`; it needs a replica set.") from error
    return Prepared(secrets, f"{neighbours} neighbours · {things} things", f"marta@demo.example · password {PASSWORD}")


async def finish_village(settings: Settings, servers: Servers) -> None:
    """What the demo village gets while people look at it already: its pictures. Failing leaves things without."""
    try:
        async with open_stores(settings, servers, silent_publisher()) as stores:
            if hung := await hang_pictures(stores.ports):
                log.info("%d pictures hang in the demo village", hung)
    except (HubError, PyMongoError):
        log.exception("the demo village has to do without some of its pictures")


async def setup_link(settings: Settings, ports: Ports) -> str:
    """A link that makes the first admin, once, within half an hour; empty where there is one.

    The secret stands behind the #, so that no proxy writes it down.
    """
    secret = await offer_setup(ports)
    return f"{settings.base_url}/setup#t={secret}" if secret else ""


def silent_publisher() -> LivePublisher:
    """For work beside the doors: nobody sits here, and what is told goes nowhere."""
    return LivePublisher(Seating(Registry()), worker="")
