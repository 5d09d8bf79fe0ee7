"""What a browser has shown it can report: also what was taken back since; nothing altered, and nothing beside it."""

from crypto.dkx import jcs
from crypto.dkx.rest import Rest
from hub.ids import RoomId
from tests.static.engine import LIB, House, Tab
from tests.static.test_files import talking

REPORT = f"""
    const {{ reportMessages }} = await import('{LIB}/reporting.js')
    return reportMessages(hub, given.room, [given.seq], {{ reason: 'scam' }}).then(() => 'taken', (error) => error.code)
"""


async def said(author: Tab, reader: Tab, room: str, text: str) -> int:
    await author.run("await hub.chat.text(given.room, given.text)", room=room, text=text)
    await reader.reads(room, text)
    seq: int = await reader.run(
        "return (await lines(given.room)).find((line) => line.text === given.text).seq", room=room, text=text
    )
    return seq


async def disclosed(house: House, room: str) -> list[list[bytes]]:
    """By report, what the moderators read."""
    made = await house.here.hub.ports.reports.of_room(RoomId(room))
    return [[Rest.parse(message.rest).body for message in report.messages] for report in made]


async def test_what_was_taken_back_is_reported_and_nothing_else_is_disclosed(house: House) -> None:
    marta, tim, room = await talking(house)
    await said(tim, marta, room, "Bleibt unter uns")
    seq = await said(tim, marta, room, "Überweis mir vorher 500 Euro")
    await tim.run("await hub.chat.remove(given.room, given.seq)", room=room, seq=seq)
    await marta.run(
        "await until(async () => !(await texts(given.room)).some((text) => text.includes('500')))", room=room
    )
    assert await marta.run(REPORT, room=room, seq=seq) == "taken"
    assert await disclosed(house, room) == [[jcs.write({"t": "Überweis mir vorher 500 Euro"})]]


async def test_an_altered_message_is_not_taken(house: House) -> None:
    marta, tim, room = await talking(house)
    seq = await said(tim, marta, room, "Gern am Samstag")
    await marta.run(
        """
        await hub.log.open(given.room)
        const proof = await hub.log.proof(given.room, given.seq)
        const rest = `${proof.rest.slice(0, -2)}${proof.rest.at(-2) === 'A' ? 'B' : 'A'}${proof.rest.at(-1)}`
        await hub.log.keepProof(given.room, given.seq, { ...proof, rest })
        """,
        room=room,
        seq=seq,
    )
    assert await marta.run(REPORT, room=room, seq=seq) == "report_unverifiable"
    assert await disclosed(house, room) == []
