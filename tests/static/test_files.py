"""Files between neighbours: pictures without what the camera wrote, large files, broken lines, and who sees nothing."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.async_api import expect

from tests.static.clicks import DE, PHONE, enter, fine, in_a_room, list_item, neighbour, picture, press
from tests.static.engine import House, Tab
from tests.support.echo_hub import until
from tests.support.judge import barriers

SEND: Final = """
    const blob = new Blob([new Uint8Array(given.size).map((_, n) => n * 7 + (n >> 8))], { type: 'application/pdf' })
    return hub.files.send(given.room, { blob, name: given.name }, () => {})
"""
FETCH: Final = """
    await until(async () => (await lines(given.room)).some(({ kind, seq }) => kind === 'file' && seq))
    const { content } = (await lines(given.room)).findLast(({ kind }) => kind === 'file')
    const bytes = new Uint8Array(await (await hub.files.fetch(content)).arrayBuffer())
    return [content.name, content.size, bytes.length, bytes.every((byte, n) => byte === ((n * 7 + (n >> 8)) & 255))]
"""


async def talking(house: House) -> tuple[Tab, Tab, str]:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = str((await house.ask(tim, await house.item(marta), "Hallo"))["room"])
    await marta.reads(room, "Hallo")
    return marta, tim, room


async def test_a_file_of_several_megabytes_arrives_byte_for_byte(house: House) -> None:
    marta, tim, room = await talking(house)
    await tim.run(SEND, room=room, name="Anleitung.pdf", size=3_000_001)
    assert await marta.run(FETCH, room=room) == ["Anleitung.pdf", 3_000_001, 3_000_001, True]


async def test_what_was_chosen_offline_is_sent_after_a_reload(house: House) -> None:
    marta, tim, room = await talking(house)
    await tim.page.context.set_offline(True)
    await tim.run("hub.engine.line.cut(); await until(() => hub.standing.line === 'down')")
    await tim.run(SEND, room=room, name="offline.pdf", size=70_000)
    await tim.page.context.set_offline(False)
    await tim.open()
    assert await marta.run(FETCH, room=room) == ["offline.pdf", 70_000, 70_000, True]


async def test_an_upload_that_is_cut_off_goes_on_where_it_was(house: House) -> None:
    marta, tim, room = await talking(house)
    seen: list[str] = []

    async def cut_once(route: Any) -> None:
        seen.append(route.request.url)
        await (route.abort() if len(seen) == 1 else route.continue_())

    await tim.page.route("**/v1/files/*offset*", cut_once)
    await tim.run(SEND, room=room, name="zweimal.pdf", size=500_000)
    assert await marta.run(FETCH, room=room) == ["zweimal.pdf", 500_000, 500_000, True]
    assert len(seen) >= 2


async def test_a_download_that_breaks_goes_on_with_the_rest(house: House) -> None:
    marta, tim, room = await talking(house)
    await tim.run(SEND, room=room, name="lang.pdf", size=400_000)
    ranges: list[str] = []

    async def watched(route: Any) -> None:
        ranges.append(route.request.headers.get("range", ""))
        if len(ranges) > 1:
            await route.continue_()
            return
        whole = await (await route.fetch()).body()
        await route.fulfill(status=200, body=whole[:100_000])

    await marta.run("await until(async () => (await lines(given.room)).some(({ kind }) => kind === 'file'))", room=room)
    await marta.page.route("**/v1/files/*", watched)
    assert (await marta.run(FETCH, room=room))[2:] == [400_000, True]
    assert ranges[1].startswith("bytes=100000-")


async def test_an_altered_file_is_not_opened(house: House) -> None:
    marta, tim, room = await talking(house)
    await tim.run(SEND, room=room, name="echt.pdf", size=200_000)
    await marta.run("await until(async () => (await lines(given.room)).some(({ kind }) => kind === 'file'))", room=room)

    async def altered(route: Any) -> None:
        whole = bytearray(await (await route.fetch()).body())
        whole[150_000] ^= 1
        await route.fulfill(status=200, body=bytes(whole))

    await marta.page.route("**/v1/files/*", altered)
    refused = await marta.run(
        """
        const { content } = (await lines(given.room)).findLast(({ kind }) => kind === 'file')
        return hub.files.fetch(content).catch(({ code }) => code)
        """,
        room=room,
    )
    assert refused == "file_invalid"


async def test_a_file_that_is_too_large_is_refused_before_anything_is_sealed(house: House) -> None:
    _, tim, room = await talking(house)
    code = await tim.run(
        """
        const blob = new Blob([new Uint8Array(25 * 1024 * 1024 + 1)])
        return hub.files.send(given.room, { blob, name: 'riesig' }, () => {}).catch(({ code }) => code)
        """,
        room=room,
    )
    assert code == "file_large"
    assert await tim.run("return hub.store.under('upload/').length") == 0


async def test_a_file_that_is_given_up_never_arrives_and_leaves_nothing(house: House) -> None:
    marta, tim, room = await talking(house)
    await tim.page.route("**/v1/files/*offset*", lambda route: route.abort())
    cid = await tim.run(SEND, room=room, name="doch nicht.pdf", size=100_000)
    assert await tim.run("return hub.do('giveUp', given.cid)", cid=cid)
    await tim.page.unroute("**/v1/files/*offset*")
    await tim.run("await hub.chat.text(given.room, 'nur Worte')", room=room)
    await marta.reads(room, "nur Worte")
    assert await marta.texts(room) == ["Hallo", "nur Worte"]
    assert await tim.run("return hub.store.under('upload/').length") == 0


async def test_a_browser_and_the_python_client_open_each_others_files(house: House, tmp_path: Path) -> None:
    marta = await house.web("marta")
    item = await house.item(marta)
    async with house.python("paul") as paul:
        rental = (await paul.rentals.inquire(item))["rental"]
        room = str(rental["room"])
        paul.send_text(room, "Datei folgt")
        await marta.reads(room, "Datei folgt")
        source = tmp_path / "aus Python.pdf"
        source.write_bytes(bytes((n * 7 + (n >> 8)) & 255 for n in range(150_000)))
        await paul.files.send(room, source)
        assert await marta.run(FETCH, room=room) == ["aus Python.pdf", 150_000, 150_000, True]
        await marta.run(SEND, room=room, name="aus dem Browser.pdf", size=90_000)
        await until(lambda: any(line.text == "aus dem Browser.pdf" for line in paul.timeline(room)))
        seq = next(line.seq for line in paul.timeline(room) if line.text == "aus dem Browser.pdf")
        assert seq is not None
        await paul.files.fetch(room, seq, tmp_path / "angekommen.pdf")
        came = (tmp_path / "angekommen.pdf").read_bytes()
        assert came == bytes((n * 7 + (n >> 8)) & 255 for n in range(90_000))


async def content_of(saved: Any) -> bytes:
    path = await (await saved.value).path()
    return await asyncio.to_thread(Path(path).read_bytes)


async def test_pictures_and_files_by_clicks_and_their_names_are_nowhere(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house, viewport=PHONE) as tim:
        frames: list[str] = []
        for page in (marta, tim):
            page.on("request", lambda request: frames.append(f"{request.url} {request.post_data_buffer!r}"))
            page.on("websocket", lambda line: line.on("framesent", lambda frame: frames.append(str(frame))))
        await enter(marta, house, await house.register("marta"), "/me")
        item = await list_item(marta)
        await enter(tim, house, await house.register("tim"), "/inbox")
        await tim.goto(f"{house.url}/i/{item}")
        await tim.locator("#ask-text").fill("Siehe Foto")
        await tim.locator("[data-request] button").click()
        await tim.wait_for_url("**/r/*", timeout=20_000)
        await tim.locator(".attach input").first.set_input_files([picture("Sentinelfoto.jpg", "green")])
        await expect(tim.locator(".picture img")).to_be_visible(timeout=20_000)
        await marta.goto(f"{house.url}/inbox")
        await marta.locator("a.roomrow").click()
        await expect(marta.locator(".picture img")).to_be_visible(timeout=20_000)
        await fine(tim)
        await marta.locator(".picture").click()
        async with marta.expect_download() as saved:
            await marta.locator(".lightbox a").click(timeout=15_000)
        opened = Image.open(BytesIO(await content_of(saved)))
        assert (opened.format, opened.size, dict(opened.getexif())) == ("WEBP", (900, 600), {})
        assert await barriers(marta) == []
        await marta.keyboard.press("Escape")
        plan = {"name": "Sentinelplan.txt", "mimeType": "text/plain", "buffer": b"kein Bild"}
        await marta.locator(".attach input").first.set_input_files([plan])
        async with tim.expect_download() as saved:
            await tim.get_by_role("button", name=DE["save_file"].format(name="Sentinelplan.txt")).click(timeout=20_000)
        assert await content_of(saved) == b"kein Bild"
    assert any("/v1/files" in frame for frame in frames)
    assert [frame for frame in frames if "Sentinel" in frame] == []
    database = house.here.world.database
    for name in await database.list_collection_names():
        async for document in database[name].find():
            assert "Sentinel" not in str(document), name


async def test_a_file_that_is_too_large_is_told_beside_the_field(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        await enter(marta, house, await house.register("marta"), "/me")
        item = await list_item(marta)
        await enter(tim, house, await house.register("tim"), "/inbox")
        await tim.goto(f"{house.url}/i/{item}")
        await tim.locator("#ask-text").fill("Hallo")
        await press(tim, DE["ask_only"])
        await tim.wait_for_url("**/r/*", timeout=20_000)
        huge = Path(house.folder) / "huge.bin"
        huge.write_bytes(bytes(26 * 1024 * 1024))
        await tim.locator(".attach input").first.set_input_files(huge)
        await expect(tim.locator(".composer .fault")).to_contain_text(DE["fault_file_large"])


async def test_the_lightbox_goes_through_all_pictures_and_what_was_seen_is_there_offline(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house, has_touch=True) as tim:
        await in_a_room(house, marta, tim)
        await expect(tim.get_by_title(DE["attach_photo"])).to_be_visible()
        await expect(marta.get_by_title(DE["attach_photo"])).to_be_hidden()
        await expect(tim.get_by_role("button", name=DE["request_now"])).to_be_visible()
        await expect(tim.get_by_role("button", name=DE["book"])).to_have_count(0)
        await tim.locator(".attach input").first.set_input_files([picture("a.jpg", "green"), picture("b.jpg", "red")])
        await expect(marta.locator(".picture img")).to_have_count(2, timeout=20_000)
        await marta.locator(".picture").first.click()
        await expect(marta.locator(".lightbox .whole img")).to_be_visible()
        await expect(marta.locator(".lightbox .figures")).to_have_text("1 / 2")
        for key, count in (("ArrowRight", "2 / 2"), ("ArrowRight", "1 / 2"), ("ArrowLeft", "2 / 2")):
            await marta.keyboard.press(key)
            await expect(marta.locator(".lightbox .figures")).to_have_text(count)
            await expect(marta.locator(".lightbox a[download]")).to_be_visible()
        await expect(marta.locator(".lightbox a[download]")).to_have_attribute("download", "b.webp")
        assert await barriers(marta) == []
        await marta.keyboard.press("Escape")
        await expect(marta.locator(".lightbox")).to_have_count(0)
        await marta.route("**/v1/files/*", lambda route: route.abort())
        await marta.reload()
        await expect(marta.locator(".picture img")).to_have_count(2, timeout=20_000)
        await marta.locator(".picture").first.click()
        await expect(marta.locator(".lightbox a[download]")).to_be_visible()


async def test_a_picture_that_cannot_be_cleaned_goes_only_if_one_says_so(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        await in_a_room(house, marta, tim)
        odd = {"name": "hof.heic", "mimeType": "image/heic", "buffer": b"no picture that this browser knows"}
        for answer in ("cancel_this", "send_as_is"):
            await tim.locator(".attach input").first.set_input_files([odd])
            await expect(tim.locator(".composer .notice")).to_contain_text("hof.heic")
            assert await barriers(tim) == []
            await press(tim, DE[answer])
            await expect(tim.locator(".composer .notice")).to_have_count(0)
        await expect(marta.locator(".file-row")).to_contain_text("hof.heic", timeout=20_000)
        await expect(marta.locator(".file-row")).to_have_count(1)


async def test_files_are_dropped_anywhere_on_the_talk(house: House) -> None:
    async with neighbour(house) as marta, neighbour(house) as tim:
        await in_a_room(house, marta, tim)
        drag = """(kind) => {
          const dataTransfer = new DataTransfer()
          dataTransfer.items.add(new File(['Hallo'], 'zettel.txt', { type: 'text/plain' }))
          const how = { dataTransfer, bubbles: true, cancelable: true }
          document.querySelector('.timeline').dispatchEvent(new DragEvent(kind, how))
        }"""
        await marta.evaluate(drag, "dragover")
        await expect(marta.locator(".dropping")).to_have_text(DE["drop_here"])
        await marta.evaluate(drag, "drop")
        await expect(marta.locator(".dropping")).to_have_text("")
        await expect(tim.locator(".file-row")).to_contain_text("zettel.txt", timeout=20_000)
