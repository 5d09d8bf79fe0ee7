"""Versions of the operator's texts, and consents to them. Both are only ever added to."""

from collections.abc import Sequence
from typing import Protocol

from hub.ids import UserId
from hub.terms import Consent, Doc, TermsVersion


class Terms(Protocol):
    async def newest(self) -> Sequence[TermsVersion]:
        """The version in force of each document there is."""

    async def get(self, doc: Doc, version: int) -> TermsVersion | None: ...
    async def add(self, version: TermsVersion) -> None:
        """Once: the same version added again stays as it was."""

    async def agree(self, consent: Consent) -> None:
        """Once for each version: the first time counts."""

    async def agreed(self, user: UserId) -> Sequence[Consent]:
        """Everything the user agreed to, the oldest first."""
