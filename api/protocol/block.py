"""Rows of the table: blocking."""

from typing import Final

from api.asks import block as asks
from api.protocol.act import READ, WRITE, act
from api.views import block as views
from api.views.common import nothing
from hub.usecases import blocking

ACTS: Final = (
    act("block:put", "PUT /v1/blocks/{user}", asks.PutBlock, blocking.put_block, ("member",), (WRITE,), nothing,
        "Want nothing new with a neighbour: no requests or offers either way, no presence; what runs goes on."),
    act("block:remove", "DELETE /v1/blocks/{user}", asks.RemoveBlock, blocking.remove_block, ("member",), (WRITE,),
        nothing, "Take one's own block back."),
    act("block:list", "GET /v1/blocks", asks.ListBlocks, blocking.list_blocks, ("member",), (READ,), views.blocks,
        "Whom one has blocked, the latest first; nobody else learns it."),
)  # fmt: skip
