"""In a real browser, under the strict policy: keys stay wrapped, one tab writes at a time, long work runs aside."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext

from crypto.dkx import login
from tests.crypto import cast
from tests.crypto.cast import ANNA
from tests.crypto.lenient import lenient_signature
from tests.static.browser import Tab, served
from tests.static.test_vectors import VECTORS


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    async with served() as found:
        yield found


@pytest.fixture
async def profile(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context()
    yield context
    await context.close()


@pytest.fixture
async def tab(address: str, profile: BrowserContext) -> AsyncIterator[Tab]:
    tab = await Tab.on(profile, address)
    yield tab
    assert tab.complaints == []


STORE = "const store = await openKeyStore('anna');"


# Keys at rest


async def test_what_was_kept_is_there_after_a_reload(tab: Tab) -> None:
    kept = "{seed: dkx.zeros(32).fill(7), pins: new Map([['b', 1]]), n: 3}"
    await tab.run(f"{STORE} await store.write((w) => w.put('device', {kept}))")
    await tab.page.reload()
    found = await tab.run(
        f"{STORE} const v = await store.get('device');"
        "return [dkx.hex(v.seed), v.pins.get('b'), v.n, await store.get('nothing') === undefined]"
    )
    assert found == ["07" * 32, 1, 3, True]


async def test_on_disk_lies_only_what_is_wrapped_and_no_script_reads_the_key(tab: Tab) -> None:
    await tab.run(f"{STORE} await store.write((w) => w.put('secret', {{word: 'kanarienvogel'}}))")
    found: dict[str, Any] = await tab.run("""
        const done = (r) => new Promise((ok) => { r.onsuccess = () => ok(r.result) })
        const db = await done(indexedDB.open('dkx:anna'))
        const key = await done(db.transaction('keys').objectStore('keys').get('wrap'))
        const raw = await done(db.transaction('values').objectStore('values').get('secret'))
        const refused = await crypto.subtle.exportKey('raw', key).catch((error) => error.name)
        return {extractable: key.extractable, refused, raw: new TextDecoder('latin1').decode(raw), type: typeof raw}
    """)
    assert (found["extractable"], found["refused"]) == (False, "InvalidAccessError")
    assert "kanarienvogel" not in found["raw"]


async def test_values_cannot_be_swapped_on_disk(tab: Tab) -> None:
    await tab.run(f"{STORE} await store.write((w) => {{ w.put('a', 1); w.put('b', 2) }})")
    told = await tab.run(f"""
        {STORE}
        const done = (r) => new Promise((ok) => {{ r.onsuccess = () => ok(r.result) }})
        const db = await done(indexedDB.open('dkx:anna'))
        const values = () => db.transaction('values', 'readwrite').objectStore('values')
        const other = await done(values().get('b'))
        await done(values().put(other, 'a'))
        return store.get('a').then(() => 'opened', (error) => error.name)
    """)
    assert told == "OperationError"


async def test_a_writing_that_fails_leaves_nothing_behind(tab: Tab) -> None:
    told = await tab.run(f"""
        {STORE}
        const failed = await store.write((w) => {{ w.put('a', 1); throw new Error('no') }}).catch((e) => e.message)
        return [failed, (await store.names()).length]
    """)
    assert told == ["no", 0]


async def test_a_writing_sees_itself_and_removes(tab: Tab) -> None:
    told = await tab.run(f"""
        {STORE}
        await store.write((w) => w.put('a/1', 1))
        const seen = await store.write(async (w) => {{ w.put('a/2', 2); w.remove('a/1'); return [
          await w.get('a/1') ?? 'gone', await w.get('a/2')] }})
        return [seen, await store.names('a/')]
    """)
    assert told == [["gone", 2], ["a/2"]]


async def test_two_tabs_never_use_one_index_of_a_chain_twice(address: str, tab: Tab) -> None:
    other = await Tab.on(tab.page.context, address)
    begin = "dkx.startChain({room: given.room, rosterHash: dkx.zeros(32), devLists: [], now: 1, sentBefore: 0})"
    await tab.run(f"{STORE} await store.write((w) => w.put('chain', {begin}))", room="c1" * 16)
    sends = f"""
        {STORE}
        const used = []
        for (let n = 0; n < 20; n += 1) used.push(store.write(async (w) => {{
          const next = dkx.nextMessage(await w.get('chain'))
          w.put('chain', next.chain)
          return next.index
        }}))
        window.used = Promise.all(used)
    """
    await tab.run(sends)
    await other.run(sends)
    used = [*await tab.run("return window.used"), *await other.run("return window.used")]
    assert sorted(used) == [*range(40)]


async def test_a_shutdown_that_was_not_one_is_noticed(tab: Tab) -> None:
    start = f"{STORE} const session = await startSession(store);"
    first = await tab.run(f"{start} return session.clean")
    await tab.page.reload()
    second = await tab.run(f"{start} await session.end(); return session.clean")
    third = await tab.run(f"{start} return session.clean")
    assert [first, second, third] == [True, False, True]


async def test_signing_out_erases_everything_even_with_another_tab_open(address: str, tab: Tab) -> None:
    other = await Tab.on(tab.page.context, address)
    await other.run(f"{STORE} await store.write((w) => w.put('a', 1)); window.kept = store")
    await tab.run("await eraseKeyStore('anna')")
    assert await tab.run("return (await indexedDB.databases()).length") == 0


# The worker


RECORD = """
    const record = {room: 'c1'.repeat(16), device: 'a2'.repeat(16), chain: 'c2'.repeat(16), account: 'a1'.repeat(16),
      start: 0, ck: dkx.zeros(32).fill(10), csk: dkx.signingKey(dkx.zeros(32).fill(11)),
      rosterHash: dkx.zeros(32)}
    const envelope = dkx.fromHex(given.envelope, given.envelope.length / 2)
