"""A bounded dictionary of what this worker has read, in the order of its arrival."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Forgets the oldest entry beyond ``limit``.

    Filling it takes time, in which the truth may change: take ``epoch`` before the read and hand it to ``fill``, which
    then keeps nothing that was dropped meanwhile.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: dict[K, V] = {}
        self.epoch = 0

    def get(self, key: K) -> V | None:
        return self._entries.get(key)

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def __getitem__(self, key: K) -> V:
        return self._entries[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._entries[key] = value
        if len(self._entries) > self._limit:
            del self._entries[next(iter(self._entries))]

    def fill(self, key: K, value: V, epoch: int) -> None:
        """Keep what was read since ``epoch``, unless anything was dropped since."""
        if epoch == self.epoch:
            self[key] = value

    def drop(self, key: K) -> None:
        self.epoch += 1
        self._entries.pop(key, None)
