"""What has begun ends, whoever has gone; and nothing of it is left lying about."""

import asyncio
import gc
import logging
from typing import Any

import pytest

from api.undisturbed import Undisturbed
from hub.errors import NotFound


async def left_alone(kept: Undisturbed, error: Exception, *, after: int, leaves: int) -> list[str]:
    """What the loop complains of when the caller goes after ``leaves`` turns, and the act fails after ``after``."""
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(str(told["message"])))

    async def act() -> Any:
        for _ in range(after):
            await asyncio.sleep(0)
        raise error

    caller = asyncio.ensure_future(kept(act()))
    for _ in range(leaves):
        await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    for _ in range(after + 3):
        await asyncio.sleep(0)
    gc.collect()
    return complaints


@pytest.mark.parametrize("leaves", range(1, 5))
async def test_a_refusal_that_nobody_hears_is_no_complaint(leaves: int, caplog: pytest.LogCaptureFixture) -> None:
    assert await left_alone(Undisturbed(), NotFound("item_not_found"), after=3, leaves=leaves) == []
    assert caplog.records == []


async def test_a_fault_that_nobody_hears_is_logged_once_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "dorfkiste.http"):
        assert await left_alone(Undisturbed(), RuntimeError("geheim"), after=2, leaves=1) == []
    (record,) = caplog.records
    assert "RuntimeError" in record.getMessage()
    assert "geheim" not in record.getMessage()


async def test_what_has_begun_is_done_although_the_caller_has_gone() -> None:
    done: list[str] = []

    async def act() -> None:
        await asyncio.sleep(0)
        done.append("kept")

    caller = asyncio.ensure_future(Undisturbed()(act()))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    for _ in range(3):
        await asyncio.sleep(0)
    assert done == ["kept"]
