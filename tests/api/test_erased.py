"""The list of the erased outlives the database, whoever appends to it and whenever."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.erased import ErasedList


def test_what_was_added_is_read_once_and_never_lost(tmp_path: Path) -> None:
    listed = ErasedList(tmp_path / "data")
    assert listed.read() == frozenset()
    listed.add(["b" * 32, "a" * 32])
    listed.add(["a" * 32])
    assert listed.path.read_text() == f"{'a' * 32}\n{'b' * 32}\n"
    assert listed.path.stat().st_mode & 0o777 == 0o600


def test_several_processes_append_side_by_side(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ErasedList(tmp_path).add([f"{n:032x}"]), range(40)))
    assert len(ErasedList(tmp_path).read()) == 40


def test_a_list_that_cannot_be_written_fails_nobody_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "erased").mkdir()
    listed = ErasedList(tmp_path)
    listed.add([])
    listed.add(["a" * 32])
    assert "cannot be written" in caplog.text
