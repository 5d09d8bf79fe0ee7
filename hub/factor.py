"""The second factor: something a person has, beside the password they know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Factor:
    """An authenticator app: not ``active`` until its first code was right; ``spare`` codes are left for a lost one."""

    secret: str
    active: bool
    spare: int
