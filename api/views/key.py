"""What is shown of prekeys and chain keys."""

from collections.abc import Mapping, Sequence

from api.views.common import View
from api.views.device import device_list
from crypto import b64
from hub.ids import UserId
from hub.ports import OneTime, Stock, Want
from hub.usecases.keys import AskedKey, wanted_item
from hub.usecases.prekeys import ClaimedKeys


def stock(stock: Stock) -> View:
    return {"left": stock.left, "next": stock.next}


def claimed(accounts: Mapping[UserId, ClaimedKeys]) -> View:
    return {"accounts": {account: _claimed(keys) for account, keys in accounts.items()}}


def _claimed(keys: ClaimedKeys) -> View:
    prekeys = {device: b64.encode(spk) for device, spk in keys.prekeys.items()}
    one_time = {device: _one_time(key) for device, key in keys.one_time.items()}
    shown = {"aik": b64.encode(keys.devices.aik), **device_list(keys.devices)}
    return {**shown, "prekeys": prekeys, "one_time": one_time}


def _one_time(prekey: OneTime) -> View:
    return {"id": prekey.id, "key": b64.encode(prekey.key)}


def asked(found: AskedKey) -> View:
    return {"asked": found.asked, "packets": [b64.encode(packet) for packet in found.packets.values()]}


def wanted(wants: Sequence[Want]) -> View:
    return {"wanted": [wanted_item(want) for want in wants]}
