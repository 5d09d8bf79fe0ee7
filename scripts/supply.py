"""What the hub is made of: hold the pinned packages against known weaknesses, complete the bill of materials.

Advisories are read in the OSV format (https://ossf.github.io/osv-schema), from the archive that OSV publishes per
ecosystem, so that an audit needs no service and can be repeated.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Advisory = Mapping[str, Any]


def pinned(lock: str) -> dict[str, Version]:
    """Name and version of each line of a lock; a line without an exact version or without a hash is an error."""
    found: dict[str, Version] = {}
    for line in lock.replace("\\\n", " ").splitlines():
        said = line.split(" #")[0].strip()
        if not said or said.startswith("#"):
            continue
        requirement, *hashes = said.split(" --hash=")
        wanted = Requirement(requirement.strip())
        [exact] = wanted.specifier
        if exact.operator != "==" or not hashes:
            raise ValueError(f"not pinned with a hash: {wanted}")
        found[canonicalize_name(wanted.name)] = Version(exact.version)
    return found


def advisories(archive: Path) -> Iterator[Advisory]:
    with ZipFile(archive) as opened:
        for name in opened.namelist():
            if name.endswith(".json"):
                yield json.loads(opened.read(name))


def weaknesses(packages: Mapping[str, Version], known: Iterable[Advisory]) -> Iterator[str]:
    """One line for each advisory that a package of these is affected by; withdrawn ones are none."""
    for advisory in known:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            named = affected.get("package", {})
            version = packages.get(canonicalize_name(named.get("name", "")))
            if named.get("ecosystem") == "PyPI" and version is not None and _hits(version, affected):
                yield f"{named['name']} {version}: {advisory['id']} {advisory.get('summary', '')}".rstrip()


def _hits(version: Version, affected: Mapping[str, Any]) -> bool:
    listed = any(_version(text) == version for text in affected.get("versions", ()))
    ranges = (found for found in affected.get("ranges", ()) if found.get("type") == "ECOSYSTEM")
    return listed or any(_within(version, found["events"]) for found in ranges)


def _within(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    """OSV: events in the order of versions, each switches being affected on or off from there on."""
    hit = False
    for event in events:
        [(kind, text)] = event.items()
        bound = Version("0.dev0") if text == "0" else _version(text)
        if bound is None:
            continue
        if kind == "introduced":
            hit = hit or version >= bound
        elif version >= bound if kind == "fixed" else version > bound:
            hit = False
    return hit


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def audit(lock: Path, archive: Path) -> int:
    """Say what is weak; 1 if anything is. An archive without a single advisory for PyPI is no audit, and an error."""
    packages, known = pinned(lock.read_text("utf-8")), list(advisories(archive))
    if not any(part.get("package", {}).get("ecosystem") == "PyPI" for one in known for part in one.get("affected", ())):
        print(f"{archive} holds no advisory for PyPI", file=sys.stderr)
        return 2
    found = sorted(set(weaknesses(packages, known)))
    print("\n".join(found) or f"{len(packages)} packages, {len(known)} advisories: nothing known against them")
    return 1 if found else 0


def complete(bill: Path, embedded: Path) -> int:
    """Add the servers that the embedded wheels carry."""
    document = json.loads(bill.read_text("utf-8"))
    document.setdefault("components", []).extend(json.loads(embedded.read_text("utf-8"))["components"])
    bill.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"{bill}: {len(document['components'])} components")
    return 0


if __name__ == "__main__":
    act, first, second = sys.argv[1:]
    raise SystemExit({"audit": audit, "sbom": complete}[act](Path(first), Path(second)))
