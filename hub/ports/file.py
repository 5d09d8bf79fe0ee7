"""Encrypted attachments: kept part by part while they arrive, from before their first byte until after their last."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from hub.file import File
from hub.ids import FileId, UserId
from hub.ports.media import Used
from hub.room import MessageAddress


class Files(Protocol):
    """What is known of files. The bytes of a whole one are a blob under its id (``hub.ports.Blobs``)."""

    async def begin(self, file: File, until: datetime) -> File:
        """Take note of a file that will arrive, or find the same one; upkeep leaves it alone ``until`` then.

        Conflict("file_taken") when another one has its id, Unavailable("contended") while it is being removed.
        """

    async def get(self, file: FileId) -> File | None: ...
    async def of(self, message: MessageAddress, look_at: datetime) -> Sequence[File]:
        """Those of one message; upkeep looks at them from ``look_at`` on."""

    async def used(self, owner: UserId) -> Used:
        """By their sizes: what has not arrived yet counts, too."""

    async def append(self, file: File, content: bytes, until: datetime) -> File:
        """Keep what comes next, whole parts or all to the end; durable when it returns.

        StaleWrite when the file does not end where ``file`` says, and nothing is kept.
        """

    async def retire(self, file: FileId, due: datetime | None = None) -> bool:
        """Nobody finds it any more, and nothing is added; then delete its blob and ``forget`` it.

        With ``due``, False when upkeep is to leave it alone for longer: it was begun again since.
        """

    async def forget(self, file: FileId) -> None: ...
    def due(self, now: datetime) -> AsyncIterator[File]:
        """Those that upkeep is to look at, the longest due first."""

    async def put_off(self, file: FileId, until: datetime) -> None:
        """Look again then."""
