"""Encrypted files at the door: in a stream and in parts, to those they concern, as bytes and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.asgi_server import DeadlineHttpProtocol
from crypto.dkx.dkf1 import MAX_SIZE, stored_size
from crypto.dkx.roster import Roster
from crypto.dkx.sealing.file import FileSecret, Sealer
from hub.file import PART
from hub.ids import new_id
from storage.servers import Servers
from tests.support.asking import code_of
from tests.support.live_hub import LiveHub, Village, live_hub, settle
from tests.support.world import Neighbour, Pen


def sealed(size: int = 5 * PART) -> bytes:
    return b"".join(Sealer(FileSecret.generate(), size).pieces(BytesIO(bytes(size)).read))


async def begun(live: LiveHub, village: Village, size: int, cid: str | None = None) -> dict[str, Any]:
    asked = {"file": new_id(), "room": village.ids["room"], "cid": cid or new_id(), "size": size}
    answer = await live.call("POST", "/v1/files", village.renter.actor, json=asked)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def put(live: LiveHub, by: Neighbour | None, file: str, content: Any, offset: int = 0) -> httpx2.Response:
    actor = by.actor if by else None
    return await live.call("PUT", f"/v1/files/{file}", actor, params={"offset": offset}, content=content)


async def whole(live: LiveHub, village: Village, content: bytes, cid: str | None = None) -> str:
    file = str((await begun(live, village, len(content), cid))["id"])
    answer = await put(live, village.renter, file, content)
    assert answer.json()["offset"] == len(content)
    return file


async def dripping(content: bytes, step: int = 10_000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), step):
        yield content[at : at + step]


async def offset_of(live: LiveHub, village: Village, file: str) -> tuple[int, int]:
    head = await live.call("HEAD", f"/v1/files/{file}", village.renter.actor)
    assert (head.status_code, head.content) == (200, b"")
    return int(head.headers["upload-offset"]), int(head.headers["upload-length"])


async def test_a_file_goes_up_and_comes_down(live: LiveHub, village: Village) -> None:
    content = sealed()
    told = await begun(live, village, len(content))
    assert (told["offset"], told["size"]) == (0, len(content))
    answer = await put(live, village.renter, told["id"], dripping(content))
    assert (answer.status_code, answer.json()["offset"]) == (200, len(content))
    found = await live.call("GET", f"/v1/files/{told['id']}", village.renter.actor)
    assert (found.status_code, found.content) == (200, content)


async def test_what_is_served_is_bytes_to_keep_and_nothing_to_look_at(live: LiveHub, village: Village) -> None:
    file = await whole(live, village, sealed())
    headers = (await live.call("GET", f"/v1/files/{file}", village.renter.actor)).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == f'attachment; filename="{file}"'
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


async def test_a_stretch_can_be_asked_for(live: LiveHub, village: Village) -> None:
    content = sealed()
    file = await whole(live, village, content)
    for wanted, stretch in (("0-0", slice(0, 1)), (f"{PART - 3}-{PART + 3}", slice(PART - 3, PART + 4)),
                            ("300000-", slice(300_000, None)), ("-7", slice(-7, None))):  # fmt: skip
        part = await live.call("GET", f"/v1/files/{file}", village.renter.actor, headers={"Range": f"bytes={wanted}"})
        assert (part.status_code, part.content) == (206, content[stretch])
    beyond = await live.call("GET", f"/v1/files/{file}", village.renter.actor, headers={"Range": "bytes=9999999-"})
    assert (beyond.status_code, code_of(beyond)) == (416, "range_not_satisfiable")


async def test_a_body_that_breaks_off_keeps_its_whole_parts(live: LiveHub, village: Village) -> None:
    content = sealed()
    file = (await begun(live, village, len(content)))["id"]
    await broken_off(live, village, file, content, 2 * PART + 17)
    assert await until_offset(live, village, file, 2 * PART) == len(content)
    wrong = await put(live, village.renter, file, content[2 * PART + 17 :], 2 * PART + 17)
    assert (wrong.status_code, code_of(wrong), wrong.json()["data"]) == (409, "file_offset", {"offset": 2 * PART})
    assert (await put(live, village.renter, file, content[2 * PART :], 2 * PART)).json()["offset"] == len(content)
    assert (await live.call("GET", f"/v1/files/{file}", village.renter.actor)).content == content


async def broken_off(live: LiveHub, village: Village, file: str, content: bytes, cut: int) -> None:
    """Say that all of it comes, send so much, and hang up."""
    _, writer = await asyncio.open_connection("127.0.0.1", live.port)
    token = live.token(village.renter.actor)
    head = f"PUT /v1/files/{file}?offset=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content[:cut])
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()


async def until_offset(live: LiveHub, village: Village, file: str, wanted: int) -> int:
    async with asyncio.timeout(5):
        while True:
            offset, size = await offset_of(live, village, file)
            if offset == wanted:
                return size
            await asyncio.sleep(0.02)


async def test_who_sends_nothing_more_loses_the_line_and_no_part(
    live: LiveHub, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeadlineHttpProtocol, "BODY_S", 0.3)
    content = sealed()
    file = (await begun(live, village, len(content)))["id"]

    async def stuck() -> AsyncIterator[bytes]:
        yield content[: 3 * PART]
        await asyncio.sleep(1)

    with pytest.raises(httpx2.TransportError):
        await put(live, village.renter, file, stuck())
    await until_offset(live, village, file, 3 * PART)


async def test_it_exists_for_its_readers_alone(live: LiveHub, village: Village) -> None:
    content = sealed()
    rostered = Roster.parse((await live.hub.ports.rooms.get(village.ids["room"])).roster)  # type: ignore[union-attr,arg-type]
    pen = Pen(live.world, village.renter, [village.owner, village.renter], village.ids["room"], rostered)  # type: ignore[arg-type]
    sent = pen.write()
    file = await whole(live, village, content, sent.cid.hex())
    for method in ("GET", "HEAD"):
        nobody = await live.call(method, f"/v1/files/{file}")
        assert nobody.status_code == 401
        for reader in (village.owner, village.stranger, village.visitor):
            foreign = await live.call(method, f"/v1/files/{file}", reader.actor)
            absent = await live.call(method, f"/v1/files/{'0' * 32}", reader.actor)
            assert foreign.status_code == absent.status_code == 404
            assert foreign.content == absent.content
            assert "upload-offset" not in foreign.headers
    await pen.send(sent)
    assert (await live.call("GET", f"/v1/files/{file}", village.owner.actor)).content == content
    refused = await live.call("GET", f"/v1/files/{file}", village.stranger.actor)
    assert (refused.status_code, code_of(refused)) == (404, "file_not_found")


async def test_a_file_that_is_not_whole_is_given_to_nobody(live: LiveHub, village: Village) -> None:
    content = sealed()
    file = (await begun(live, village, len(content)))["id"]
    await put(live, village.renter, file, content[: 2 * PART])
    answer = await live.call("GET", f"/v1/files/{file}", village.renter.actor)
    assert (answer.status_code, code_of(answer)) == (404, "file_not_found")
    assert await offset_of(live, village, file) == (2 * PART, len(content))


async def test_what_can_be_refused_is_refused_before_the_body_is_taken(live: LiveHub, village: Village) -> None:
    file = new_id()
    length = stored_size(MAX_SIZE) + 1
    for query, by, status in (("offset=0", None, 401), ("offset=x", village.renter, 422), ("", village.renter, 422),
                              ("offset=0&body=1", village.renter, 422), ("offset=0", village.renter, 413)):  # fmt: skip
        assert await first_line(live, f"/v1/files/{file}?{query}", by, length) == status


async def first_line(live: LiveHub, path: str, by: Neighbour | None, length: int) -> int:
    """The status that comes although no byte of the body was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", live.port)
    sign = f"Authorization: Bearer {live.token(by.actor)}\r\n" if by else ""
    writer.write(f"PUT {path} HTTP/1.1\r\nHost: x\r\n{sign}Content-Length: {length}\r\n\r\n".encode())
    try:
        async with asyncio.timeout(10):
            return int((await reader.readline()).split()[1])
    finally:
        writer.close()


@pytest.mark.parametrize("name", ["x", "0" * 31, "0" * 33, "A" * 32, "..%2f"])
async def test_a_name_that_is_none_leads_nowhere(name: str, live: LiveHub, village: Village) -> None:
    answer = await live.call("GET", f"/v1/files/{name}", village.renter.actor)
    assert answer.status_code == 404


async def test_an_operator_says_how_much_people_may_keep(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}", max_file_mib=1, max_files=1) as small:
        village = await settle(small.world)
        ask = {"file": new_id(), "room": village.ids["room"], "cid": new_id(), "size": stored_size(2 * 1024 * 1024)}
        large = await small.call("POST", "/v1/files", village.renter.actor, json=ask)
        assert (large.status_code, code_of(large)) == (422, "too_large")
        await begun(small, village, stored_size(1024))
        full = await small.call("POST", "/v1/files", village.renter.actor, json=ask | {"size": stored_size(1)})
        assert (full.status_code, code_of(full), full.json()["data"]["of"]) == (409, "files_full", "files")
