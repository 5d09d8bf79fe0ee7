"""What can be lent here."""

from dataclasses import dataclass

from hub.catalogue import CATALOGUE
from hub.category import Catalogue
from hub.ports import Ports


@dataclass(frozen=True, slots=True)
class ListCategories:
    pass


async def list_categories(ports: Ports, command: ListCategories) -> Catalogue:  # noqa: ARG001 - it is the same for all
    return CATALOGUE
