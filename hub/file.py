"""An encrypted attachment: so many bytes of one message. The hub knows neither its name nor what it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.ids import FileId, UserId
from hub.room import MessageAddress

PART: Final = 65_536
"""Bytes are kept in parts of this size; the offset of what is kept is a multiple of it, or the end."""


@dataclass(frozen=True, slots=True)
class File:
    """``size`` and ``offset`` count sealed bytes: all there will be, and those that are kept already.

    It belongs to the message at ``message`` before this is sent: who may read that may read the file.
    ``retired``: it is being removed, and nobody but upkeep sees it.
    """

    id: FileId
    owner: UserId
    message: MessageAddress
    size: int
    offset: int
    created_at: datetime
    retired: bool = False

    @property
    def complete(self) -> bool:
        return self.offset == self.size
