"""Version floors of MongoDB and Redis, and what is publicly known about the versions in between."""

import re
from dataclasses import dataclass

Version = tuple[int, ...]

MONGO_FLOOR: Version = (6, 0)
MONGO_SUPPORTED: Version = (7, 0)
REDIS_FLOOR: Version = (6, 2)
REDIS_SUPPORTED: Version = (7, 2)


@dataclass(frozen=True)
class Advisory:
    """A published vulnerability and the first fixed version of each release series that got a fix."""

    cve: str
    what: str
    fixed: tuple[Version, ...]

    def affects(self, version: Version) -> bool:
        """A series without a fix of its own is affected up to the newest fix."""
        own = next((fix for fix in self.fixed if fix[:2] == version[:2]), max(self.fixed))
        return version < own


MONGO_ADVISORIES = (
    Advisory(
        "CVE-2025-14847",
        "anyone who can connect reads server memory through zlib compression",
        ((4, 4, 30), (5, 0, 32), (6, 0, 27), (7, 0, 28), (8, 0, 17), (8, 2, 3)),
    ),
)
REDIS_ADVISORIES = (
    Advisory(
        "CVE-2025-49844",
        "a signed-in client runs code through Lua",
        ((6, 2, 20), (7, 2, 11), (7, 4, 6), (8, 0, 4), (8, 2, 2)),
    ),
)
VALKEY_ADVISORIES = (
    Advisory("CVE-2025-49844", "a signed-in client runs code through Lua", ((7, 2, 11), (8, 0, 6), (8, 1, 4))),
)


def parsed(version: str) -> Version:
    """``"6.0.5-rc1"`` as ``(6, 0, 5)``."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def mongo_notes(version: str) -> tuple[str, ...]:
    """What an operator should know about running this MongoDB."""
    notes = [] if parsed(version) >= MONGO_SUPPORTED else [f"MongoDB {version} is past its end of life"]
    return (*notes, *_known("MongoDB", version, MONGO_ADVISORIES))


def redis_notes(version: str, *, valkey: bool) -> tuple[str, ...]:
    """What an operator should know about running this Redis or Valkey."""
    name = "Valkey" if valkey else "Redis"
    notes = [] if parsed(version) >= REDIS_SUPPORTED else [f"{name} {version} is past its end of life"]
    return (*notes, *_known(name, version, VALKEY_ADVISORIES if valkey else REDIS_ADVISORIES))


def _known(name: str, version: str, advisories: tuple[Advisory, ...]) -> list[str]:
    found = [advisory for advisory in advisories if advisory.affects(parsed(version))]
    return [f"{name} {version} has {advisory.cve}: {advisory.what}" for advisory in found]
