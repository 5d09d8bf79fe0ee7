"""Tasks end although a cancel is lost on its way."""

import asyncio
from contextlib import suppress

import pytest

from storage.ending import end, together


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


async def test_a_cancel_of_who_waits_for_the_end_is_told_afterwards() -> None:
    task = asyncio.create_task(stubborn(3))
    await asyncio.sleep(0)
    ending = asyncio.create_task(end([task]))
    await asyncio.sleep(0.01)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert task.cancelled()


async def test_of_those_who_work_together_none_is_left_behind() -> None:
    tasks: list[asyncio.Task[None]] = []

    async def known(times: int) -> None:
        if task := asyncio.current_task():
            tasks.append(task)
        await stubborn(times)

    work = asyncio.create_task(together(known(times) for times in (0, 2, 3)))
    await asyncio.sleep(0.01)
    await end([work])
    assert work.cancelled()
    assert [task.done() for task in tasks] == [True] * 3


async def test_when_one_fails_the_others_end_with_it() -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        await together([failing(), stubborn(1)])
