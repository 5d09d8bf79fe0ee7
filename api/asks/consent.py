"""What the acts of the operator's texts and consents take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.field import SafeInt
from api.wire import Wire

Doc = Literal["terms", "privacy"]
Version = Annotated[SafeInt, Field(ge=1)]


class ListTerms(Wire):
    pass


class GetTerms(Wire):
    doc: Doc
    version: Version


class GiveConsent(Wire):
    doc: Doc
    version: Version


class ListConsents(Wire):
    pass