"""


async def test_the_worker_opens_many_tells_how_far_it_is_and_names_what_does_not_open(tab: Tab) -> None:
    told = await tab.run(
        f"""{RECORD}
        const broken = envelope.with(envelope.length - 1, envelope.at(-1) ^ 1)
        const helper = startHelper(), shares = []
        const envelopes = [...Array(40).fill(envelope), broken]
        const results = await helper.run('openMany', {{envelopes, records: [record]}}, (share) => shares.push(share))
        const strange = await helper.run('openMany', {{envelopes: [envelope], records: []}})
        helper.stop()
        const text = new TextDecoder().decode(results[0].opened.body)
        return [text, results.length, results.at(-1).code, strange[0].code, shares]
        """,
        envelope=VECTORS["envelope"],
    )
    text = "Ist die Bohrmaschine am Samstag frei? 🔧"
    assert told == [text, 41, "envelope_invalid", "key_missing", [20 / 41, 40 / 41, 1]]


async def test_a_backup_is_made_and_unlocked_in_the_worker_while_the_page_goes_on(tab: Tab) -> None:
    told = await tab.run("""
        const seed = (n) => dkx.zeros(32).fill(n)
        const secrets = {aik: seed(1), dlk: seed(3), bk: seed(16)}
        const expected = {account: 'a1'.repeat(16), aik: dkx.signingKey(seed(1)), dlk: dkx.signingKey(seed(3))}
        const head = {...dkx.newBlobHead(expected.account), ops: 2, memory: 32768}
        const code = dkx.makeCode()
        const helper = startHelper(), shares = []
        let ticks = 0
        const clock = setInterval(() => { ticks += 1 }, 5)
        const blob = await helper.run('lockBackup', {head, code, secrets}, (share) => shares.push(share))
        clearInterval(clock)
        const opened = await helper.run('unlockBackup', {blob, code, expected})
        const other = {...expected, aik: seed(9)}
        const [first, second] = [{blob, code, expected: other}, {blob: blob.with(0, 9), code, expected}]
        const refused = []
        for (const told of [first, second]) await helper.run('unlockBackup', told).catch((e) => refused.push(e.code))
        helper.stop()
        return [dkx.hex(opened.bk), shares.length > 10, shares.at(-1), ticks > 3, refused]
    """)
    assert told == ["10" * 32, True, 1, True, ["backup_invalid", "backup_invalid"]]


async def test_a_stopped_worker_refuses_what_was_running(tab: Tab) -> None:
    assert (
        await tab.run("""
        const helper = startHelper()
        const running = helper.run('safety', {}).catch((error) => error.message)
        helper.stop()
        return running
    """)
        == "the worker was stopped"
    )


# Signatures


async def test_signatures_that_lenient_libraries_accept_are_refused_here_too(tab: Tab) -> None:
    """WebCrypto alone is as lenient as libsodium: what it says of a key or of R decides nothing here."""
    told = {"challenge": cast.seed(26), "origin": cast.ORIGIN, "account": ANNA.account, "device": ANNA.device}
    message = login.message(**told)
    good = ANNA.dsk.public, ANNA.dsk.sign(login.LABEL, message)
    signed = [good, *(lenient_signature(torsion, login.LABEL, message) for torsion in range(8))]
    verdicts = []
    for public, signature in signed:
        given = {"public": public, "signature": signature, "text": login.LABEL + message, **told}
        verdict = await tab.run(
            """
            const bytes = (hex) => dkx.fromHex(hex, hex.length / 2)
            const [signature, key] = [bytes(given.signature), bytes(given.public)]
            const theirs = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
              .then((imported) => crypto.subtle.verify('Ed25519', imported, signature, bytes(given.text)))
            const told = { ...given, challenge: bytes(given.challenge) }
            try { dkx.verifyLogin(told, signature, key) } catch (error) { return [theirs, error.code] }
            return [theirs, 'ok']
            """,
            **{name: value.hex() if isinstance(value, bytes) else value for name, value in given.items()},
        )
        verdicts.append(verdict)
    assert verdicts == [[True, "ok"]] + [[True, "login_invalid"]] * 8
