"""A hub with neighbours in real browsers and in Python, who talk to each other through the messaging engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from playwright.async_api import Browser, BrowserContext, Page

from api.pages.asset import code_version
from client.neighbour import Neighbour
from hub.usecases.accounts import RegisterAccount, register_account
from tests.api.doors.hubs import Worker

PASSWORD: Final = "sieben Zwerge im Wald"
LIB: Final = f"/static/{code_version()}/lib"
PLACE: Final = {"label": "Hof", "address": "Dorfstraße 7", "lat": 52.5201, "lon": 13.4049}

OPEN: Final = f"""
    const {{ startHub }} = await import('{LIB}/hub.js')
    const errors = await import('{LIB}/errors.js')
    const answered = async (response) => {{
      const body = await response.json().catch(() => ({{}}))
      if (response.ok) return body
      throw new errors.HubRefused(body)
    }}
    const said = (method, path, body, token) => fetch(path, {{
      method, body: body && JSON.stringify(body),
      headers: {{ 'Content-Type': 'application/json', ...(token ? {{ Authorization: `Bearer ${{token}}` }} : {{}}) }},
    }}).then(answered, () => {{ throw new errors.Offline() }})
    let tokens = JSON.parse(localStorage.getItem('tokens') ?? 'null')
    if (!tokens) {{
      tokens = await said('POST', '/v1/sessions', {{ email: given.email, password: given.password, client: 'web' }})
      localStorage.setItem('tokens', JSON.stringify(tokens))
    }}
    const token = async (renew) => {{
      if (renew) tokens = {{ ...tokens, ...await said('POST', '/v1/sessions/renew', {{ refresh: tokens.refresh }}) }}
      localStorage.setItem('tokens', JSON.stringify(tokens))
      return tokens.access
    }}
    const call = async (method, path, body, query) =>
      said(method, query ? `${{path}}?${{new URLSearchParams(query)}}` : path, body, await token())
    const command = (path, body) =>
      call('POST', path, {{ cmd_id: crypto.randomUUID().replaceAll('-', ''), ...body }})
    const adopt = (access) => {{ tokens = {{ ...tokens, ...access }} }}
    const signOut = async () => {{}}
    const {{ Http }} = await import('{LIB}/http.js')
    const bytes = new Http()
    bytes.token = token
    const upload = bytes.upload.bind(bytes), stretch = bytes.stretch.bind(bytes)
    const http = {{ call, command, token, adopt, signOut, upload, stretch }}
    window.hub = await startHub({{ http, user: tokens.user, lang: 'de' }})
    window.lines = async (room) => {{
      const {{ lines }} = await import('{LIB}/timeline.js')
      await hub.log.open(room)
      return lines(hub.log.rows(room), hub.store.under(`out/${{room}}/`), hub.user)
    }}
    window.texts = async (room) => (await lines(room)).filter(({{ kind }}) => kind === 'text').map(({{ text }}) => text)
    window.until = async (what) => {{
      for (let n = 0; n < 400; n += 1) {{
        if (await what()) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }}
      const odd = hub.store.get('warnings') ?? []
      throw new Error(`waited in vain: ${{what}} ${{JSON.stringify([hub.standing, odd])}}`)
    }}
"""


class Tab:
    """A tab in which the engine can be asked: ``await tab.run("return hub.user")``."""

    def __init__(self, page: Page, url: str, email: str) -> None:
        self.page, self.url, self.email = page, url, email
        self.complaints: list[str] = []
        self.frames: list[str] = []
        page.on("console", lambda told: self._complain(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("websocket", self._listen)
        page.on("request", lambda request: self.frames.append(f"{request.url} {request.post_data_buffer!r}"))

    def _complain(self, text: str) -> None:
        """A browser also complains of what the hub refuses on purpose, and of having no network."""
        if not text.startswith(("Failed to load resource", "WebSocket connection")):
            self.complaints.append(text)

    def _listen(self, line: Any) -> None:
        for event in ("framesent", "framereceived"):
            line.on(event, lambda frame: self.frames.append(str(frame)))

    @classmethod
    async def on(cls, context: BrowserContext, url: str, email: str) -> "Tab":
        tab = cls(await context.new_page(), url, email)
        await tab.open()
        return tab

    async def open(self) -> None:
        await self.page.goto(f"{self.url}/legal/imprint")
        await self.page.evaluate(f"async (given) => {{ {OPEN} }}", {"email": self.email, "password": PASSWORD})

    async def run(self, code: str, **given: Any) -> Any:
        return await self.page.evaluate(f"async (given) => {{ {code} }}", given)

    async def live(self) -> None:
        await self.run("await until(() => hub.standing.line === 'up')")

    async def reads(self, room: str, text: str) -> None:
        await self.run("await until(async () => (await texts(given.room)).includes(given.text))", room=room, text=text)

    async def texts(self, room: str) -> list[str]:
        return list(await self.run("return texts(given.room)", room=room))


class House:
    """The hub, and neighbours who move in."""

    def __init__(self, here: Worker, browser: Browser, folder: Path, url: str) -> None:
        self.here, self.browser, self.folder, self.url = here, browser, folder, url
        self.contexts: list[BrowserContext] = []
        self.tabs: list[Tab] = []

    async def register(self, name: str) -> str:
        email = f"{name}{uuid4().hex[:8]}@example.org"
        handle = email.split("@", maxsplit=1)[0]
        await register_account(self.here.hub.ports, RegisterAccount(email, PASSWORD, handle, name.capitalize()))
        return email

    async def web(self, name: str) -> Tab:
        """A new neighbour in a browser of their own, live."""
        email = await self.register(name)
        context = await self.browser.new_context()
        self.contexts.append(context)
        tab = await Tab.on(context, self.url, email)
        self.tabs.append(tab)
        await tab.live()
        return tab

    @asynccontextmanager
    async def python(self, name: str) -> AsyncIterator[Neighbour]:
        """A new neighbour with the Python client, live."""
        email = await self.register(name)
        async with Neighbour(self.folder / email, self.url) as neighbour:
            await neighbour.sign_in(email, PASSWORD)
            await neighbour.create_device()
            await neighbour.connect()
            yield neighbour

    async def item(self, owner: Tab) -> str:
        """A trailer for 12 euros a day."""
        body = {"title": "Anhänger", "description": "750 kg", "tariff": {"day": 1200, "deposit": 5000}, "place": PLACE}
        made = await owner.run("return hub.http.call('POST', '/v1/items', given.body)", body=body)
        return str(made["id"])

    async def ask(self, renter: Tab, item: str, text: str = "") -> dict[str, Any]:
        """Ask for two days next week; the rental."""
        start, end = two_days()
        told = {"item": item, "from": start, "to": end, "price": 2400, "text": text}
        return dict(await renter.run("return hub.ask(given)", **told))

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()
        assert [complaint for tab in self.tabs for complaint in tab.complaints] == []


def two_days() -> tuple[str, str]:
    start = (datetime.now(UTC) + timedelta(days=9)).replace(hour=8, minute=0, second=0, microsecond=0)
    return start.isoformat(), (start + timedelta(days=2)).isoformat()
