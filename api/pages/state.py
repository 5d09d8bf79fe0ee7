"""What the pages may tell everybody about this hub."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One of the stores the hub stands on."""

    name: str
    version: str
    ok: bool


@dataclass(frozen=True)
class Facts:
    """``sign_in`` is the demo's e-mail and password, empty elsewhere."""

    village: str
    version: str
    environment: str
    ready: bool
    parts: tuple[Part, ...]
    neighbours: int
    things: int
    sign_in: str = ""
