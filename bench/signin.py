"""Whether time tells who lives here: sign-in, joining and a forgotten password for known and unknown addresses.

Both are asked in turn, in one process on the real stores, as the use cases do it; what a door adds is the same.
``ratio``: median time of known ÷ unknown. ``telling``: how often a stopwatch guesses right from one try, 0.5 is chance.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hub.errors import HubError
from hub.ids import new_id
from hub.ports import Ports
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.mailing import ForgetPassword, forget_password
from hub.usecases.sessions import OpenSession, open_session
from storage.embedded import embedded_servers
from storage.mongo.database import open_client
from tests.support.world import build_world

PASSWORD = "sieben Zwerge im Wald"
MOST = 1.15
"""The ratio may be so far from one, either way, on a machine that does other things, too."""

Ask = Callable[[str], Awaitable[Any]]


async def took(ask: Ask, email: str) -> float:
    began = time.perf_counter()
    with suppress(HubError):
        await ask(email)
    return time.perf_counter() - began


async def compared(name: str, ask: Ask, known: str, pairs: int) -> list[str]:
    """Known and unknown in turn, each first in half of the pairs."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(pairs):
        for is_known in random.sample((True, False), 2):
            times[is_known].append(await took(ask, known if is_known else f"{new_id()}@example.org"))
    here, gone = (1000 * statistics.median(times[is_known]) for is_known in (True, False))
    longer = sum(a > b for a, b in zip(times[True], times[False], strict=True)) / pairs
    print(f"| {name} | {here:.1f} | {gone:.1f} | {here / gone:.2f} | {max(longer, 1 - longer):.2f} |", flush=True)
    return [] if 1 / MOST <= here / gone <= MOST else [f"{name}: time tells who lives here"]


async def run(args: argparse.Namespace) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="dorfkiste-bench-") as directory:
        async with (
            embedded_servers(Path(directory)) as servers,
            open_client(servers.mongodb_uri) as client,
            build_world(client["bench"], servers.redis_url) as world,
        ):
            return await _all(world.ports, args.pairs)


async def _all(ports: Ports, pairs: int) -> list[str]:
    known = "anna@example.org"
    await register_account(ports, RegisterAccount(known, PASSWORD, "anna", "Anna Berg"))
    mailing = replace(ports, policy=replace(ports.policy, confirm_email=True))

    async def sign_in(email: str) -> None:
        await open_session(ports, OpenSession(email, "falsch geraten"))

    async def join(email: str) -> None:
        await register_account(mailing, RegisterAccount(email, PASSWORD, new_id()[:12], "Anna Berg"))

    async def forget(email: str) -> None:
        await forget_password(ports, ForgetPassword(email))

    print("| what | known, ms | unknown, ms | ratio | telling |\n|---|---|---|---|---|", flush=True)
    asks = {"sign in, wrong password": sign_in, "join": join, "forget a password": forget}
    return [wrong for name, ask in asks.items() for wrong in await compared(name, ask, known, pairs)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    wrong = asyncio.run(run(parser.parse_args()))
    for line in wrong:
        print(f"MISS {line}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
