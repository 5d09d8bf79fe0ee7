"""`dorfkiste verify` tells people what a bundle proves, or names what is wrong, in their language and offline."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.verifying import LANGUAGES
from crypto.dkx.bundle import Bundle
from crypto.dkx.error import Refusal
from tests.crypto import vectors2
from tests.crypto.corpus import sealed

OFFLINE = """
import socket, sys
def refuse(*_): raise OSError("the network is off")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from api.cli import main
main(["verify", sys.argv[1]])
"""


def verify(folder: Path, raw: bytes, *options: str) -> Result:
    path = folder / "agreement.zip"
    path.write_bytes(raw)
    return CliRunner().invoke(main, ["verify", str(path), *options])


def test_a_true_bundle_is_told_in_german(tmp_path: Path) -> None:
    told = verify(tmp_path, vectors2.whole_bundle())
    assert told.exit_code == 0
    assert told.output.startswith("Gültig: ")
    assert "Bohrmaschine Größe M" in told.output
    assert "Wer vermietet hat am 2025-10-09 08:53:22 unterschrieben" in told.output
    assert "Preis 9.00 EUR · Kaution 50.00 EUR" in told.output
    assert "keine qualifizierte (eIDAS)" in told.output
    assert "Widerruf, zu spät gekommen" in told.output


def test_and_in_english(tmp_path: Path) -> None:
    told = verify(tmp_path, vectors2.whole_bundle(), "--lang", "en")
    assert told.exit_code == 0
    assert "The renter signed on 2025-10-09 08:53:27; the hub witnessed it on 2025-10-09 08:53:28" in told.output
    assert vectors2.NOTARY.public.hex() in told.output


@pytest.mark.parametrize("name", [name for name, (_, refusal) in sealed.bundles().items() if refusal != "ok"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, lang: str) -> None:
    raw, refusal = sealed.bundles()[name]
    told = verify(tmp_path, raw, "--lang", lang)
    assert told.exit_code == 1
    words = json.loads(Path("static/locale", f"verify.{lang}.json").read_text("utf-8"))
    assert words[f"refusal.{refusal}"] in told.output


def test_another_hub_s_key_than_the_one_known_is_refused(tmp_path: Path) -> None:
    assert verify(tmp_path, vectors2.whole_bundle(), "--notary", vectors2.NOTARY.public.hex().upper()).exit_code == 0
    told = verify(tmp_path, vectors2.whole_bundle(), "--notary", "00" * 32, "--lang", "en")
    assert told.exit_code == 1
    assert "Another hub" in told.output


def test_it_needs_no_network(tmp_path: Path) -> None:
    path = tmp_path / "agreement.zip"
    path.write_bytes(vectors2.whole_bundle())
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-c", OFFLINE, str(path)], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Gültig" in done.stdout


def test_what_somebody_wrote_into_an_agreement_does_not_steer_the_terminal(tmp_path: Path) -> None:
    document = vectors2.named(item="Bohrer \x1b[2J\u202e")
    told = verify(tmp_path, vectors2.bundled(vectors2.by_both(document, vectors2.SIGNED_AT)))
    assert told.exit_code == 0
    assert "\x1b" not in told.output
    assert "\u202e" not in told.output


def test_a_file_that_is_too_large_is_no_bundle(tmp_path: Path) -> None:
    assert verify(tmp_path, bytes(2_000_000)).exit_code == 1


def test_a_file_that_is_not_there_is_said_to_be_missing() -> None:
    assert CliRunner().invoke(main, ["verify", "nowhere.zip"]).exit_code == 2


def test_both_languages_have_words_for_every_refusal() -> None:
    german, english = (
        json.loads(Path("static/locale", f"verify.{lang}.json").read_text("utf-8")) for lang in LANGUAGES
    )
    assert german.keys() == english.keys() >= {f"refusal.{refusal}" for refusal in (*get_args(Refusal), "other_notary")}


@pytest.mark.parametrize("step", [7, 11])
def test_no_changed_byte_is_believed(tmp_path: Path, step: int) -> None:
    """Every byte of the archive is tried in tests of the verdict; here, that the command says so."""
    good = bytearray(vectors2.bundled(vectors2.by_both(vectors2.documents()["agreement"], vectors2.SIGNED_AT)))
    for place in range(step, len(good), len(good) // 20):
        good[place] ^= 1
        assert verify(tmp_path, bytes(good)).exit_code == 1
        good[place] ^= 1


def test_a_bundle_with_no_document_is_told_to_lack_its_agreement(tmp_path: Path) -> None:
    empty = replace(Bundle.parse(vectors2.whole_bundle()), documents=())
    assert verify(tmp_path, empty.to_bytes()).exit_code == 1
