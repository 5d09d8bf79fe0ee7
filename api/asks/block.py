"""What the acts of blocking take on the wire."""

from api.field import Id
from api.wire import Wire


class PutBlock(Wire):
    user: Id


class RemoveBlock(Wire):
    user: Id


class ListBlocks(Wire):
    pass
