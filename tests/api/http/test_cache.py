"""Public answers come as bytes while they are fresh, and never anybody else's."""

from typing import Any

import pytest

from api.http.cache import PublicCache
from tests.support.live_hub import LiveHub, Village


async def test_a_search_is_kept_and_known_by_its_tag(live: LiveHub, village: Village) -> None:
    first = await live.call("GET", "/v1/search?text=bormaschine&limit=5")
    again = await live.call("GET", "/v1/search?limit=5&text=bormaschine")
    assert first.json()["items"][0]["title"] == "Bohrmaschine"
    assert first.headers["cache-control"] == "public, max-age=15"
    assert (again.headers["etag"], again.content) == (first.headers["etag"], first.content)
    tag = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    unchanged = await live.call("GET", "/v1/search?limit=5&text=bormaschine", headers=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["content-security-policy"]


async def test_numbers_in_a_query_are_numbers(live: LiveHub) -> None:
    found = await live.call("GET", "/v1/search?lat=52.52&lon=13.4&within_m=5000&sort=distance")
    assert found.status_code == 200
    for odd in ("lat=NaN&lon=1", "lat=1e5&lon=1", "lat=x&lon=1", "price=1.5"):
        assert (await live.call("GET", f"/v1/search?{odd}")).status_code == 422, odd


async def test_a_refusal_is_not_kept(live: LiveHub) -> None:
    refused = await live.call("GET", "/v1/search?sort=distance")
    assert (refused.status_code, refused.headers["cache-control"]) == (422, "no-store")


async def test_the_categories_are_kept_for_an_hour(live: LiveHub) -> None:
    answer = await live.call("GET", "/v1/categories")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert len(answer.json()["categories"]) > 50


class App:
    """Counts how often it is asked."""

    def __init__(self, cache_control: bytes, status: int = 200) -> None:
        self.asked, self.status = 0, status
        self.headers = [(b"cache-control", cache_control), (b"etag", b'"a"'), (b"content-type", b"text/plain")]

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"x" * 60, "more_body": True})
        await send({"type": "http.response.body", "body": b"y" * 40})


async def ask(cache: PublicCache, query: str = "", **changes: Any) -> tuple[int, bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/p", "headers": []}
    await cache(scope | {"query_string": query.encode()} | changes, None, send)  # type: ignore[arg-type]  # no body
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def test_a_hit_asks_nobody() -> None:
    app = App(b"public, max-age=60")
    cache = PublicCache(app, ["/p"])
    assert {await ask(cache, "a=1&b=2"), await ask(cache, "b=2&a=1")} == {(200, b"x" * 60 + b"y" * 40)}
    assert (await ask(cache, "a=1&b=2", headers=[(b"if-none-match", b'W/"a"')])) == (304, b"")
    assert app.asked == 1


@pytest.mark.parametrize(
    "changes", [{"path": "/other"}, {"method": "POST"}, {"headers": [(b"origin", b"https://x")]}, {"scheme": "https"}]
)
async def test_another_question_is_asked_anew(changes: dict[str, Any]) -> None:
    app = App(b"public, max-age=60")
    cache = PublicCache(app, ["/p"])
    await ask(cache)
    await ask(cache, **changes)
    assert app.asked == 2


@pytest.mark.parametrize(
    ("control", "status"),
    [(b"no-store", 200), (b"private, max-age=60", 200), (b"public, max-age=0", 200), (b"public, max-age=60", 404)],
)
async def test_what_does_not_say_so_is_not_kept(control: bytes, status: int) -> None:
    app = App(control, status)
    cache = PublicCache(app, ["/p"])
    for _ in range(2):
        await ask(cache)
    assert app.asked == 2


async def test_the_cache_keeps_no_more_bytes_than_it_may() -> None:
    app = App(b"public, max-age=60")
    cache = PublicCache(app, ["/p"], most=250)
    for query in ("1", "2", "1", "3", "1", "2"):
        await ask(cache, f"q={query}")
    assert app.asked == 4
    assert cache._size <= 250
