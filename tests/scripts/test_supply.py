"""The pinned packages are those the project asks for, and the audit finds what is planted."""

import json
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts.supply import audit, complete, pinned, weaknesses

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "deploy" / "requirements.txt"
PLANTED = {
    "id": "PYSEC-0000-1",
    "summary": "planted",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Quart"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9999"}]}],
        }
    ],
}


def archive(folder: Path, *advisories: object) -> Path:
    with ZipFile(folder / "all.zip", "w") as made:
        for number, advisory in enumerate(advisories):
            made.writestr(f"{number}.json", json.dumps(advisory))
    return folder / "all.zip"


def with_events(*events: dict[str, str]) -> object:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    return PLANTED | {"affected": [{"package": {"ecosystem": "PyPI", "name": "quart"}, "ranges": ranges}]}


def test_the_lock_holds_every_dependency_in_a_version_that_is_asked_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    packages = pinned(LOCK.read_text("utf-8"))
    for wanted in map(Requirement, asked):
        assert packages[canonicalize_name(wanted.name)] in wanted.specifier, f"run scripts/lock: {wanted}"


def test_the_audit_finds_what_is_planted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(LOCK, archive(tmp_path, PLANTED)) == 1
    assert "PYSEC-0000-1 planted" in capsys.readouterr().out


def test_what_is_withdrawn_or_elsewhere_is_no_weakness(tmp_path: Path) -> None:
    elsewhere = PLANTED | {"affected": [PLANTED["affected"][0] | {"package": {"ecosystem": "npm", "name": "quart"}}]}
    harmless = with_events({"introduced": "0"}, {"fixed": "0.1"})
    assert audit(LOCK, archive(tmp_path, PLANTED | {"withdrawn": "2026-01-01T00:00:00Z"}, elsewhere, harmless)) == 0


def test_an_archive_of_nothing_is_no_audit(tmp_path: Path) -> None:
    assert audit(LOCK, archive(tmp_path)) == 2


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "2"}], False),
        ([{"introduced": "0"}, {"fixed": "1.5"}], False),
        ([{"introduced": "0"}, {"fixed": "1.5.1"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.5"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.4"}], False),
        ([{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.4"}, {"fixed": "1.6"}], True),
    ],
)
def test_ranges_are_read_as_osv_means_them(events: list[dict[str, str]], hit: bool) -> None:
    assert bool(list(weaknesses({"quart": Version("1.5")}, [with_events(*events)]))) is hit


def test_a_line_without_a_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="not pinned"):
        pinned("quart==0.22.0\n")


def test_the_bill_names_the_embedded_servers(tmp_path: Path) -> None:
    bill = tmp_path / "bill.json"
    bill.write_text(json.dumps({"components": [{"name": "quart"}]}))
    assert complete(bill, ROOT / "deploy" / "embedded.json") == 0
    assert [part["name"] for part in json.loads(bill.read_text())["components"]] == ["quart", "mongod", "valkey"]
