"""Rows of the table: the operator's texts and consents to them."""

from typing import Final

from api.asks import consent as asks
from api.protocol.act import BROWSE, READ, WRITE, act
from api.views import consent as views
from hub.usecases import consenting

ACTS: Final = (
    act("terms:list", "GET /v1/terms", asks.ListTerms, consenting.list_terms, ("anyone",), (BROWSE,), views.terms,
        "The versions in force of the operator's rules and privacy notice; the texts are pages under ``/legal``."),
    act("terms:get", "GET /v1/terms/{doc}/{version}", asks.GetTerms, consenting.get_terms, ("anyone",), (BROWSE,),
        views.text, "One version by language, also one that is no longer in force."),
    act("consent:give", "POST /v1/me/consents", asks.GiveConsent, consenting.give_consent, ("member",), (WRITE,),
        views.consents, "Agree to the version in force that one has read."),
    act("consent:list", "GET /v1/me/consents", asks.ListConsents, consenting.list_consents, ("member",), (READ,),
        views.consents, "What one agreed to, and what is still to be agreed to."),
)  # fmt: skip
