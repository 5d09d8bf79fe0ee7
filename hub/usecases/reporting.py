"""Reporting messages: a reader discloses chosen ones, the hub proves that they were said, a moderator reads only them.

What is displayed can be reported and the other way round: header, words and commitment are judged by the code that
judged them for the reader (e2ee.md section 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.dkx import report as dkx
from crypto.dkx.error import ReportError
from crypto.franking import Mark
from hub.account import Actor, User, UserRole
from hub.authority import JUDGE_REPORT, authorize
from hub.errors import Conflict, Invalid, NotFound
from hub.events import Event
from hub.ids import CommandId, RentalId, ReportId, RoomId, UserId, derived_id
from hub.notice import Notification, notifications_of, report_notice, waiting_notices
from hub.ports import Note, Ports
from hub.rental import Rental
from hub.report import MAX_MESSAGES, MAX_REPORTS, Closing, Outcome, Reason, Report, check_case, end
from hub.room import MessageEntry, Room
from hub.usecases._move import append_fact
from hub.usecases._once import body_hash, patiently
from hub.usecases._people import named
from hub.usecases._rooms import own_room
from hub.usecases.dealing import of_moderator
from hub.usecases.telling import tell_notices, tell_rental


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One message, as ``crypto.dkx.report.Report`` has it: ``kf`` and ``rest`` open it, ``kid`` and ``ft`` prove it."""

    room: RoomId
    seq: int
    hdr104: bytes
    kf: bytes
    rest: bytes
    acct: UserId
    ts: int
    kid: str
    ft: bytes


@dataclass(frozen=True, slots=True)
class SendReport:
    """``case`` of the rental, where the messages are evidence in it: then the other party knows of it, too."""

    cmd_id: CommandId
    room: RoomId
    reason: Reason
    messages: tuple[Disclosed, ...]
    words: str = ""
    case: int | None = None


@dataclass(frozen=True, slots=True)
class ListReports:
    room: RoomId


@dataclass(frozen=True, slots=True)
class ListWaitingReports:
    """Of one ``rental`` all of them, closed ones too."""

    rental: RentalId | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class ReadReport:
    report: ReportId


@dataclass(frozen=True, slots=True)
class CloseReport:
    """``words`` are for whoever reported."""

    report: ReportId
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A report with the names around it."""

    report: Report
    reporter: User


async def send_report(ports: Ports, actor: Actor, command: SendReport) -> ReportSheet:
    """Keep what is disclosed, once it is proven; ``Invalid("report_unverifiable")`` where it is not.

    Sent again with the same ``cmd_id``, it answers the report there is.
    """
    room, body = await own_room(ports, actor, command.room), body_hash(actor.user, command)

    async def attempt() -> Report:
        known = await ports.reports.get(_id(actor, command))
        if known is None:
            rental = await _rental(ports, room)
            return await _keep(ports, command, rental, await _judged(ports, actor, command, room, rental))
        if known.body_hash != body:
            raise Conflict("cmd_mismatch")
        return known

    return await _sheet(ports, await patiently(attempt))


async def list_reports(ports: Ports, actor: Actor, command: ListReports) -> Sequence[ReportSheet]:
    """One's own from this room, and what the other party has put before a case."""
    room = await own_room(ports, actor, command.room)
    reports = await ports.reports.of_room(room.id)
    return [await _sheet(ports, report) for report in reports if report.visible_to(actor.user)]


async def list_waiting_reports(ports: Ports, actor: Actor, command: ListWaitingReports) -> Sequence[ReportSheet]:
    """What waits for a moderator, the oldest first, or what there is in a rental; without what was disclosed."""
    actor.require(UserRole.MODERATOR)
    if command.rental is None:
        found = await ports.reports.waiting(actor.user, command.limit)
    else:
        rental = await of_moderator(ports, actor, command.rental)
        found = [one for one in await ports.reports.of_room(rental.room) if actor.user not in one.people]
    return [await _sheet(ports, report) for report in found[: command.limit]]


async def read_report(ports: Ports, actor: Actor, command: ReadReport) -> ReportSheet:
    """A report with the messages that were disclosed; of the room nothing else. Each reading is in the audit log."""
    report = await _of_moderator(ports, actor, command.report)
    await ports.audit.note(_note("report_read", actor, report))
    return await _sheet(ports, report)


