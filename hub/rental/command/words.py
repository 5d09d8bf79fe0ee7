"""What people may write into a case."""

from typing import Final

from hub.errors import Invalid

MAX_WORDS: Final = 2000


def checked(words: str) -> None:
    """Say something, and not a book. ``Invalid("bad_words")``."""
    if not words.strip() or len(words) > MAX_WORDS:
        raise Invalid("bad_words", {"max": MAX_WORDS})
