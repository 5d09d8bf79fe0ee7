"""What the acts reach: ports on open stores, with the hub's own keys and settings."""

from typing import Final

from api.adapters import FactoredLimiter, HubTokens, SystemClock, ThreadedPasswords
from api.calendars.fetcher import CalendarFetcher
from api.clients.outbound import Outbound
from api.darkroom.process import ProcessDarkroom
from api.hub_keys import FILE, LiveKeys
from api.secrets import Secrets, secrets_folder
from api.settings import Settings
from api.sockets.publisher import LivePublisher
from crypto.dkx.notary import NotaryRing
from crypto.franking import FrankRing
from crypto.tokens import TokenSigner
from hub.ports import Policy, Ports, Witness
from storage.opening import Storage, StorageKeys

MIB: Final = 1024 * 1024


def hub_ports(
    settings: Settings,
    *,
    secrets: Secrets,
    storage: Storage,
    publisher: LivePublisher,
    passwords: ThreadedPasswords,
    signer: TokenSigner,
    frank: FrankRing,
) -> Ports:
    """Every engine by the name that the acts know it by."""
    clock = SystemClock(settings.clock_offset)
    return Ports(
        clock=clock,
        audit=storage.audit,
        users=storage.users,
        sessions=storage.sessions,
        factors=storage.factors,
        challenges=storage.challenges,
        passkeys=storage.passkeys,
        identities=storage.identities,
        grants=storage.grants,
        slips=storage.slips,
        post=storage.post,
        devices=storage.devices,
        wants=storage.wants,
        links=storage.links,
        backups=storage.backups,
        blocks=storage.blocks,
        notifications=storage.notifications,
        reviews=storage.reviews,
        reports=storage.reports,
        agreements=storage.agreements,
        items=storage.items,
        subscriptions=storage.subscriptions,
        calendars=CalendarFetcher(Outbound(loopback=settings.outbound_loopback), settings.base_url),
        feeds=storage.feeds,
        media=storage.media,
        blobs=storage.blobs,
        files=storage.files,
        darkroom=ProcessDarkroom(settings.photo_processes),
        places=storage.places,
        search=storage.search,
        rentals=storage.rentals,
        protocols=storage.protocols,
        contracts=storage.contracts,
        billings=storage.billings,
        codes=storage.codes,
        rooms=storage.rooms,
        log=storage.log,
        work=storage.work,
        timers=storage.timers,
        erasures=storage.erasures,
        exports=storage.exports,
        terms=storage.terms,
        retention=storage.retention,
        presence=storage.presence,
        publisher=publisher,
        limiter=FactoredLimiter(storage.limiter, settings.rate_limit_factor),
        passwords=passwords,
        tokens=HubTokens(signer, secrets.refresh, clock, settings.access_ttl_s),
        witness=Witness(frank, NotaryRing(secrets.notary.keys, secrets.notary.active)),
        policy=policy_of(settings),
    )


def policy_of(settings: Settings) -> Policy:
    """The settings that the rules of the house depend on."""
    factor = settings.rate_limit_factor
    return Policy(
        origin=settings.base_url,
        village=settings.village_name,
        confirm_email=settings.smtp_url is not None,
        refresh_days=settings.refresh_ttl_days,
        max_devices=settings.max_devices,
        max_backup_entries=settings.max_backup_entries,
        max_negotiations=settings.max_negotiations,
        max_open_rentals=settings.max_open_rentals,
        max_photos=settings.max_photos,
        max_photo_bytes=settings.max_photo_mb * 1_000_000,
        max_file=settings.max_file_mib * MIB,
        max_files=settings.max_files,
        max_files_bytes=settings.max_files_mib * MIB,
        message_burst=int(settings.message_burst * factor),
        message_per_s=settings.message_per_s * factor,
        room_per_min=int(settings.room_per_min * factor),
    )


def storage_keys(settings: Settings, secrets: Secrets, frank: FrankRing) -> StorageKeys:
    """What the stores seal, look up and frank with."""
    folder, forbidden = secrets_folder(settings.data_dir, settings)
    return StorageKeys(fields=LiveKeys(folder / FILE, forbidden), index=secrets.blind_index, frank=frank)
