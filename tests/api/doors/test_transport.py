"""What the HTTP door says about the way a request came: https or not, through a listed proxy or past it."""

from pathlib import Path

import pytest

from storage.mongo.store import Database
from storage.servers import Servers
from tests.api.doors.asking import is_refused
from tests.api.doors.hubs import Worker, worker

HSTS = "strict-transport-security"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


async def test_hsts_is_for_https_and_a_stranger_cannot_forge_it(hub: Worker) -> None:
    for headers in ({}, FORWARDED):
        assert HSTS not in (await hub.ask("GET", "/livez", headers=headers)).headers


async def test_behind_a_listed_proxy_https_is_https(servers: Servers, database: Database, secrets_dir: Path) -> None:
    proxied = {"environment": "prod", "trusted_proxies": frozenset({"127.0.0.1/32"})}
    async with worker(servers, database, secrets_dir, **proxied) as public:
        for path in ("/v1/items", "/livez", "/nowhere"):
            answer = await public.ask("GET", path, headers=FORWARDED)
            assert answer.headers[HSTS] == "max-age=31536000; includeSubDomains", path
        assert (await public.ask("GET", "/v1/items", headers=FORWARDED)).status_code == 200
        plain = await public.ask("GET", "/v1/items", headers={**FORWARDED, "X-Forwarded-Proto": "http"})
        is_refused(plain, 403, "https_required")
        assert "location" not in plain.headers
        assert HSTS not in plain.headers


async def test_limits_by_address_count_the_caller_behind_the_proxy(
    servers: Servers, database: Database, secrets_dir: Path
) -> None:
    strict = {"rate_limit_factor": 1, "trusted_proxies": frozenset({"127.0.0.1/32"})}
    async with worker(servers, database, secrets_dir, **strict) as hub:
        guess = {"email": "nobody@example.org", "password": "falsch-geraten"}
        near = {"X-Forwarded-For": "203.0.113.77"}
        forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.77"}
        far = {"X-Forwarded-For": "203.0.113.78"}
        for _ in range(5):
            is_refused(await hub.ask("POST", "/v1/sessions", json=guess, headers=near), 401, "bad_credentials")
        is_refused(await hub.ask("POST", "/v1/sessions", json=guess, headers=forged), 429, "rate_limited")
        is_refused(await hub.ask("POST", "/v1/sessions", json=guess, headers=far), 401, "bad_credentials")


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "TRACE", "PATCH"])
async def test_a_method_that_is_not_in_the_table_does_nothing(method: str, hub: Worker) -> None:
    answer = await hub.ask(method, "/v1/accounts")
    assert answer.status_code in {200, 405}
    assert "POST" in answer.headers["allow"]
    assert "Traceback" not in answer.text
