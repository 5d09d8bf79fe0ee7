"""What one neighbour, one address and one socket may take: every bound of the real-time door in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """Bounds of ``/hub``; sizes in bytes, times in seconds (security.md T3, T6, T7).

    ``origins`` are exact (scheme, host and port); a request without ``Origin`` passes, since the token is a bearer's.
    ``trusted_proxies`` are addresses or networks whose ``X-Forwarded-For`` is believed.
    """

    frame: int = 160_000
    connect_deadline_s: float = 8
    event_deadline_s: float = 15
    max_queued: int = 1_048_576
    max_owed: int = 524_288
    max_depth: int = 16
    max_per_user: int = 10
    max_unauth_per_ip: int = 20
    connects_per_min_ip: int = 30
    bad_frames: int = 5
    ping_interval_s: float = 25
    ping_timeout_s: float = 20
    origins: frozenset[str] = frozenset()
    trusted_proxies: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0 < self.ping_timeout_s < self.ping_interval_s:
            raise ValueError("the ping timeout must be shorter than the ping interval")
        if self.event_deadline_s > self.ping_interval_s + self.ping_timeout_s:
            raise ValueError("an event must end well within the ping window")

    @property
    def tick_s(self) -> float:
        """How often deadlines are looked at: they never fire early, and late by at most this."""
        return min(self.ping_interval_s / 25, self.connect_deadline_s / 8, self.event_deadline_s / 15)
