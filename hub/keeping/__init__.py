"""The registry of everything the hub stores: what for, on what legal basis, for how long, and what an erasure does.

The records of processing (GDPR Art. 30) are written from it, and a test finds every stored field that is not in it.
"""

from typing import Final

from hub.keeping import house, lending, people
from hub.keeping.kind import Basis, Erased, Group, Purpose, Term

__all__ = ["BASIS", "REGISTRY", "Basis", "Erased", "Group", "Purpose", "Registry", "Term"]

BASIS: Final[dict[Purpose, Basis]] = {
    Purpose.ACCOUNT: Basis.CONTRACT,
    Purpose.SIGN_IN: Basis.CONTRACT,
    Purpose.LISTING: Basis.CONTRACT,
    Purpose.LENDING: Basis.CONTRACT,
    Purpose.TALKING: Basis.CONTRACT,
    Purpose.REVIEWS: Basis.INTEREST,
    Purpose.SAFETY: Basis.INTEREST,
    Purpose.PROOF: Basis.OBLIGATION,
    Purpose.RIGHTS: Basis.OBLIGATION,
    Purpose.OPERATION: Basis.INTEREST,
}
"""GDPR Art. 6(1) for each purpose."""


class Registry:
    """All groups, found by ``collection.field``."""

    def __init__(self, groups: tuple[Group, ...]) -> None:
        self.groups = groups
        self._of = {group.collection: [one for one in groups if one.collection == group.collection] for group in groups}

    def find(self, field: str) -> Group | None:
        """The group of a field such as ``users.email``, or None if nobody registered it."""
        for cut in (1, 2):  # GridFS has a dot in the names of its collections
            parts = field.split(".")
            name, path = ".".join(parts[:cut]), ".".join(parts[cut:])
            for group in self._of.get(name, ()):
                if group.holds(path):
                    return group
        return None


REGISTRY: Final = Registry((*people.GROUPS, *lending.GROUPS, *house.GROUPS))
