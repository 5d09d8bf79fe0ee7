"""What the demo shows: progress with times, two timelines side by side, and the plain facts at the end."""

import time
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from client.timeline import Line
from client.when import read_time
from client.words import Words

PLAIN_WIDTH = 118


class Picture:
    """Writes to ``console``; without a terminal it is plain text of a fixed width, without colour."""

    def __init__(self, console: Console, words: Words, tz: str) -> None:
        self._console, self.words, self._tz = console, words, tz
        self._began = time.monotonic()
        if not console.is_terminal:
            console.width = PLAIN_WIDTH

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._began

    def say(self, key: str, **filled: Any) -> None:
        """One line of progress."""
        text = escape(self.words(key, **filled))
        self._console.print(f"[dim]{self.seconds:6.2f} s[/]  {text}", highlight=False, soft_wrap=True)

    def head(self, key: str, **filled: Any) -> None:
        self._console.print()
        self._console.rule(f"[bold]{escape(self.words(key, **filled))}", align="left", characters="─")

    def plain(self, text: str) -> None:
        self._console.print(escape(text), highlight=False, soft_wrap=True)

    def side_by_side(self, views: Mapping[str, Sequence[Line]], names: Mapping[str, str]) -> None:
        """``views`` by the account of who sees; ``names`` by account."""
        table = Table(box=box.SIMPLE_HEAD if self._console.is_terminal else box.ASCII2, expand=True)
        for account in views:
            table.add_column(escape(self.words("view.of", name=names[account])), ratio=1, overflow="fold")
        told = [[self.line(line, account, names) for line in lines] for account, lines in views.items()]
        for row in zip_longest(*told, fillvalue=""):
            table.add_row(*map(escape, row))
        self._console.print(table)

    def line(self, line: Line, reader: str, names: Mapping[str, str]) -> str:
        """One entry in words, as ``reader`` sees it."""
        who = self.words("line.you") if line.author == reader else names.get(line.author, self.words("line.system"))
        return f"{line.seq or '·':>2}  {who}: {self._content(line)}"

    def _content(self, line: Line) -> str:
        match line.kind:
            case "text":
                return line.text
            case "event":
                key = f"event.{line.event}"
                known = key if self.words.has(key) else "event.other"
                return self.words(known, type=line.event, terms=self.terms(line.data), change=self.change(line.data))
            case "unreadable":
                key = f"reason.{line.reason}"
                return self.words(key if self.words.has(key) else "reason.other", reason=line.reason)
            case other:
                return self.words(f"line.{other}", text=line.text, reason=line.reason)

    def terms(self, data: Mapping[str, Any]) -> str:
        """Dates and price of the offer in an event or a rental."""
        terms = (data.get("offer") or {}).get("terms")
        if not terms:
            return ""
        start, end = (self.words.time(read_time(terms[edge]), self._tz) for edge in ("start", "end"))
        return self.words("terms", start=start, end=end, price=self.words.money(terms["price"], terms["cur"]))

    def change(self, data: Mapping[str, Any]) -> str:
        """Dates and price of the change that an event proposes."""
        return self.terms({"offer": data.get("change")})

    def stretch(self, full: Mapping[str, str]) -> str:
        """A stretch of a calendar."""
        start, end = (self.words.time(read_time(full[edge]), self._tz) for edge in ("s", "e"))
        return self.words("stretch", start=start, end=end)
