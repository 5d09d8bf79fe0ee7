"""What search compares and how it ranks: pure, so that a simple model can be put beside it (design: rental.md §5).

A thing is known by words of two kinds: those of its titles, marked with ``+``, and all of them. A word that is asked
for is met *well* by a word that holds all its grams or means the same, *nearly* by those most like it where it is
misspelt, and *roughly* by all that are like it enough; but for well, only titles count.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

from hub.catalogue import CATALOGUE, SYNONYMS
from hub.category import CategoryId
from hub.errors import Invalid
from hub.ids import ItemId
from hub.item import Item
from hub.period import Period
from hub.place import Point, distance_m, public_point
from hub.pricing import quote
from hub.text import ENOUGH, Lexicon, grams, words

Order = Literal["relevance", "distance", "price", "newest"]

MAX_WORDS: Final = 6
"""Of a question; further ones are not looked at."""
MAX_KNOWN: Final = 160
"""Words by which a thing is known, those of its titles first."""
FIRST_M: Final = 1_000
"""So far around the searcher is looked first."""
WELL: Final = 1.0

_TITLE: Final = "+"
_A_DAY: Final = Period(datetime(2026, 1, 13, tzinfo=UTC), datetime(2026, 1, 14, tzinfo=UTC))
"""A Tuesday: no weekend."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What must hold. ``near`` is a public point, ``within_m`` around it; ``price`` the most a day may cost.

    None leaves everything in.
    """

    categories: frozenset[CategoryId] | None = None
    near: Point | None = None
    within_m: int = 0
    price: int | None = None

    def takes(self, candidate: "Candidate") -> bool:
        kind = self.categories is None or candidate.category in self.categories
        cheap = self.price is None or candidate.price <= self.price
        return kind and cheap and (self.near is None or self.distance(candidate) <= self.within_m)

    def distance(self, candidate: "Candidate") -> int:
        """Metres between public points, rounded to 100 m (security.md L1)."""
        return distance_m(self.near, candidate.public) if self.near else 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """As much of a thing as ranking needs. ``created`` is in ms since 1970."""

    id: ItemId
    public: Point
    price: int
    category: CategoryId
    created: int


Key = tuple[int, int, str]
"""Where a thing stands in an order: no two things stand at the same place, and nothing that is added moves another."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What things are known by that meet one word of a question; each set holds the one before it."""

    titled: frozenset[str]
    nearly: frozenset[str]
    roughly: frozenset[str]


def known_by(item: Item) -> list[str]:
    """The words by which search finds a thing; none unless it is lent."""
    if item.status != "active" or item.deleted_at is not None:
        return []
    other = item.translation
    titles = [item.title, other.title if other else ""]
    named = CATALOGUE.categories.get(item.category)
    kinds = [text for id_ in (named.path if named else ()) for text in CATALOGUE.categories[id_].names.both()]
    texts = [*kinds, item.description, other.description if other else "", *(each.name for each in item.accessories)]
    in_title = _distinct(titles)
    rest = [word for word in _distinct(texts) if word not in set(in_title)]
    return [*(_TITLE + word for word in in_title), *in_title, *rest[: max(0, MAX_KNOWN - len(in_title))]]


def plain(known: Iterable[str]) -> set[str]:
    """The words without their marks, as the dictionary lists them."""
    return {word.removeprefix(_TITLE) for word in known}


def asked_words(text: str) -> tuple[str, ...]:
    """The distinct words of a question, neighbours joined where these are one word."""
    return tuple(dict.fromkeys(SYNONYMS.joined(words(text))))[:MAX_WORDS]


def meant(word: str, lexicon: Lexicon) -> Meant:
    """Which words meet ``word``. Only if none meets it well is it taken for misspelt."""
    well = _well(SYNONYMS.of(word), lexicon)
    rough = {known: share for known, share in lexicon.like(word).items() if share >= ENOUGH and known not in well}
    nearest = set() if well else _nearest(word, rough, lexicon)
    titled = _titled(well)
    nearly = titled | well | _titled(nearest)
    return Meant(titled, nearly, nearly | _titled(rough))


def parts(text: Sequence[str], met: Sequence[Collection[ItemId]]) -> set[ItemId]:
    """Things that meet so much of a question that the words they meet hold ``ENOUGH`` of its grams."""
    share: Counter[ItemId] = Counter()
    weights = [len(grams(word)) for word in text]
    for weight, things in zip(weights, met, strict=True):
        share.update(dict.fromkeys(things, weight))
    return {thing for thing, weight in share.items() if weight >= ENOUGH * sum(weights)}


def key_of(order: Order, wanted: Filter) -> Callable[[Candidate, int], Key]:
    """The place of a candidate and its tier in an order; smaller is earlier."""
    near = wanted.near is not None
    match order:
        case "distance":
            return lambda each, _: (wanted.distance(each), 0, each.id)
        case "price":
            return lambda each, _: (each.price, 0, each.id)
        case "newest":
            return lambda each, _: (-each.created, 0, each.id)
        case "relevance":
            return lambda each, tier: (tier, wanted.distance(each) if near else -each.created, each.id)


def read_key(cursor: str) -> Key:
    """The key that ``write_key`` wrote. ``Invalid("bad_cursor")``."""
    first, _, rest = cursor.partition(".")
    second, _, id_ = rest.partition(".")
    try:
        key = (int(first), int(second), id_)
    except ValueError:
        raise Invalid("bad_cursor") from None
    if write_key(key) != cursor:
        raise Invalid("bad_cursor")
    return key


def write_key(key: Key) -> str:
    return ".".join(map(str, key))


def day_price(item: Item) -> int:
    """What one unit costs for a day by the tariff, in minor units, out of season: what searching by price compares."""
    return quote(replace(item.tariff, season=()), _A_DAY, "UTC").price


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def squares(within_m: int, from_m: int = 0) -> Iterator[int]:
    """How far to look for what is nearest, further each time: metres, the last as far as ``within_m``."""
    reach = from_m + FIRST_M
    while reach < within_m:
        yield reach
        reach *= 3
    yield within_m


def snapped(lat: float, lon: float) -> Point:
    """The public point of where somebody searches from: the answers tell nothing finer than cells, on both sides."""
    return public_point(Point(lat, lon))


def _well(variants: Iterable[str], lexicon: Lexicon) -> set[str]:
    return {known for variant in variants for known, share in lexicon.like(variant).items() if share >= WELL}


def _nearest(word: str, rough: Mapping[str, float], lexicon: Lexicon) -> set[str]:
    """What a misspelt word stands for: words of the things, or, if it is more like one of ours, what means the same."""
    best = max(rough.values(), default=0.0)
    spelt = SYNONYMS.spelt_like(word, max(best, ENOUGH))
    same = _well({variant for right in spelt for variant in SYNONYMS.of(right)}, lexicon)
    return same or {known for known, share in rough.items() if share == best}


def _titled(known: Iterable[str]) -> frozenset[str]:
    return frozenset(_TITLE + word for word in known)


def _distinct(texts: Iterable[str]) -> list[str]:
    """The words of the texts, each once, and every two neighbours that are one word of the synonyms."""
    told = [words(text) for text in texts]
    pairs = {pair for each in told for pair in SYNONYMS.pairs(each)}
    return list(dict.fromkeys([word for each in told for word in each if len(word) > 1] + sorted(pairs)))
