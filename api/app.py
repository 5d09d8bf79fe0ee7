"""The composition root: settings and servers in, a hub out. The only place that knows every part."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

import socketio
from quart import Quart

from api.adapters import SystemClock, ThreadedPasswords
from api.assembly import hub_ports, storage_keys
from api.audit_head import signed_head
from api.clients.oidc import OidcClient, Provider
from api.clients.outbound import Outbound
from api.clients.smtp import SmtpMailer
from api.erased import ErasedList
from api.gate import Gate
from api.http.acts import act_routes
from api.http.bundle import bundle_routes
from api.http.cache import PublicCache
from api.http.contract import contract_routes
from api.http.exports import export_routes
from api.http.feeds import feed_routes
from api.http.files import file_routes
from api.http.headers import install_headers
from api.http.health import Health, health_routes
from api.http.media import media_routes
from api.http.oauth import oauth_routes
from api.http.problems import install_problems
from api.http.upload import PatientConnection, PatientRequest
from api.letters import letter
from api.pages import (
    Facts,
    Part,
    Resident,
    Residents,
    SignIn,
    Site,
    app_routes,
    error_page,
    granting_routes,
    join_routes,
    page_routes,
    provider_routes,
    setup_routes,
    signin_routes,
    slip_routes,
    village_routes,
)
from api.partners import ProviderSetting
from api.post import LoggedMailer, Mailer, deliver_mail
from api.protocol import ACTS
from api.secrets import load_secrets
from api.settings import Settings
from api.sockets import rhythm
from api.sockets.connection import Registry
from api.sockets.door import HubDoor
from api.sockets.followers import Follower
from api.sockets.limits import SocketLimits
from api.sockets.publisher import LivePublisher
from api.sockets.seating import Seating
from api.sockets.server import HubSocketServer, create_socket_server
from api.subscriptions import follow_calendars
from api.timers import keep_time
from api.upkeep import Chore, keep_exports, keep_house
from api.village import PASSWORD, RECOVERY_CODE, centre, neighbours
from crypto.franking import FrankRing
from crypto.tokens import TokenSigner
from hub.grant import App
from hub.ids import new_id
from hub.place import Point
from hub.ports import Ports
from storage.ending import end
from storage.opening import Listeners, Storage, open_storage
from storage.servers import Servers


@dataclass(frozen=True)
class Hub:
    """A hub of one worker: ``asgi`` serves both doors, ``drain`` makes it not ready."""

    settings: Settings
    ports: Ports
    limits: SocketLimits
    sockets: HubSocketServer
    asgi: Callable[..., Any]
    drain: Callable[[], None]


@dataclass(frozen=True)
class Stores:
    """The open stores and what the acts reach of them."""

    ports: Ports
    storage: Storage
    signer: TokenSigner
    notary: bytes


@asynccontextmanager
async def create_hub(settings: Settings, servers: Servers, *, timers: bool = True) -> AsyncIterator[Hub]:
    """Open everything, start following changes and, with ``timers``, the clock; close it in reverse order."""
    seating = Seating(Registry())
    publisher = LivePublisher(seating, worker=new_id())
    async with open_stores(settings, servers, publisher) as stores, AsyncExitStack() as stack:
        seating.ports = stores.ports
        publisher.bus = stores.storage.bus
        stack.push_async_callback(publisher.close)
        gate = Gate(stores.ports, stores.signer)
        limits = socket_limits(settings)
        door = HubDoor(stores.ports, gate, seating, limits, limit_factor=settings.rate_limit_factor)
        sockets = create_socket_server(door, limits, seating.registry)
        health = _health(stores.storage)
        quart = _http_app(settings, servers, stores, gate, health)
        follower = Follower(stores.ports, gate, seating)
        for work in (
            follower.follow(stores.storage.follow()),
            rhythm.tell_heads(seating),
            rhythm.beat(door, seating),
            *(background(settings, stores, publisher.moved) if timers else []),
        ):
            stack.push_async_callback(end, [asyncio.create_task(work)])
        kept = PublicCache(quart, {row.path for row in ACTS if row.cache_s and row.path})
        asgi = socketio.ASGIApp(sockets, other_asgi_app=kept)
        yield Hub(settings, stores.ports, limits, sockets, asgi, partial(setattr, health, "draining", True))


@asynccontextmanager
async def open_stores(settings: Settings, servers: Servers, publisher: LivePublisher) -> AsyncIterator[Stores]:
    """The acts' ports on real engines, without any door: also what the operator's commands work with."""
    secrets = load_secrets(settings.data_dir, settings)
    erased = ErasedList(settings.data_dir)
    listeners = Listeners(
        publisher.on_stored, publisher.on_presence, publisher.receive, publisher.resubscribed, erased.add
    )
    database = settings.mongodb_database
    frank = FrankRing(secrets.frank.keys, secrets.frank.active)
    keys = storage_keys(settings, secrets, frank)
    clock = SystemClock(settings.clock_offset)
    reached = servers.mongodb_uri, servers.redis_url, database
    async with open_storage(*reached, keys, listeners, now_ms=clock.now_ms) as storage:
        passwords = ThreadedPasswords()
        try:
            signer = TokenSigner(secrets.token_signing.keys, secrets.token_signing.active, settings.base_url)
            ports = hub_ports(
                settings,
                secrets=secrets,
                storage=storage,
                publisher=publisher,
                passwords=passwords,
                signer=signer,
                frank=frank,
            )
            yield Stores(ports, storage, signer, secrets.notary.keys[secrets.notary.active])
        finally:
            passwords.close()


def background(settings: Settings, stores: Stores, moved: asyncio.Event) -> list[Coroutine[Any, Any, None]]:
    """What goes on whether or not anybody asks: time, mail, housekeeping, other calendars."""
    ports = stores.ports
    house = keep_house(ports, chores(settings, stores))
    return [keep_time(ports, moved), deliver(settings, ports), keep_exports(ports), follow_calendars(ports), house]


def chores(settings: Settings, stores: Stores) -> Mapping[str, Chore]:
    """Housekeeping that needs more than the acts have."""
    erased, audit = ErasedList(settings.data_dir), stores.storage.audit

    async def list_erased() -> None:
        erased.add(await stores.storage.erasures.listed())

    async def witness() -> str:
        return signed_head(stores.notary, await audit.head())

    return {"erased listed": list_erased, "audit head": witness}


def deliver(settings: Settings, ports: Ports) -> Coroutine[Any, Any, None]:
    """The work of delivering mail, through the operator's server or into the log."""
    sender = settings.mail_from or f"{settings.village_name} <noreply@localhost>"
    url = settings.smtp_url
    mailer: Mailer = SmtpMailer(url.get_secret_value()) if url else LoggedMailer()
    write = partial(letter, origin=settings.base_url, village=settings.village_name, sender=sender)
    return deliver_mail(ports, mailer, write)


