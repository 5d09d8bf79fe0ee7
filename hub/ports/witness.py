"""What the hub itself vouches for: which messages it passed on, and when somebody signed."""

from dataclasses import dataclass

from crypto.dkx.notary import NotaryRing
from crypto.franking import FrankRing


@dataclass(frozen=True, slots=True)
class Witness:
    """``frank`` made the marks on messages, ``notary`` countersigns signatures under agreements."""

    frank: FrankRing
    notary: NotaryRing
