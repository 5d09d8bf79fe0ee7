"""One neighbour in several browsers: recovery code, linking by code and by digits, removal, and what may not happen."""

import asyncio
import re
from datetime import datetime
from typing import Any

from playwright.async_api import Route

from client.neighbour import Neighbour
from client.rentals import terms
from crypto import b64
from crypto.dkx.roster import Member, Role, Roster, unsigned
from crypto.dkx.sealing.keys import SigningKey, new_id
from tests.static.engine import PASSWORD, House, Tab, two_days


async def another_browser(house: House, of: Tab) -> Tab:
    """The same person, signed in where no keys are."""
    context = await house.browser.new_context()
    house.contexts.append(context)
    tab = await Tab.on(context, house.url, of.email)
    house.tabs.append(tab)
    await tab.run("await until(() => hub.standing.device === 'locked')")
    return tab


async def make_code(tab: Tab) -> str:
    code = await tab.run(
        """
        const code = await hub.do('codePrepare')
        await hub.http.call('POST', '/v1/sessions/confirm', { password: given.password, code: '' })
        await hub.do('codeConfirm', code.toLowerCase().replaceAll('-', ' '))
        return code
        """,
        password=PASSWORD,
    )
    return str(code)


async def conversation(house: House, marta: Tab, tim: Tab) -> str:
    rental = await house.ask(tim, await house.item(marta), "von Tim, vor dem neuen Gerät")
    room = str(rental["room"])
    await marta.reads(room, "von Tim, vor dem neuen Gerät")
    await marta.run("await hub.chat.text(given.room, 'von Marta, vor dem neuen Gerät')", room=room)
    await tim.reads(room, "von Marta, vor dem neuen Gerät")
    return room


BEFORE = ["von Tim, vor dem neuen Gerät", "von Marta, vor dem neuen Gerät"]


