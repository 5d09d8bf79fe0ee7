"""The unit of work: what one command changes, in one transaction."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from hub.agreement import Document as AgreementDocument
from hub.availability import Calendar
from hub.condition import ConditionProtocol
from hub.contract import Contract
from hub.errors import Conflict
from hub.events import Event
from hub.feed import Subscription
from hub.ids import RentalId, RoomId, SubscriptionId
from hub.item import Item
from hub.notice import Notification
from hub.period import stamp
from hub.ports import Applied, Change, Note, StaleWrite, Transaction
from hub.rental import TIMED, Rental, Timer
from hub.report import Report
from hub.review import Round
from hub.room import EventEntry, Room
from storage.mongo.agreements import agreement_document
from storage.mongo.audit import MongoAudit
from storage.mongo.calendar_document import calendar_document
from storage.mongo.changes import MongoChanges
from storage.mongo.contracts import contract_document
from storage.mongo.dictionary import learn
from storage.mongo.entry import chained, command_key, event_document, seq_of, stretch
from storage.mongo.item_document import item_document
from storage.mongo.log import GroupCommitLog
from storage.mongo.notifications import notification_document
from storage.mongo.personal import PersonalFields
from storage.mongo.protocols import protocol_document
from storage.mongo.rental_document import rental_document
from storage.mongo.reports import closing_document, report_document
from storage.mongo.review_document import review_changes, round_document
from storage.mongo.rooms import MongoRooms, replaced_roster, room_document
from storage.mongo.store import Collection, Database, Document, Store
from storage.mongo.subscriptions import subscription_document
from storage.mongo.timers import timer_document, timer_id
from storage.mongo.transaction import transaction

_NO_EVENT_YET = bytes(32)


class MongoWork(Store):
    """``hub.ports.UnitOfWork``."""

    def __init__(  # noqa: PLR0917 - the stores that a command writes to
        self,
        database: Database,
        changes: MongoChanges,
        personal: PersonalFields,
        audit: MongoAudit,
        rooms: MongoRooms,
        log: GroupCommitLog,
    ) -> None:
        super().__init__(database)
        self._changes = changes
        self._personal = personal
        self._audit = audit
        self._rooms = rooms
        self._log = log

    def __call__(self) -> AbstractAsyncContextManager[Transaction]:
        return self._transaction()

    async def applied(self, room: RoomId, cmd_id: str) -> Applied | None:
        document = await self._database.entries.find_one({"k": command_key(room, cmd_id)})
        return Applied(document["rental"], seq_of(document["_id"]), document["body"]) if document else None

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        commands: list[tuple[RoomId, str]] = []

        async def decided() -> bool:
            return bool(commands) and all([await self.applied(*command) for command in commands])

        try:
            async with transaction(self._database, decided) as session:
                changing = MongoTransaction(
                    self._database, session, self._changes, self._personal, self._audit, commands
                )
                yield changing
                await changing.finish()
        except DuplicateKeyError as error:
            raise StaleWrite from error
        finally:
            for room, _ in commands:
                self._rooms.drop(room)
                self._log.saw(room)


class MongoTransaction:
    """``hub.ports.Transaction``. It lists in ``commands`` what it will have applied."""

    def __init__(  # noqa: PLR0917 - as above
        self,
        database: Database,
        session: AsyncClientSession,
        changes: MongoChanges,
        personal: PersonalFields,
        audit: MongoAudit,
        commands: list[tuple[RoomId, str]],
    ) -> None:
        self._database = database
        self._session = session
        self._changes = changes
        self._personal = personal
        self._audit = audit
        self._commands = commands
        self._new: tuple[Rental, Room] | None = None

    async def add_rental(self, rental: Rental, room: Room) -> None:
        """Inserted with the rental's first event, whose command id tells a repeat from a room that is taken."""
        self._new = (rental, room)

    async def save_rental(self, rental: Rental, expected_rev: int) -> None:
        await self._swap(self._database.rentals, {"_id": rental.id, "rev": expected_rev}, rental_document(rental))

    async def set_talk(self, room: RoomId, until: datetime | None) -> None:
        await self._database.rooms.update_one({"_id": room}, {"$set": {"talk_until": until}}, session=self._session)
        await self._changes.append([Change("room", room)], session=self._session)

    async def save_calendar(self, calendar: Calendar, expected_rev: int) -> None:
        """The store counts ``rev``; the one in ``calendar`` does not matter."""
        content = calendar_document(calendar) | {"rev": expected_rev + 1}
        await self._swap(self._database.calendars, {"_id": calendar.item, "rev": expected_rev}, content)

    async def save_item(self, item: Item, expected_rev: int) -> None:
        document = item_document(item)
        await learn(self._database, document["words"])
        await self._swap(self._database.items, {"_id": item.id, "rev": expected_rev}, document)

    async def save_contract(self, contract: Contract) -> None:
        document = await contract_document(self._personal, contract)
        await self._database.contracts.insert_one(document, session=self._session)

    async def save_protocol(self, protocol: ConditionProtocol, expected_rev: int | None) -> None:
        document = protocol_document(protocol)
        if expected_rev is None:
            await self._database.protocols.insert_one(document, session=self._session)
            return
        current = {"_id": protocol.id, "rev": expected_rev, "sealed_at": None}
        await self._swap(self._database.protocols, current, document)

    async def save_subscription(self, subscription: Subscription, due_at: datetime, lease: str | None) -> None:
        document = await subscription_document(self._personal, subscription) | {"due_at": due_at, "lease": None}
        if lease is None:
            query = {"_id": subscription.id, "item": subscription.item}  # an id that another thing uses clashes
            await self._database.subscriptions.replace_one(query, document, upsert=True, session=self._session)
            return
        await self._swap(self._database.subscriptions, {"_id": subscription.id, "lease": lease}, document)

    async def drop_subscription(self, subscription: SubscriptionId) -> None:
        await self._database.subscriptions.delete_one({"_id": subscription}, session=self._session)

    async def save_roster(self, room: Room, expected_version: int, seq: int) -> None:
        current = {"_id": room.id, "roster_version": expected_version}
        content = room_document(room) | {"roster_seq": seq}
        before = await self._database.rooms.find_one_and_update(current, {"$set": content}, session=self._session)
        if before is None:
            raise StaleWrite
        await self._database.rosters.insert_one(replaced_roster(before), session=self._session)
        await self._changes.append([Change("room", room.id)], session=self._session)

    async def append_event(
        self, room: RoomId, rental: RentalId, event: Event, *, cmd_id: str, body_hash: bytes, at: datetime, prev: bytes
    ) -> EventEntry:
        """The events of a room form one chain: ``prev`` must still be its last hash, or someone was faster."""
        self._commands.append((room, cmd_id))
        await self._insert_new(cmd_id)
        told = {"type": event.type, "by": event.by, "cmd_id": cmd_id, "data": event.data, "at": stamp(at)}
        entry = chained({"seq": await self._head(room) + 1, **told}, room, prev)
        await self._database.entries.insert_one(event_document(entry, room, rental, body_hash), session=self._session)
        before = {"_id": rental, "event_head": None if prev == _NO_EVENT_YET else prev}
        await self._swap(self._database.rentals, before, {"event_head": entry.hash})
        return entry

    async def notify(self, notifications: Iterable[Notification]) -> None:
        documents = [notification_document(notification) for notification in notifications]
        if documents:
            await self._database.notifications.insert_many(documents, session=self._session)

    async def put_agreement(self, document: AgreementDocument) -> None:
        kept = agreement_document(document)
        await self._database.agreements.replace_one({"_id": kept["_id"]}, kept, upsert=True, session=self._session)

    async def add_report(self, report: Report) -> None:
        document = report_document(self._personal, report)
        await self._database.reports.insert_one(document, session=self._session)

    async def close_report(self, report: Report) -> None:
        content = closing_document(self._personal, report)
        await self._swap(self._database.reports, {"_id": report.id, "closed": None}, content)

    async def save_round(self, after: Round, before: Round | None) -> None:
        """Words that did not change are not sealed again: their author may be gone."""
        rounds, reviews = self._database.review_rounds, self._database.reviews
        if before is None:
            await rounds.insert_one(round_document(after, 1), session=self._session)
            return
        current = {"_id": after.rental, "rev": before.rev}
        await self._swap(rounds, current, round_document(after, before.rev + 1))
        for review in after.reviews:
            content = await review_changes(self._personal, after, review, before.by(review.author))
            changed = {"$set": content | {"published_at": after.published_at}}
            await reviews.update_one({"_id": review.id}, changed, upsert=True, session=self._session)

    async def set_timers(self, rental: RentalId, timers: Iterable[Timer]) -> None:
        known = [timer_id(rental, kind) for kind in TIMED]
        await self._database.timers.delete_many({"_id": {"$in": known}}, session=self._session)
        documents = [timer_document(rental, timer.kind, timer.due_at) for timer in timers]
        if documents:
            await self._database.timers.insert_many(documents, session=self._session)

    async def set_timer(self, target: str, kind: str, due_at: datetime) -> None:
        """Set anew, it fires again even if it is firing now."""
        document = timer_document(target, kind, due_at)
        query = {"_id": document["_id"]}
        await self._database.timers.replace_one(query, document, upsert=True, session=self._session)

    async def note(self, note: Note) -> None:
        await self._audit.append(note, self._session)

    async def finish(self) -> None:
        """Refuse to commit a rental without an event: its room would have no log."""
        if self._new:
            raise LookupError("a new rental needs its first event")

    async def _insert_new(self, cmd_id: str) -> None:
        if self._new is None:
            return
        (rental, room), self._new = self._new, None
        try:
            await self._database.rooms.insert_one(room_document(room), session=self._session)
        except DuplicateKeyError as error:
            repeat = await self._database.entries.find_one({"k": command_key(room.id, cmd_id)})
            raise StaleWrite if repeat else Conflict("room_taken") from error
        document = rental_document(rental) | {"event_head": None}
        await self._database.rentals.insert_one(document, session=self._session)

    async def _head(self, room: RoomId) -> int:
        query = self._database.entries.find_one(stretch(room), {"_id": 1}, sort=[("_id", -1)], session=self._session)
        last = await query
        return seq_of(last["_id"]) if last else 0

    async def _swap(self, collection: Collection, current: Document, content: dict[str, Any]) -> None:
        done = await collection.update_one(current, {"$set": content}, session=self._session)
        if done.matched_count != 1:
            raise StaleWrite
