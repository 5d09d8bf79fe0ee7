"""A copy of everything the hub has of a person, made on request (GDPR Art. 15 and 20), and how long it is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hub.ids import ExportId, UserId

KEPT: Final = timedelta(days=7)
"""How long a copy that is ready can be fetched."""


@dataclass(frozen=True, slots=True)
class Export:
    """``done`` of ``of`` parts are in it; it is ready once it has its ``bytes``. The file is a ZIP, sealed at rest."""

    id: ExportId
    user: UserId
    created_at: datetime
    expires_at: datetime
    done: int = 0
    of: int = 0
    bytes: int = 0

    @property
    def ready(self) -> bool:
        return self.bytes > 0

    @property
    def blob(self) -> str:
        """The name of its bytes."""
        return f"export-{self.id}"
