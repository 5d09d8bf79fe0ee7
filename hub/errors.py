"""The ways the hub says no: one class per kind, a stable code, and what the caller needs to go on."""

from collections.abc import Mapping
from typing import Any


class HubError(Exception):
    """A refusal with a stable ``code``; ``data`` says what to do next and never holds secrets.

    ``retry`` tells whether the very same request may succeed later; ``after_ms`` when.
    """

    kind = "internal"
    retry = False

    def __init__(self, code: str, data: Mapping[str, Any] | None = None, *, after_ms: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.data = dict(data or {})
        self.after_ms = after_ms


class Invalid(HubError):
    """The request itself is wrong: fix it."""

    kind = "invalid"


class Unauthenticated(HubError):
    """Sign in, or prove the device."""

    kind = "unauthenticated"


class Forbidden(HubError):
    """Known, but not yours; where existence itself is private the hub says ``NotFound``."""

    kind = "forbidden"


class NotFound(HubError):
    """Gone, or hidden from you: both look the same."""

    kind = "not_found"


class Conflict(HubError):
    """Someone was faster or the thing has changed: reload and decide again."""

    kind = "conflict"


class RateLimited(HubError):
    """Too much at once: wait ``after_ms``."""

    kind = "rate_limited"
    retry = True


class Unavailable(HubError):
    """A part of the hub is down and the outcome may be unknown: send the same request with the same id again."""

    kind = "unavailable"
    retry = True
