"""Rows of the table: changing what was agreed."""

from typing import Final

from api.asks import rental as asks
from api.protocol.act import READ, WRITE, act
from api.views import rental as views
from hub.usecases import changing

ACTS: Final = (
    act("change:quote", "GET /v1/rentals/{rental}/change", asks.QuoteChange, changing.quote_change, ("party",),
        (READ,), views.change_quote, "What other dates or units would come to, by the tariff agreed on."),
    act("change:propose", "POST /v1/rentals/{rental}/changes", asks.ProposeRentalChange, changing.propose_change,
        ("party",), (WRITE,), views.applied,
        "Extend, shorten, move, or take more or fewer: nothing changes before the other side agrees."),
    act("change:accept", "POST /v1/rentals/{rental}/changes/{change}/accept", asks.OnRentalChange,
        changing.accept_change, ("party",), (WRITE,), views.applied,
        "Agree: terms, price and calendar change at once, or not at all."),
    act("change:decline", "POST /v1/rentals/{rental}/changes/{change}/decline", asks.OnRentalChange,
        changing.decline_change, ("party",), (WRITE,), views.applied, "It stays as it was agreed."),
    act("change:withdraw", "POST /v1/rentals/{rental}/changes/{change}/withdraw", asks.OnRentalChange,
        changing.withdraw_change, ("party",), (WRITE,), views.applied, "Let one's own proposal go."),
)  # fmt: skip
