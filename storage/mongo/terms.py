"""Versions of the operator's texts and consents to them, as documents that are written once."""

from collections.abc import Sequence
from typing import Any

from hub.ids import UserId
from hub.terms import Consent, Doc, TermsVersion
from storage.mongo.store import Document, Store


class MongoTerms(Store):
    """``hub.ports.Terms``."""

    async def newest(self) -> Sequence[TermsVersion]:
        found = {}
        async for document in self._database.terms_versions.find().sort("version"):
            found[document["doc"]] = _version(document)
        return list(found.values())

    async def get(self, doc: Doc, version: int) -> TermsVersion | None:
        document = await self._database.terms_versions.find_one({"_id": f"{doc}:{version}"})
        return _version(document) if document else None

    async def add(self, version: TermsVersion) -> None:
        made = {"doc": version.doc, "version": version.version, "texts": dict(version.texts), "at": version.at}
        await self._once("terms_versions", f"{version.doc}:{version.version}", made)

    async def agree(self, consent: Consent) -> None:
        made = {"user": consent.user, "doc": consent.doc, "version": consent.version, "at": consent.at}
        await self._once("consents", f"{consent.user}:{consent.doc}:{consent.version}", made)

    async def agreed(self, user: UserId) -> Sequence[Consent]:
        found = self._database.consents.find({"user": user}).sort({"at": 1, "_id": 1})
        return [Consent(user, document["doc"], document["version"], document["at"]) async for document in found]

    async def _once(self, name: str, id_: str, made: dict[str, Any]) -> None:
        await self._database[name].update_one({"_id": id_}, {"$setOnInsert": made}, upsert=True)


def _version(document: Document) -> TermsVersion:
    return TermsVersion(document["doc"], document["version"], document["texts"], document["at"])
