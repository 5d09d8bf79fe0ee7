"""Rows of the table: linking a new device to one's account, by a scanned code or compared digits."""

from typing import Final

from api.asks import link as asks
from api.limit import Limit
from api.protocol.act import READ, SIGN, act
from api.views import link as views
from api.views.common import nothing
from hub.usecases import linking

TRY: Final = Limit("link", 5, 300, "user")

ACTS: Final = (
    act("link:open", "POST /v1/links", asks.OpenLink, linking.open_link, ("member",), (TRY,), views.link,
        "A sign-in without a device asks to become one. With `commit` digits are compared, else a code is scanned."),
    act("link:answer", "POST /v1/links/{link}/answer", asks.AnswerLink, linking.answer_link, ("device",), (SIGN,),
        views.link, "A device of the account tells its ephemeral key, once."),
    act("link:reveal", "POST /v1/links/{link}/reveal", asks.RevealLink, linking.reveal_link, ("member",), (SIGN,),
        views.link, "The new device shows what it committed to, once."),
    act("link:bundle", "PUT /v1/links/{link}/bundle", asks.SealLink, linking.seal_link, ("device",), (SIGN,),
        views.link, "The device that answered hands over the account's keys, sealed; publish the new list first."),
    act("link:get", "GET /v1/links/{link}", asks.OneLink, linking.get_link, ("member",), (READ,), views.whole,
        "How far a linking has come, and in the end the sealed keys. It ends by itself after five minutes."),
    act("link:list", "GET /v1/links", asks.ListLinks, linking.list_links, ("member",), (READ,), views.links,
        "The linkings under way in one's own account."),
    act("link:close", "DELETE /v1/links/{link}", asks.OneLink, linking.close_link, ("member",), (SIGN,), nothing,
        "End a linking of one's own account."),
)  # fmt: skip
