"""Rows of the table: protocols of condition."""

from typing import Final

from api.asks import condition as asks
from api.protocol.act import READ, WRITE, act
from api.views import condition as views
from hub.usecases import protocols

ACTS: Final = (
    act("protocol:write", "PUT /v1/rentals/{rental}/protocols/{protocol}", asks.WriteProtocol, protocols.write_protocol,
        ("party",), (WRITE,), views.protocol,
        "Say how the thing is when it changes hands, also later what was written without a network."),
    act("protocol:confirm", "POST /v1/rentals/{rental}/protocols/{protocol}/confirm", asks.ConfirmProtocol,
        protocols.confirm_protocol, ("party",), (WRITE,), views.protocol,
        "It is as the other side has written: sealed for good."),
    act("protocol:list", "GET /v1/rentals/{rental}/protocols", asks.ListProtocols, protocols.list_protocols, ("party",),
        (READ,), views.protocols, "The protocols of a rental, in the order they came in."),
    act("mediation:protocols", "GET /v1/mediation/{rental}/protocols", asks.ReadProtocols, protocols.read_protocols,
        ("moderator",), (READ,), views.protocols, "What both sides have said about the condition, to judge by."),
)  # fmt: skip
