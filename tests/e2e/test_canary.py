"""What is said or attached is in no file of MongoDB or Valkey and in no log; the same search finds a plain control."""

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path

from storage.servers import Servers
from tests.e2e.village import heard, list_trailer, living, request
from tests.support.hub_process import running_hub

CANARY = "Kanarienvogel-7f3a9c-sitzt-im-Schuppen"
CONTROL = "Kontrollwort-5d1e8b-steht-in-der-Anzeige"


def disguises(text: str) -> Iterator[bytes]:
    """The text as it is, and as base64 would hold it at each of the three alignments."""
    raw = text.encode()
    yield raw
    for shift in range(3):
        yield base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4]
    yield raw.hex().encode()


def files_with(folder: Path, text: str) -> list[Path]:
    needles = list(disguises(text))
    found = []
    for path in (p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if any(needle in content for needle in needles):
            found.append(path)
    return found


async def test_a_canary_said_in_chat_reaches_no_file_and_no_log(servers: Servers, servers_dir: Path, tmp_path: Path):
    env = {
        "MONGODB_URI": servers.mongodb_uri, "REDIS_URL": servers.redis_url, "MONGODB_DATABASE": "plainwords",
        "LOG_LEVEL": "debug",
    }  # fmt: skip
    hub_dir = tmp_path / "hub"
    with running_hub(hub_dir, env=env) as hub:
        async with living(tmp_path / "people", hub.url, ["marta-canary", "tim-canary"]) as (marta, tim):
            item = (await list_trailer(marta, title=CONTROL))["id"]
            room = (await request(tim, item, 4))["room"]
            tim.send_text(room, CANARY)
            attached = tmp_path / f"{CANARY}.txt"
            attached.write_text(f"{CANARY}\n" * 5000)
            await tim.files.send(room, attached)
            async with asyncio.timeout(30):
                await heard(marta, room, CANARY)
                await heard(marta, room, attached.name)
            (seq,) = [line.seq for line in marta.timeline(room) if line.text == attached.name]
            await marta.files.fetch(room, seq or 0, tmp_path / "fetched")
            assert (tmp_path / "fetched").read_bytes() == attached.read_bytes()
    assert files_with(servers_dir, CONTROL), "the search itself must be able to find something"
    assert not files_with(servers_dir, CANARY)
    assert not files_with(hub_dir, CANARY)
    assert CANARY not in "\n".join(hub.lines)
