"""Who is to learn of what happens to a rental: one decision for each event there is. Pure.

A notification is what a person finds later, or is sent when nobody of them is here. It never holds words of a message,
an exact place or an e-mail; people are named by id, because names belong to the persons.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from hub.events import Event
from hub.ids import CommandId, NotificationId, UserId, derived_id
from hub.item import Item
from hub.period import stamp
from hub.rental import Rental
from hub.report import Report
from hub.review import Round

KEPT: Final = timedelta(days=180)


class Who(Enum):
    """``OTHERS``: the parties without the one who did it; both, where time or a moderator did."""

    NOBODY = auto()
    OTHERS = auto()
    OWNER = auto()
    RENTER = auto()


NOTICES: Final[Mapping[str, Who]] = {
    "rental_inquired": Who.OWNER,
    "rental_requested": Who.OWNER,
    "offer_made": Who.OTHERS,
    "offer_countered": Who.OTHERS,
    "offer_revised": Who.OTHERS,
    "offer_accepted": Who.OTHERS,
    "rental_booked": Who.OTHERS,
    "prerequisite_met": Who.OTHERS,
    "rental_confirmed": Who.OTHERS,
    "hold_expired": Who.OTHERS,
    "change_proposed": Who.OTHERS,
    "change_accepted": Who.OTHERS,
    "change_declined": Who.OTHERS,
    "change_withdrawn": Who.OTHERS,
    "change_expired": Who.OTHERS,
    "start_reminded": Who.OTHERS,
    "return_reminded": Who.RENTER,
    "inspection_reminded": Who.OWNER,
    "no_show_claimed": Who.OTHERS,
    "no_show_contested": Who.OTHERS,
    "hand_over_contested": Who.OTHERS,
    "hand_over_annulled": Who.OTHERS,
    "offer_expired": Who.OTHERS,
    "inquiry_expired": Who.OTHERS,
    "rental_declined": Who.RENTER,
    "rental_withdrawn": Who.OWNER,
    "rental_taken": Who.RENTER,  # the owner is who gave it away
    "rental_closed": Who.OTHERS,
    "rental_cancelled": Who.OTHERS,
    "rental_handed_over": Who.OTHERS,
    "rental_unclaimed": Who.OTHERS,
    "rental_at_risk": Who.OTHERS,
    "rental_safe": Who.OTHERS,
    "rental_overdue": Who.OTHERS,
    "rental_returned": Who.OTHERS,
    "part_returned": Who.OTHERS,
    "hold_extended": Who.NOBODY,  # of the calendar only
    "return_confirmed": Who.OTHERS,
    "return_disputed": Who.OTHERS,
    "return_amended": Who.OTHERS,
    "return_presumed": Who.OTHERS,
    "rental_completed": Who.OTHERS,
    "damage_reported": Who.OTHERS,
    "non_return_claimed": Who.OTHERS,
    "rental_lost": Who.OTHERS,
    "loss_claimed": Who.OTHERS,
    "loss_admitted": Who.OTHERS,
    "loss_settled": Who.OTHERS,
    "rental_found": Who.OTHERS,
    "loss_final": Who.OTHERS,
    "case_opened": Who.OTHERS,
    "case_appealed": Who.OTHERS,
    "appeal_decided": Who.OTHERS,
    "appeal_lapsed": Who.OTHERS,
    "settlement_proposed": Who.OTHERS,
    "case_settled": Who.OTHERS,
    "case_withdrawn": Who.OTHERS,
    "case_decided": Who.OTHERS,
    "case_mediated": Who.OTHERS,
    "case_undecided": Who.OTHERS,
    "payment_claimed": Who.OTHERS,
    "payment_confirmed": Who.OTHERS,
    "payment_rejected": Who.OTHERS,
    "fee_waived": Who.OTHERS,
    "agreement_signed": Who.OTHERS,
    "agreement_withdrawn": Who.OTHERS,
    "messages_disclosed": Who.OTHERS,
    "protocol_written": Who.OTHERS,
    "protocol_sealed": Who.OTHERS,
    "place_read": Who.NOBODY,  # the owner finds it in the room
    "roster_changed": Who.NOBODY,
}
"""What has no row here is a fault: ``KeyError``, and a test that walks every event of the machine."""

NEWS: Final[Mapping[str, str]] = {"rental_overdue": "overdue_step"}
"""Events that come again and again are news only when they tell this field anew."""


@dataclass(frozen=True, slots=True)
class Notification:
    """``type`` is the event's; ``ref`` the rental's id. ``data`` holds ids, codes and the thing's title."""

    id: NotificationId
    user: UserId
    type: str
    ref: str
    data: Mapping[str, str]
    created_at: datetime
    read_at: datetime | None = None


