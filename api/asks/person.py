"""What the acts of people and their sessions take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.field import (
    Id,
    Line,
    Text,
)
from api.wire import Wire

Password = Annotated[Text, Field(max_length=512)]
Objection = Literal["reliability"]
Slip = Annotated[Text, Field(min_length=1, max_length=64)]
OneTimeCode = Annotated[Text, Field(max_length=40)]
"""Six digits of an app, or a spare code with whatever separators it was typed."""


class RegisterAccount(Wire):
    email: Line
    password: Password
    handle: Line
    display_name: Line
    locale: Literal["de", "en"] = "de"


class FoundHub(Wire):
    slip: Slip
    email: Line
    password: Password
    handle: Line
    display_name: Line
    locale: Literal["de", "en"] = "de"


class GetMe(Wire):
    pass


class UpdateMe(Wire):
    display_name: Line
    locale: Literal["de", "en"]


class EraseAccount(Wire):
    pass


class GetRights(Wire):
    pass


class RestrictAccount(Wire):
    pass


class ReleaseAccount(Wire):
    pass


class PutObjection(Wire):
    use: Objection


class RemoveObjection(Wire):
    use: Objection


class GetUser(Wire):
    user: Id


class OpenSession(Wire):
    email: Line
    password: Password
    client: Annotated[Text, Field(max_length=80)] = ""
    known: Annotated[Text, Field(max_length=64)] = ""


class RenewSession(Wire):
    refresh: Line


class RefreshSession(Wire):
    token: Annotated[Text, Field(max_length=2048)]


class ConfirmAccount(Wire):
    slip: Slip
    handle: Line | None = None


class ForgetPassword(Wire):
    email: Line


class ResetPassword(Wire):
    slip: Slip
    password: Password


class ChangeAddress(Wire):
    email: Line


class ConfirmAddress(Wire):
    slip: Slip


class CompleteSession(Wire):
    code: OneTimeCode


class ConfirmSession(Wire):
    password: Password
    code: OneTimeCode = ""


class ChangePassword(Wire):
    password: Password


class GetFactor(Wire):
    pass


class StartFactor(Wire):
    pass


class ActivateFactor(Wire):
    code: OneTimeCode


class RemoveFactor(Wire):
    pass


class RenewSpareCodes(Wire):
    pass


class ListIdentities(Wire):
    pass


class RemoveIdentity(Wire):
    identity: Id


class ListSessions(Wire):
    pass


class RevokeSession(Wire):
    session: Id


class RevokeOtherSessions(Wire):
    pass


class RestoreAccount(Wire):
    user: Id
    words: Annotated[Text, Field(max_length=1000)]


class SuspendAccount(RestoreAccount):
    reason: Literal["harassment", "scam", "illegal", "spam", "unreliable", "other"] = "other"
