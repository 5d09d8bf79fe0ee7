"""What can go wrong on the neighbour's side, as a caller has to tell it apart."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

MALFORMED = (AttributeError, LookupError, TypeError, ValueError)
"""What reading an answer of another shape than the protocol's raises, whichever field it is."""


class NeighbourError(Exception):
    """Anything this package raises on purpose."""


class Offline(NeighbourError):
    """The hub did not answer: the outcome is unknown, and the same request with the same id may be sent again."""


class HubRefused(NeighbourError):
    """The hub's typed no. ``retry`` tells that the very same request may succeed later, ``after_ms`` when."""

    def __init__(
        self,
        code: str,
        kind: str = "",
        data: Mapping[str, Any] | None = None,
        *,
        retry: bool = False,
        after_ms: int = 0,
    ) -> None:
        super().__init__(code)
        self.code, self.kind, self.data = code, kind, dict(data or {})
        self.retry, self.after_ms = retry, after_ms

    @classmethod
    def read(cls, error: Mapping[str, Any]) -> Self:
        """From an ack's ``error`` object or a problem+json body, which hold the same fields."""
        return cls(
            str(error.get("code", "internal")),
            str(error.get("kind", "")),
            error.get("data"),
            retry=bool(error.get("retry")),
            after_ms=int(error.get("after_ms") or 0),
        )


class NotReady(NeighbourError):
    """Something has to be done first: sign in, create the device, or wait until the other side has one."""


class NotPossible(NeighbourError):
    """What cannot be done to a message: it is not one's own, not of this kind, or not on this device."""


class FileBroken(NeighbourError):
    """What the hub gave is not the file that was described: cut, altered or another one. Nothing of it is kept."""


class StoreInUse(NeighbourError):
    """Another process writes this directory. Two writers would use one sender chain twice."""


class AgreementDiffers(NeighbourError):
    """A document to be signed, or one that was, does not say what this device knows: ``fields`` name where."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = list(fields)


class ProtocolAltered(NeighbourError):
    """A protocol of condition does not say what its hash stands for: confirming it would confirm something unseen."""


class Alarm(NeighbourError):
    """Keys are not what they were or ought to be; nothing is sent until the person decides. ``code`` names it."""

    def __init__(self, code: str, account: str) -> None:
        super().__init__(f"{code}: {account}")
        self.code, self.account = code, account
