"""What somebody tells to be paid: an account, and who they are if lending is their business."""

from dataclasses import dataclass
from typing import Final

from hub.errors import Invalid
from hub.iban import check_iban
from hub.ids import UserId

MAX_HOLDER: Final = 70
"""As a GiroCode has it (EPC069-12)."""
MAX_FIRM: Final = 120
MAX_ADDRESS: Final = 300
MAX_VAT: Final = 20


@dataclass(frozen=True, slots=True)
class Trader:
    """Who lends as a business says so in each contract (§ 312d BGB, Art. 246a EGBGB). ``vat``: number, if any."""

    firm: str
    address: str
    vat: str = ""

    def sound(self) -> bool:
        named = bool(self.firm.strip()) and len(self.firm) <= MAX_FIRM
        return named and bool(self.address.strip()) and len(self.address) <= MAX_ADDRESS and len(self.vat) <= MAX_VAT


@dataclass(frozen=True, slots=True)
class Billing:
    """``iban`` empty: no transfers. ``Invalid("bad_billing")`` naming the field, or ``Invalid("bad_iban")``."""

    user: UserId
    holder: str = ""
    iban: str = ""
    trader: Trader | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "iban", check_iban(self.iban) if self.iban else "")
        holder = " ".join(self.holder.split())
        object.__setattr__(self, "holder", holder)
        if len(holder) > MAX_HOLDER or not holder.isprintable() or bool(self.iban) > bool(holder):
            raise Invalid("bad_billing", {"field": "holder"})
        if self.trader is not None and not self.trader.sound():
            raise Invalid("bad_billing", {"field": "trader"})
