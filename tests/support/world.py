"""A whole hub without doors, in one line: every port on the real stores, and neighbours with real keys."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.adapters import HubTokens, SystemClock, ThreadedPasswords
from api.calendars.fetcher import CalendarFetcher
from api.clients.outbound import Outbound
from api.darkroom.process import ProcessDarkroom
from api.tells import BY_TELL
from api.timers import fire_timer
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.notary import NotaryRing
from crypto.dkx.peers import peers_hash
from crypto.dkx.rest import ContentType, Rest
from crypto.dkx.roster import Member, Role, Roster
from crypto.dkx.sealing import message, packet, reporting, signing
from crypto.dkx.sealing.body import ChainBody
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, Party, SigningKey
from crypto.dkx.sealing.record import ChainRecord
from crypto.dkx.spk import Spk
from crypto.fields import Keyring, new_key
from crypto.franking import FrankRing, Mark
from crypto.tokens import TokenSigner
from hub.account import Actor, Session, User
from hub.ids import CommandId, DeviceId, RoomId, SessionId, UserId, new_id
from hub.item import Item, Rules
from hub.ports import Audience, Policy, Ports, Witness
from hub.room import NewMessage, Stored
from hub.tariff import Tariff
from hub.usecases.booking import (
    AcceptOffer,
    RequestRental,
    accept_offer,
    request_rental,
)
from hub.usecases.dealing import AppliedCommand
from hub.usecases.devices import (
    MakeChallenge,
    ProveDevice,
    PublishDevices,
    make_challenge,
    prove_device,
    publish_devices,
)
from hub.usecases.items import CreateItem, NewPlace, create_item
from hub.usecases.messaging import AddressedKey, SendMessage, queue_message
from hub.usecases.prekeys import PublishPrekey, publish_prekey
from storage.mongo.agreements import MongoAgreements
from storage.mongo.audit import MongoAudit
from storage.mongo.backups import MongoBackups
from storage.mongo.blobs import MongoBlobs
from storage.mongo.blocks import MongoBlocks
from storage.mongo.challenges import MongoChallenges
from storage.mongo.changes import MongoChanges
from storage.mongo.codes import MongoCodes
from storage.mongo.contracts import MongoBillings, MongoContracts
from storage.mongo.database import migrate
from storage.mongo.devices import MongoDevices
from storage.mongo.erasures import MongoErasures
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
from storage.mongo.personal import PersonalFields
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
from storage.redis.limiter import RedisLimiter
from storage.redis.line import Line
from storage.redis.presence import RedisPresence

ORIGIN = "https://kiste.example"


class MovableClock(SystemClock):
    """The business clock goes where a test wants it; the real one never moves."""

    moved = timedelta()

    def now(self) -> datetime:
        return self.real() + self.moved


@dataclass
class Ear:
    """Hears what is told, in place of live sockets; what the table does not know is a fault."""

    heard: list[tuple[Audience, str, Mapping[str, Any]]] = field(default_factory=list)

    def tell(self, audience: Audience, event: str, payload: Mapping[str, Any]) -> None:
        BY_TELL[event].payload.model_validate(payload)
        self.heard.append((audience, event, payload))

    def of(self, event: str) -> list[Mapping[str, Any]]:
        return [payload for _, name, payload in self.heard if name == event]


@dataclass
class Neighbour:
    """A person with one session, and, once they have set one up, a device with its keys."""

    user: User
    actor: Actor
    aik: SigningKey = field(default_factory=SigningKey.generate)
    dlk: SigningKey = field(default_factory=SigningKey.generate)
    cert: DlkCert | None = None
    devlist: DevList | None = None
    own: OwnDevice | None = None
    spks: dict[bytes, Spk] = field(default_factory=dict)

    @property
    def account(self) -> bytes:
        return bytes.fromhex(self.user.id)

    @property
    def device(self) -> OwnDevice:
        assert self.own is not None
        return self.own

    @property
    def list(self) -> DevList:
        assert self.devlist is not None
        return self.devlist

    @property
    def stamp(self) -> tuple[int, int]:
        return self.list.place

    def member(self, role: Role) -> Member:
        return Member(self.account, self.aik.public, role)


@dataclass
class World:
    ports: Ports
    clock: MovableClock
    ear: Ear
    stored: list[tuple[NewMessage, Stored]]
    database: Database
    erased: list[str] = field(default_factory=list)

    async def person(self, handle: str = "", *, device: bool = True) -> Neighbour:
        """A neighbour who is signed in; unless told otherwise on a proven device."""
        handle = handle or "n" + secrets.token_hex(6)
        user = User(UserId(new_id()), handle, handle.title(), f"{handle}@example.org", "de", self.clock.now())
        assert await self.ports.users.add(user, "no password")
        session = await self.session(user)
        neighbour = Neighbour(user, Actor(user.id, session.id))
        if device:
            await self.add_device(neighbour)
        return neighbour

    async def session(self, user: User) -> Session:
        now = self.clock.real()
        session = Session(
            SessionId(new_id()), user.id, secrets.token_bytes(32), None, now, now, now + timedelta(days=30), "test"
        )
        await self.ports.sessions.add(session)
        return session

    async def add_device(self, person: Neighbour) -> OwnDevice:
        """Make keys, publish the next list with them, prove the device for a session of its own, publish a prekey."""
        now = now_ms()
        own = OwnDevice(
            person.account, secrets.token_bytes(16), person.aik.public, SigningKey.generate(), BoxKey.generate()
        )
        row = Device(own.device, own.dsk.public, own.dbk.public, now)
        person.cert = person.cert or signing.certify(person.aik, person.account, 1, person.dlk.public, now_ms=now)
        if person.devlist is None:
            person.devlist = signing.first_devlist(person.dlk, person.account, [row], now_ms=now)
        else:
            rows = [*person.devlist.devices, row]
            person.devlist = signing.next_devlist(person.dlk, person.devlist, rows, now_ms=now)
        await self.publish(person)
        if person.own is not None:
            session = await self.session(person.user)
            person.actor = Actor(person.user.id, session.id)
        await self.prove(person, own)
        return own

    async def publish(self, person: Neighbour) -> None:
        assert person.cert is not None
        command = PublishDevices(person.aik.public, person.cert.raw, person.list.raw)
        await publish_devices(self.ports, person.actor, command)

    async def prove(self, person: Neighbour, own: OwnDevice) -> None:
        made = await make_challenge(self.ports, person.actor, MakeChallenge())
        device = DeviceId(own.device.hex())
        signature = signing.sign_login(own, made.challenge, ORIGIN)
        await prove_device(self.ports, person.actor, ProveDevice(device, made.challenge, signature))
        person.own, person.actor = own, replace(person.actor, device=device)
        spk = person.spks[own.device] = signing.sign_spk(own, 1, BoxKey.generate(), now_ms=now_ms())
        await publish_prekey(self.ports, person.actor, PublishPrekey(spk.raw))

    async def item(
        self, owner: Neighbour, *, units: int = 1, day: int = 1000, rules: Rules | None = None, **more: Any
    ) -> Item:
        place = NewPlace("Werkstatt", "Geheimweg 7, 12345 Musterdorf", 52.520008, 13.404954)
        command = CreateItem(
            "Bohrmaschine",
            "Mit Koffer.",
            Tariff(day=day, deposit=5000),
            place,
            units=units,
            rules=rules or Rules(),
            **more,
        )
        return (await create_item(self.ports, owner.actor, command)).item

    async def request(self, renter: Neighbour, owner: Neighbour, item: Item, **changes: Any) -> AppliedCommand:
        """An offer for the day after tomorrow at the tariff's price, in a room of its own."""
        return await request_rental(self.ports, renter.actor, self.asking(renter, owner, item, **changes))

    def asking(self, renter: Neighbour, owner: Neighbour, item: Item, **changes: Any) -> RequestRental:
        room = RoomId(changes.pop("room", None) or new_id())
        start, end = self.days(2, 3)
        command = RequestRental(
            cmd_id(), item.id, room, start, end, item.tariff.day, roster=roster(renter, owner, room).raw
        )
        return replace(command, **changes)

    def days(self, start: int, end: int) -> tuple[datetime, datetime]:
        """Whole days from now, to the minute."""
        minute = self.clock.now().replace(second=0, microsecond=0)
        return minute + timedelta(days=start), minute + timedelta(days=end)

    async def accept(self, by: Neighbour, applied: AppliedCommand) -> AppliedCommand:
        rental = applied.sheet.rental
        return await accept_offer(self.ports, by.actor, AcceptOffer(cmd_id(), rental.id, rental.live.rev))

    async def fire_due(self) -> list[str]:
        """Do what is due by the business clock; the kinds that were."""
        fired = []
        while timer := await self.ports.timers.claim(self.clock.now()):
            await fire_timer(self.ports, timer)
            await self.ports.timers.done(timer)
            fired.append(timer.kind)
        return fired


