"""Rows of the table: reviews. Lists name people who lend to each other, so they are for members, not for the world."""

from typing import Final

from api.asks import review as asks
from api.protocol.act import READ, WRITE, act
from api.views import review as views
from hub.usecases import reviewing

ACTS: Final = (
    act("review:put", "PUT /v1/rentals/{rental}/review", asks.PutReview, reviewing.put_review, ("party",), (WRITE,),
        views.review_sheet, "Say how it was, within 14 days; sealed until both have spoken or the time is over."),
    act("review:skip", "POST /v1/rentals/{rental}/review/skip", asks.SkipReview, reviewing.skip_review, ("party",),
        (WRITE,), views.review_sheet, "Say nothing in public, perhaps thanks in private; counts as having spoken."),
    act("review:reply", "PUT /v1/rentals/{rental}/review/reply", asks.ReplyReview, reviewing.reply_review, ("party",),
        (WRITE,), views.review_sheet, "Answer in public, once, what was said of oneself."),
    act("review:get", "GET /v1/rentals/{rental}/review", asks.GetReview, reviewing.get_review, ("party",), (READ,),
        views.review_sheet, "One's own review of a rental and, once it is public, the other's."),
    act("review:list", "GET /v1/users/{user}/reviews", asks.ListReviews, reviewing.list_reviews, ("member",), (READ,),
        views.review_page, "What was said of a neighbour, the latest first; stars from the third review on."),
    act("review:list_item", "GET /v1/items/{item}/reviews", asks.ListItemReviews, reviewing.list_item_reviews,
        ("member",), (READ,), views.review_page, "What those said who rented a thing, the latest first."),
)  # fmt: skip
