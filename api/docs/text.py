"""Markdown in small pieces, and the prose around them, which lies in ``static/templates/docs``."""

import re
from collections.abc import Iterable
from pathlib import Path
from string import Template
from typing import Any, Final

from api.docs.pretty import pretty

PROSE: Final = Path(__file__).parents[2] / "static" / "templates" / "docs"
NOTE: Final = "*Generated from what the hub runs on by `scripts/docs`; a test compares.*"
NOTHING: Final = "none"
_HEADING: Final = re.compile(r"^(?=#)", re.MULTILINE)


def prose(name: str, **parts: str) -> str:
    """A readable document: its prose with the generated parts in place, every one of them named."""
    return Template((PROSE / f"{name}.md").read_text(encoding="utf-8")).substitute(parts)


def noted(document: str) -> str:
    """With a line below the title that says where it comes from."""
    title, _, rest = document.partition("\n")
    return f"{title}\n\n{NOTE}\n{rest}"


def section(document: str) -> str:
    """A document as a section of a larger one."""
    return _HEADING.sub("#", document)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def json_block(value: Any) -> str:
    return f"```json\n{pretty(value)}\n```"


def code(text: str | None) -> str:
    return f"`{text}`" if text else NOTHING


def listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or NOTHING


def anchor(event: str) -> str:
    """Where a heading that is an event's name can be linked to, as GitHub makes it."""
    return event.replace(":", "")


def act_link(event: str) -> str:
    return f"[`{event}`](protocol.md#{anchor(event)})"


def error_links(codes: Iterable[str]) -> str:
    return listed(f"[`{code}`](errors.md#{code})" for code in codes)
