"""The readable documents as HTML that fits a phone: cells know their heads, refusals and settings can be linked to."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from api.docs import PAGES
from api.docs.graph import graph
from api.docs.reference import group_of
from api.docs.text import anchor
from api.protocol import ACTS
from api.tells import TELLS

WITH_ROWS: Final = frozenset({"errors", "settings"})
"""Documents whose rows can be linked to by what stands in their first cell."""
WHOLE: Final = {"live": "realtime", "http": "http"}
"""Sections of the protocol that are pages."""
FILES: Final = {"errors.md": "errors", "settings.md": "settings", "rental.md": "rental", "e2ee.md": "e2ee"}


@cache
def html(name: str, query: str) -> str:
    """A document without its title, which the page gives in the reader's language; links keep ``query``."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(PAGES[name]())
    body = _without_title(tokens)
    _name_headings(body)
    _label_cells(body, rows=name in WITH_ROWS)
    for token in _inline(body):
        _relink(token, query)
    made = str(markdown.renderer.render(body, markdown.options, {}))
    return made.replace("<p>@graph@</p>", _picture())


def _picture() -> str:
    scrolls = 'class="scroll" tabindex="0" role="region" aria-labelledby="graph-title"'
    return f"<div {scrolls}>{graph(styled=False)}</div>"


def _without_title(tokens: list[Token]) -> list[Token]:
    end = next(index for index, token in enumerate(tokens) if token.type == "heading_close")
    return tokens[end + 1 :]


def _name_headings(tokens: Sequence[Token]) -> None:
    for token, text in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _slug(text.content))


def _slug(heading: str) -> str:
    """As GitHub makes it, so that one link works there and here."""
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in "-_ ")
    return kept.replace(" ", "-")


def _label_cells(tokens: Sequence[Token], *, rows: bool) -> None:
    """Each cell gets its head, for where there is no room for columns; with ``rows`` each row its name, once."""
    heads: list[str] = []
    named: set[str] = set()
    column, row = 0, Token("", "", 0)
    for token, text in pairwise(tokens):
        match token.type:
            case "table_open":
                heads = []
            case "tr_open":
                column, row = 0, token
            case "th_open":
                heads.append(text.content.strip("`"))
            case "td_open":
                token.attrs |= _cell(heads[column])
                if rows and column == 0 and (name := text.content.strip("`")) not in named:
                    named.add(name)
                    row.attrSet("id", name)
                column += 1


def _cell(head: str) -> dict[str, str | int | float]:
    label: dict[str, str | int | float] = {"data-label": head}
    return label | {"lang": "de"} if head == "Deutsch" else label


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def _relink(token: Token, query: str) -> None:
    """Links between files become links between pages; the picture becomes part of the page."""
    if token.type == "image":
        token.type, token.content, token.children = "text", "@graph@", None
    if token.type != "link_open":
        return
    file, _, target = str(token.attrs.get("href", "")).partition("#")
    if target in WHOLE:
        token.attrSet("href", f"/docs/{WHOLE[target]}{query}")
    elif file in FILES or file == "protocol.md":
        page = FILES.get(file) or _chapters()[target]
        token.attrSet("href", f"/docs/{page}{query}{target and '#' + target}")
    elif file.endswith(".json"):
        token.attrSet("href", f"/docs/{file}")


@cache
def _chapters() -> dict[str, str]:
    told = {anchor(tell.event): "realtime" for tell in TELLS}
    return told | {anchor(row.event): group_of(row.event) for row in ACTS}