@dataclass
class Pen:
    """What one device keeps to write into one room: its chain and whom it writes to."""

    world: World
    author: Neighbour
    readers: Sequence[Neighbour]
    room: RoomId
    roster: Roster
    chain: SendingChain | None = None
    record: ChainRecord | None = None

    def begin(self) -> list[AddressedKey]:
        """A new chain, and its keys for every other device in the room."""
        own = self.author.device
        lists = [(person.account, person.list.hash) for person in self.readers]
        self.chain = SendingChain.begin(
            bytes.fromhex(self.room),
            own.device,
            roster_hash=self.roster.hash,
            peers_hash=peers_hash(lists),
            now_ms=now_ms(),
            sent_before=0,
        )
        record = self.record = ChainRecord.of(self.chain, own.account)
        body = ChainBody(0, record.ck, record.csk, self.roster.hash, self.author.stamp, now_ms(), 0)
        return [
            self._key(body, person, row)
            for person in self.readers
            for row in person.list.devices
            if row.id != own.device
        ]

    def _key(self, body: ChainBody, person: Neighbour, row: Device) -> AddressedKey:
        assert self.chain is not None
        address = packet.Address(Party(row.id, person.aik.public, row.dsk, row.dbk), person.spks[row.id])
        sealed = packet.seal(body, self.author.device, address, room=self.chain.room, chain=self.chain.id)
        return AddressedKey(DeviceId(row.id.hex()), sealed.raw)

    def write(self, text: str = "Hallo", **changes: Any) -> SendMessage:
        """The next message, ready to send."""
        keys = () if self.chain else tuple(self.begin())
        assert self.chain is not None
        rest = Rest(ContentType.TEXT, now_ms(), 0, bytes(16), self.chain.peers_hash, text.encode())
        cid, index, chain = secrets.token_bytes(16), self.chain.index, self.chain.id
        envelope, self.chain = message.seal(self.chain, cid, rest)
        stamps = {person.user.id: person.stamp for person in self.readers}
        sent = SendMessage(self.room, cid, envelope, chain, index, stamps, self.roster.version, keys)
        return replace(sent, **changes)

    def reported(self, sent: SendMessage, stored: Stored) -> dict[str, Any]:
        """What a reader of the message would disclose, as it goes over the wire."""
        assert self.record is not None
        opened, mark = message.open_envelope(sent.env, self.record), Mark(stored.kid, stored.ft)
        return reporting.report(opened, sent.env, seq=stored.seq, ts=stored.ts, mark=mark).to_json()

    async def send(self, sent: SendMessage) -> Stored:
        return await (await queue_message(self.world.ports, self.author.actor, sent))


