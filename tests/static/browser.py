"""A page of the hub's own scripts under the strict policy, in a real Chromium."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import uvicorn
from playwright.async_api import BrowserContext, Page
from quart import Quart, Response

from api.http.headers import install_headers
from api.http.problems import install_problems
from api.pages import Facts, Site, error_page, page_routes
from api.pages.asset import code_version

POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dkx"
)
CODE: Final = f"/static/{code_version()}/lib/dkx"

IMPORTS: Final = f"""
    const dkx = await import('{CODE}/index.js')
    const {{ openKeyStore, eraseKeyStore }} = await import('{CODE}/keystore.js')
    const {{ startSession }} = await import('{CODE}/session.js')
    const {{ startHelper }} = await import('{CODE}/helper.js')
"""


def _app() -> Quart:
    async def ask() -> Facts:
        raise ConnectionError

    app = Quart("browser", static_folder=None)
    install_problems(app, error_page)
    install_headers(app, frozenset(), https_only=False)
    app.register_blueprint(page_routes(ask, Site("", "")))

    @app.get("/app")
    async def page() -> Response:
        return Response("<!doctype html><title>dkx</title>", headers={"Content-Security-Policy": POLICY})

    return app


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(_app(), log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([listener]))
        yield f"http://localhost:{listener.getsockname()[1]}"
        server.should_exit = True
        await running


class Tab:
    """A tab on the hub: ``await tab.run("...")`` runs a function body with all of DKX-1 at hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @classmethod
    async def on(cls, context: BrowserContext, address: str) -> "Tab":
        tab = cls(await context.new_page())
        await tab.page.goto(f"{address}/app")
        return tab

    async def run(self, body: str, **given: Any) -> Any:
        return await self.page.evaluate(f"async (given) => {{ {IMPORTS} {body} }}", given)
