"""The largest file in a browser: sealed, sent, fetched and opened in stretches, given up and taken up again."""

import hashlib
import os
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser

from tests.client.test_files import forget_peak, peak
from tests.static.browser import CODE, served
from tests.static.browser import Tab as Page
from tests.static.engine import House, Tab
from tests.static.test_files import talking
from tests.support.chromium import chromium

MIB: Final = 1024 * 1024
MAX_SIZE: Final = 25 * MIB
HELD: Final = 12 * MIB
"""What a page may hold more at its peak for the largest file than for a small one."""

CHOOSE: Final = """
    const field = Object.assign(document.createElement('input'), { type: 'file', id: 'chosen' })
    document.getElementById('chosen')?.remove()
    document.body.append(field)
"""
SEND: Final = """
    const [blob] = document.getElementById('chosen').files
    return hub.files.send(given.room, { blob, name: given.name }, () => {})
"""
FETCH: Final = """
    await until(async () => (await lines(given.room)).some((line) => line.content?.name === given.name && line.seq))
    const { content } = (await lines(given.room)).find((line) => line.content?.name === given.name)
    window.come = await hub.files.fetch(content)
"""
HASHED: Final = """
    const hashes = []
    for (let at = 0; at < come.size; at += 1 << 20) {
      const raw = await come.slice(at, at + (1 << 20)).arrayBuffer()
      const part = new Uint8Array(await crypto.subtle.digest('SHA-256', raw))
      hashes.push([...part].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
    }
    return hashes
"""


def made(folder: Path, size: int) -> Path:
    path = folder / f"{size}.bin"
    path.write_bytes(os.urandom(size))
    return path


def hashes(path: Path) -> list[str]:
    raw = path.read_bytes()
    return [hashlib.sha256(raw[at : at + MIB]).hexdigest() for at in range(0, len(raw), MIB)]


async def chosen(tab: Tab, path: Path) -> None:
    """The file as a person picks it: the page holds a handle to the disk and no bytes."""
    await tab.run(CHOOSE)
    await tab.page.set_input_files("#chosen", path)


async def there_and_back(tim: Tab, marta: Tab, room: str, path: Path) -> None:
    await chosen(tim, path)
    await tim.run(SEND, room=room, name=path.name)
    await marta.run(FETCH, room=room, name=path.name)


async def pages(browser: Browser) -> list[int]:
    """The processes in which pages and their workers run."""
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return [process["id"] for process in told["processInfo"] if process["type"] == "renderer"]


async def test_25_mib_arrive_from_one_page_in_another(house: House, tmp_path: Path) -> None:
    marta, tim, room = await talking(house)
    largest = made(tmp_path, MAX_SIZE)
    await there_and_back(tim, marta, room, largest)
    assert await marta.run(HASHED) == hashes(largest)


async def test_25_mib_need_no_more_memory_than_2_in_a_page(tmp_path: Path) -> None:
    """What is let go is collected at once here: the figure is what the sealing and the opening hold."""
    async with served() as address, chromium("--js-flags=--expose-gc") as browser:
        tab = await Page.on(await browser.new_context(), address)
        assert await sealed_and_opened(tab, made(tmp_path, 2 * MIB)) == 2 * MIB
        largest = made(tmp_path, MAX_SIZE)
        before = {pid: forget_peak(pid) for pid in await pages(browser)}
        assert await sealed_and_opened(tab, largest) == MAX_SIZE
        grown = {pid: peak(pid) - known for pid, known in before.items()}
        print(grown)  # noqa: T201 - the figure is the point
        assert grown
        assert all(more < HELD for more in grown.values()), grown
        assert await tab.run(HASHED) == hashes(largest)


async def sealed_and_opened(tab: Page, path: Path) -> int:
    await tab.run(CHOOSE)
    await tab.page.set_input_files("#chosen", path)
    size: int = await tab.run(f"""
        const {{ sealAttachment, openAttachment }} = await import('{CODE}/tasks.js')
        const [file] = document.getElementById('chosen').files
        const {{ sealed, told }} = await sealAttachment({{ file, id: 'c9'.repeat(16) }}, () => gc())
        window.come = await openAttachment({{ sealed, told }}, () => gc())
        return come.size
    """)
    return size


async def test_a_large_file_given_up_while_it_is_sealed_leaves_nothing(house: House, tmp_path: Path) -> None:
    _, tim, room = await talking(house)
    await chosen(tim, made(tmp_path, MAX_SIZE))
    code, left = await tim.run(
        """
        const [blob] = document.getElementById('chosen').files
        const stop = new AbortController()
        const onProgress = (share) => { if (share > 0.2) stop.abort() }
        const code = await hub.files.send(given.room, { blob, name: 'halb.bin' }, onProgress, stop.signal)
          .catch((error) => error.code)
        return [code, [...hub.store.under('upload/'), ...hub.store.under(`out/${given.room}/`)].length]
        """,
        room=room,
    )
    assert (code, left) == ("cancelled", 0)


async def test_a_large_file_given_up_while_it_comes_is_fetched_anew(house: House, tmp_path: Path) -> None:
    marta, tim, room = await talking(house)
    path = made(tmp_path, 6 * MIB)
    await chosen(tim, path)
    await tim.run(SEND, room=room, name=path.name)
    code: Any = await marta.run(
        """
        await until(async () => (await lines(given.room)).some((line) => line.content?.name === given.name && line.seq))
        const { content } = (await lines(given.room)).find((line) => line.content?.name === given.name)
        const stop = new AbortController()
        return hub.files.fetch(content, (share) => { if (share > 0.3) stop.abort() }, stop.signal)
          .then(() => 'all', (error) => error.code)
        """,
        room=room,
        name=path.name,
    )
    assert code == "cancelled"
    await marta.run(FETCH, room=room, name=path.name)
    assert await marta.run(HASHED) == hashes(path)
