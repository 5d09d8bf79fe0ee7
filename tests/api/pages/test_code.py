"""Scripts reach browsers whole, for ever and under a strict policy."""

import re
from pathlib import Path

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Client

from api.http.headers import install_headers
from api.http.problems import install_problems
from api.pages import Facts, Site, error_page, page_routes
from api.pages.asset import STATIC, assets, code_url

MODULE = "lib/dkx/envelope.js"
EVERY = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.glob("*/**/*.js"))


@pytest.fixture
def client() -> Client:
    async def ask() -> Facts:
        raise ConnectionError

    app = Quart("code", static_folder=None)
    install_problems(app, error_page)
    install_headers(app, frozenset(), https_only=False)
    app.register_blueprint(page_routes(ask, Site("", "")))
    return app.test_client()


async def test_a_module_is_a_script_that_browsers_keep(client: Client) -> None:
    response = await client.get(code_url(MODULE))
    assert await response.get_data(as_text=False) == assets()[code_url(MODULE).removeprefix("/static/")].content
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_worker_may_load_its_modules_and_reach_nothing_else(client: Client) -> None:
    policy = (await client.get(code_url(MODULE))).headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", EVERY)
async def test_every_script_and_all_it_imports_is_served(client: Client, name: str) -> None:
    url = code_url(name)
    assert (await client.get(url)).status_code == 200
    for target in re.findall(r"\bfrom '(\.[^']+)'", (STATIC / name).read_text("utf-8")):
        imported = (STATIC / name).parent / target
        assert url.split("/")[2] == code_url(_relative(imported)).split("/")[2]


def _relative(path: Path) -> str:
    return path.resolve().relative_to(STATIC.resolve()).as_posix()


async def test_the_licences_stay_with_the_code(client: Client) -> None:
    response = await client.get(code_url("vendor/licences/noble-curves.txt"))
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Paul Miller" in await response.get_data(as_text=True)


async def test_a_known_module_is_not_sent_again(client: Client) -> None:
    etag = (await client.get(code_url(MODULE))).headers["ETag"]
    assert (await client.get(code_url(MODULE), headers={"If-None-Match": etag})).status_code == 304


@pytest.mark.parametrize("name", ["lib/dkx/envelope.js", "code.000000000000/lib/dkx/envelope.js"])
async def test_without_its_version_or_with_another_it_is_gone(client: Client, name: str) -> None:
    assert (await client.get(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize("name", ["../pyproject.toml", "lib/../../pyproject.toml", "%2e%2e/%2e%2e/pyproject.toml"])
async def test_nothing_outside_the_folders_is_served(client: Client, name: str) -> None:
    version = code_url(MODULE).split("/")[2]
    assert (await client.get(f"/static/{version}/{name}")).status_code == 404
