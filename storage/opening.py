"""Opens everything the hub stands on: MongoDB, Redis, and the stores over them. The composition root uses only this."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crypto.franking import FrankRing
from hub.ids import RoomId, UserId
from hub.ports import Change, OnPresence, OnStored
from storage.mongo.agreements import MongoAgreements
from storage.mongo.audit import MongoAudit
from storage.mongo.backups import MongoBackups
from storage.mongo.blobs import MongoBlobs
from storage.mongo.blocks import MongoBlocks
from storage.mongo.challenges import MongoChallenges
from storage.mongo.changes import MongoChanges
from storage.mongo.codes import MongoCodes
from storage.mongo.commit import wall_ms
from storage.mongo.contracts import MongoBillings, MongoContracts
from storage.mongo.database import migrate, open_client
from storage.mongo.devices import MongoDevices
from storage.mongo.erasures import MongoErasures, OnErased
from storage.mongo.exports import MongoExports
from storage.mongo.factors import MongoFactors
from storage.mongo.feeds import MongoFeeds
from storage.mongo.files import MongoFiles
from storage.mongo.grants import MongoGrants
from storage.mongo.identities import MongoIdentities
from storage.mongo.items import MongoItems
from storage.mongo.links import MongoLinks
from storage.mongo.log import GroupCommitLog
from storage.mongo.mails import MongoPost, MongoSlips
from storage.mongo.media import MongoMedia
from storage.mongo.notifications import MongoNotifications
from storage.mongo.passkeys import MongoPasskeys
from storage.mongo.personal import HubKeys, PersonalFields
from storage.mongo.places import MongoPlaces
from storage.mongo.protocols import MongoProtocols
from storage.mongo.rentals import MongoRentals
from storage.mongo.reports import MongoReports
from storage.mongo.retention import MongoRetention
from storage.mongo.reviews import MongoReviews
from storage.mongo.rooms import MongoRooms
from storage.mongo.search import MongoSearch
from storage.mongo.sessions import MongoSessions
from storage.mongo.store import Database
from storage.mongo.subscriptions import MongoSubscriptions
from storage.mongo.terms import MongoTerms
from storage.mongo.timers import MongoTimers
from storage.mongo.users import MongoUsers
from storage.mongo.wants import MongoWants
from storage.mongo.work import MongoWork
from storage.redis.bus import Bus
from storage.redis.limiter import RedisLimiter
from storage.redis.line import Line
from storage.redis.presence import CHANNEL, RedisPresence, read_presence

ACCESS_LIFE = timedelta(minutes=15)
"""No access token lives longer: changes before this do not concern a worker that starts now."""


@dataclass(frozen=True)
class StorageKeys:
    """``fields`` seals the persons' keys, ``index`` (32 bytes) finds e-mails, ``frank`` marks messages."""

    fields: HubKeys
    index: bytes
    frank: FrankRing


@dataclass(frozen=True)
class Listeners:
    """What the doors want to hear: durable messages, presence, blobs of all workers, and the end of deafness."""

    on_stored: OnStored
    on_presence: OnPresence
    on_blob: Callable[[bytes], None]
    on_resubscribed: Callable[[], None]
    on_erased: OnErased


@dataclass(frozen=True)
class Storage:
    """All stores of one worker, named as in ``hub.ports.Ports``, with the live bus and the changes."""

    database: Database
    personal: PersonalFields
    audit: MongoAudit
    users: MongoUsers
    sessions: MongoSessions
    factors: MongoFactors
    challenges: MongoChallenges
    passkeys: MongoPasskeys
    identities: MongoIdentities
    grants: MongoGrants
    slips: MongoSlips
    post: MongoPost
    devices: MongoDevices
    wants: MongoWants
    links: MongoLinks
    backups: MongoBackups
    blocks: MongoBlocks
    notifications: MongoNotifications
    reviews: MongoReviews
    reports: MongoReports
    agreements: MongoAgreements
    items: MongoItems
    subscriptions: MongoSubscriptions
    feeds: MongoFeeds
    media: MongoMedia
    blobs: MongoBlobs
    files: MongoFiles
    places: MongoPlaces
    search: MongoSearch
    rentals: MongoRentals
    protocols: MongoProtocols
    contracts: MongoContracts
    billings: MongoBillings
    codes: MongoCodes
    rooms: MongoRooms
    log: GroupCommitLog
    work: MongoWork
    timers: MongoTimers
    erasures: MongoErasures
    exports: MongoExports
    terms: MongoTerms
    retention: MongoRetention
    changes: MongoChanges
    presence: RedisPresence
    limiter: RedisLimiter
    bus: Bus

    async def follow(self) -> AsyncIterator[Change]:
        """``hub.ports.Changes``: each change once, after the caches of this worker have dropped what it touches.

        Somebody must follow for as long as the worker lives.
        """
        async for change in self.changes.follow():
            self.drop(change)
            yield change

    def drop(self, change: Change) -> None:
        """Forget what is cached of the room or account that changed."""
        match change.kind:
            case "room":
                self.rooms.drop(RoomId(change.id))
            case "devices":
                self.devices.drop(UserId(change.id))
            case "user":
                self.personal.drop(UserId(change.id))


