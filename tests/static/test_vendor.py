"""What is vendored is what the manifest says, with its licences; and our own modules stay free of build steps."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

STATIC: Final = Path("static")
VENDOR: Final = STATIC / "vendor"
FILES: Final[list[dict[str, Any]]] = json.loads((VENDOR / "manifest.json").read_text("utf-8"))["files"]
MODULES: Final = sorted(path for path in (STATIC / "lib").rglob("*.js"))
IMPORT: Final = re.compile(r"(?:^|\n)\s*(?:import|export)\b[^'\"\n;]*?\bfrom\s*['\"]([^'\"]+)['\"]")
FREE: Final = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["file"])
def test_a_vendored_file_is_the_one_that_was_fetched(file: dict[str, Any]) -> None:
    content = (VENDOR / file["file"]).read_bytes()
    assert base64.b64encode(hashlib.sha384(content).digest()).decode() == file["sha384"]
    assert len(content) == file["bytes"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["file"])
def test_a_vendored_file_brings_its_licences(file: dict[str, Any]) -> None:
    for package in file["packages"]:
        assert package["licence"] in FREE
        assert "Copyright" in (VENDOR / package["text"]).read_text("utf-8")


def test_nothing_else_lies_among_the_vendored_files() -> None:
    told = {file["file"] for file in FILES} | {package["text"] for file in FILES for package in file["packages"]}
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert found == told | {"manifest.json"}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_says_first_what_it_is_for(path: Path) -> None:
    assert re.match(r"// [A-Z].+[.:]$", path.read_text("utf-8").splitlines()[0])


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_imports_by_relative_path_and_never_from_the_pages(path: Path) -> None:
    for target in IMPORT.findall(path.read_text("utf-8")):
        assert target.startswith("."), f"{target} would need an import map"
        resolved = (path.parent / target).resolve().relative_to(STATIC.resolve())
        assert (STATIC / resolved).is_file()
        assert resolved.parts[0] == "lib" or path == STATIC / "lib" / "vendor.js"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_runs_under_the_strict_policy(path: Path) -> None:
    assert not re.search(r"\beval\(|new Function\b|innerHTML|document\.write|\bsrcdoc\b", path.read_text("utf-8"))


def test_modules_stay_small() -> None:
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in MODULES)
    assert lengths[len(lengths) // 2] <= 100
    assert lengths[-1] <= 350