def notifications_of(rental: Rental, event: Event, cmd_id: CommandId, at: datetime) -> tuple[Notification, ...]:
    """What is kept together with ``event``; ids are the command's, so that a repeated one doubles nothing."""
    who = NOTICES[event.type]
    if NEWS.get(event.type, "rental") not in event.data:
        return ()
    data = _about(rental) | {"by": event.by} | _more(rental, event)
    return tuple(
        Notification(
            NotificationId(derived_id("notice", rental.room, cmd_id, user)),
            user,
            event.type,
            rental.id,
            data,
            at,
        )
        for user in _people(who, rental, event.by)
    )


def _more(rental: Rental, event: Event) -> dict[str, str]:
    """What the words for it depend on: how late it is, what one may do about it, when it is."""
    match event.type:
        case "rental_overdue":
            return {"step": str(rental.overdue_step)}
        case "rental_at_risk":
            return {"choices": "propose_change,cancel", "fee": "0"}
        case "start_reminded":
            return {"at": stamp(rental.live.terms.start)}
        case "return_reminded":
            return {"at": stamp(rental.live.terms.end)}
        case _:
            return {}


def _about(rental: Rental) -> dict[str, str]:
    return {"room": rental.room, "item": rental.item, "title": rental.snapshot.title}


def _people(who: Who, rental: Rental, by: str) -> tuple[UserId, ...]:
    match who:
        case Who.OWNER:
            return (rental.owner,)
        case Who.RENTER:
            return (rental.renter,)
        case Who.OTHERS:
            return tuple(user for user in (rental.owner, rental.renter) if user != by)
        case Who.NOBODY:
            return ()


ACCOUNT_NOTICES: Final = frozenset({"signed_in", "passkey_added", "identity_added", "identity_reset"})
"""What a person is told of their own account, so that nobody else uses it unnoticed; ``ref`` is the session's id."""


def account_notice(kind: str, user: UserId, session: str, about: str, at: datetime) -> Notification:
    """Once for each ``about``: the session, or what it added."""
    return Notification(NotificationId(derived_id("notice", kind, about, user)), user, kind, session, {}, at)


REVIEW_NOTICES: Final = frozenset({"review_possible", "review_published", "review_replied"})
"""What is told of reviews, which have no events in the room's log."""


def review_notices(rental: Rental, before: Round | None, after: Round, at: datetime) -> tuple[Notification, ...]:
    """A round began, became public, or somebody replied; each is told once for ever."""
    told: list[tuple[str, UserId, str]] = []
    if before is None:
        told += [("review_possible", user, "system") for user in (after.owner, after.renter)]
    elif before.published_at is None and after.published_at is not None:
        told += [("review_published", one.subject, one.author) for one in after.reviews if one.says_something]
    else:
        known = {one.reply for one in before.reviews} | {None}
        told += [("review_replied", one.author, one.subject) for one in after.reviews if one.reply not in known]
    return tuple(_review_notice(rental, kind, user, by, at) for kind, user, by in told)


def _review_notice(rental: Rental, kind: str, user: UserId, by: str, at: datetime) -> Notification:
    id_ = NotificationId(derived_id("notice", kind, rental.id, user))
    return Notification(id_, user, kind, rental.id, _about(rental) | {"by": by}, at)


REPORT_MADE: Final = "report_made"


def waiting_notices(rental: Rental, report: Report, moderators: Iterable[UserId]) -> tuple[Notification, ...]:
    """Whoever may look at it learns that it waits; who reported, and what, stands in the report alone."""
    data = _about(rental) | {"by": "system", "report": report.id}
    return tuple(
        Notification(
            NotificationId(derived_id("notice", REPORT_MADE, report.id, moderator)),
            moderator,
            REPORT_MADE,
            rental.id,
            data,
            report.at,
        )
        for moderator in moderators
        if moderator not in report.people
    )


REPORT_CLOSED: Final = "report_closed"


def report_notice(rental: Rental, report: Report, at: datetime) -> Notification:
    """Whoever reported learns how it ended; who looked at it stays the hub's."""
    id_ = NotificationId(derived_id("notice", REPORT_CLOSED, report.id))
    return Notification(id_, report.by, REPORT_CLOSED, rental.id, _about(rental) | {"report": report.id}, at)


FEED_NOTICES: Final = frozenset({"calendar_clash", "calendar_failing"})
"""What is told of calendars that come in from elsewhere."""


def clash_notice(rental: Rental, by: str, at: datetime) -> Notification:
    """What is agreed collides with the owner's other calendar; told anew when it does so again later."""
    id_ = NotificationId(derived_id("notice", "calendar_clash", by, rental.id, at.isoformat()))
    return Notification(id_, rental.owner, "calendar_clash", rental.id, _about(rental) | {"by": "system"}, at)


def failing_notice(item: Item, by: str, at: datetime) -> Notification:
    """The owner's other calendar has not been readable for a while."""
    id_ = NotificationId(derived_id("notice", "calendar_failing", by, at.isoformat()))
    data = {"item": item.id, "title": item.title, "by": "system"}
    return Notification(id_, item.owner, "calendar_failing", item.id, data, at)
