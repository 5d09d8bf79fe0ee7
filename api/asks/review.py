"""What the acts of reviews take on the wire."""

from typing import Annotated

from pydantic import Field

from api.asks.common import PageSize
from api.field import Id, SafeInt, Text
from api.wire import Wire
from hub.review import MOST_STARS, TAGS, TEXT_MAX, THANKS_MAX

Stars = Annotated[SafeInt, Field(ge=1, le=MOST_STARS)]
Tag = Annotated[str, Field(pattern=f"^({'|'.join(sorted(TAGS))})$")]
Thanks = Annotated[Text, Field(max_length=THANKS_MAX)]


class PutReview(Wire):
    rental: Id
    overall: Stars
    communication: Stars
    punctual: Stars
    item: Stars | None = None
    tags: Annotated[list[Tag], Field(max_length=len(TAGS), default_factory=list)]
    text: Annotated[Text, Field(max_length=TEXT_MAX)] = ""
    thanks: Thanks = ""


class SkipReview(Wire):
    rental: Id
    thanks: Thanks = ""


class ReplyReview(Wire):
    rental: Id
    text: Annotated[Text, Field(min_length=1, max_length=TEXT_MAX)]


class GetReview(Wire):
    rental: Id


class ListReviews(Wire):
    user: Id
    after: Id | None = None
    limit: PageSize = 20


class ListItemReviews(Wire):
    item: Id
    after: Id | None = None
    limit: PageSize = 20
