"""Every refusal, every setting and every step of a rental, as readable tables."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from api.docs.doors import DOOR_CODES
from api.docs.refusal_data import DATA
from api.docs.text import code, listed, prose, table
from api.errors import CODES, STATUS
from api.settings import settings_reference
from hub.rental import CLOSED, OCCUPYING, State
from hub.rental import guard as guards
from hub.rental.row import Row
from hub.rental.transition import ROWS

LOCALE: Final = Path(__file__).parents[2] / "static" / "locale"
ADVICE: Final = {
    "invalid": "The request itself is wrong: fix it. The same again is refused again.",
    "unauthenticated": "Renew the token, sign in, or prove the device.",
    "forbidden": "Known, but not yours to do.",
    "not_found": "Gone, or hidden from you: the two look the same.",
    "conflict": "Somebody was faster, or things have changed: load again and decide again.",
    "rate_limited": "Wait `after_ms`, then send the same again.",
    "unavailable": "Send the very same again, with the same `cmd_id` or `cid`, a little later: it is done once.",
    "internal": "Our fault. The id in `data` is in the hub's log.",
}
"""What to do, by kind."""


def errors_document() -> str:
    """Every refusal by kind: its words in both languages and what its ``data`` holds."""
    doors = ([f"`{door.code}`", door.where, door.meaning] for door in DOOR_CODES)
    return prose(
        "errors",
        kinds="\n\n".join(_kind(kind, codes) for kind, codes in CODES.items()),
        doors=table(("Code", "Where", "What it means"), doors),
    )


def settings_document() -> str:
    """Every environment variable."""
    rows = (
        [f"`{row['env']}`", row["type"], code(row["default"] or None), row["description"]]
        for row in settings_reference()
    )
    return prose("settings", settings=table(("Name", "Type", "Default", "Meaning"), rows))


def rental_document() -> str:
    """The state machine: the picture, its rows, and what the guards refuse."""
    return prose(
        "rental",
        occupying=_states(OCCUPYING),
        closed=_states(CLOSED),
        steps=table(("Command", "From", "To", "Who", "Guards", "Besides"), map(_step, ROWS)),
        guards=table(("Guard", "Refuses if"), ([f"`{name}`", _sentence(name)] for name in guard_names())),
    )


def guard_names() -> list[str]:
    """Every guard of the table, once."""
    return list(dict.fromkeys(name for row in ROWS for name in row.guard_names))


def words(language: str) -> Mapping[str, str]:
    """What people read for each code."""
    found: Mapping[str, str] = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))["errors"]
    return found


def _kind(kind: str, codes: Iterable[str]) -> str:
    german, english = words("de"), words("en")
    rows = ([f"`{one}`", english[one], german[one], DATA.get(one, "")] for one in sorted(codes))
    head = f"## `{kind}`: HTTP {STATUS[kind]}"
    return "\n\n".join((head, ADVICE[kind], table(("Code", "English", "Deutsch", "`data`"), rows)))


def _step(row: Row[Any]) -> list[str]:
    return [
        f"`{row.name}`",
        listed(source.value if source else "nothing" for source in row.sources),
        " or ".join(state.value for state in row.targets) or "stays",
        listed(role.value for role in row.who),
        listed(f"`{name}`" for name in row.guard_names),
        row.effects,
    ]


def _sentence(guard: str) -> str:
    said = getattr(guards, guard).__doc__ or guard.replace("_", " ").capitalize() + "."
    return " ".join(said.split()).replace("``", "`")


def _states(states: Iterable[State]) -> str:
    names = [f"`{state.value}`" for state in State if state in states]
    return f"{', '.join(names[:-1])} or {names[-1]}"
