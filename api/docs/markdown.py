"""The readable documents: what every event and route takes and answers, every refusal, every setting, the rental."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from api.docs.doors import DOOR_CODES
from api.errors import CODES, STATUS
from api.limit import Limit
from api.protocol import ACTS, Act
from api.settings import settings_reference
from api.tells import TELLS, Tell
from hub.rental import TRANSITIONS

LOCALE: Final = Path(__file__).parents[2] / "static" / "locale"
NOTE: Final = "*Generated from the table the hub runs on by `scripts/docs`; a test compares.*"


CONVENTIONS: Final = (
    "Every act works over HTTP and over Socket.IO (namespace `/hub`, websocket only) unless one door is missing. "
    'An event is acknowledged exactly once: `{"ok": true, …}` or `{"ok": false, "error": {"code", "kind", '
    '"retry"?, "after_ms"?, "data"?}}`; over HTTP the same error is an `application/problem+json` (RFC 9457). '
    "Ids are 32 hex digits, bytes base64url without padding, times of rentals RFC 3339 in UTC, other times "
    "milliseconds since 1970, money integer minor units."
)
KINDS: Final = (
    "`kind` tells what to do: `invalid` fix the request · `unauthenticated` sign in · `forbidden` not yours · "
    "`not_found` gone, or hidden from you · `conflict` reload and decide again · `rate_limited` wait `after_ms` · "
    "`unavailable` send the same again, with the same id · `internal` our fault, quote the id."
)
NOTHING: Final = "none"


def protocol_page() -> str:
    """Every act with its route, its limits and an example; then what the hub tells."""
    overview = _table(
        ("Event", "Route", "Who", "What"),
        ([f"[`{act.event}`](#{_anchor(act.event)})", _code(act.route), _words(act.who), act.summary] for act in ACTS),
    )
    tells = _table(("Event", "To", "What"), ([f"`{tell.event}`", tell.audience, tell.summary] for tell in TELLS))
    parts = [
        "# Protocol",
        NOTE,
        CONVENTIONS,
        "## Acts",
        overview,
        *(_act(act) for act in ACTS),
        "## What the hub tells",
        "Hints for live sockets. The log of a room is the truth: a gap in `seq` is filled by `room:sync`.",
        tells,
        *(_tell(tell) for tell in TELLS),
    ]
    return "\n\n".join(parts) + "\n"


def errors_page() -> str:
    """Every refusal, its kind, its HTTP status and its words in both languages."""
    german, english = words("de"), words("en")
    rows = (
        [f"`{code}`", kind, str(STATUS[kind]), english.get(code, ""), german.get(code, "")]
        for kind, codes in CODES.items()
        for code in sorted(codes)
    )
    at_the_doors = _table(("Code", "Where", "What it means"), ([f"`{d.code}`", d.where, d.meaning] for d in DOOR_CODES))
    parts = [
        "# Refusals",
        NOTE,
        KINDS,
        _table(("Code", "Kind", "HTTP", "English", "Deutsch"), rows),
        "## At the doors",
        at_the_doors,
    ]
    return "\n\n".join(parts) + "\n"


def settings_page() -> str:
    """Every environment variable."""
    rows = (
        [f"`{row['env']}`", row["type"], _code(row["default"] or None), row["description"]]
        for row in settings_reference()
    )
    parts = ["# Settings", NOTE, "Read from the environment.", _table(("Name", "Type", "Default", "Meaning"), rows)]
    return "\n\n".join(parts) + "\n"


def rental_page() -> str:
    """The state machine, row by row."""
    rows = (
        [
            f"`{row.name}`",
            _words(source.value if source else "nothing" for source in row.sources),
            row.target.value,
            _words(role.value for role in row.who),
            _words(f"`{guard}`" for guard in row.guard_names),
            row.effects,
        ]
        for row in TRANSITIONS
    )
    table = _table(("Command", "From", "To", "Who", "Guards", "Besides"), rows)
    parts = ["# The rental", NOTE, "The only place where a rental's state changes.", table]
    return "\n\n".join(parts) + "\n"


def words(language: str) -> Mapping[str, str]:
    """What people read for each code."""
    found: Mapping[str, str] = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))["errors"]
    return found


def limit_words(limit: Limit) -> str:
    """For example ``60 per minute and user``."""
    spans = {1: "second", 60: "minute", 900: "15 minutes", 3600: "hour", 86_400: "day"}
    span = spans.get(int(limit.seconds), f"{limit.seconds:g} s")
    return f"{limit.count} per {span} and {limit.key.replace('+', ' and ')}"


def _act(act: Act) -> str:
    doors = {"both": "Socket.IO and HTTP", "http": "HTTP only", "socket": "Socket.IO only"}[act.doors]
    limits = ", ".join(limit_words(limit) for limit in act.limits) or "none of its own"
    facts = [
        f"### `{act.event}`",
        act.summary,
        f"{doors} · {_code(act.route)} · who: {_words(act.who)} · limits: {limits}",
        f"Asked:\n\n{_json(act.example.ask)}",
        f"Answered:\n\n{_json(act.example.answer)}",
    ]
    return "\n\n".join(facts)


def _tell(tell: Tell) -> str:
    return f"### `{tell.event}`\n\n{tell.summary}\n\n{_json(tell.example)}"


def _json(value: Any) -> str:
    return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _code(text: str | None) -> str:
    return f"`{text}`" if text else NOTHING


def _words(texts: Iterable[str]) -> str:
    return ", ".join(texts) or NOTHING


def _anchor(event: str) -> str:
    return event.replace(":", "")
