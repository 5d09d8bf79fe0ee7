"""The reference of the acts, chapter by chapter: what each takes, answers and refuses, with an example."""

from typing import Final

from api.docs.meanings import meaning
from api.docs.reference import Field, chapter, fields_of, limit_words
from api.docs.refusals import refusals_of
from api.docs.text import act_link, anchor, code, error_links, json_block, listed, table
from api.protocol import Act

TITLES: Final = {
    "people": "People and sign-ins",
    "neighbours": "Between neighbours",
    "devices": "Devices and keys",
    "things": "Things",
    "places": "Places",
    "photos": "Photos",
    "files": "Files",
    "rentals": "Rentals",
    "offers": "Offers and changes",
    "agreements": "Signed agreements",
    "settling": "Payments, cases and reports",
    "rooms": "Rooms and messages",
}
DOORS: Final = {"both": "Socket.IO and HTTP", "http": "HTTP only", "socket": "Socket.IO only"}


def acts_document(group: str) -> str:
    """One chapter. An answer that looks like an earlier one is not shown again."""
    acts = chapter(group)
    index = table(("Event", "What"), ([f"[`{row.event}`](#{anchor(row.event)})", row.summary] for row in acts))
    shown: dict[str, str] = {}
    return "\n\n".join((f"# {TITLES[group]}", index, *(_act(row, shown) for row in acts))) + "\n"


def _act(row: Act, shown: dict[str, str]) -> str:
    limits = listed(limit_words(limit) for limit in row.limits)
    parts = [
        f"## `{row.event}`",
        row.summary,
        f"{code(row.route)} · {DOORS[row.doors]} · for: {listed(row.who)} · at most {limits}",
    ]
    if fields := fields_of(row.wire):
        parts.append(table(("Field", "Type", "If left out", "Meaning"), map(_field, fields)))
    asked = "Asked, in the query, with the file as the body:" if row.raw else "Asked:"
    parts += [asked, json_block(row.example.ask), *_answer(row, shown)]
    if own := refusals_of(row):
        parts.append(f"Refused with: {error_links(own)}.")
    return "\n\n".join(parts)


def _field(field: Field) -> list[str]:
    left_out = "refused" if field.required else code(field.default) if field.default else "empty"
    return [f"`{field.name}`", field.type, left_out, meaning(field.name)]


def _answer(row: Act, shown: dict[str, str]) -> list[str]:
    status = f" ({row.status})" if row.route else ""
    if not row.example.answer:
        return [f"Answered{status} with nothing but success: `{{}}`."]
    block = json_block(row.example.answer)
    if earlier := shown.get(block):
        return [f"Answered{status} as {act_link(earlier)} is."]
    shown[block] = row.event
    return [f"Answered{status}:", block]
