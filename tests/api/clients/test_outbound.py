"""The way out: only to public addresses, connected to what was checked, and never more or longer than agreed."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
import trustme

from api.clients.address import is_public
from api.clients.outbound import Outbound, Unreachable
from tests.support.far_server import FarServer, far_server

CA = trustme.CA()


@pytest.fixture
async def far() -> AsyncIterator[FarServer]:
    async with far_server(CA) as running:
        yield running


def trusting(*, loopback: bool = True) -> Outbound:
    tls = ssl.create_default_context()
    CA.configure_trust(tls)
    return Outbound(loopback=loopback, tls=tls)


async def refusal(outbound: Outbound, url: str, **options: Any) -> str:
    with pytest.raises(Unreachable) as refused:
        await outbound.send("GET", url, **options)
    assert str(refused.value) == refused.value.reason
    return refused.value.reason


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name has these addresses; the names that were looked up."""
    asked: list[str] = []

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return asked


async def test_a_question_gets_its_whole_answer(far: FarServer) -> None:
    far.says(b"hallo", 'ETag: "a1"', "X-Twice: 1")
    reply = await trusting().send("GET", f"{far.url}/feed.ics?k=v#part", headers={"If-None-Match": '"a0"'})
    assert (reply.status, reply.body, reply.headers["etag"]) == (200, b"hallo", '"a1"')
    (asked,) = far.asked
    assert asked.startswith(b"GET /feed.ics?k=v HTTP/1.1\r\n")
    assert f"host: localhost:{far.port}\r\n".encode() in asked.lower()
    assert b'if-none-match: "a0"' in asked.lower()


async def test_what_is_sent_arrives(far: FarServer) -> None:
    await trusting().send("POST", far.url, headers={"content-type": "text/plain"}, content=b"a=1")
    assert far.asked[0].endswith(b"\r\n\r\na=1")


@pytest.mark.parametrize(
    "ip",
    ["93.184.215.14", "2a00:1450:4001:82a::200e", "64:ff9b::5db8:d70e", "192.0.0.9"],
)
def test_the_open_internet_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
        *("100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "fe80::1", "fc00::1", "fec0::1"),
        *("ff02::1", "2002:7f00:1::", "2002:5db8:d70e::1", "2001:0:1::1", "2001:db8::1", "64:ff9b::7f00:1"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "192.88.99.1"),
    ],
)
def test_whatever_leads_into_some_network_is_not(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "[fe80::1]", "LOCALHOST.", "127。0。0。1"),
    ],
)
async def test_no_spelling_of_an_inner_address_is_called(far: FarServer, host: str) -> None:
    assert await refusal(trusting(loopback=False), f"https://{host}:{far.port}/") in {
        "not_public",
        "bad_url",
        "unknown_host",
    }
    assert far.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/", "ftp://example.org/", "file:///etc/passwd", "//example.org", "example.org", ""),
        *("https:///x", "https://anna:geheim@example.org/", "https://exam\nple.org/", "https://" + "x" * 2048),
    ],
)
async def test_what_is_no_public_https_address_is_refused(url: str) -> None:
    assert await refusal(trusting(loopback=False), url) == "bad_url"


async def test_one_inner_address_among_public_ones_spoils_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.215.14", "10.0.0.1")
    assert await refusal(trusting(), "https://two-faced.example/") == "not_public"


async def test_the_checked_address_is_connected_to_without_asking_again(
    far: FarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, "127.0.0.1")
    async with far_server(CA, "rebinding.example") as named:
        assert (await trusting().send("GET", f"https://rebinding.example:{named.port}/")).body == b"ok"
        assert f"host: rebinding.example:{named.port}".encode() in named.asked[0].lower()
    assert asked == ["rebinding.example"]


async def test_the_certificate_must_be_for_the_name_not_the_address(
    far: FarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.1")
    assert await refusal(trusting(), f"https://other.example:{far.port}/") == "no_answer"
    assert far.asked == []


async def test_a_server_nobody_vouches_for_is_not_spoken_to(far: FarServer) -> None:
    assert await refusal(Outbound(loopback=True), far.url) == "no_answer"


async def test_where_one_address_is_dead_the_next_is_tried(far: FarServer, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.2", "127.0.0.1")
    assert (await trusting().send("GET", far.url)).status == 200


async def test_a_redirect_is_an_answer_and_not_followed(far: FarServer) -> None:
    far.says(b"", f"Location: {far.url}/elsewhere", status="302 Found")
    assert (await trusting().send("GET", far.url)).status == 302
    assert len(far.asked) == 1


async def test_the_deadline_holds_for_the_last_byte_too(far: FarServer) -> None:
    far.pause_s = 5.0
    started = asyncio.get_running_loop().time()
    assert await refusal(trusting(), far.url, timeout_s=0.3) == "too_slow"
    assert asyncio.get_running_loop().time() - started < 1.5


async def test_an_answer_is_cut_off_where_it_gets_too_long(far: FarServer) -> None:
    far.says(b"x" * 1000)
    assert await refusal(trusting(), far.url, max_bytes=999) == "too_large"
    assert len((await trusting().send("GET", far.url, max_bytes=1000)).body) == 1000


async def test_an_endless_answer_without_a_length_is_cut_off(far: FarServer) -> None:
    far.answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000
    assert await refusal(trusting(), far.url, max_bytes=999) == "too_large"


async def test_a_compressed_answer_is_not_unpacked(far: FarServer) -> None:
    far.says(gzip.compress(b"x" * 10_000_000), "Content-Encoding: gzip")
    assert await refusal(trusting(), far.url) == "compressed"
    assert b"accept-encoding: identity" in far.asked[0].lower()


async def test_gibberish_and_silence_are_no_answer(far: FarServer) -> None:
    far.answer = b"SSH-2.0-OpenSSH_9.2\r\n\r\n"
    assert await refusal(trusting(), far.url) == "no_answer"
    assert await refusal(trusting(), "https://127.0.0.1:1/") == "no_answer"
    far.says(b"short", "X: 1")
    far.answer = far.answer[:-2]
    assert await refusal(trusting(), far.url) == "no_answer"


async def test_a_name_nobody_knows_says_so() -> None:
    assert await refusal(trusting(), "https://does-not-exist.invalid/") == "unknown_host"


async def test_the_clear_is_for_this_machine_alone() -> None:
    async with far_server() as clear:
        assert (await trusting().send("GET", clear.url)).body == b"ok"
        assert await refusal(trusting(loopback=False), clear.url) == "bad_url"
    assert await refusal(trusting(), "http://93.184.215.14/") == "not_public"


async def test_proxies_of_the_environment_are_not_used(far: FarServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await trusting().send("GET", far.url)).status == 200
