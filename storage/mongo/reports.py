"""Reports of messages. What was disclosed is sealed with the hub's own key: it must outlive whoever disclosed it."""

import json
from collections.abc import Sequence

from crypto.dkx import report as dkx
from crypto.fields import Place
from hub.ids import RentalId, ReportId, RoomId, UserId
from hub.report import Closing, Outcome, Reason, Report
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store


class MongoReports(Store):
    """``hub.ports.Reports``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def get(self, report: ReportId) -> Report | None:
        document = await self._database.reports.find_one({"_id": report})
        return _report(self._personal, document) if document else None

    async def of_room(self, room: RoomId) -> Sequence[Report]:
        found = self._database.reports.find({"room": room}).sort({"at": -1, "_id": -1})
        return [_report(self._personal, document) async for document in found]

    async def waiting(self, reader: UserId, limit: int) -> Sequence[Report]:
        query = {"closed": None, "people": {"$ne": reader}}
        found = self._database.reports.find(query).sort({"at": 1, "_id": 1}).limit(limit)
        return [_report(self._personal, document) async for document in found]


def report_document(personal: PersonalFields, report: Report) -> Document:
    content = {"words": report.words, "messages": [message.to_json() for message in report.messages]}
    return {
        "_id": report.id,
        "room": report.room,
        "rental": report.rental,
        "people": list(report.people),
        "by": report.by,
        "at": report.at,
        "reason": report.reason.value,
        "case": report.case,
        "body": report.body_hash,
        "content": personal.seal_lasting(json.dumps(content), _place("content", report.id)),
        **closing_document(personal, report),
    }


def closing_document(personal: PersonalFields, report: Report) -> Document:
    """Only how it ended; a field that is sealed is always there, for the rotation of the hub's keys."""
    closed = report.closed
    answer = personal.seal_lasting(closed.words if closed else "", _place("answer", report.id))
    told = {"by": closed.by, "at": closed.at, "outcome": closed.outcome.value} if closed else None
    return {"closed": told, "answer": answer}


def _report(personal: PersonalFields, document: Document) -> Report:
    id_, closed = ReportId(document["_id"]), document["closed"]
    content = json.loads(personal.open_lasting(document["content"], _place("content", id_)))
    return Report(
        id=id_,
        room=RoomId(document["room"]),
        rental=RentalId(document["rental"]),
        people=tuple(map(UserId, document["people"])),
        by=UserId(document["by"]),
        at=document["at"],
        reason=Reason(document["reason"]),
        words=content["words"],
        messages=tuple(map(dkx.Report.parse, content["messages"])),
        case=document["case"],
        body_hash=document["body"],
        closed=_closing(personal, document) if closed else None,
    )


def _closing(personal: PersonalFields, document: Document) -> Closing:
    closed = document["closed"]
    words = personal.open_lasting(document["answer"], _place("answer", ReportId(document["_id"])))
    return Closing(UserId(closed["by"]), closed["at"], Outcome(closed["outcome"]), words)


def _place(field: str, report: ReportId) -> Place:
    return Place("reports", field, report)
