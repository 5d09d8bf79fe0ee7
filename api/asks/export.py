"""What the acts of copies for oneself take on the wire."""

from api.field import Id
from api.wire import Wire


class StartExport(Wire):
    pass


class GetExport(Wire):
    export: Id


class LinkExport(Wire):
    export: Id