async def test_the_recovery_code_opens_the_past_in_a_new_browser_and_the_future_goes_to_both(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    code = await make_code(marta)
    assert await marta.run("return 'aikSeed' in hub.store.get('own')") is False
    laptop = await another_browser(house, marta)
    assert await laptop.run("return hub.do('restore', given.secret)", secret=code) == {"missing": 0}
    await laptop.live()
    await laptop.reads(room, BEFORE[1])
    assert await laptop.texts(room) == BEFORE
    await tim.run("await hub.chat.text(given.room, 'an beide')", room=room)
    await laptop.run("await hub.chat.text(given.room, 'vom Laptop')", room=room)
    for tab in (marta, laptop, tim):
        await tab.reads(room, "an beide")
        await tab.reads(room, "vom Laptop")
    assert await laptop.run("return hub.store.get('warnings') ?? []") == []


async def test_a_wrong_code_says_so_and_changes_nothing(house: House) -> None:
    marta = await house.web("marta")
    await make_code(marta)
    laptop = await another_browser(house, marta)
    for wrong in ("AAAA-BBBB-CCCC-DDDD-EEEE-FFFF", "zu kurz"):
        refused = await laptop.run(
            "return hub.do('restore', given.wrong).then(() => 'opened', ({ code }) => code)", wrong=wrong
        )
        assert refused in {"recovery_code_wrong", "recovery_code_invalid"}
    assert await laptop.run("return [hub.store.get('own') ?? null, hub.standing.device]") == [None, "locked"]


async def test_a_code_that_is_typed_back_wrongly_is_not_kept(house: House) -> None:
    marta = await house.web("marta")
    told = await marta.run(
        """
        await hub.do('codePrepare')
        const typed = await hub.do('codeConfirm', 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF').catch(({ code }) => code)
        return [typed, (await hub.do('keys')).exists]
        """
    )
    assert told == ["recovery_code_wrong", False]


async def test_a_restore_that_is_cut_off_goes_on_when_the_page_is_opened_again(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    code = await make_code(marta)
    laptop = await another_browser(house, marta)
    await laptop.page.route("**/v1/devices", lambda route: route.abort())
    cut = await laptop.run("return hub.do('restore', given.secret).catch(({ name }) => name)", secret=code)
    assert cut == "Offline"
    await laptop.page.unroute("**/v1/devices")
    await laptop.open()
    await laptop.live()
    await laptop.reads(room, BEFORE[1])
    assert await laptop.run("return hub.standing.device") == "ready"


async def test_a_browser_is_let_in_by_a_scanned_code(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    laptop = await another_browser(house, marta)
    await laptop.run("await hub.do('linkAsk', 'code')")
    shown = await laptop.run("return hub.standing.joining.code")
    assert str(shown).startswith("dk1:")
    await marta.run("await hub.do('linkScan', given.shown)", shown=shown)
    await laptop.live()
    await laptop.reads(room, BEFORE[1])
    assert await laptop.texts(room) == BEFORE
    await laptop.run("await hub.chat.text(given.room, 'vom verbundenen Laptop')", room=room)
    await tim.reads(room, "vom verbundenen Laptop")
    await marta.reads(room, "vom verbundenen Laptop")


async def test_a_browser_is_let_in_by_the_same_digits_on_both(house: House) -> None:
    marta = await house.web("marta")
    laptop = await another_browser(house, marta)
    await laptop.run("await hub.do('linkAsk', 'digits')")
    link = await marta.run(
        """
        let links = []
        await until(async () => (links = await hub.do('links')).length === 1)
        return links[0].link
        """
    )
    digits = await marta.run("return hub.do('linkCompare', given.link)", link=link)
    await laptop.run("await until(() => hub.standing.joining.is === 'digits')")
    assert await laptop.run("return hub.standing.joining.digits") == digits
    assert await laptop.run("return hub.standing.device") == "locked"
    await marta.run("await hub.do('linkConfirm', given.link)", link=link)
    await laptop.live()
    assert await laptop.run("return (await hub.do('keys')).devices.length") == 2


async def test_a_rejected_browser_stays_outside_and_is_told(house: House) -> None:
    marta = await house.web("marta")
    laptop = await another_browser(house, marta)
    await laptop.run("await hub.do('linkAsk', 'code')")
    await marta.run("const [{ link }] = await hub.do('links'); await hub.do('linkReject', link)")
    await laptop.run("await until(() => hub.standing.joining.is === 'failed')")
    assert await laptop.run("return [hub.standing.device, hub.standing.joining.code]") == ["locked", "link_not_found"]


async def test_a_removed_browser_reads_nothing_that_is_written_afterwards(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    code = await make_code(marta)
    lost = await another_browser(house, marta)
    await lost.run("await hub.do('restore', given.secret)", secret=code)
    await lost.live()
    await marta.run(
        """
        const { devices } = await hub.do('keys')
        await hub.do('removeDevices', devices.filter(({ mine }) => !mine).map(({ device }) => device), given.secret)
        """,
        secret=code,
    )
    await lost.run("await until(() => hub.standing.line === 'ended')")
    await tim.run("await hub.chat.text(given.room, 'nur noch für eine')", room=room)
    await marta.reads(room, "nur noch für eine")
    assert "nur noch für eine" not in await lost.texts(room)
    told: Any = await marta.run("return hub.do('keys')")
    assert (len(told["devices"]), told["current"]) == (1, True)
    backed = "hub.store.get(`backed/${given.room}`)?.size === hub.store.get(`records/${given.room}`).size"
    await marta.run(f"await until(() => {backed})", room=room)
    await lost.run("localStorage.removeItem('tokens')")
    await lost.open()
    await lost.run("await until(() => hub.standing.device === 'removed')")
    await lost.run("await hub.do('forget')")
    await lost.open()
    await lost.run("await until(() => hub.standing.device === 'locked')")
    assert await lost.run("return hub.do('restore', given.secret)", secret=code) == {"missing": 0}
    await lost.reads(room, "nur noch für eine")


async def test_other_devices_take_the_new_keys_by_the_code(house: House) -> None:
    marta = await house.web("marta")
    code = await make_code(marta)
    laptop, lost = await another_browser(house, marta), await another_browser(house, marta)
    for tab in (laptop, lost):
        await tab.run("await hub.do('restore', given.secret)", secret=code)
        await tab.live()
    gone = await lost.run("return hub.store.get('own').device")
    await marta.run("await hub.do('removeDevices', [given.gone], given.secret)", gone=gone, secret=code)
    await laptop.run("await until(async () => (await hub.do('keys')).current === false)")
    await laptop.run("await hub.do('codeRenew', given.secret)", secret=code)
    assert await laptop.run("return (await hub.do('keys')).current")


async def test_both_sides_see_the_same_safety_number_and_a_scanned_code_verifies(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    await conversation(house, marta, tim)
    ids = {"marta": await marta.run("return hub.user"), "tim": await tim.run("return hub.user")}
    mine = await marta.run("return hub.do('safety', given.account)", account=ids["tim"])
    theirs = await tim.run("return hub.do('safety', given.account)", account=ids["marta"])
    assert mine["digits"] == theirs["digits"]
    assert len(mine["digits"]) == 60
    assert await marta.run(
        "return hub.do('safetyScanned', given.account, given.secret)", account=ids["tim"], secret=theirs["code"]
    )
    assert (await marta.run("return hub.do('safety', given.account)", account=ids["tim"]))["verified"]
    other = await marta.run(
        "return hub.do('safetyScanned', given.account, given.secret).catch(({ code }) => code)",
        account=ids["tim"],
        secret=mine["code"],
    )
    assert other == "safety_code_invalid"


async def test_forgetting_leaves_nothing_of_the_account_in_the_browser(house: House) -> None:
    marta = await house.web("marta")
    await make_code(marta)
    await marta.run("await hub.do('forget')")
    assert await marta.run("return (await indexedDB.databases()).filter(({ name }) => name.startsWith('dkx:'))") == []
    await marta.open()
    await marta.run("await until(() => hub.standing.device === 'locked')")


async def test_a_browser_that_forgets_its_keys_leaves_the_list_of_devices(house: House) -> None:
    marta = await house.web("marta")
    code = await make_code(marta)
    laptop = await another_browser(house, marta)
    await laptop.run("await hub.do('restore', given.secret)", secret=code)
    await laptop.run("await hub.do('forget')")
    await marta.run("await until(async () => (await hub.do('keys')).devices.length === 1)")


async def test_a_passkey_that_was_allowed_opens_the_past_until_the_keys_are_replaced(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    code = await make_code(marta)
    secret = "new Uint8Array(32).fill(7)"
    await marta.run(f"await hub.do('passkeyKeep', given.secret, {secret})", secret=code)
    laptop = await another_browser(house, marta)
    wrong = "return hub.do('restoreByPasskey', new Uint8Array(32).fill(8)).catch(({ code }) => code)"
    assert await laptop.run(wrong) == "backup_invalid"
    assert await laptop.run(f"return hub.do('restoreByPasskey', {secret})") == {"missing": 0}
    await laptop.live()
    await laptop.reads(room, BEFORE[1])
    lost = await laptop.run("return hub.store.get('own').device")
    await marta.run("await hub.do('removeDevices', [given.lost], given.secret)", lost=lost, secret=code)
    assert (await marta.run("return hub.do('keys')"))["passkey"] is False


def said(neighbour: Neighbour, room: str) -> list[str]:
    return [line.text for line in neighbour.timeline(room) if line.kind == "text"]


async def begin_anew(house: House, of: Tab) -> Tab:
    """Another browser of somebody who has nothing else any more."""
    fresh = await another_browser(house, of)
    await fresh.run("await hub.do('beginAnew')")
    await fresh.live()
    return fresh


async def accept(tab: Tab, other: Tab) -> None:
    """The person writes on with whoever has other keys now."""
    account = await other.run("return hub.user")
    await tab.run("await until(() => hub.store.get(`pin/${given.account}`)?.pending)", account=account)
    await tab.run("await hub.do('acceptIdentity', given.account)", account=account)


async def test_who_has_lost_everything_begins_anew_and_the_others_are_asked_first(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    await marta.page.close()
    fresh = await begin_anew(house, marta)
    assert await fresh.run("return (await lines(given.room)).filter(({ kind }) => kind === 'text')", room=room) == []
    await fresh.run("await hub.chat.text(given.room, 'ich bin es noch')", room=room)
    await tim.run("await hub.chat.text(given.room, 'wer da?')", room=room)
    await tim.run("await until(async () => (await lines(given.room)).at(-1).state === 'held')", room=room)
    assert await tim.texts(room) == [*BEFORE, "wer da?"]
    await accept(tim, fresh)
    for tab in (tim, fresh):
        await tab.reads(room, "ich bin es noch")
        await tab.reads(room, "wer da?")
    assert await fresh.run("return hub.store.get('warnings') ?? []") == []
    warned = await tim.run("return hub.store.get('warnings').map(({ code }) => code)")
    assert set(warned) == {"identity_changed"}


async def test_a_new_browser_of_the_other_side_reads_across_the_change(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    code = await make_code(tim)
    await marta.page.close()
    fresh = await begin_anew(house, marta)
    await accept(tim, fresh)
    await fresh.run("await hub.chat.text(given.room, 'mit neuen Schlüsseln')", room=room)
    await tim.reads(room, "mit neuen Schlüsseln")
    await tim.run("await until(async () => (await hub.http.call('GET', '/v1/backup')).count >= 3)")
    restored = await another_browser(house, tim)
    assert await restored.run("return hub.do('restore', given.secret)", secret=code) == {"missing": 0}
    await restored.live()
    await restored.reads(room, "mit neuen Schlüsseln")
    assert await restored.texts(room) == [*BEFORE, "mit neuen Schlüsseln"]
    assert await restored.run("return hub.store.get('warnings') ?? []") == []


async def test_a_new_beginning_that_is_cut_off_goes_on_when_the_page_is_opened_again(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    await marta.page.close()
    fresh = await another_browser(house, marta)
    await fresh.page.route("**/v1/devices/proof", lambda route: route.abort())
    assert await fresh.run("return hub.do('beginAnew').catch(({ name }) => name)") == "Offline"
    await fresh.page.unroute("**/v1/devices/proof")
    await fresh.open()
    await fresh.live()
    await accept(tim, fresh)
    await fresh.run("await hub.chat.text(given.room, 'doch noch')", room=room)
    await tim.reads(room, "doch noch")


async def test_a_browser_and_python_begin_anew_for_each_other(house: House) -> None:
    marta = await house.web("marta")
    async with house.python("tim") as tim:
        item = await house.item(marta)
        start, end = (datetime.fromisoformat(time) for time in two_days())
        room = str((await tim.rentals.request(item, terms(start, end, 2400)))["rental"]["room"])
        tim.send_text(room, "vorher")
        await marta.reads(room, "vorher")
        await marta.page.close()
        fresh = await begin_anew(house, marta)
        await fresh.run("await hub.chat.text(given.room, 'nachher')", room=room)
        happenings = tim.happenings()
        async with asyncio.timeout(20):
            while "identity_changed" not in {warned.code for warned in tim.warnings()}:
                await anext(happenings)
        await tim.accept_identity(await fresh.run("return hub.user"))
        tim.send_text(room, "verstanden")
        await fresh.reads(room, "verstanden")
        async with asyncio.timeout(20):
            while said(tim, room) != ["vorher", "nachher", "verstanden"]:
                await anext(happenings)


async def test_a_browser_does_not_sign_for_a_stranger_by_being_told_that_its_own_row_is_of_former_times(
    house: House,
) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = await conversation(house, marta, tim)
    raw = await tim.run("return [...hub.engine.rosters.known(given.room).bytes]", room=room)
    forged = impostor(Roster.parse(bytes(raw)), bytes.fromhex(await tim.run("return hub.user")))
    signed: list[str] = []

    async def lie(route: Route) -> None:
        if route.request.method == "POST":
            signed.append(route.request.url)
        await route.fulfill(json={"rosters": [{"version": 2, "seq": 9, "roster": b64.encode(forged)}]})

    await tim.page.route(re.compile(f"/v1/rooms/{room}/roster"), lie)
    refused = await tim.run("return hub.engine.rosters.catchUp(given.room).catch(({ code }) => code)", room=room)
    assert (refused, signed) == ("own_row", [])


def impostor(known: Roster, account: bytes) -> bytes:
    """A next roster as old as the hills that names the account with another identity, and a stranger beside it."""
    other = SigningKey.generate().public
    rows = [row._replace(aik=other) if row.account == account else row for row in known.members]
    rows.append(Member(new_id(), SigningKey.generate().public, Role.OBSERVER))
    signer = (known.signer_account, known.signer_device)
    body = unsigned(room=known.room, version=2, prev_hash=known.hash, signer=signer, created=1, members=rows)
    return body + bytes(64)
