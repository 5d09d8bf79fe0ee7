"""What a phone on a slow line sees of the public pages and of an inbox: Lighthouse, the median of three runs.

python -m bench.web                   # needs Node with npm, and fetches the pinned Lighthouse

Lighthouse slows processor and line down by itself, so the figures are its model of a phone, not this machine's.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx2

from tests.support.chromium import MISSING, chromium_path
from tests.support.hub_process import HubProcess

LIGHTHOUSE: Final = "lighthouse@13.5.0"
PASSWORD: Final = "sieben Zwerge im Wald"
TRIES: Final = 3
"""Now and then it gives up on a trace ("NO_NAVSTART") and says to run it again."""
SCORES: Final = ("performance", "accessibility", "best-practices", "seo")
FIGURES: Final = {
    "largest-contentful-paint": "LCP ms",
    "total-blocking-time": "TBT ms",
    "cumulative-layout-shift": "CLS",
    "total-byte-weight": "bytes",
}


@contextmanager
def village() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        hub = HubProcess(Path(folder), demo=True, env={"DEMO_RENTALS": "0", "ENVIRONMENT": "dev"})
        hub.start()
        try:
            yield hub.url
        finally:
            hub.stop()


def pages(url: str) -> dict[str, str]:
    item = httpx2.get(f"{url}/v1/items?limit=1").json()["items"][0]["id"]
    paths = {"home": "/", "search": "/s", "item": f"/i/{item}", "person": "/u/marta", "sign-in": "/signin"}
    return {name: url + path for name, path in paths.items()}


def signed_in(url: str, n: int) -> str:
    """The cookie of somebody new: their browser makes the keys of its first device while it is looked at."""
    account = {"email": f"neu{n}@dorf.example", "password": PASSWORD, "handle": f"neu{n}", "display_name": "Neu"}
    httpx2.post(f"{url}/v1/accounts", json=account).raise_for_status()
    told = {name: account[name] for name in ("email", "password")} | {"next": "/inbox"}
    answer = httpx2.post(f"{url}/signin/password", data=told, headers={"Origin": url, "Sec-Fetch-Site": "same-origin"})
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


def judged(address: str, cookie: str = "") -> dict[str, float]:
    """Scores of 0 to 100, and figures, of one run."""
    flags = ["--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]
    flags += [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []
    command = ["npx", "--yes", LIGHTHOUSE, address, *flags]
    env = {**os.environ, "CHROME_PATH": str(chromium_path()), "PUPPETEER_SKIP_DOWNLOAD": "1"}
    for _ in range(TRIES):
        answer = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
        if answer.returncode == 0:
            break
    else:
        sys.exit(f"{address}\n{answer.stderr}")
    told: dict[str, Any] = json.loads(answer.stdout)
    scores = {name: told["categories"][name]["score"] * 100 for name in SCORES}
    return scores | {FIGURES[name]: told["audits"][name]["numericValue"] for name in FIGURES}


def row(name: str, runs: list[dict[str, float]]) -> str:
    middle = {key: median(run[key] for run in runs) for key in runs[0]}
    cells = [f"{value:.3f}" if key == "CLS" else f"{value:,.0f}" for key, value in middle.items()]
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    if chromium_path() is None:
        sys.exit(MISSING)
    print(f"| page | {' | '.join((*SCORES, *FIGURES.values()))} |")
    print(re.sub(r"[^|]+", "---", f"| page | {' | '.join((*SCORES, *FIGURES.values()))} |"))
    with village() as url:
        for name, address in pages(url).items():
            print(row(name, [judged(address) for _ in range(rounds)]), flush=True)
        print(row("inbox", [judged(f"{url}/inbox", signed_in(url, n)) for n in range(rounds)]), flush=True)


if __name__ == "__main__":
    main()
