"""What is shown of calendars that come in and go out: addresses are secrets, so hardly anything of them."""

from collections.abc import Sequence

from api.views.common import View
from hub.feed import Subscription
from hub.period import stamp
from hub.usecases.feeds import FeedAddress


def feed(address: FeedAddress) -> View:
    """``url`` only in the answer that made it."""
    return {"since": stamp(address.since) if address.since else None, "url": address.url}


def subscriptions(found: Sequence[Subscription]) -> View:
    return {"subscriptions": [_subscription(each) for each in found]}


def _subscription(told: Subscription) -> View:
    """Of the address its host alone."""
    seen = told.seen
    return {
        "id": told.id,
        "host": told.host,
        "q": told.q,
        "checked_at": stamp(seen.checked_at) if seen.checked_at else None,
        "read_at": stamp(seen.read_at) if seen.read_at else None,
        "events": seen.events,
        "unread": seen.unread,
        "error": seen.error,
        "clashes": list(seen.clashes),
    }
