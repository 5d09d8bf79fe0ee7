"""A photo: copies in four sizes without any metadata, and what is known of it before one of them is loaded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.ids import MediaId, UserId

SIZES: Final = (1600, 800, 400, 160)
"""The longer side of each copy in pixels, at most: nothing is ever enlarged."""
MAX_UPLOAD: Final = 10_000_000
"""Bytes of one upload (security.md W4)."""
MAX_PIXELS: Final = 40_000_000
"""Width times height of what is uploaded, looked at before it is decoded."""
MAX_ALT: Final = 300
MAX_PER_ITEM: Final = 12


@dataclass(frozen=True, slots=True)
class Copy:
    """One WebP file. ``size`` is one of SIZES, ``width`` and ``height`` its pixels, ``sha256`` hex of its bytes."""

    size: int
    width: int
    height: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Photo:
    """What somebody uploaded, as it is kept. ``width`` and ``height`` are of the upload, the right way up.

    ``colour`` (``#rrggbb``) stands in until a copy is loaded, ``alt`` is for those who do not see it, ``dhash`` (16 hex
    digits) is close for pictures that look alike (security.md B5).
    """

    id: MediaId
    owner: UserId
    width: int
    height: int
    colour: str
    dhash: str
    copies: tuple[Copy, ...]
    alt: str
    created_at: datetime

    @property
    def bytes(self) -> int:
        """What it takes of its owner's space."""
        return sum(copy.bytes for copy in self.copies)

    def blob(self, copy: Copy) -> str:
        """The name its bytes stand under: with their hash, so that it never means other bytes.

        The photo's own id stands in front, so that removing one person's photo asks nobody else's.
        """
        return f"{self.id}-{copy.sha256}"

    @property
    def blobs(self) -> frozenset[str]:
        """All names; a photo smaller than a size has the same bytes twice."""
        return frozenset(map(self.blob, self.copies))

    def copy(self, size: int) -> Copy | None:
        return next((copy for copy in self.copies if copy.size == size), None)