async def close_report(ports: Ports, actor: Actor, command: CloseReport) -> ReportSheet:
    """Say what came of it, to whoever reported."""

    async def attempt() -> tuple[Report, Notification]:
        report = await _of_moderator(ports, actor, command.report)
        now = ports.clock.now()
        ended = end(report, Closing(actor.user, now, command.outcome, command.words))
        notice = report_notice(await of_moderator(ports, actor, report.rental), ended, now)
        async with ports.work() as tx:
            await tx.close_report(ended)
            await tx.notify([notice])
            await tx.note(_note("report_closed", actor, report))
        return ended, notice

    ended, notice = await patiently(attempt)
    tell_notices(ports, [notice])
    return await _sheet(ports, ended)


async def _judged(ports: Ports, actor: Actor, command: SendReport, room: Room, rental: Rental) -> Report:
    """The report, if everything in it is proven and it may be made."""
    messages = [await _proven(ports, room, told) for told in _chosen(command)]
    if command.case is not None:
        check_case(rental, actor.user, command.case)
    own = [known for known in await ports.reports.of_room(room.id) if known.by == actor.user]
    if len(own) >= MAX_REPORTS:
        raise Conflict("quota_exceeded", {"of": "reports", "max": MAX_REPORTS})
    return Report(
        id=_id(actor, command),
        room=room.id,
        rental=rental.id,
        people=tuple({rental.owner, rental.renter, *room.users()}),
        by=actor.user,
        at=ports.clock.now(),
        reason=command.reason,
        words=command.words,
        messages=tuple(messages),
        case=command.case,
        body_hash=body_hash(actor.user, command),
    )


def _id(actor: Actor, command: SendReport) -> ReportId:
    return ReportId(derived_id("report", command.room, actor.user, command.cmd_id))


def _chosen(command: SendReport) -> list[Disclosed]:
    """In the order of the log, each once."""
    by_seq = {told.seq: told for told in command.messages}
    if not by_seq or len(by_seq) < len(command.messages) or len(by_seq) > MAX_MESSAGES:
        raise Invalid("too_many", {"field": "messages", "max": MAX_MESSAGES})
    return [by_seq[seq] for seq in sorted(by_seq)]


async def _proven(ports: Ports, room: Room, told: Disclosed) -> dkx.Report:
    ids = bytes.fromhex(told.room), bytes.fromhex(told.acct)
    report = dkx.Report(ids[0], told.seq, told.hdr104, told.kf, told.rest, ids[1], told.ts, Mark(told.kid, told.ft))
    try:
        dkx.verify_report(report, ports.witness.frank, await _stored(ports, room.id, told.seq))
    except ReportError as error:
        raise Invalid("report_unverifiable", {"seq": told.seq}) from error
    if told.room != room.id:
        raise Invalid("report_unverifiable", {"seq": told.seq})
    return report


async def _stored(ports: Ports, room: RoomId, seq: int) -> bytes | None:
    """What stands at this place: an envelope, None where it was erased, nothing that fits where a message never was."""
    page = await ports.log.forward(room, seq - 1, 1, None)
    entry = page.entries[0] if page.entries else None
    if entry is None or entry.seq != seq:
        return None
    return entry.envelope or None if isinstance(entry, MessageEntry) else b""


async def _keep(ports: Ports, command: SendReport, rental: Rental, report: Report) -> Report:
    waiting = waiting_notices(rental, report, await ports.users.moderators())
    if report.case is None:
        async with ports.work() as tx:
            await tx.add_report(report)
            await tx.notify(waiting)
        tell_notices(ports, waiting)
        return report
    told = {"rental": rental.id, "case": report.case, "seqs": list(report.seqs)}
    event = Event("messages_disclosed", report.by, told)
    notices = notifications_of(rental, event, command.cmd_id, report.at) + waiting
    async with ports.work() as tx:
        await tx.add_report(report)
        entry = await append_fact(tx, rental, event, command.cmd_id, report.body_hash, report.at)
        await tx.notify(notices)
    tell_rental(ports, rental, entry)
    tell_notices(ports, notices)
    return report


async def _rental(ports: Ports, room: Room) -> Rental:
    rental = await ports.rentals.get(room.rental, None)
    if rental is None:
        raise NotFound("room_not_found")
    return rental


async def _of_moderator(ports: Ports, actor: Actor, id_: ReportId) -> Report:
    """Any report from a room that is not the moderator's own."""
    return authorize(actor, JUDGE_REPORT, await ports.reports.get(id_))


def _note(act: str, actor: Actor, report: Report) -> Note:
    return Note(act, actor.user, tuple({report.by, *report.senders}), report.id)


async def _sheet(ports: Ports, report: Report) -> ReportSheet:
    return ReportSheet(report, await named(ports, report.by))
