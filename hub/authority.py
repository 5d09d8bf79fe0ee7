"""Who may do what to what: the one place that both doors, files, exports and all use cases ask. Pure.

``admit`` looks at who asks, before anything is looked up. ``authorize`` looks at who asks for what: it hands out the
thing, or refuses. What is others' is refused like what is not there, so that nobody learns of it by asking
(security.md Z1, Z6).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Literal, TypeVar

from hub.account import Actor, Session, User, UserRole
from hub.errors import Forbidden, HubError, NotFound, Unauthenticated
from hub.export import Export
from hub.file import File
from hub.item import Item
from hub.photo import Photo
from hub.place import Place
from hub.rental import Rental
from hub.report import Report
from hub.room import Room, Standing

Who = Literal[
    "anyone", "pending", "member", "recent", "device", "party", "owner", "renter", "room", "lister", "moderator",
]  # fmt: skip
"""``anyone`` needs no token, ``device`` a proven one. A sign-in that owes its second factor may act only where it says
``pending``; ``recent`` asks for a proof of the last five minutes. To others than its ``party`` a rental, to others than
its members a room does not exist; a thing is changed by its ``lister`` alone."""

T = TypeVar("T")


def admit(subject: Actor | None, who: tuple[Who, ...], now: datetime) -> Actor:
    """The subject, if they may ask at all. ``Forbidden("role_required")``, and ``Unauthenticated``.

    That with ``sign_in_required``, ``second_factor_required``, ``device_required`` or ``confirmation_required``.
    """
    if subject is None:
        raise Unauthenticated("sign_in_required")
    if subject.pending and "pending" not in who:
        raise Unauthenticated("second_factor_required")
    if "device" in who:
        subject.proven_device()
    if "recent" in who:
        subject.require_recent(now)
    if "moderator" in who:
        subject.require(UserRole.MODERATOR)
    return subject


@dataclass(frozen=True)
class Right(Generic[T]):
    """What may be done to a kind of thing, and by whom.

    ``told``: the code of the refusal where the thing itself is no secret; what is ``hidden``, or has no such code, is
    refused as if it were not there. ``role`` is asked for before the thing is looked at.
    """

    kind: str
    holds: Callable[[Actor, T], bool]
    role: UserRole | None = None
    told: str = ""
    hidden: Callable[[T], bool] = lambda _: False

    @property
    def missing(self) -> str:
        """The code of the refusal of what is not there."""
        return f"{self.kind}_not_found"


@dataclass(frozen=True, slots=True)
class Sight:
    """A photo, and whether a thing shows it to everybody or a protocol of the reader's rentals to the reader."""

    photo: Photo
    public: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, the room it is for, and where its message stands in that room's log, if it does."""

    file: File
    room: Room | None
    standing: Standing | None


def _is_party(who: Actor, rental: Rental) -> bool:
    return who.user in {rental.owner, rental.renter}


def _reads(who: Actor, attached: Attachment) -> bool:
    """Readers of its message; before that is sent, whoever brings it."""
    member = attached.room.find(who.user) if attached.room else None
    if member is None:
        return False
    if attached.standing is None:
        return attached.file.owner == who.user
    return not attached.standing.erased and attached.standing.seq >= member.joined_seq


def _brings(who: Actor, attached: Attachment) -> bool:
    here = attached.room is not None and attached.room.find(who.user) is not None
    return here and attached.file.owner == who.user


PARTY: Final = Right[Rental]("rental", _is_party)
JUDGE_RENTAL: Final = Right[Rental](
    "rental", lambda who, rental: not _is_party(who, rental), UserRole.MODERATOR, "own_rental"
)
JUDGE_REPORT: Final = Right[Report](
    "report", lambda who, report: who.user not in report.people, UserRole.MODERATOR, "own_rental"
)
MEMBER: Final = Right[Room]("room", lambda who, room: room.find(who.user) is not None)
LIST_ITEM: Final = Right[Item](
    "item",
    lambda who, item: who.user == item.owner and item.deleted_at is None,
    told="not_your_item",
    hidden=lambda item: not item.listed,
)
OWN_PLACE: Final = Right[Place]("place", lambda who, place: who.user == place.owner)
OWN_PHOTO: Final = Right[Photo]("photo", lambda who, photo: who.user == photo.owner)
SEE_PHOTO: Final = Right[Sight](
    "photo", lambda who, sight: sight.public or sight.shared or who.user == sight.photo.owner
)
OWN_FILE: Final = Right[File]("file", lambda who, file: who.user == file.owner)
BRING_FILE: Final = Right[Attachment]("file", _brings)
READ_FILE: Final = Right[Attachment]("file", _reads)
OWN_SESSION: Final = Right[Session]("session", lambda who, session: who.user == session.user)
REACH_USER: Final = Right[User](
    "user", lambda who, user: not user.roles or who.has(UserRole.ADMIN), UserRole.MODERATOR, "not_your_role"
)
"""Members are any moderator's, moderators and admins an admin's."""
OWN_EXPORT: Final = Right[Export]("export", lambda who, export: who.user == export.user)


def authorize(subject: Actor | None, right: Right[T], thing: T | None) -> T:
    """The thing, if the subject has that right. Nobody has any; ``NotFound`` for what is others' or is not there."""
    if subject is None:
        raise Unauthenticated("sign_in_required")
    if right.role is not None:
        subject.require(right.role)
    if thing is None or not right.holds(subject, thing):
        raise _refusal(right, thing)
    return thing


def has(subject: Actor, right: Right[T], thing: T) -> bool:
    """The same as a question, where another right may do as well."""
    return (right.role is None or subject.has(right.role)) and right.holds(subject, thing)


def _refusal(right: Right[T], thing: T | None) -> HubError:
    known = right.told and thing is not None and not right.hidden(thing)
    return Forbidden(right.told) if known else NotFound(right.missing)
