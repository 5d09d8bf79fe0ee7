"""The operator's texts on their way from ``LEGAL_DIR`` into the hub, where each version is kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from hub.terms import Doc

LANGUAGES: Final = ("de", "en")


def terms_in(folder: Path | None) -> Mapping[Doc, Mapping[str, str]]:
    """Each document by language; ``terms.md`` without a language is German."""
    if folder is None:
        return {}
    read = {doc: {lang: said for lang in LANGUAGES if (said := _text(folder, doc, lang))} for doc in get_args(Doc)}
    return {doc: texts for doc, texts in read.items() if texts}


def _text(folder: Path, doc: str, lang: str) -> str:
    names = [f"{doc}.{lang}.md", *([f"{doc}.md"] if lang == "de" else [])]
    found = next((path for name in names if (path := folder / name).is_file()), None)
    return found.read_text(encoding="utf-8") if found else ""
