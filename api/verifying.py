"""`dorfkiste verify`: says in plain words who signed what and when, or why a bundle proves nothing. Asks nobody."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from crypto.dkx.bundle import MAX_BYTES
from crypto.dkx.verdict import DocumentVerdict, Signature, Verdict, verify_bundle

LANGUAGES: Final = ("de", "en")
Words = Mapping[str, str]


def verification(path: Path, lang: str, notary: str | None) -> tuple[str, bool]:
    """What to print, and whether everything holds; ``notary`` is the hub's key in hex if the person knows it."""
    with path.open("rb") as file:
        verdict = verify_bundle(file.read(MAX_BYTES + 1))
    words: Words = json.loads((files("static") / "locale" / f"verify.{lang}.json").read_text("utf-8"))
    other = verdict.holds and notary is not None and notary.lower() != verdict.notary.hex()
    refusal = "other_notary" if other else verdict.refusal
    lines = _refused(words, refusal, verdict.detail) if refusal else _told(words, verdict)
    return "\n".join(map(_printable, lines)), refusal is None


def _refused(words: Words, refusal: str, detail: str) -> Iterator[str]:
    yield words["refused"].format(why=words[f"refusal.{refusal}"])
    if detail:
        yield words["detail"].format(detail=f"{refusal}: {detail}")


def _told(words: Words, verdict: Verdict) -> Iterator[str]:
    first = verdict.documents[0].agreement
    yield words["holds"]
    yield ""
    yield words["thing"].format(item=first.fields["item"])
    yield words["hub"].format(hub=first.fields["hub"], rental=first.fields["rental"])
    for document in verdict.documents:
        yield ""
        yield from _document(words, document)
    yield ""
    for role, party in sorted(first.parties.items()):
        known = {"role": words[f"role.{role.name.lower()}"], "account": party.account.hex(), "aik": party.aik.hex()}
        yield from words["identity"].format(**known).splitlines()
    yield words["notary"].format(notary=verdict.notary.hex())
    yield words["compare"]
    yield words["eidas"]


def _document(words: Words, document: DocumentVerdict) -> Iterator[str]:
    agreement = document.agreement
    said = agreement.fields
    yield words[f"kind.{agreement.kind}"]
    price, deposit = (_money(said[name], said["currency"]) for name in ("price_cents", "deposit_cents"))
    yield "  " + words["terms"].format(
        start=_written(said["from"]), end=_written(said["to"]), price=price, deposit=deposit
    )
    for signature in document.signatures:
        yield "  " + _signature(words, signature)


def _signature(words: Words, signature: Signature) -> str:
    return words["signed"].format(
        role=words[f"role.{signature.role.name.lower()}"],
        signed=_time(signature.signed_at),
        witnessed=_time(signature.witnessed_at),
        device=signature.device.hex(),
    )


def _money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02d} {currency}"


def _written(time: str) -> str:
    return time.replace("T", " ").removesuffix(":00Z").removesuffix("Z")


def _time(ms: int) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, OSError, ValueError):
        return f"{ms} ms"


def _printable(line: str) -> str:
    """Texts in an agreement come from people: nothing in them may steer the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)
