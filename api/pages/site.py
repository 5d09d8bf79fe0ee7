"""What the pages know of this hub for as long as it runs, as the operator has said it."""

from dataclasses import dataclass
from pathlib import Path

from hub.place import Point


@dataclass(frozen=True)
class Site:
    """``centre`` is the middle of the village, where nobody's home is; ``legal`` the folder of the operator's texts."""

    village: str
    origin: str
    environment: str = "prod"
    demo: bool = False
    centre: Point | None = None
    tz: str = "Europe/Berlin"
    legal: Path | None = None
    contact: str = ""

    @property
    def shows_styleguide(self) -> bool:
        return self.demo or self.environment == "dev"
