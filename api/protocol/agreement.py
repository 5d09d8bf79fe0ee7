"""Rows of the table: signed agreements."""

from typing import Final

from api.asks import agreement as asks
from api.protocol.act import BROWSE, READ, SIGN, act
from api.views import agreement as views
from hub.usecases import agreeing, bundling

ACTS: Final = (
    act("agreement:draft", "GET /v1/rentals/{rental}/agreements/draft", asks.OnAgreements, agreeing.draft_agreement,
        ("party",), (READ,), views.draft, "What there is to sign now: a waiting document, else a new one."),
    act("agreement:sign", "POST /v1/rentals/{rental}/agreements", asks.SignAgreement, agreeing.sign_agreement,
        ("device", "party"), (SIGN,), views.signed,
        "Sign a document, or take one back that not both have signed; the hub witnesses when.", status=201),
    act("agreement:list", "GET /v1/rentals/{rental}/agreements", asks.OnAgreements, agreeing.list_agreements,
        ("party",), (READ,), views.agreements, "Every document of a rental, with its signatures and how it stands."),
    act("agreement:bundle", "GET /v1/rentals/{rental}/agreements/bundle", asks.OnAgreements, bundling.get_bundle,
        ("party",), (READ,), views.bundle,
        "What both have signed as one archive for `dorfkiste verify`; as a file it is at "
        "`GET /v1/rentals/{rental}/agreement.zip`."),
    act("mediation:bundle", "GET /v1/mediation/{rental}/agreements/bundle", asks.OnAgreements,
        bundling.get_disputed_bundle, ("moderator",), (READ,), views.bundle,
        "The same for a moderator, where there is a case; as a file at `GET /v1/mediation/{rental}/agreement.zip`."),
    act("notary:get", "GET /v1/notary", asks.GetNotary, bundling.get_notary, ("anyone",), (BROWSE,), views.notary,
        "The keys with which this hub witnesses signatures, to compare with those in an archive."),
)  # fmt: skip
