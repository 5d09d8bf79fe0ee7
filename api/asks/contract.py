"""What the acts of contracts and transfers take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.field import Id, Text
from api.wire import Wire


class GetContract(Wire):
    rental: Id


class GetTransfer(Wire):
    rental: Id
    owed: Literal["rent", "deposit"] = "rent"


class GetBilling(Wire):
    pass


class Trader(Wire):
    firm: Annotated[Text, Field(max_length=120)]
    address: Annotated[Text, Field(max_length=300)]
    vat: Annotated[Text, Field(max_length=20)] = ""


class PutBilling(Wire):
    holder: Annotated[Text, Field(max_length=200)] = ""
    iban: Annotated[Text, Field(max_length=50)] = ""
    trader: Trader | None = None
