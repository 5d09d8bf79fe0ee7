"""The demo, as a fresh machine runs it: a hub of its own, exit code 0, nothing but text without a terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from client.demo import main


def play(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from client.demo import main; sys.exit(main())", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)  # noqa: S603 - our own


def test_the_demo_shows_the_main_job_and_says_that_it_went_well(tmp_path: Path):
    played = play("--lang", "de", "--keep", str(tmp_path / "kept"))
    assert played.returncode == 0, played.stdout + played.stderr
    for shown in ("slot_unavailable", "Sicherheitsnummer", "Gegenangebot", "kein Wort im Klartext", "Grüß dich, Tim!"):
        assert shown in played.stdout
    for shown in (
        "„Bormaschine“",
        "nur noch Bildpunkte",
        "wrong_code",
        "abgeschlossen",
        "Jederzeit wieder!",
        "beide Unterschriften gelten",
    ):
        assert shown in played.stdout
    assert "\x1b" not in played.stdout
    assert (tmp_path / "kept" / "marta" / "store.sqlite3").exists()


@pytest.mark.parametrize(
    ("story", "lang", "shown"),
    [
        ("late-return", "de", ("Überfällig", "gewarnt", "Änderung abgemacht", "16,00 €", "dieselben 16 Einträge")),
        (
            "dispute",
            "en",
            ("Not back after all", "own_decision", "€12.00 of the deposit are kept", "the same 17 entries"),
        ),
    ],
)
def test_an_unhappy_story_ends_well_and_both_sides_see_the_same(story: str, lang: str, shown: tuple[str, ...]):
    played = play("--story", story, "--lang", lang)
    assert played.returncode == 0, played.stdout + played.stderr
    assert [text for text in shown if text not in played.stdout] == []


def test_a_story_in_which_days_go_by_needs_its_own_hub(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--story", "dispute", "--url", "http://localhost:1"])
    assert "without --url" in capsys.readouterr().err


def test_a_folder_in_use_is_refused_with_the_next_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "something").touch()
    assert main(["--lang", "en", "--keep", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().out.replace("\n", " ")
