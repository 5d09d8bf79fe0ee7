"""What the acts of reports take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.asks.common import PageSize
from api.asks.rental import Number, Words
from api.field import B64, Bytes32, Id, SafeInt, Text
from api.wire import Wire
from hub.report import MAX_MESSAGES, WORDS_MAX

Header = Annotated[B64, Field(min_length=104, max_length=104)]
Rest = Annotated[B64, Field(min_length=53, max_length=65_504)]


class Disclosed(Wire):
    """A message that the reader opens to the moderators (DKX-1 section 8)."""

    room: Id
    seq: Annotated[SafeInt, Field(ge=1)]
    hdr104: Header
    kf: Bytes32
    rest: Rest
    acct: Id
    ts: SafeInt
    kid: Annotated[Text, Field(min_length=1, max_length=64)]
    ft: Bytes32


class SendReport(Wire):
    cmd_id: Id
    room: Id
    reason: Literal["harassment", "threat", "scam", "illegal", "spam", "evidence", "other"]
    messages: Annotated[list[Disclosed], Field(min_length=1, max_length=MAX_MESSAGES)]
    words: Annotated[Text, Field(max_length=WORDS_MAX)] = ""
    case: Number | None = None


class ListReports(Wire):
    room: Id


class ListWaitingReports(Wire):
    rental: Id | None = None
    limit: PageSize = 100


class ReadReport(Wire):
    report: Id


class CloseReport(Wire):
    report: Id
    outcome: Literal["acted", "dismissed"]
    words: Words
