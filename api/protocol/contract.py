"""Rows of the table: contracts, and paying by transfer."""

from typing import Final

from api.asks import contract as asks
from api.protocol.act import READ, WRITE, act
from api.views import contract as views
from hub.usecases import contracts

ACTS: Final = (
    act("contract:get", "GET /v1/rentals/{rental}/contract", asks.GetContract, contracts.get_contract, ("party",),
        (READ,), views.contract, "What was agreed on, in words; as a PDF under the same path with `.pdf`."),
    act("payment:transfer", "GET /v1/rentals/{rental}/transfer", asks.GetTransfer, contracts.get_transfer, ("renter",),
        (READ,), views.transfer, "How to pay what is owed, with a GiroCode, once the rental is confirmed."),
    act("billing:get", "GET /v1/me/billing", asks.GetBilling, contracts.get_billing, ("member",), (READ,),
        views.billing, "Where one is paid, and who one is if lending is one's business."),
    act("billing:put", "PUT /v1/me/billing", asks.PutBilling, contracts.put_billing, ("recent",), (WRITE,),
        views.billing,
        "Say so anew. Renters see the account once a rental is confirmed, the business in the contract."),
)  # fmt: skip
