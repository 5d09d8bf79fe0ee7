"""Accounts, sign-ins and their secrets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.account import Objection, Session, User, UserRole
from hub.factor import Factor
from hub.identity import Claimed
from hub.ids import DeviceId, SessionId, UserId
from hub.ports.audit import Note


class Users(Protocol):
    async def add(self, user: User, password_hash: str, claimed: Claimed | None = None) -> bool:
        """Store a new neighbour, with an identity if ``claimed``; False when e-mail or identity are known already.

        Without a hash there is no password. Conflict("handle_taken").
        """

    async def get(self, user: UserId) -> User | None: ...
    async def several(self, users: Collection[UserId]) -> Mapping[UserId, User]:
        """Those of them that there are, at once."""

    async def by_handle(self, handle: str) -> User | None: ...
    async def credentials(self, email: str) -> tuple[User, str] | None:
        """The neighbour and the password hash behind a normalised e-mail; the hash is empty without a password."""

    async def set_password_hash(self, user: UserId, password_hash: str) -> None:
        """Another password, or the first."""

    async def set_email(self, user: UserId, email: str) -> bool:
        """Another address, proven by a mail to it; False when it is somebody else's."""

    async def set_name(self, user: UserId, display_name: str, locale: str, note: Note) -> None:
        """In place of those before; with its entry of the audit log."""

    async def moderators(self) -> Sequence[UserId]:
        """Who may look at reports: moderators and admins who are not suspended."""

    async def has_admin(self) -> bool:
        """Whether anybody looks after this hub."""

    async def set_roles(self, user: UserId, roles: frozenset[UserRole], note: Note) -> None:
        """Together with the entry of the audit log that says who did it."""

    async def set_suspended(self, user: UserId, suspended: bool, note: Note) -> None:
        """From now on, or no longer; with its entry of the audit log."""

    async def set_restricted(self, user: UserId, since: datetime | None, note: Note) -> None:
        """From then on, or no longer; with its entry of the audit log."""

    async def set_objections(self, user: UserId, objections: frozenset[Objection], note: Note) -> None:
        """In place of those before; with its entry of the audit log."""


class Sessions(Protocol):
    async def add(self, session: Session) -> None: ...
    async def get(self, session: SessionId) -> Session | None: ...
    async def live_of(self, user: UserId) -> Sequence[Session]: ...
    async def rotate(self, session: SessionId, presented: bytes, successor: bytes, now: datetime) -> bool:
        """Swap the refresh hash if ``presented`` is the current one of a live session; False otherwise."""

    async def confirm(self, session: SessionId, now: datetime, expires_at: datetime | None = None) -> None:
        """The person proved to be there; with ``expires_at`` a pending session becomes a whole one that ends then."""

    async def bind_device(self, session: SessionId, device: DeviceId) -> None: ...
    async def revoke(self, sessions: Collection[SessionId]) -> None:
        """Mark them revoked and append to the changes that every worker follows."""


class Factors(Protocol):
    """The authenticator app of each person. What may be used once is spent by compare-and-swap, on every worker."""

    async def get(self, user: UserId) -> Factor | None: ...
    async def propose(self, user: UserId, secret: str) -> bool:
        """Keep a secret that is not active yet, in place of an earlier one; False when one is active already."""

    async def activate(self, user: UserId, step: int, spare: Collection[bytes]) -> bool:
        """Make the proposed one count, its first ``step`` used; False when there is none to activate."""

    async def spend_step(self, user: UserId, step: int) -> bool:
        """True once for each step, and never for one before the last."""

    async def spend_spare(self, user: UserId, spare: bytes) -> bool:
        """True once for each hash of a spare code."""

    async def replace_spare(self, user: UserId, spare: Collection[bytes]) -> None: ...
    async def remove(self, user: UserId) -> None: ...


class Passwords(Protocol):
    """Argon2id in a bounded worker. ``verify`` does the same work for an unknown account (hash None)."""

    async def hash(self, password: str) -> str: ...
    async def verify(self, password_hash: str | None, password: str) -> bool: ...
    def needs_rehash(self, password_hash: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class AccessToken:
    token: str
    expires_at: datetime


class Tokens(Protocol):
    def issue_access(
        self, user: UserId, session: SessionId, device: DeviceId | None, roles: frozenset[UserRole]
    ) -> AccessToken: ...
    def new_refresh(self, session: SessionId) -> str: ...
    def read_refresh(self, token: str) -> tuple[SessionId, bytes]:
        """The session a refresh token names and the token's hash. Unauthenticated("bad_refresh_token")."""

    def known_device(self, user: UserId) -> str:
        """What a device of this person shows at its next sign-in; always the same."""

    def successor(self, token: str) -> str:
        """Always the same for the same token, so that parallel refreshes agree."""
