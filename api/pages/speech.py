"""Amounts, days and distances as people say them, in German and in English."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from api.pages.words import shared, words
from hub.item import Item
from hub.tariff import Tariff

SIGNS: Final = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF"}
UNITS: Final = ("day", "hour", "weekend", "week", "month", "minute")
"""By which a price is told first."""
KM: Final = 1000
HOUR, DAY = 60, 24 * 60
NARROW: Final = "\u202f"


@dataclass(frozen=True, slots=True)
class Told:
    """A thing's own words, in ``lang``."""

    title: str
    description: str
    lang: str


@dataclass(frozen=True, slots=True)
class Speech:
    """How things are said in a language."""

    language: str

    def money(self, amount: int, currency: str = "EUR", *, short: bool = False) -> str:
        """Minor units; ``short`` leaves out cents that are none."""
        whole, cents = divmod(abs(amount), 100)
        sign = "\u2212" if amount < 0 else ""
        grouped = f"{whole:,}"
        text = grouped if short and not cents else f"{grouped}.{cents:02}"
        mark = SIGNS.get(currency, currency)
        if self.language == "de":
            return f"{sign}{text.translate(str.maketrans(',.', '.,'))}\u00a0{mark}"
        return f"{sign}{mark}{text}"

    def number(self, value: float) -> str:
        text = f"{value:,.1f}".removesuffix(".0")
        return text.translate(str.maketrans(",.", ".,")) if self.language == "de" else text

    def distance(self, metres: int) -> str:
        """Nothing finer than 100 m."""
        if metres < KM:
            return f"≈{NARROW}{max(metres, 100)}\u00a0m"
        return f"≈{NARROW}{self.number(round(metres / KM, 1))}\u00a0km"

    def reach(self, metres: int) -> str:
        return f"{metres}\u00a0m" if metres < KM else f"{self.number(metres / KM)}\u00a0km"

    def day(self, day: date) -> str:
        """``Fr 11.9.`` or ``Fri 11 Sep``."""
        named = self.weekdays()[day.weekday()]
        return f"{named} {day.day}.{day.month}." if self.language == "de" else f"{named} {day.day} {self._short(day)}"

    def full_day(self, day: date) -> str:
        """For who listens: with the whole month."""
        named = words(self.language)["weekdays_long"].split()[day.weekday()]
        dot = "." if self.language == "de" else ""
        return f"{named}, {day.day}{dot} {self.month(day)}"

    def month(self, day: date | datetime) -> str:
        return f"{words(self.language)['months'].split()[day.month - 1]} {day.year}"

    def weekdays(self) -> list[str]:
        return words(self.language)["weekdays"].split()

    def count(self, key: str, number: int) -> str:
        """``24 Sachen``: the words of ``key_one`` or ``key_other`` with the number in them."""
        return words(self.language)[f"{key}_{'one' if number == 1 else 'other'}"].format(n=self.number(number))

    def minutes(self, minutes: int) -> str:
        """``40 min``, ``3 h`` or ``2 Tage``: roughly."""
        if minutes < HOUR:
            return f"{minutes}\u00a0min"
        if minutes < 2 * DAY:
            return f"{round(minutes / HOUR)}\u00a0h"
        return self.count("days", round(minutes / DAY))

    def line(self, code: str) -> str:
        """What a line of a price is for."""
        return shared(self.language)["lines"][code]

    def tag(self, tag: str) -> str:
        return shared(self.language)["tags"][tag]

    def of(self, item: Item) -> Told:
        """A thing in this language if its owner told it so, else as it was told first."""
        other = item.translation
        if other is not None and other.lang == self.language:
            return Told(other.title, other.description, other.lang)
        return Told(item.title, item.description, item.lang)

    def price(self, tariff: Tariff) -> tuple[str, str]:
        """What stands on the tag: amount and unit."""
        unit = next(unit for unit in UNITS if tariff.price(unit) is not None)
        amount = tariff.price(unit) or 0
        spoken = words(self.language)
        return (self.money(amount, tariff.cur, short=True), spoken[f"per_{unit}"]) if amount else (spoken["free"], "")

    def _short(self, day: date) -> str:
        return words(self.language)["months"].split()[day.month - 1][:3]