def another_identity(person: Neighbour, *, aik: SigningKey | None = None, epoch: int = 2) -> Neighbour:
    """The same person with other keys and one new device, in their own hands alone so far."""
    aik, dlk = aik or SigningKey.generate(), SigningKey.generate()
    row = Device(secrets.token_bytes(16), SigningKey.generate().public, BoxKey.generate().public, now_ms())
    cert = signing.certify(aik, person.account, epoch, dlk.public, now_ms=now_ms())
    devlist = signing.first_devlist(dlk, person.account, [row], now_ms=now_ms(), epoch=epoch)
    return Neighbour(person.user, replace(person.actor, device=None), aik, dlk, cert, devlist)


def roster(renter: Neighbour, owner: Neighbour, room: str) -> Roster:
    """Version 1, as the renter's client makes it: an owner without a device is not in it."""
    members = [renter.member(Role.RENTER)]
    members += [owner.member(Role.OWNER)] if owner.own else []
    return signing.first_roster(renter.device, bytes.fromhex(room), members, now_ms=now_ms())


def cmd_id() -> CommandId:
    return CommandId(new_id())


def now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


@asynccontextmanager
async def build_world(database: Database, redis_url: str, **policy: Any) -> AsyncIterator[World]:
    """The ports over a fresh database; ``policy`` are numbers of an operator that a test needs otherwise."""
    await migrate(database)
    clock, ear, line, passwords = MovableClock(), Ear(), Line(redis_url), ThreadedPasswords()
    stored: list[tuple[NewMessage, Stored]] = []
    erased: list[str] = []
    changes = MongoChanges(database, clock.real())
    hub_keys = Keyring({"k1": new_key()}, "k1")
    personal = PersonalFields(database, hub_keys, new_key())
    audit = MongoAudit(database, personal)
    frank = FrankRing({"f1": secrets.token_bytes(32)}, "f1")
    notary = NotaryRing({"n1": secrets.token_bytes(32)}, "n1")
    log = GroupCommitLog(database, frank.mark, stored.extend)
    rooms = MongoRooms(database, log)
    signer = TokenSigner({"t1": secrets.token_bytes(32)}, "t1", ORIGIN)
    ports = Ports(
        clock=clock,
        audit=audit,
        users=MongoUsers(database, personal, changes, audit),
        sessions=MongoSessions(database, changes),
        factors=MongoFactors(database, personal),
        challenges=MongoChallenges(database),
        passkeys=MongoPasskeys(database, personal),
        identities=MongoIdentities(database, personal),
        grants=MongoGrants(database),
        slips=MongoSlips(database, hub_keys),
        post=MongoPost(database, hub_keys),
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
        calendars=CalendarFetcher(Outbound(loopback=True), ORIGIN),
        feeds=MongoFeeds(database),
        places=MongoPlaces(database, personal),
        search=MongoSearch(database),
        media=MongoMedia(database),
        blobs=MongoBlobs(database),
        darkroom=ProcessDarkroom(1),
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
        erasures=MongoErasures(database, personal, changes, audit, erased.extend),
        exports=MongoExports(database, personal),
        terms=MongoTerms(database),
        retention=MongoRetention(database, audit),
        presence=RedisPresence(line),
        publisher=ear,
        limiter=RedisLimiter(line),
        passwords=passwords,
        tokens=HubTokens(signer, secrets.token_bytes(32), clock, 600),
        witness=Witness(frank, notary),
        policy=Policy(ORIGIN, **policy),
    )
    log.start()
    try:
        yield World(ports, clock, ear, stored, database, erased)
    finally:
        await log.stop()
        passwords.close()
        await line.close()
