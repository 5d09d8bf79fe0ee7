"""What the acts of one's own calendar take on the wire."""

from api.wire import Wire


class GetFeed(Wire):
    pass


class RenewFeed(Wire):
    pass


class RevokeFeed(Wire):
    pass