def socket_limits(settings: Settings) -> SocketLimits:
    """The bounds of the live door."""
    return SocketLimits(
        max_per_user=settings.max_sockets_per_user,
        max_unauth_per_ip=int(settings.max_unauth_sockets_per_ip * settings.rate_limit_factor),
        connects_per_min_ip=int(settings.connects_per_min_ip * settings.rate_limit_factor),
        origins=settings.origins,
        trusted_proxies=settings.trusted_proxies,
    )


def _health(storage: Storage) -> Health:
    async def mongo() -> None:
        await storage.database.command("ping")

    async def bus() -> None:
        if not storage.bus.subscribed.is_set():
            raise ConnectionError

    return Health(needed={"mongodb": mongo}, wished={"redis": bus})


def _http_app(settings: Settings, servers: Servers, stores: Stores, gate: Gate, health: Health) -> Quart:
    app = Quart("dorfkiste", static_folder=None)
    app.asgi_http_class, app.request_class = PatientConnection, PatientRequest
    app.config["MAX_CONTENT_LENGTH"] = max(row.raw.most for row in ACTS if row.raw)  # each act has its own bound
    install_problems(app, error_page)
    https_only = settings.environment in {"staging", "prod"}
    install_headers(app, settings.origins, https_only=https_only)
    app.register_blueprint(act_routes(stores.ports, gate))
    app.register_blueprint(media_routes(stores.ports, gate))
    app.register_blueprint(file_routes(stores.ports, gate))
    app.register_blueprint(bundle_routes(stores.ports, gate))
    app.register_blueprint(feed_routes(stores.ports))
    app.register_blueprint(contract_routes(stores.ports, gate))
    app.register_blueprint(export_routes(stores.ports))
    app.register_blueprint(health_routes(health))
    app.register_blueprint(slip_routes(stores.ports))
    providers = {provider.id: provider.name for provider in settings.oidc_providers}
    door = SignIn(stores.ports, gate, providers, _residents() if settings.demo else None)
    app.register_blueprint(signin_routes(door))
    app.register_blueprint(app_routes(door))
    app.register_blueprint(provider_routes(stores.ports, door, _providers(settings)))
    apps = {each.id: App(each.id, each.name, each.redirects) for each in settings.oauth_apps}
    app.register_blueprint(setup_routes(stores.ports))
    app.register_blueprint(join_routes(stores.ports))
    app.register_blueprint(granting_routes(stores.ports, door, apps))
    app.register_blueprint(oauth_routes(stores.ports, gate, apps))
    app.register_blueprint(village_routes(stores.ports))
    app.register_blueprint(page_routes(partial(_facts, settings, servers, stores.storage, health), _site(settings)))
    return app


