"""What the acts of passkeys take on the wire: the parts of a browser's answer that are checked, and no others."""

from typing import Annotated

from pydantic import Field

from api.field import B64, Id, Text
from api.wire import Wire

ClientData = Annotated[B64, Field(min_length=1, max_length=2048)]
Name = Annotated[Text, Field(min_length=1, max_length=60)]


class OfferPasskey(Wire):
    pass


class AddPasskey(Wire):
    client_data: ClientData
    attestation: Annotated[B64, Field(min_length=1, max_length=4096)]
    name: Name


class ListPasskeys(Wire):
    pass


class RenamePasskey(Wire):
    passkey: Id
    name: Name


class RemovePasskey(Wire):
    passkey: Id


class ChallengePasskey(Wire):
    pass


class ChallengeSession(Wire):
    pass


class Proving(Wire):
    credential: Annotated[B64, Field(min_length=1, max_length=1023)]
    client_data: ClientData
    authenticator: Annotated[B64, Field(min_length=37, max_length=1024)]
    signature: Annotated[B64, Field(min_length=1, max_length=1024)]
    user_handle: Annotated[B64, Field(max_length=64)] = b""


class OpenByPasskey(Proving):
    client: Annotated[Text, Field(max_length=80)] = ""
    known: Annotated[Text, Field(max_length=64)] = ""


class CompleteByPasskey(Proving):
    pass


class ConfirmByPasskey(Proving):
    pass
