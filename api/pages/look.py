"""How somebody wants the pages to look: language, colours and size of type, kept in one cookie."""

from dataclasses import dataclass
from typing import Final, Self

from quart import Request

COOKIE: Final = "look"
YEAR_S: Final = 31_536_000
LANGUAGES: Final = {"de": "Deutsch", "en": "English"}
THEMES: Final = ("light", "dark")
SIZES: Final = ("s", "l", "xl")


@dataclass(frozen=True, slots=True)
class Look:
    """Empty where somebody has not chosen: then the browser's own wishes count."""

    lang: str = ""
    theme: str = ""
    size: str = ""

    @classmethod
    def of(cls, request: Request) -> Self:
        """What the cookie says, as far as it is one of ours."""
        return cls.chosen(*(request.cookies.get(COOKIE, "").split(".") + [""] * 3)[:3])

    @classmethod
    def chosen(cls, lang: str, theme: str, size: str) -> Self:
        """These, without what nobody offers."""
        return cls(*(one if one in known else "" for one, known in ((lang, LANGUAGES), (theme, THEMES), (size, SIZES))))

    def cookie(self) -> str:
        return f"{self.lang}.{self.theme}.{self.size}"
