"""Rows of the table: nobody came, nothing was handed over, the thing is gone."""

from typing import Final

from api.asks import rental as asks
from api.protocol.act import WRITE, act
from api.views import rental as views
from hub.usecases import failing

ACTS: Final = (
    act("rental:claim_no_show", "POST /v1/rentals/{rental}/claim_no_show", asks.OnRental, failing.claim_no_show,
        ("party",), (WRITE,), views.applied, "The other side did not come; they may contest it for 48 hours."),
    act("rental:contest", "POST /v1/rentals/{rental}/contest", asks.ContestClaim, failing.contest, ("party",),
        (WRITE,), views.applied, "Deny a no-show or, as renter, a hand-over by the owner's word alone: opens a case."),
    act("rental:annul", "POST /v1/rentals/{rental}/annul", asks.Closed, failing.annul_hand_over, ("owner",), (WRITE,),
        views.applied, "It was not handed over after all, as the renter says."),
    act("rental:mark_lost", "POST /v1/rentals/{rental}/mark_lost", asks.MarkRentalLost, failing.mark_lost, ("owner",),
        (WRITE,), views.applied, "It will not come back: from 14 days after the end on."),
    act("rental:admit_loss", "POST /v1/rentals/{rental}/admit_loss", asks.ContestClaim, failing.admit_loss,
        ("renter",), (WRITE,), views.applied, "The renter cannot bring it back."),
    act("rental:settle_loss", "POST /v1/rentals/{rental}/settle_loss", asks.OnRental, failing.settle_loss, ("party",),
        (WRITE,), views.applied, "It is gone, and the case about it is settled or decided."),
    act("mediation:annul", "POST /v1/mediation/{rental}/annul", asks.Closed, failing.annul_for_parties,
        ("moderator",), (WRITE,), views.applied, "A contested hand-over did not happen."),
    act("mediation:mark_lost", "POST /v1/mediation/{rental}/mark_lost", asks.MarkRentalLost,
        failing.mark_lost_for_parties, ("moderator",), (WRITE,), views.applied, "It will not come back."),
    act("mediation:settle_loss", "POST /v1/mediation/{rental}/settle_loss", asks.OnRental,
        failing.settle_loss_for_parties, ("moderator",), (WRITE,), views.applied, "A loss is settled."),
)  # fmt: skip
