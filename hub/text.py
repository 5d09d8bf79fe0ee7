"""Words as search compares them: folded, cut into trigrams, and known by what neighbours call the same thing."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

_SPELLED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe"})
_WORD: Final = re.compile(r"[a-z0-9]+")
MAX_WORD: Final = 40
SHORT: Final = 4
"""A word this short is looked for only at the beginning or the end of others: ``ski`` is not in ``Whiskyglas``."""
ENOUGH: Final = 0.55
"""The share of a word's grams at which another counts as meant, measured on German typos and compounds."""


def fold(text: str) -> str:
    """Lower case, umlauts spelled out, other accents gone: ``Häcksler`` and ``haecksler`` are one word."""
    spelled = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED)
    return "".join(part for part in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(part))


def words(text: str) -> list[str]:
    """The folded words of a text, in their order; what is no letter or digit of the Latin alphabet separates."""
    return [word[:MAX_WORD] for word in _WORD.findall(fold(text))]


def grams(word: str) -> frozenset[str]:
    """Every three letters that follow each other; a shorter word is its own gram."""
    return frozenset(word[n : n + 3] for n in range(len(word) - 2)) or frozenset({word})


def likeness(asked: str, word: str) -> float:
    """The share of the asked word's grams that are in the other: 1 for itself and for compounds with it.

    The share alone decides for long words; a short one says too little by it and must begin or end the other.
    """
    if len(asked) < 3:  # noqa: PLR2004 - no gram to share
        return float(asked == word)
    if len(asked) <= SHORT:
        return float(word.startswith(asked) or word.endswith(asked))
    own = grams(asked)
    return len(own & grams(word)) / len(own)


class Lexicon:
    """Many words, listed by their grams: likeness to all of them is counted instead of compared."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._by_gram: defaultdict[str, list[str]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._words)

    def add(self, found: Iterable[str]) -> None:
        for word in set(found) - self._words:
            self._words.add(word)
            for gram in grams(word):
                self._by_gram[gram].append(word)

    def like(self, asked: str) -> dict[str, float]:
        """Every word with some ``likeness`` to the asked one, and how much."""
        own = grams(asked)
        shared = Counter(word for gram in own for word in self._by_gram.get(gram, ()))
        if len(asked) <= SHORT:
            return {word: 1.0 for word in shared if likeness(asked, word)}
        return {word: count / len(own) for word, count in shared.items()}


class Synonyms:
    """Groups of words for the same thing."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self._groups: dict[str, frozenset[str]] = {}
        for group in groups:
            folded = frozenset(word for told in group for word in words(told))
            for word in folded:
                self._groups[word] = self._groups.get(word, frozenset()) | folded
        self._lexicon = Lexicon()
        self._lexicon.add(self._groups)

    def of(self, word: str) -> frozenset[str]:
        """The word and all that mean the same."""
        return self._groups.get(word, frozenset()) | {word}

    def spelt_like(self, word: str, above: float) -> set[str]:
        """Our words that are most like a misspelt one, if they are more than ``above``."""
        like = self._lexicon.like(word)
        best = max(like.values(), default=0.0)
        return {known for known, share in like.items() if share == best > above}

    def joined(self, told: list[str]) -> list[str]:
        """The words, with neighbours joined that are one word of ours: ``pressure washer``."""
        found, rest = [], list(told)
        while rest:
            pair = "".join(rest[:2])
            whole = len(rest) > 1 and pair in self._groups
            found.append(pair if whole else rest[0])
            del rest[: 2 if whole else 1]
        return found

    def pairs(self, told: list[str]) -> set[str]:
        """Every two neighbours that are one word of ours."""
        return {a + b for a, b in pairwise(told) if a + b in self._groups}


def read_synonyms(text: str) -> Synonyms:
    """The data file: a group a line, ``#`` begins a remark."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return Synonyms(line.split() for line in lines)
