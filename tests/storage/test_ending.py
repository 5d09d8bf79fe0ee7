"""Tasks end although a cancel is lost on its way."""

import asyncio
from contextlib import suppress

from storage.ending import end


async def stubborn(times: int) -> None:
    for _ in range(times):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
    await asyncio.sleep(3600)


async def test_who_loses_cancels_ends_all_the_same() -> None:
    tasks = [asyncio.create_task(stubborn(times)) for times in (0, 1, 3)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end(tasks)
    assert all(task.cancelled() for task in tasks)


async def test_what_has_ended_stays_as_it_is() -> None:
    done = asyncio.create_task(asyncio.sleep(0, "told"))
    await done
    await end([done])
    assert done.result() == "told"


async def test_those_who_are_gathered_are_asked_again_too() -> None:
    async def together() -> None:
        await asyncio.gather(stubborn(2), stubborn(0))

    task = asyncio.create_task(together())
    await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        await end([task])
    assert task.cancelled()