@asynccontextmanager
async def open_storage(
    mongodb_uri: str,
    redis_url: str,
    database_name: str,
    keys: StorageKeys,
    listeners: Listeners,
    *,
    now_ms: Callable[[], int] = wall_ms,
) -> AsyncIterator[Storage]:
    """Connect, migrate, start; on leaving write what was taken, then close. MongoDB must answer, Redis may come later.

    ``now_ms`` dates messages, by the same clock as what else happens in their rooms.
    Raises the driver's ``PyMongoError`` when MongoDB does not answer.
    """
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(open_client(mongodb_uri))
        database = client[database_name]
        await migrate(database)
        line = Line(redis_url)
        stack.push_async_callback(line.close)
        storage = _assemble(database, redis_url=redis_url, line=line, keys=keys, listeners=listeners, now_ms=now_ms)
        for part in (storage.bus, storage.presence, storage.log):
            part.start()
            stack.push_async_callback(part.stop)
        yield storage


def _assemble(
    database: Database,
    *,
    redis_url: str,
    line: Line,
    keys: StorageKeys,
    listeners: Listeners,
    now_ms: Callable[[], int],
) -> Storage:
    personal = PersonalFields(database, keys.fields, keys.index)
    audit = MongoAudit(database, personal)
    changes = MongoChanges(database, datetime.now(UTC) - ACCESS_LIFE)
    log = GroupCommitLog(database, keys.frank.mark, listeners.on_stored, now_ms=now_ms)
    rooms = MongoRooms(database, log)

    def hear_presence(told: bytes) -> None:
        listeners.on_presence(read_presence(told))

    return Storage(
        database=database,
        personal=personal,
        audit=audit,
        users=MongoUsers(database, personal, changes, audit),
        sessions=MongoSessions(database, changes),
        factors=MongoFactors(database, personal),
        challenges=MongoChallenges(database),
        passkeys=MongoPasskeys(database, personal),
        identities=MongoIdentities(database, personal),
        grants=MongoGrants(database),
        slips=MongoSlips(database, keys.fields),
        post=MongoPost(database, keys.fields),
        devices=MongoDevices(database, changes),
        wants=MongoWants(database),
        links=MongoLinks(database),
        backups=MongoBackups(database),
        blocks=MongoBlocks(database),
        notifications=MongoNotifications(database),
        reviews=MongoReviews(database, personal),
        reports=MongoReports(database, personal),
        agreements=MongoAgreements(database),
        items=MongoItems(database),
        subscriptions=MongoSubscriptions(database, personal),
        feeds=MongoFeeds(database),
        places=MongoPlaces(database, personal),
        search=MongoSearch(database),
        media=MongoMedia(database),
        blobs=MongoBlobs(database),
        files=MongoFiles(database),
        rentals=MongoRentals(database),
        protocols=MongoProtocols(database),
        contracts=MongoContracts(database, personal),
        billings=MongoBillings(database, personal),
        codes=MongoCodes(database, personal),
        rooms=rooms,
        log=log,
        work=MongoWork(database, changes, personal, audit, rooms, log),
        timers=MongoTimers(database),
        erasures=MongoErasures(database, personal, changes, audit, listeners.on_erased),
        exports=MongoExports(database, personal),
        terms=MongoTerms(database),
        retention=MongoRetention(database, audit),
        changes=changes,
        presence=RedisPresence(line),
        limiter=RedisLimiter(line),
        bus=Bus(redis_url, listeners.on_blob, listeners.on_resubscribed, also={CHANNEL: hear_presence}),
    )
