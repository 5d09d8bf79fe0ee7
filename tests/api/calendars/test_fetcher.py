"""Another calendar over a real connection, read in a process that strangers' bytes cannot hurt."""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.calendars import fetcher
from api.calendars.fetcher import CalendarFetcher
from api.clients.outbound import Outbound
from hub.feed import FEED_ERRORS
from hub.ports import Looked, LookInto, Unread
from tests.api.calendars.test_reader import written
from tests.support.far_server import FarServer, far_server

START = datetime(2026, 3, 20, tzinfo=UTC)
EVENT = "UID:1\nDTSTART:20260330T100000Z\nDTEND:20260330T110000Z"


@pytest.fixture
async def far() -> AsyncIterator[FarServer]:
    async with far_server() as running:
        running.says(written(EVENT), 'ETag: "v1"')
        yield running


def ask(far: FarServer) -> LookInto:
    return LookInto(f"{far.url}/geheim.ics", START, START + timedelta(days=30), "Europe/Berlin")


async def look(asked: LookInto) -> Looked | None:
    return await CalendarFetcher(Outbound(loopback=True), "https://kiste.example").look(asked)


async def refusal(asked: LookInto) -> str:
    with pytest.raises(Unread) as refused:
        await look(asked)
    assert refused.value.reason in FEED_ERRORS
    return refused.value.reason


async def test_events_and_the_tag_for_the_next_look(far: FarServer) -> None:
    looked = await look(ask(far))
    assert looked is not None
    assert [(f"{each.s:%H:%M}", f"{each.e:%H:%M}") for each in looked.busy] == [("10:00", "11:00")]
    assert (looked.etag, looked.unread) == ('"v1"', 0)


async def test_what_did_not_change_is_not_read_again(far: FarServer) -> None:
    first = await look(ask(far))
    assert first is not None
    assert await look(replace(ask(far), digest=first.digest)) is None
    far.says(b"", status="304 Not Modified")
    assert await look(replace(ask(far), etag=first.etag)) is None
    assert b'if-none-match: "v1"' in far.asked[-1].lower()


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", "refused"),
        ("401 Unauthorized", "refused"),
        ("302 Found", "redirected"),
        ("503 Busy", "no_answer"),
        ("304 Not Modified", "redirected"),
        ("206 Partial", "refused"),
    ],
)
async def test_what_the_server_says_instead_is_told(far: FarServer, status: str, reason: str) -> None:
    far.says(b"", status=status)
    assert await refusal(ask(far)) == reason


async def test_a_page_instead_of_a_calendar_is_told(far: FarServer) -> None:
    far.says(b"<html>Bitte anmelden</html>")
    assert await refusal(ask(far)) == "not_calendar"


async def test_an_inner_address_is_told_and_not_called(far: FarServer) -> None:
    outside = CalendarFetcher(Outbound(), "https://kiste.example")
    with pytest.raises(Unread, match="not_public"):
        await outside.look(replace(ask(far), url=f"https://127.0.0.1:{far.port}/"))
    assert far.asked == []


@pytest.mark.parametrize("code", ["while True: pass", "import os; os.abort()", "print('[]')", "print('{\"unread\":-1'"])
async def test_a_reader_gone_wrong_is_no_calendar(far: FarServer, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "PROGRAM", (sys.executable, "-c", code))
    monkeypatch.setattr(fetcher, "DEADLINE_S", 0.3)
    assert await refusal(ask(far)) == "not_calendar"
