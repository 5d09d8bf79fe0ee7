"""Linking a new device to an account through the hub: what has been said so far, and what may come next. Pure.

The hub carries it and cannot read or change it: the code that is scanned, or the digits that are compared, bind every
key of both sides (e2ee.md §7).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.errors import Conflict, NotFound
from hub.ids import DeviceId, LinkId, SessionId, UserId

LIFE: Final = timedelta(minutes=5)
"""How long a linking may take, and after that how long the sealed keys wait to be fetched."""


class Step(StrEnum):
    """How far a linking has come; each step is taken once."""

    OPENED = "opened"
    ANSWERED = "answered"
    REVEALED = "revealed"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Link:
    """One linking. ``session`` is the new device's, which has no device yet; ``device`` the one that lets it in.

    ``commit`` is there when digits are compared, and then ``revealed`` comes before the sealed ``bundle``.
    """

    id: LinkId
    user: UserId
    session: SessionId
    expires_at: datetime
    commit: bytes | None = None
    device: DeviceId | None = None
    eph: bytes | None = None
    revealed: bytes | None = None
    bundle: bytes | None = None

    @property
    def step(self) -> Step:
        if self.bundle is not None:
            return Step.SEALED
        if self.revealed is not None:
            return Step.REVEALED
        return Step.OPENED if self.eph is None else Step.ANSWERED

    def answered(self, device: DeviceId, eph: bytes) -> "Link":
        """The existing device tells its ephemeral key; the same one again is fine, a second one never."""
        if (self.device, self.eph) == (device, eph):
            return self
        self._need(Step.OPENED)
        return replace(self, device=device, eph=eph)

    def revealing(self, session: SessionId, revealed: bytes) -> "Link":
        """The new device shows what it committed to."""
        if session != self.session:
            raise NotFound("link_not_found")
        if self.revealed == revealed:
            return self
        self._need(Step.ANSWERED, when=self.commit is not None)
        return replace(self, revealed=revealed)

    def sealed(self, device: DeviceId, bundle: bytes, now: datetime) -> "Link":
        """The existing device hands over the keys, sealed for the new one, which may take its time to fetch them."""
        if device != self.device:
            raise NotFound("link_not_found")
        if self.bundle == bundle:
            return self
        self._need(Step.ANSWERED if self.commit is None else Step.REVEALED)
        return replace(self, bundle=bundle, expires_at=now + LIFE)

    def _need(self, step: Step, *, when: bool = True) -> None:
        if self.step is not step or not when:
            raise Conflict("link_step", {"step": self.step.value})