def _site(settings: Settings) -> Site:
    placed = settings.village_lat is not None and settings.village_lon is not None
    middle = Point(settings.village_lat or 0, settings.village_lon or 0) if placed else None
    return Site(
        village=settings.village_name,
        origin=settings.base_url,
        environment=settings.environment,
        demo=settings.demo,
        centre=middle or (centre() if settings.demo else None),
        tz=settings.time_zone,
        legal=settings.legal_dir,
        contact=settings.contact,
    )


def _residents() -> Residents:
    people = [Resident(each["handle"], each["display_name"], each["email"]) for each in neighbours()]
    return Residents(people, PASSWORD, RECOVERY_CODE)


def _providers(settings: Settings) -> dict[str, OidcClient]:
    """Those of the settings; while developing and testing one may run on this machine."""
    outbound = Outbound(loopback=settings.environment in {"dev", "test"})

    def client(each: ProviderSetting) -> OidcClient:
        secret = each.client_secret.get_secret_value()
        provider = Provider(each.id, each.name, each.issuer, each.client_id, secret, each.scope)
        return OidcClient(provider, outbound, f"{settings.base_url}/signin/back/{each.id}")

    return {each.id: client(each) for each in settings.oidc_providers}


async def _facts(settings: Settings, servers: Servers, storage: Storage, health: Health) -> Facts:
    """What the front page tells; the counts are MongoDB's own and cost nothing."""
    ready, states = await health.report()
    mongo, redis = (Part(name, found, states[key] == "ok") for name, found, key in _parts(servers))
    sign_in = f"marta@demo.example · {PASSWORD}" if settings.demo else ""
    return Facts(
        village=settings.village_name,
        version=version("dorfkiste"),
        environment=settings.environment,
        ready=ready,
        parts=(mongo, redis),
        neighbours=await _count(storage, "users") if mongo.ok else 0,
        things=await _count(storage, "items") if mongo.ok else 0,
        sign_in=sign_in,
    )


async def _count(storage: Storage, name: str) -> int:
    return await storage.database[name].estimated_document_count()


def _parts(servers: Servers) -> tuple[tuple[str, str, str], ...]:
    return ("MongoDB", servers.mongo_version, "mongodb"), ("Redis / Valkey", servers.redis_version, "redis")
