"""Examples of reviews."""

from typing import Final

from api.examples.sample import ITEM, ME, NEIGHBOUR, RENTAL, REVIEW, Example

STARS: Final = {"overall": 5, "communication": 5, "punctual": 4, "item": 5}
REPLY: Final = {"text": "Danke dir!", "at": "2026-07-07T08:00:00Z"}
WORDS: Final = {
    "id": REVIEW, "role": "renter", "tags": ["friendly", "well_explained"], "text": "Gerne wieder!", "reply": None,
    "at": "2026-07-06T08:00:00Z",
}  # fmt: skip
MINE: Final = WORDS | {"skipped": False, "stars": STARS, "thanks": "Danke für den Kaffee."}
SHEET: Final = {
    "mine": MINE, "theirs": None, "closes_at": "2026-07-19T08:00:00Z", "published": False, "allowed": ["put", "skip"],
}  # fmt: skip
THEIRS: Final = MINE | {"role": "owner", "stars": STARS | {"item": None}, "reply": REPLY}
PAGE: Final = {
    "reviews": [WORDS | {"author": ME, "stars": STARS, "reply": REPLY}],
    "score": {"count": 3, "stars": {"overall": 4.7, "communication": 5.0, "punctual": 4.3}},
}
ASKED: Final = {"rental": RENTAL, "overall": 5, "communication": 5, "punctual": 4, "item": 5}

EXAMPLES: Final = {
    "review:put": Example(
        ASKED | {"tags": WORDS["tags"], "text": WORDS["text"], "thanks": MINE["thanks"]}, SHEET),
    "review:skip": Example({"rental": RENTAL, "thanks": "Danke!"}, SHEET | {
        "mine": MINE | {"skipped": True, "stars": None, "tags": [], "text": "", "thanks": "Danke!"}}),
    "review:reply": Example({"rental": RENTAL, "text": "Danke dir!"}, SHEET | {
        "published": True, "allowed": [], "mine": MINE | {"reply": REPLY}, "theirs": THEIRS}),
    "review:get": Example({"rental": RENTAL}, SHEET),
    "review:list": Example({"user": NEIGHBOUR}, PAGE),
    "review:list_item": Example({"item": ITEM}, PAGE | {"score": {"count": 3, "stars": {"overall": 4.7, "item": 4.3}}}),
}  # fmt: skip
