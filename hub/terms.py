"""The operator's rules and privacy notice in their versions, and who agreed to which (GDPR Art. 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hub.ids import UserId

Doc = Literal["terms", "privacy"]


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """One version, counted from 1: its text by language, in force from ``at`` on."""

    doc: Doc
    version: int
    texts: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    user: UserId
    doc: Doc
    version: int
    at: datetime
