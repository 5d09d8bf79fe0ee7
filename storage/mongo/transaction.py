"""One bounded attempt at a transaction: what lost a race is ``StaleWrite``, what is unknown is found out."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from pymongo import WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import ConnectionFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from hub.errors import Unavailable
from hub.ports import StaleWrite
from storage.mongo.store import Database

COMMIT_MS = 5_000
COMMIT_TRIES = 3
TRIES = 8
_SNAPSHOT = ReadConcern("snapshot")
_MAJORITY = WriteConcern("majority", j=True)

Decided = Callable[[], Awaitable[bool]]
"""Reads, by majority, whether the transaction took place after its commit got no clear answer."""


@asynccontextmanager
async def transaction(database: Database, decided: Decided) -> AsyncIterator[AsyncClientSession]:
    """Commit on leaving, abort on an error; a ``DuplicateKeyError`` is left to who knows what it means.

    Deliberately not the driver's ``with_transaction``, which goes on for up to 120 s: the caller decides anew instead.
    """
    async with database.client.start_session() as session:
        await session.start_transaction(_SNAPSHOT, _MAJORITY, max_commit_time_ms=COMMIT_MS)
        try:
            yield session
        except PyMongoError as error:
            await _abort(session)
            raise _lost_race(error) from error
        except BaseException:
            await _abort(session)
            raise
        await _undisturbed(_commit(session, decided))


async def again(attempt: Callable[[], Awaitable[None]]) -> None:
    """Repeat an attempt that reads and decides nothing itself, while it loses races. ``Unavailable("busy")``."""
    for tried in range(TRIES):
        try:
            return await attempt()
        except StaleWrite:
            await asyncio.sleep(random.uniform(0, 0.01 * 2**tried))
    raise Unavailable("busy", after_ms=1000)


async def _abort(session: AsyncClientSession) -> None:
    if session.in_transaction:
        await session.abort_transaction()  # the driver keeps errors of an abort to itself; the server forgets in time


async def _undisturbed(work: Coroutine[Any, Any, None]) -> None:
    """A request whose client has left must not cut its commit in half: that would lock the room until it expires."""
    committing = asyncio.ensure_future(work)
    try:
        await asyncio.shield(committing)
    except asyncio.CancelledError:
        await asyncio.wait({committing})
        raise


async def _commit(session: AsyncClientSession, decided: Decided) -> None:
    for _ in range(COMMIT_TRIES):
        try:
            return await session.commit_transaction()
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult"):
                raise _lost_race(error) from error
    await _find_out(session, decided)
    return None


async def _find_out(session: AsyncClientSession, decided: Decided) -> None:
    """The commit got no clear answer: what can be read decides.

    First the session is killed, so that nothing can still change the answer; left open, the transaction would also keep
    everybody from what it wrote, the next seq of a room for one, until the server gives it up after a minute.
    """
    try:
        await session.client.admin.command("killSessions", [session.session_id])
        took_place = await decided()
    except (PyMongoError, Unavailable) as error:
        raise Unavailable("unknown_outcome", after_ms=1000) from error
    if not took_place:
        raise StaleWrite


def _lost_race(error: PyMongoError) -> Exception:
    if isinstance(error, ConnectionFailure):
        return Unavailable("store_unavailable", after_ms=1000)
    return StaleWrite() if error.has_error_label("TransientTransactionError") else error
