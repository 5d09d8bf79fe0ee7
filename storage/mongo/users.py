"""Neighbours and their passwords. Address, handle and name are sealed; the first two are found by blind indexes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from pymongo.errors import DuplicateKeyError

from crypto.fields import Place
from hub.account import Objection, User, UserRole
from hub.errors import Conflict
from hub.identity import Claimed
from hub.ids import UserId
from hub.ports import Change, Note, StaleWrite
from storage.mongo.audit import MongoAudit
from storage.mongo.changes import MongoChanges
from storage.mongo.identities import identity_document
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store
from storage.mongo.transaction import again, transaction

_SEALED: Final = ("handle", "display_name", "email")


class MongoUsers(Store):
    """``hub.ports.Users``."""

    def __init__(self, database: Database, personal: PersonalFields, changes: MongoChanges, audit: MongoAudit) -> None:
        super().__init__(database)
        self._personal = personal
        self._changes = changes
        self._audit = audit

    async def add(self, user: User, password_hash: str, claimed: Claimed | None = None) -> bool:
        try:
            await again(partial(self._insert, user, password_hash, claimed))
        except DuplicateKeyError as error:
            # The handle is public, so it is judged first: the answer must not tell whether an e-mail is known.
            if await self.by_handle(user.handle):
                raise Conflict("handle_taken") from error
            return False
        return True

    async def get(self, user: UserId) -> User | None:
        return await self._one({"_id": user})

    async def several(self, users: Collection[UserId]) -> Mapping[UserId, User]:
        documents = await self._database.users.find({"_id": {"$in": list(users)}}).to_list()
        await self._personal.prepare([UserId(document["_id"]) for document in documents])
        read = [await self._read(document) for document in documents]
        return {user.id: user for user in read if user is not None}

    async def by_handle(self, handle: str) -> User | None:
        return await self._one({"handle_index": self._personal.index("handle", handle)})

    async def credentials(self, email: str) -> tuple[User, str] | None:
        user = await self._one({"email_index": self._personal.index("email", email)})
        known = user and await self._database.credentials.find_one({"user": user.id, "kind": "password"})
        return (user, known["data"] if known else "") if user else None

    async def set_password_hash(self, user: UserId, password_hash: str) -> None:
        change = {"$set": {"data": password_hash}}
        await self._database.credentials.update_one({"user": user, "kind": "password"}, change, upsert=True)

    async def set_email(self, user: UserId, email: str) -> bool:
        sealed = await self._personal.seal(user, email, _place("email", user))
        content = {"email": sealed, "email_index": self._personal.index("email", email)}
        change = {"$set": content | {"email_verified": True, "updated_at": datetime.now(UTC)}, "$inc": {"rev": 1}}
        try:
            await self._database.users.update_one({"_id": user}, change)
        except DuplicateKeyError:
            return False
        return True

    async def set_name(self, user: UserId, display_name: str, locale: str, note: Note) -> None:
        sealed = await self._personal.seal(user, display_name, _place("display_name", user))
        await again(partial(self._set, user, {"display_name": sealed, "locale": locale}, note))

    async def moderators(self) -> Sequence[UserId]:
        may = {"roles": {"$in": [UserRole.MODERATOR.value, UserRole.ADMIN.value]}, "suspended": False}
        return [UserId(document["_id"]) async for document in self._database.users.find(may, {"_id": 1})]

    async def has_admin(self) -> bool:
        return await self._database.users.find_one({"roles": UserRole.ADMIN.value}, {"_id": 1}) is not None

    async def set_roles(self, user: UserId, roles: frozenset[UserRole], note: Note) -> None:
        await again(partial(self._set, user, {"roles": sorted(roles)}, note))

    async def set_suspended(self, user: UserId, suspended: bool, note: Note) -> None:
        await again(partial(self._set, user, {"suspended": suspended}, note))

    async def set_restricted(self, user: UserId, since: datetime | None, note: Note) -> None:
        await again(partial(self._set, user, {"restricted_at": since}, note))

    async def set_objections(self, user: UserId, objections: frozenset[Objection], note: Note) -> None:
        await again(partial(self._set, user, {"objections": sorted(objections)}, note))

    async def _set(self, user: UserId, content: Document, note: Note) -> None:
        """What every worker and the audit log learn of, too."""
        change = {"$set": {**content, "updated_at": datetime.now(UTC)}, "$inc": {"rev": 1}}

        async def decided() -> bool:
            return await self._database.users.find_one({"_id": user, **content}) is not None

        try:
            async with transaction(self._database, decided) as session:
                await self._database.users.update_one({"_id": user}, change, session=session)
                await self._changes.append([Change("user", user)], session=session)
                await self._audit.append(note, session)
        except DuplicateKeyError as error:
            raise StaleWrite from error

    async def _insert(self, user: User, password_hash: str, claimed: Claimed | None) -> None:
        async def decided() -> bool:
            return await self._database.users.find_one({"_id": user.id}) is not None

        async with transaction(self._database, decided) as session:
            await self._personal.create(user.id, session)
            await self._database.users.insert_one(await self._document(user), session=session)
            password = {"user": user.id, "kind": "password", "data": password_hash}
            if password_hash:
                await self._database.credentials.insert_one(password, session=session)
            if claimed:
                identity = await identity_document(self._personal, user.id, claimed, user.created_at)
                await self._database.identities.insert_one(identity, session=session)

    async def _one(self, query: Document) -> User | None:
        document = await self._database.users.find_one(query)
        return await self._read(document) if document else None

    async def _read(self, document: Document) -> User | None:
        """None when the person's key was destroyed after the document had been read."""
        user = UserId(document["_id"])
        try:
            sealed = {name: await self._personal.open(user, document[name], _place(name, user)) for name in _SEALED}
        except LookupError:
            return None
        return User(
            id=user,
            **sealed,
            locale=document["locale"],
            created_at=document["created_at"],
            roles=frozenset(UserRole(role) for role in document["roles"]),
            suspended=document["suspended"],
            email_verified=document.get("email_verified", False),
            restricted_at=document.get("restricted_at"),
            objections=frozenset(Objection(told) for told in document.get("objections", ())),
        )

    async def _document(self, user: User) -> Document:
        return {
            "_id": user.id,
            **{
                name: await self._personal.seal(user.id, getattr(user, name), _place(name, user.id)) for name in _SEALED
            },
            "handle_index": self._personal.index("handle", user.handle),
            "email_index": self._personal.index("email", user.email),
            "locale": user.locale,
            "roles": sorted(user.roles),
            "suspended": user.suspended,
            "email_verified": user.email_verified,
            "created_at": user.created_at,
            "updated_at": user.created_at,
            "rev": 1,
        }


def _place(field: str, user: UserId) -> Place:
    return Place("users", field, user)
