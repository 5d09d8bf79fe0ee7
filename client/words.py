"""The words of the demo in the language asked for; German and English stand in ``locale/`` beside this file."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

LANGUAGES: Final = ("de", "en")


class Words:
    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, lang: str) -> Self:
        raw = files("client").joinpath("locale", f"{lang}.json").read_text(encoding="utf-8")
        return cls(json.loads(raw))

    def __call__(self, key: str, **filled: Any) -> str:
        return self._texts[key].format(**filled)

    def has(self, key: str) -> bool:
        return key in self._texts

    def money(self, amount: int, currency: str) -> str:
        """Minor units as people write them; only currencies with two decimals appear here."""
        whole, cents = divmod(amount, 100)
        return self("money", whole=whole, cents=f"{cents:02d}", sign="€" if currency == "EUR" else currency)

    def time(self, at: datetime, tz: str) -> str:
        return at.astimezone(ZoneInfo(tz)).strftime(self._texts["time_format"])
