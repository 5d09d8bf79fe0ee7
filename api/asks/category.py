"""What the acts of categories take on the wire."""

from api.wire import Wire


class ListCategories(Wire):
    pass
