"""Looks into a calendar somewhere else, as ``hub.ports.Calendars``."""

import asyncio
import hashlib
import json
import sys
import tempfile
from datetime import datetime
from typing import Any, BinaryIO, Final, cast

from pydantic import Field, ValidationError

from api.clients.outbound import Outbound, Reply, Unreachable
from api.confined import run_confined
from api.wire import Wire
from hub.availability import Interval
from hub.errors import Unavailable
from hub.feed import MAX_EVENTS, feed_host
from hub.ports import Looked, LookInto, Unread

DEADLINE_S: Final = 10.0
LIMITS: Final = {
    "RLIMIT_AS": 600_000_000,
    "RLIMIT_CPU": 8,
    "RLIMIT_FSIZE": 1_000_000,
    "RLIMIT_NPROC": 0,
    "RLIMIT_NOFILE": 32,
    "RLIMIT_CORE": 0,
}
PROGRAM: Final = (sys.executable, "-s", "-B", "-m", "api.calendars.child")
ACCEPT: Final = "text/calendar, text/plain;q=0.5, */*;q=0.1"
OK, NOT_MODIFIED, REDIRECTS, SERVER_ERRORS = 200, 304, range(300, 400), 500
KNOWN: Final = frozenset({"not_calendar", "too_many_events"})


class Answer(Wire):
    """What the limited process says, read as if a stranger had written it."""

    refused: str = ""
    busy: tuple[tuple[datetime, datetime], ...] = Field((), max_length=MAX_EVENTS, strict=False)
    unread: int = 0


class CalendarFetcher:
    """``hub.ports.Calendars``, one file at a time. Events that the hub at ``origin`` has told itself are left out."""

    def __init__(self, outbound: Outbound, origin: str) -> None:
        self._outbound = outbound
        self._own = f"@{feed_host(origin)}"
        self._reading = asyncio.Lock()

    async def look(self, asked: LookInto) -> Looked | None:
        reply = await self._fetched(asked)
        if reply is None:
            return None
        digest = hashlib.sha256(reply.body).hexdigest()
        if digest == asked.digest:
            return None
        answer = await self._read(reply.body, asked)
        busy = tuple(Interval(start, end) for start, end in answer.busy)
        return Looked(reply.headers.get("etag", "")[:200], digest, busy, answer.unread)

    async def _fetched(self, asked: LookInto) -> Reply | None:
        headers = {"accept": ACCEPT} | ({"if-none-match": asked.etag} if asked.etag else {})
        try:
            reply = await self._outbound.send("GET", asked.url, headers=headers)
        except Unreachable as error:
            raise Unread(error.reason) from None
        if reply.status == NOT_MODIFIED and asked.etag:
            return None
        if reply.status != OK:
            raise Unread(_refusal(reply.status))
        return reply

    async def _read(self, body: bytes, asked: LookInto) -> Answer:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
            given.write(body)
            given.seek(0)
            async with self._reading:
                done = await self._confined(cast("BinaryIO", given), cast("BinaryIO", told), asked)
            told.seek(0)
            return _answer(told.read() if done else b"")

    async def _confined(self, given: BinaryIO, told: BinaryIO, asked: LookInto) -> bool:
        job: dict[str, Any] = {
            "start": asked.start.isoformat(),
            "end": asked.end.isoformat(),
            "tz": asked.tz,
            "own": self._own,
            "most": MAX_EVENTS,
            "limits": LIMITS,
            "deadline_s": DEADLINE_S + 5,
        }
        try:
            return await run_confined((*PROGRAM, json.dumps(job)), given, told, DEADLINE_S)
        except Unavailable:
            return False


def _refusal(status: int) -> str:
    if status in REDIRECTS:
        return "redirected"
    return "no_answer" if status >= SERVER_ERRORS else "refused"


def _answer(line: bytes) -> Answer:
    try:
        answer = Answer.model_validate_json(line)
    except ValidationError:
        raise Unread("not_calendar") from None
    if answer.refused:
        raise Unread(answer.refused if answer.refused in KNOWN else "not_calendar")
    return answer
