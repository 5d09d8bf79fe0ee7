"""The operator's texts as pages."""

from pathlib import Path

from api.pages.legal import _text


def test_a_text_is_found_in_the_reader_s_language_or_in_the_one_there_is(tmp_path: Path) -> None:
    (tmp_path / "imprint.de.md").write_text("# Impressum\n\nGemeinde", "utf-8")
    assert "<h1>Impressum</h1>" in _text(tmp_path, "imprint", "de")
    assert "Gemeinde" in _text(tmp_path, "imprint", "en")
    assert not _text(tmp_path, "privacy", "de")
    assert not _text(None, "imprint", "de")


def test_a_text_brings_no_code_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "terms.md").write_text("<script>alert(1)</script> [x](javascript:alert(1))", "utf-8")
    made = _text(tmp_path, "terms", "en")
    assert "<script" not in made
    assert "href" not in made
