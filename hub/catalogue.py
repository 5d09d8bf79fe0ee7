"""The catalogue that ships with the hub, read once."""

import json
from pathlib import Path
from typing import Final

from hub.category import Catalogue, read_catalogue
from hub.text import read_synonyms

FOLDER: Final = Path(__file__).parent.parent / "static" / "catalogue"


def _load() -> Catalogue:
    told = json.loads((FOLDER / "categories.json").read_text(encoding="utf-8"))
    return read_catalogue(told["categories"])


CATALOGUE: Final = _load()
SYNONYMS: Final = read_synonyms((FOLDER / "synonyms.txt").read_text(encoding="utf-8"))
