"""The audit log as a chain of entries: appended by every worker, verified from its anchor on, never changed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from crypto.audit import GENESIS, entry_hash
from hub.ids import UserId
from hub.ports import Note, Noted, StaleWrite
from storage.mongo.personal import NOBODY, PersonalFields
from storage.mongo.store import Database, Document, Store
from storage.mongo.transaction import again

_ANCHOR: Final = {"_id": "anchor"}
_TOLD: Final = ("act", "actor", "about", "target", "detail")


class AuditBroken(Exception):
    """The chain does not hold: ``seq`` is the first entry that is wrong or missing."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"entry {seq}: {why}")
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log has come; entry ``seq`` has this ``hash``."""

    seq: int = 0
    hash: bytes = GENESIS


@dataclass(slots=True)
class Affected:
    """Somebody whom entries of a time concern: which acts how often, the first and the last time."""

    user: UserId | None
    first: datetime
    last: datetime
    acts: Counter[str] = field(default_factory=Counter)


class MongoAudit(Store):
    """``hub.ports.Audit``. Entry n has the ``_id`` n, so that of two who append one comes after the other."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal
        self._one_by_one = asyncio.Lock()

    async def note(self, note: Note) -> None:
        """On its own. Within this worker in turn; against other workers by trying again."""
        async with self._one_by_one:
            await again(partial(self._alone, note))

    async def append(self, note: Note, session: AsyncClientSession | None) -> None:
        """Within a transaction: with it or not at all. ``DuplicateKeyError`` when somebody was faster."""
        head = await self.head(session)
        told = {
            "at": datetime.now(UTC).replace(microsecond=0),
            "act": note.act,
            "actor": await self._personal.pseudonym(note.actor) if note.actor else "",
            "about": [await self._personal.pseudonym(user) for user in note.about],
            "target": note.target,
            "detail": note.detail,
        }
        seq = head.seq + 1
        linked = {"_id": seq, **told, "prev": head.hash, "hash": _hash(head.hash, seq, told)}
        await self._database.audit_log.insert_one(linked, session=session)

    def concerning(self, user: UserId) -> AsyncIterator[Noted]:
        return self._concerning(user)

    async def head(self, session: AsyncClientSession | None = None) -> Head:
        """The last entry there is, or the anchor."""
        last = await self._database.audit_log.find_one({}, {"hash": 1}, sort=[("_id", -1)], session=session)
        return Head(last["_id"], last["hash"]) if last else await self._anchor(session)

    async def verify(self, exported: Head | None = None) -> Head:
        """Compute every hash anew, answer the last. ``exported`` must be one of them. ``AuditBroken``."""
        head = anchor = await self._anchor(None)
        met = exported is None or exported == anchor
        async for document in self._database.audit_log.find().sort("_id"):
            head = _checked(head, document)
            if exported and head.seq == exported.seq and head.hash != exported.hash:
                raise AuditBroken(head.seq, "another one than was exported")
            met = met or head == exported
        if exported and not met and exported.seq > anchor.seq:
            raise AuditBroken(head.seq + 1, "missing, though it was exported")
        return head

    async def affected(
        self, since: datetime, until: datetime, acts: Collection[str] = (), target: str = ""
    ) -> Mapping[str, Affected]:
        """By pseudonym: whom entries of this time concern, for telling them of a breach (GDPR Art. 33 and 34)."""
        wanted: Document = {"at": {"$gte": since, "$lt": until}}
        wanted |= {"act": {"$in": list(acts)}} if acts else {}
        wanted |= {"target": target} if target else {}
        found: dict[str, Affected] = {}
        async for entry in self._database.audit_log.find(wanted).sort("_id"):
            for pseudonym in entry["about"]:
                each = found.setdefault(pseudonym, Affected(None, entry["at"], entry["at"]))
                each.last = entry["at"]
                each.acts[entry["act"]] += 1
        for pseudonym, user in (await self._personal.behind(found)).items():
            found[pseudonym].user = user
        return found

    async def forget(self, before: datetime) -> int:
        """End the retention of what is older: the chain then begins at an anchor, which is written first."""
        last = await self._database.audit_log.find_one({"at": {"$lt": before}}, {"hash": 1}, sort=[("_id", -1)])
        if last is None:
            return 0
        anchor = {"$set": {"seq": last["_id"], "hash": last["hash"]}}
        await self._database.audit_anchor.update_one(_ANCHOR, anchor, upsert=True)
        return (await self._database.audit_log.delete_many({"_id": {"$lte": last["_id"]}})).deleted_count

    async def _alone(self, note: Note) -> None:
        try:
            await self.append(note, None)
        except DuplicateKeyError as error:
            raise StaleWrite from error

    async def _anchor(self, session: AsyncClientSession | None) -> Head:
        found = await self._database.audit_anchor.find_one(_ANCHOR, session=session)
        return Head(found["seq"], found["hash"]) if found else Head()

    async def _concerning(self, user: UserId) -> AsyncIterator[Noted]:
        pseudonym = await self._personal.pseudonym(user)
        if pseudonym == NOBODY:
            return
        async for entry in self._database.audit_log.find({"about": pseudonym}).sort("_id"):
            own = entry["actor"] == pseudonym
            yield Noted(entry["at"], entry["act"], own, entry["target"], entry["detail"])


def _checked(before: Head, document: Document) -> Head:
    """The head after this entry, which must follow the one before."""
    seq = before.seq + 1
    if document["_id"] > seq:
        raise AuditBroken(seq, "missing")
    if document["_id"] != seq or document["prev"] != before.hash:
        raise AuditBroken(document["_id"], "does not follow the one before")
    if document["hash"] != _hash(before.hash, seq, document):
        raise AuditBroken(seq, "changed")
    return Head(seq, document["hash"])


def _hash(prev: bytes, seq: int, entry: Mapping[str, Any]) -> bytes:
    at = int(entry["at"].timestamp())
    return entry_hash(prev, {"seq": seq, "at": at, **{name: entry[name] for name in _TOLD}})
