"""The line: acks by id, typed refusals, silence told from a no, reconnects with jitter, and ends that are final."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from client import connection
from client.connection import Line, full_jitter
from client.errors import HubRefused, Offline
from client.socket import Socket
from tests.client.paper_socket import HELLO, PaperSocket, paper_socket


@pytest.fixture
async def paper() -> AsyncIterator[PaperSocket]:
    async with paper_socket() as made:
        yield made


class Ears:
    """A line's callbacks, remembered."""

    def __init__(self) -> None:
        self.hellos: list[dict[str, Any]] = []
        self.told: list[str] = []
        self.renewals: list[bool] = []

    async def introduce(self, renew: bool) -> dict[str, Any]:
        self.renewals.append(renew)
        return {"v": 1, "token": "t"}

    def line(self, paper: PaperSocket) -> Line:
        return Line(paper.url, self.introduce, self.hellos.append, lambda event, _: self.told.append(event))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "full_jitter", lambda _attempt: 0.01)


async def opened(paper: PaperSocket) -> Socket:
    return await Socket.open(paper.url, {"v": 1}, lambda _event, _payload: None)


def test_waits_are_anywhere_between_nothing_and_a_doubling_ceiling():
    for attempt, ceiling in [(0, 1), (3, 8), (5, 30), (50, 30)]:
        waits = [full_jitter(attempt) for _ in range(300)]
        assert 0 <= min(waits) < ceiling * 0.2
        assert ceiling * 0.8 < max(waits) <= ceiling


async def test_answers_find_their_question(paper: PaperSocket):
    socket = await opened(paper)
    answers = await asyncio.gather(*(socket.ask("echo", {"n": n}) for n in range(20)))
    assert [answer["n"] for answer in answers] == list(range(20))
    await socket.close()


async def test_a_refusal_is_typed(paper: PaperSocket):
    paper.answers["x"] = lambda _: {
        "ok": False,
        "error": {"code": "rate_limited", "kind": "rate_limited", "after_ms": 9},
    }
    socket = await opened(paper)
    with pytest.raises(HubRefused, match="rate_limited") as refused:
        await socket.ask("x", {})
    assert refused.value.after_ms == 9
    await socket.close()


async def test_no_answer_is_no_refusal(paper: PaperSocket):
    paper.answers["x"] = lambda _: None
    socket = await opened(paper)
    with pytest.raises(Offline):
        await socket.ask("x", {}, within_s=0.05)
    asking = asyncio.create_task(socket.ask("x", {}))
    await asyncio.sleep(0.02)
    await paper.drop()
    with pytest.raises(Offline):
        await asking
    await socket.close()


async def test_pings_are_answered(paper: PaperSocket):
    socket = await opened(paper)
    await paper.say("2")
    await socket.ask("echo", {})
    assert "3" in paper.heard
    await socket.close()


async def test_a_hub_that_falls_silent_is_given_up(paper: PaperSocket):
    paper.open = '0{"sid":"e","upgrades":[],"pingInterval":50,"pingTimeout":50,"maxPayload":160000}'
    socket = await opened(paper)
    async with asyncio.timeout(2):
        assert await socket.closed() is None


async def test_a_refused_connect_says_why(paper: PaperSocket):
    paper.greetings = [['44/hub,{"message":"version","data":{"min":2,"max":3}}']]
    with pytest.raises(HubRefused, match="version") as refused:
        await opened(paper)
    assert refused.value.data == {"min": 2, "max": 3}


async def test_nobody_there_is_offline():
    with pytest.raises(Offline):
        await Socket.open("http://127.0.0.1:9", {}, lambda _event, _payload: None)


async def test_a_dropped_line_is_made_anew_and_says_hello_again(paper: PaperSocket, impatient: None):
    ears = Ears()
    line = ears.line(paper)
    line.start()
    await line.up()
    await paper.drop()
    async with asyncio.timeout(5):
        while len(ears.hellos) < 2:  # noqa: ASYNC110 - the line has no event for the second time
            await asyncio.sleep(0.01)
    assert (await line.ask("echo", {"n": 1}))["n"] == 1
    await line.stop()


async def test_a_line_that_is_held_down_stays_down_until_it_is_let_go(paper: PaperSocket, impatient: None):
    ears = Ears()
    line = ears.line(paper)
    line.start()
    await line.up()
    line.cut(stay_down=True)
    await asyncio.sleep(0.2)
    assert not line.is_up
    with pytest.raises(Offline):
        await line.ask("echo", {})
    line.resume()
    await line.up()
    assert len(ears.hellos) == 2
    await line.stop()


async def test_an_expired_token_is_renewed_once(paper: PaperSocket, impatient: None):
    paper.greetings = [['44/hub,{"message":"token_expired"}'], ['40/hub,{"sid":"s"}', HELLO]]
    ears = Ears()
    line = ears.line(paper)
    line.start()
    await line.up()
    assert ears.renewals == [False, True]
    await line.stop()


@pytest.mark.parametrize("code", ["session_revoked", "version", "bad_token"])
async def test_a_refusal_that_time_does_not_cure_ends_the_line(paper: PaperSocket, impatient: None, code: str):
    paper.greetings = [[f'44/hub,{{"message":"{code}"}}']]
    line = Ears().line(paper)
    line.start()
    with pytest.raises(HubRefused, match=code):
        await line.up()
    await line.stop()


async def test_a_farewell_for_good_ends_the_line_and_a_restart_does_not(paper: PaperSocket, impatient: None):
    bye, later = '42/hub,["bye",{"code":"session_revoked"}]', '42/hub,["bye",{"code":"draining"}]'
    welcome = ['40/hub,{"sid":"s"}', HELLO]
    paper.greetings = [[*welcome, later, "41/hub,"], [*welcome, bye, "41/hub,"]]
    ears = Ears()
    line = ears.line(paper)
    line.start()
    async with asyncio.timeout(5):
        while line.ended_by is None:  # noqa: ASYNC110 - nothing is told after the end
            await asyncio.sleep(0.01)
    assert line.ended_by.code == "session_revoked"
    assert len(ears.hellos) == 2
    assert ears.told == ["bye", "bye"]
    await line.stop()
