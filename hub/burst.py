"""Bursts: so many at once, then so many a second, counted in this process only. Pure: the caller brings the time."""

from dataclasses import dataclass, field

MAX_KEYS = 50_000


@dataclass(slots=True)
class Bursts:
    """For what is asked too often to ask Redis. One number for each key: when it will be fully rested (GCRA)."""

    _rested: dict[str, float] = field(default_factory=dict)

    def take(self, key: str, burst: int, per_s: float, now: float) -> int:
        """Count one use at ``now`` (seconds); 0 when allowed, else the milliseconds to wait."""
        rested = max(self._rested.get(key, now), now)
        wait = rested - now - (burst - 1) / per_s
        if wait > 0:
            return int(wait * 1000) + 1
        if len(self._rested) >= MAX_KEYS:
            self._rested = {known: at for known, at in self._rested.items() if at > now}
        self._rested[key] = rested + 1 / per_s
        return 0
