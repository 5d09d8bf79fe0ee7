"""Reports: what was displayed can be reported, what was never said cannot, and nobody sees more than was disclosed."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crypto import b64
from crypto.dkx.roster import Role, Roster
from crypto.dkx.sealing import signing
from hub.account import UserRole
from hub.errors import Conflict, Forbidden, HubError, Invalid, NotFound
from hub.ids import RoomId
from hub.ports import Note
from hub.report import MAX_MESSAGES, MAX_REPORTS, Outcome, Reason
from hub.room import Stored
from hub.usecases.messaging import PublishRoster, RedactMessage, SendMessage, publish_roster, redact_message
from hub.usecases.notifying import ListNotifications, list_notifications
from hub.usecases.reporting import (
    CloseReport,
    Disclosed,
    ListReports,
    ListWaitingReports,
    ReadReport,
    SendReport,
    close_report,
    list_reports,
    list_waiting_reports,
    read_report,
    send_report,
)
from tests.support.lending import Loan, appoint, lend
from tests.support.world import Neighbour, Pen, World, cmd_id, now_ms

SAID = '{"t":"Dann ist es erst mal weg."}'
BYTES = ("hdr104", "kf", "rest", "ft")


def refused(code: str, kind: type[HubError] = Invalid) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


class Room:
    """The owner and the renter of a loan write to each other; each message is kept with what would report it."""

    def __init__(self, world: World, loan: Loan, roster: Roster) -> None:
        self.world, self.loan, self.id = world, loan, loan.applied.sheet.rental.room
        people = [loan.owner, loan.renter]
        self.pens = {person.user.id: Pen(world, person, people, self.id, roster) for person in people}

    async def say(self, by: Neighbour, text: str = SAID) -> tuple[SendMessage, Stored, Disclosed]:
        pen = self.pens[by.user.id]
        sent = pen.write(text)
        stored = await pen.send(sent)
        return sent, stored, told(pen.reported(sent, stored))

    def report(self, *messages: Disclosed, **more: Any) -> SendReport:
        return SendReport(cmd_id(), self.id, more.pop("reason", Reason.THREAT), messages, **more)


def told(report: dict[str, Any]) -> Disclosed:
    return Disclosed(**{name: b64.decode(value) if name in BYTES else value for name, value in report.items()})


@pytest.fixture
async def room(world: World) -> Room:
    loan = await lend(world)
    stored = await world.ports.rooms.get(loan.applied.sheet.rental.room)
    assert stored is not None
    return Room(world, loan, Roster.parse(stored.roster))


async def test_a_report_is_kept_and_a_moderator_reads_what_was_disclosed_and_no_more(room: Room) -> None:
    world, loan = room.world, room.loan
    await room.say(loan.owner, '{"t":"Etwas ganz anderes, privat."}')
    _, stored, message = await room.say(loan.renter)
    made = await send_report(world.ports, loan.owner.actor, room.report(message, words="Er droht mir."))
    assert (made.report.seqs, made.report.case, made.reporter.id) == ((stored.seq,), None, loan.owner.user.id)

    moderator = (await appoint(world)).actor
    (waiting,) = await list_waiting_reports(world.ports, moderator, ListWaitingReports())
    read = await read_report(world.ports, moderator, ReadReport(waiting.report.id))
    ((_, rest),) = [one.opened() for one in read.report.messages]
    assert (rest.body.decode(), read.report.messages[0].sender.hex()) == (SAID, loan.renter.user.id)
    assert read.report.words == "Er droht mir."
    for person in (loan.owner, loan.renter):
        noted = [one async for one in world.ports.audit.concerning(person.user.id)]
        assert [(one.act, one.target) for one in noted if one.act == "report_read"] == [("report_read", made.report.id)]


async def test_the_database_holds_nothing_of_it_in_the_clear(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    await send_report(room.world.ports, room.loan.owner.actor, room.report(message, words="Er droht mir."))
    document = await room.world.database.reports.find_one({})
    for secret in ("Er droht", "erst mal weg", b64.encode(message.rest)):
        assert secret not in repr(document)
    assert message.rest not in document.values()


@pytest.mark.parametrize("name", ["hdr104", "kf", "rest", "ft", "seq", "ts", "acct", "kid", "room"])
async def test_what_was_altered_is_not_believed(room: Room, name: str) -> None:
    *_, message = await room.say(room.loan.renter)
    value = getattr(message, name)
    other: Any = {"acct": room.loan.owner.user.id, "kid": "f2", "room": "0" * 32}.get(name)
    if isinstance(value, bytes):
        other = value[:-1] + bytes([value[-1] ^ 1])
    elif isinstance(value, int):
        other = value + 1
    with refused("report_unverifiable"):
        await send_report(room.world.ports, room.loan.owner.actor, room.report(replace(message, **{name: other})))
    assert await room.world.database.reports.count_documents({}) == 0


async def test_every_byte_of_what_is_disclosed_counts(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    for name in BYTES:
        raw = getattr(message, name)
        for place in range(0, len(raw), 7):
            flipped = raw[:place] + bytes([raw[place] ^ 0x80]) + raw[place + 1 :]
            with refused("report_unverifiable"):
                await send_report(
                    room.world.ports, room.loan.owner.actor, room.report(replace(message, **{name: flipped}))
                )


async def test_one_message_that_is_not_proven_refuses_the_whole_report(room: Room) -> None:
    *_, good = await room.say(room.loan.renter)
    _, stored, bad = await room.say(room.loan.renter)
    with refused("report_unverifiable") as error:
        await send_report(room.world.ports, room.loan.owner.actor, room.report(good, replace(bad, kf=good.kf)))
    assert error.value.data == {"seq": stored.seq}


async def test_an_erased_message_is_believed_by_its_mark(room: Room) -> None:
    _, stored, message = await room.say(room.loan.renter)
    await redact_message(room.world.ports, room.loan.renter.actor, RedactMessage(room.id, stored.seq))
    forged = replace(message, rest=message.rest[:-1] + b"!")
    with refused("report_unverifiable"):
        await send_report(room.world.ports, room.loan.owner.actor, room.report(forged))
    made = await send_report(room.world.ports, room.loan.owner.actor, room.report(message))
    assert made.report.seqs == (stored.seq,)


async def test_a_message_of_another_room_is_not_believed_here(room: Room) -> None:
    loan = await lend(room.world)
    other = await room.world.ports.rooms.get(loan.applied.sheet.rental.room)
    assert other is not None
    elsewhere = Room(room.world, loan, Roster.parse(other.roster))
    *_, message = await elsewhere.say(loan.renter)
    for named in (message, replace(message, room=room.id)):
        with refused("report_unverifiable"):
            await send_report(room.world.ports, room.loan.owner.actor, room.report(named))


async def test_an_event_is_no_message(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    with refused("report_unverifiable"):
        await send_report(room.world.ports, room.loan.owner.actor, room.report(replace(message, seq=1)))


async def test_up_to_six_messages_each_once_and_in_order(room: Room) -> None:
    said = [(await room.say(room.loan.renter))[2] for _ in range(MAX_MESSAGES + 1)]
    act, actor = room.world.ports, room.loan.owner.actor
    for messages in ((), (said[0], said[0]), tuple(said)):
        with refused("too_many"):
            await send_report(act, actor, room.report(*messages))
    made = await send_report(act, actor, room.report(*reversed(said[:MAX_MESSAGES])))
    assert made.report.seqs == tuple(message.seq for message in said[:MAX_MESSAGES])


async def test_a_command_sent_again_or_at_once_reports_once(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    await room.loan.report()
    for command in (room.report(message), room.report(message, case=1)):
        reported = [send_report(room.world.ports, room.loan.owner.actor, command) for _ in range(4)]
        assert len({sheet.report.id for sheet in await asyncio.gather(*reported)}) == 1
        with refused("cmd_mismatch", Conflict):
            await send_report(room.world.ports, room.loan.owner.actor, replace(command, words="anders"))
    assert await room.world.database.reports.count_documents({}) == 2
    assert [event.type for event in await room.loan.events()].count("messages_disclosed") == 1


async def test_nobody_reports_from_a_room_of_others(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    stranger = await room.world.person()
    for room_id in (room.id, RoomId("0" * 32)):
        with refused("room_not_found", NotFound):
            await send_report(room.world.ports, stranger.actor, replace(room.report(message), room=room_id))
        with refused("room_not_found", NotFound):
            await list_reports(room.world.ports, stranger.actor, ListReports(room_id))


async def test_there_is_an_end_to_reporting(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    for _ in range(MAX_REPORTS):
        await send_report(room.world.ports, room.loan.owner.actor, room.report(message))
    with refused("quota_exceeded", Conflict):
        await send_report(room.world.ports, room.loan.owner.actor, room.report(message))
    await send_report(room.world.ports, room.loan.renter.actor, room.report(message))


async def test_only_whoever_reported_knows_of_it(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    made = await send_report(room.world.ports, room.loan.owner.actor, room.report(message))
    mine = await list_reports(room.world.ports, room.loan.owner.actor, ListReports(room.id))
    assert [sheet.report.id for sheet in mine] == [made.report.id]
    assert await list_reports(room.world.ports, room.loan.renter.actor, ListReports(room.id)) == []
    assert "messages_disclosed" not in {event.type for event in await room.loan.events()}


async def test_evidence_in_a_case_is_known_to_both_sides(room: Room) -> None:
    world, loan = room.world, room.loan
    *_, message = await room.say(loan.owner)
    await loan.report()
    command = room.report(message, reason=Reason.EVIDENCE, case=1)
    await send_report(world.ports, loan.renter.actor, command)
    last = (await loan.events())[-1]
    assert (last.type, last.by, last.data["case"], last.data["seqs"]) == (
        "messages_disclosed", loan.renter.user.id, 1, [message.seq],
    )  # fmt: skip
    (seen,) = await list_reports(world.ports, loan.owner.actor, ListReports(room.id))
    assert seen.report.by == loan.renter.user.id
    page = await list_notifications(world.ports, loan.owner.actor, ListNotifications())
    assert page.notifications[0].type == "messages_disclosed"


async def test_whoever_decides_a_case_finds_what_was_disclosed_in_it(room: Room) -> None:
    world, loan, moderator = room.world, room.loan, (await appoint(room.world)).actor
    *_, message = await room.say(loan.owner)
    await loan.report()
    made = await send_report(world.ports, loan.renter.actor, room.report(message, reason=Reason.EVIDENCE, case=1))
    await close_report(world.ports, moderator, CloseReport(made.report.id, Outcome.ACTED, "Gelesen."))
    (found,) = await list_waiting_reports(world.ports, moderator, ListWaitingReports(loan.id))
    assert (found.report.id, found.report.case) == (made.report.id, 1)
    other = await lend(world)
    assert await list_waiting_reports(world.ports, moderator, ListWaitingReports(other.id)) == []
    with refused("own_rental", Forbidden):
        own = replace(loan.owner.actor, roles=moderator.roles)
        await list_waiting_reports(world.ports, own, ListWaitingReports(loan.id))


async def test_a_case_has_to_be_there_open_and_ones_own(room: Room) -> None:
    ports, loan = room.world.ports, room.loan
    *_, message = await room.say(loan.renter)
    with refused("case_not_found", NotFound):
        await send_report(ports, loan.owner.actor, room.report(message, case=1))
    await loan.report()
    observer = await room.world.person()
    stored = await ports.rooms.get(room.id)
    assert stored is not None
    first = Roster.parse(stored.roster)
    members = [*first.members, observer.member(Role.OBSERVER)]
    second = signing.next_roster(loan.owner.device, first, members, now_ms=now_ms())
    await publish_roster(ports, loan.owner.actor, PublishRoster(cmd_id(), room.id, second.raw))
    with refused("not_your_role", Forbidden):
        await send_report(ports, observer.actor, room.report(message, case=1))
    loan.later(days=40)
    await room.world.fire_due()
    loan.later(days=40)
    await room.world.fire_due()
    with refused("case_closed", Conflict):
        await send_report(ports, loan.owner.actor, room.report(message, case=1))


async def test_a_moderator_closes_it_once_and_the_reporter_learns_how_it_ended(room: Room) -> None:
    world, loan = room.world, room.loan
    *_, message = await room.say(loan.renter)
    made = await send_report(world.ports, loan.owner.actor, room.report(message))
    moderators = [(await appoint(world)).actor for _ in range(2)]
    command = CloseReport(made.report.id, Outcome.ACTED, "Wir haben ihn verwarnt.")
    ended = await asyncio.gather(
        *(close_report(world.ports, moderator, command) for moderator in moderators), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in ended) == ["Conflict", "ReportSheet"]
    assert await list_waiting_reports(world.ports, moderators[0], ListWaitingReports()) == []
    (mine,) = await list_reports(world.ports, loan.owner.actor, ListReports(room.id))
    assert mine.report.closed is not None
    assert (mine.report.closed.outcome, mine.report.closed.words) == (Outcome.ACTED, "Wir haben ihn verwarnt.")
    page = await list_notifications(world.ports, loan.owner.actor, ListNotifications())
    assert (page.notifications[0].type, page.notifications[0].data["report"]) == ("report_closed", made.report.id)


async def test_nobody_else_reads_it_and_nobody_in_their_own_matter(room: Room) -> None:
    ports, loan = room.world.ports, room.loan
    *_, message = await room.say(loan.renter)
    made = await send_report(ports, loan.owner.actor, room.report(message))
    closing = CloseReport(made.report.id, Outcome.DISMISSED, "Nichts.")
    acts: list[tuple[Any, Any]] = [(read_report, ReadReport(made.report.id)), (close_report, closing)]
    roles = (await appoint(room.world)).actor.roles
    for act, command in acts:
        for actor in (loan.owner.actor, loan.renter.actor, (await room.world.person()).actor):
            with refused("role_required", Forbidden):
                await act(ports, actor, command)
        for party in (loan.owner.actor, loan.renter.actor):
            with refused("own_rental", Forbidden):
                await act(ports, replace(party, roles=roles), command)
        with refused("report_not_found", NotFound):
            await act(ports, (await appoint(room.world)).actor, replace(command, report="0" * 32))
    for party in (loan.owner.actor, loan.renter.actor):
        assert await list_waiting_reports(ports, replace(party, roles=roles), ListWaitingReports()) == []


async def test_it_outlives_the_key_of_whoever_made_it(room: Room) -> None:
    *_, message = await room.say(room.loan.renter)
    made = await send_report(room.world.ports, room.loan.owner.actor, room.report(message))
    known = await room.world.ports.reports.get(made.report.id)
    await room.world.database.data_keys.delete_many({})
    assert await room.world.ports.reports.get(made.report.id) == known
    assert known is not None
    assert abs(known.at - made.report.at) < timedelta(milliseconds=1)


async def test_moderators_learn_that_a_report_waits_and_nothing_of_what_it_says(room: Room) -> None:
    world, loan = room.world, room.loan
    moderator = await world.person(device=False)
    admin = await world.person(device=False)
    for person, role in ((moderator, UserRole.MODERATOR), (admin, UserRole.ADMIN), (loan.renter, UserRole.MODERATOR)):
        await world.ports.users.set_roles(person.user.id, frozenset({role}), Note("role_granted", None))
    *_, message = await room.say(loan.renter)
    command = room.report(message, words="Er droht mir.")
    for _ in range(2):
        made = await send_report(world.ports, loan.owner.actor, command)
    for person in (moderator, admin):
        page = await list_notifications(world.ports, person.actor, ListNotifications())
        (notice,) = [one for one in page.notifications if one.type == "report_made"]
        assert (notice.data["report"], notice.data["by"]) == (made.report.id, "system")
        assert loan.owner.user.id not in notice.data.values()
    page = await list_notifications(world.ports, loan.renter.actor, ListNotifications())
    assert "report_made" not in {one.type for one in page.notifications}
