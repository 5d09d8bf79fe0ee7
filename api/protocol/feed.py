"""Rows of the table: one's own calendar, for calendar programs."""

from typing import Final

from api.asks import feed as asks
from api.protocol.act import READ, WRITE, act
from api.views import feed as views
from hub.usecases import feeds

ACTS: Final = (
    act("feed:get", "GET /v1/me/feed", asks.GetFeed, feeds.get_feed, ("member",), (READ,), views.feed,
        "Whether one's rentals can be read under a secret address, and since when."),
    act("feed:renew", "POST /v1/me/feed", asks.RenewFeed, feeds.renew_feed, ("member",), (WRITE,), views.feed,
        "A new secret address (iCal) of one's rentals, told this once; an earlier one stops working."),
    act("feed:revoke", "DELETE /v1/me/feed", asks.RevokeFeed, feeds.revoke_feed, ("member",), (WRITE,), views.feed,
        "The secret address stops working."),
)  # fmt: skip
