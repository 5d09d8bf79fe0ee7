"""Rows of the table: what moderators do in rentals of others, and about people."""

from typing import Final

from api.asks import person as people
from api.asks import rental as asks
from api.protocol.act import READ, WRITE, act
from api.views import person as person_views
from api.views import rental as views
from hub.usecases import mediation, suspending

ACTS: Final = (
    act("mediation:list", "GET /v1/mediation", asks.ListDisputes, mediation.list_disputes, ("moderator",), (READ,),
        views.rentals, "Rentals with a case that is not over or is appealed, the longest untouched first."),
    act("mediation:get", "GET /v1/mediation/{rental}", asks.GetDispute, mediation.get_dispute, ("moderator",),
        (READ,), views.rental, "A rental of others, without its place and its messages."),
    act("mediation:decide", "POST /v1/mediation/{rental}/cases/{case}/decide", asks.DecideDispute,
        mediation.decide_dispute, ("moderator",), (WRITE,), views.applied, "Decide a case, and say why."),
    act("mediation:decide_appeal", "POST /v1/mediation/{rental}/cases/{case}/decide_appeal", asks.DecideDispute,
        mediation.decide_appeal, ("moderator",), (WRITE,), views.applied,
        "Decide anew what another moderator decided, or the same again."),
    act("mediation:close", "POST /v1/mediation/{rental}/close", asks.Closed, mediation.close_rental,
        ("moderator",), (WRITE,), views.applied, "End what neither side ends."),
    act("mediation:cancel", "POST /v1/mediation/{rental}/cancel", asks.Closed, mediation.cancel_for_parties,
        ("moderator",), (WRITE,), views.applied, "Undo an agreement for the parties, at no cost."),
    act("account:suspend", "POST /v1/users/{user}/suspend", people.SuspendAccount, suspending.suspend_account,
        ("moderator",), (WRITE,), person_views.neighbour,
        "Keep somebody out, with reasons that they are told: every sign-in ends, what runs is brought to its end. "
        "Moderators and admins only by an admin."),
    act("account:restore", "POST /v1/users/{user}/restore", people.RestoreAccount, suspending.restore_account,
        ("moderator",), (WRITE,), person_views.neighbour, "Let them back in, and say why."),
)  # fmt: skip
