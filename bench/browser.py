"""What DKX-1 costs in a browser, beside Python on the same machine: read the ratios, not the milliseconds.

python -m bench.browser               # best of 3 rounds, in the Chromium of the system, about 1 min
python -m bench.browser --rounds 1

A history of 2,000 messages that Python sealed is restored in a page under the hub's policy: backup entries opened,
messages opened in the worker, rows wrapped and written to IndexedDB. Ends with 1 where a limit is missed.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Final

from api.pages.asset import code_version
from bench.crypto import HISTORY, history, restore, rows
from bench.crypto import best as best_of
from tests.static.browser import Tab, served
from tests.support.chromium import chromium

SCRIPT: Final = Path(__file__).with_suffix(".js")
BOTH: Final = {
    "encrypt a message": "encrypt",
    "open a message": "open",
    "seal a key packet": "seal_packet",
    "open a key packet": "open_packet",
    "derive a backup's key (Argon2id, 64 MiB, t = 3)": "backup",
    "seal a backup entry": "entry",
}
BROWSER: Final = {
    "the same, each message kept wrapped in IndexedDB": "restore_kept",
    "read that history again from IndexedDB": "read",
    "longest pause of the page while it is restored": "pause",
}
LIMITS: Final = {"restore_kept": 60_000.0, "read": 2_000.0, "pause": 1_000.0}
"""In milliseconds: a restore of 2,000 within a minute, a history that opens at once, a page that answers meanwhile."""

Chains = list[tuple[bytes, list[bytes]]]


async def in_browser(chains: Chains, rounds: int) -> dict[str, float]:
    """Milliseconds by name."""
    given = {
        "entries": [entry.hex() for entry, _ in chains],
        "envelopes": [envelope.hex() for _, envelopes in chains for envelope in envelopes],
        "lib": f"/static/{code_version()}/lib",
        "rounds": rounds,
    }
    async with served() as address, chromium() as browser:
        tab = await Tab.on(await browser.new_context(), address)
        took: dict[str, float] = await tab.run(SCRIPT.read_text("utf-8"), **given)
    if tab.complaints:
        raise RuntimeError(tab.complaints)
    return took


def figure(ms: float) -> str:
    return f"{ms:,.0f}" if ms >= 10 else f"{ms:.2f}"


def line(what: str, python: float | None, browser: float) -> str:
    beside = ("", "") if python is None else (figure(python), f"{browser / python:,.0f}")
    return f"| {what} | {beside[0]} | {figure(browser)} | {beside[1]} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    chains: Chains = list(history())
    browser = asyncio.run(in_browser(chains, rounds))
    python = {what: took / 1000 for what, took, _ in rows(rounds) if what in BOTH}
    print("| what | Python, ms | browser, ms | browser ÷ Python |\n|---|---|---|---|")
    for what, name in BOTH.items():
        print(line(what, python[what], browser[name]))
    whole = best_of(lambda: restore(chains), 1, rounds) / 1000
    print(line(f"restore {HISTORY:,} messages from backup, {len(chains)} chains", whole, browser["restore"]))
    for what, name in BROWSER.items():
        print(line(what, None, browser[name]))
    missed = [name for name, limit in LIMITS.items() if browser[name] > limit]
    for name in missed:
        print(f"MISSED: {name} took {browser[name]:,.0f} ms, the limit is {LIMITS[name]:,.0f}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
