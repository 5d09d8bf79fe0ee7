"""The messaging engine in real browsers: two neighbours read each other, offline or not, and nobody else does."""

from datetime import datetime

from client.rentals import terms
from tests.static.engine import LIB, House, Tab, two_days
from tests.support.echo_hub import until


async def test_two_browsers_in_a_room_read_each_other(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    rental = await house.ask(tim, await house.item(marta), "Ist er am Samstag frei?")
    room = rental["room"]
    await marta.reads(room, "Ist er am Samstag frei?")
    await marta.run("await hub.chat.text(given.room, 'Ja, gern!')", room=room)
    await tim.reads(room, "Ja, gern!")
    assert await marta.texts(room) == await tim.texts(room) == ["Ist er am Samstag frei?", "Ja, gern!"]


async def test_five_messages_written_offline_arrive_once_and_in_order_after_a_reload(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = (await house.ask(tim, await house.item(marta), "Hallo"))["room"]
    await marta.reads(room, "Hallo")
    written = [f"ohne Netz {n}" for n in range(5)]
    await tim.page.context.set_offline(True)
    await tim.run("hub.engine.line.cut(); await until(() => hub.standing.line === 'down')")
    await tim.run("for (const text of given.written) await hub.chat.text(given.room, text)", room=room, written=written)
    assert await tim.texts(room) == ["Hallo", *written]
    await tim.page.context.set_offline(False)
    await tim.open()
    assert await tim.texts(room) == ["Hallo", *written]
    await marta.reads(room, written[-1])
    await tim.run("await until(async () => (await lines(given.room)).every(({ seq }) => seq))", room=room)
    assert await marta.texts(room) == await tim.texts(room) == ["Hallo", *written]


async def test_a_browser_and_the_python_client_read_each_other(house: House) -> None:
    marta = await house.web("marta")
    item = await house.item(marta)
    async with house.python("paul") as paul:
        start, end = (datetime.fromisoformat(day) for day in two_days())
        room = (await paul.rentals.request(item, terms(start, end, 2400)))["rental"]["room"]
        paul.send_text(room, "Moin aus Python")
        await marta.reads(room, "Moin aus Python")
        seq = await marta.run("return (await lines(given.room)).find(({ kind }) => kind === 'text').seq", room=room)
        await marta.run("await hub.chat.react(given.room, given.seq, '👍')", room=room, seq=seq)
        await marta.run("await hub.chat.text(given.room, 'Moin aus dem Browser', given.seq)", room=room, seq=seq)
        await until(lambda: [line.text for line in paul.timeline(room) if line.kind == "text"][1:] != [])
        first, second = (line for line in paul.timeline(room) if line.kind == "text")
        assert (first.reactions, second.text, second.reply_to) == (
            {"👍": (await marta.run("return hub.user"),)},
            "Moin aus dem Browser",
            first.seq,
        )
        assert paul.warnings() == []
    assert await marta.run("return hub.store.get('warnings') ?? []") == []


SAYS = """
    const { room, peer } = given
    const seqOf = async (text) => (await lines(room)).find((line) => line.text === text)?.seq
    const { CTYPES } = await import(given.rest)
    await until(async () => await seqOf(`${peer} Frage`))
    await hub.chat.text(room, 'B Antwort', await seqOf(`${peer} Frage`))
    await hub.chat.react(room, await seqOf(`${peer} Frage`), '👍')
    await hub.chat.text(room, 'B Tippfehlr')
    await hub.chat.text(room, 'B Geheimnis')
    await until(async () => await seqOf('B Geheimnis'))
    await hub.chat.edit(room, await seqOf('B Tippfehlr'), 'B Tippfehler')
    await hub.chat.remove(room, await seqOf('B Geheimnis'))
    await hub.chat.say(room, CTYPES.reference, { kind: 'agreement', digest: given.digest })
    await hub.chat.say(room, CTYPES.dummy, {})
"""
SHOWN = """
    await until(async () => (await lines(given.room)).filter(({ kind }) => kind === 'reference').length === 2)
    await until(async () => (await lines(given.room)).filter(({ kind }) => kind === 'gone').length === 2)
    await until(async () => (await texts(given.room)).filter((text) => text.endsWith('Tippfehler')).length === 2)
    const shown = (await lines(given.room)).filter(({ kind }) => kind !== 'event')
    return shown.map(({ kind, text, replyTo, reactions, edited }) =>
      [kind, text, replyTo?.text ?? '', reactions.map(([emoji]) => emoji).join(''), Boolean(edited)])
"""


async def test_every_kind_of_message_of_one_client_is_shown_by_the_other_alike(house: House) -> None:
    marta = await house.web("marta")
    item = await house.item(marta)
    async with house.python("paul") as paul:
        start, end = (datetime.fromisoformat(day) for day in two_days())
        room = (await paul.rentals.request(item, terms(start, end, 2400)))["rental"]["room"]

        def seq_of(text: str) -> int | None:
            return next((line.seq for line in paul.timeline(room) if line.text == text and line.seq), None)

        async def at(text: str) -> int:
            await until(lambda: seq_of(text), within=20)
            return seq_of(text) or 0

        paul.chat.text(room, "P Frage")
        digest = bytes(range(32))
        rest = f"{LIB}/dkx/rest.js"
        await marta.run(SAYS, room=room, peer="P", rest=rest, digest=digest.hex())
        paul.chat.text(room, "P Antwort", await at("B Antwort"))
        paul.chat.react(room, await at("B Antwort"), "✅")
        paul.chat.text(room, "P Tippfehlr")
        paul.chat.text(room, "P Geheimnis")
        paul.chat.edit(room, await at("P Tippfehlr"), "P Tippfehler")
        paul.chat.delete(room, await at("P Geheimnis"))
        paul.chat.refer(room, digest, "agreement")
        paul.chat.dummy(room)
        shown = await marta.run(SHOWN, room=room)
        await until(lambda: len([line for line in paul.timeline(room) if line.kind == "gone"]) == 2, within=20)
        own = [line for line in paul.timeline(room) if not line.event]
        by_seq = {line.seq: line.text for line in own}
        told = [
            [line.kind, line.text, by_seq.get(line.reply_to, ""), "".join(line.reactions), line.edited is not None]
            for line in own
        ]
        assert told == shown
        assert ["text", "B Tippfehler", "", "", True] in shown
        assert ["text", "P Antwort", "B Antwort", "", False] in shown
        assert ["text", "P Frage", "", "👍", False] in shown
        assert ["text", "B Antwort", "P Frage", "✅", False] in shown
        assert paul.warnings() == []
    assert await marta.run("return hub.store.get('warnings') ?? []") == []


async def test_what_was_said_stands_in_no_frame_and_not_in_the_database(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = (await house.ask(tim, await house.item(marta), "Kanarienvogel eins"))["room"]
    await marta.reads(room, "Kanarienvogel eins")
    await marta.run("await hub.chat.text(given.room, 'Kanarienvogel zwei')", room=room)
    await tim.reads(room, "Kanarienvogel zwei")
    said = await tim.run("return (await lines(given.room)).find(({ text }) => text.endsWith('eins')).seq", room=room)
    await tim.run("await hub.chat.edit(given.room, given.seq, 'Kanarienvogel drei')", room=room, seq=said)
    await marta.reads(room, "Kanarienvogel drei")
    frames = [frame for tab in (marta, tim) for frame in tab.frames]
    assert any("message:new" in frame for frame in frames)
    assert [frame for frame in frames if "anarienvogel" in frame] == []
    database = house.here.world.database
    for name in await database.list_collection_names():
        async for document in database[name].find():
            assert "anarienvogel" not in str(document), name


async def test_a_second_tab_follows_and_takes_over_when_the_first_is_closed(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    room = (await house.ask(tim, await house.item(marta), "erster Tab"))["room"]
    second = await Tab.on(tim.page.context, tim.url, tim.email)
    house.tabs.append(second)
    assert await second.run("return hub.engine === undefined")
    await second.run("await hub.chat.text(given.room, 'aus dem zweiten')", room=room)
    await marta.reads(room, "aus dem zweiten")
    await tim.reads(room, "aus dem zweiten")
    await marta.run("await hub.chat.text(given.room, 'an beide')", room=room)
    await second.reads(room, "an beide")
    await tim.page.close()
    await second.run("await until(() => hub.engine && hub.standing.line === 'up')")
    await second.run("await hub.chat.text(given.room, 'ich führe jetzt')", room=room)
    await marta.reads(room, "ich führe jetzt")


async def test_the_view_made_of_events_is_the_one_the_hub_gives(house: House) -> None:
    marta, tim = await house.web("marta"), await house.web("tim")
    rental = await house.ask(tim, await house.item(marta), "Hallo")
    room, id_ = rental["room"], rental["id"]
    await marta.run("await until(() => hub.store.get(`deal/${given.room}`))", room=room)
    start, end = (f"{day[:19]}Z" for day in two_days())
    counter = {"start": start, "end": end, "price": 2000, "q": 1, "negotiated": True}
    await marta.run("await hub.act(given.rental, 'offers/1/counter', given.terms)", rental=id_, terms=counter)
    await tim.run("await until(() => hub.store.get(`deal/${given.room}`).rev === 2)", room=room)
    await tim.run("await hub.act(given.rental, 'offers/2/accept', {})", rental=id_)
    made = await marta.run(
        f"""
        await until(() => hub.store.get(`deal/${{given.room}}`).rev === 3)
        const {{ applyEvents }} = await import('{LIB}/rental.js')
        await hub.log.open(given.room)
        const events = hub.log.rows(given.room).filter(({{ kind }}) => kind === 'event')
        return applyEvents(given.old, events)
        """,
        room=room,
        old=rental,
    )
    fresh = await tim.run("return hub.http.call('GET', `/v1/rentals/${given.rental}`)", rental=id_)
    assert {**made, "allowed_actions": None, "role": "renter"} == {**fresh, "allowed_actions": None}
    assert fresh["state"] == "confirmed"
