"""Rows of the table: prekeys, and keys that a device lacks."""

from typing import Final

from api.asks import key as asks
from api.protocol.act import READ, SIGN, WRITE, act
from api.views import key as views
from api.views.common import nothing
from hub.usecases import keys, prekeys

ACTS: Final = (
    act("prekey:publish", "PUT /v1/prekeys", asks.PublishPrekey, prekeys.publish_prekey, ("device",), (SIGN,),
        views.stock, "Replace the signed prekey of this device and add one-time prekeys: 50, when fewer than 20 wait."),
    act("key:claim", "POST /v1/prekeys/claim", asks.ClaimPrekeys, prekeys.claim_prekeys, ("member",), (WRITE,),
        views.claimed, "What it takes to send keys to accounts; those without a device are absent. Each one-time "
        "prekey is given once, to a device that shares a room with its owner."),
    act("key:request", "POST /v1/rooms/{room}/keys/wanted", asks.RequestKey, keys.request_key, ("device", "room"),
        (READ,), views.asked, "Ask its device, and one's own others, for the key of a chain that was meant for this "
        "device. They are told once a minute; packets that have come are in the answer."),
    act("key:put", "PUT /v1/rooms/{room}/keys", asks.PutKey, keys.put_key, ("device", "room"), (READ,), nothing,
        "Answer a device that asked for a key: of one's own chain, or for another device of one's account."),
    act("key:list", "GET /v1/keys/wanted", asks.ListWanted, keys.list_wanted, ("device",), (READ,), views.wanted,
        "The keys others wait for that this device may have."),
)  # fmt: skip
