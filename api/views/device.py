"""What is shown of devices and their keys."""

from collections.abc import Mapping

from api.views.common import View, milliseconds
from crypto import b64
from hub.ids import UserId
from hub.ports import AccessToken
from hub.room import DeviceList
from hub.usecases.devices import Challenge, ClaimedKeys, DeviceHistory


def challenge(made: Challenge) -> View:
    return {"challenge": b64.encode(made.challenge), "expires": milliseconds(made.expires)}


def device_stamp(published: DeviceList) -> View:
    return {"epoch": published.epoch, "version": published.version}


def device_list(known: DeviceList) -> View:
    return device_stamp(known) | {"cert": b64.encode(known.cert), "list": b64.encode(known.devlist)}


def device_history(history: DeviceHistory) -> View:
    return {
        "account": history.account,
        "aik": b64.encode(history.aik),
        "lists": [device_list(known) for known in history.lists],
    }


def claimed(accounts: Mapping[UserId, ClaimedKeys]) -> View:
    return {"accounts": {account: _claimed(keys) for account, keys in accounts.items()}}


def _claimed(keys: ClaimedKeys) -> View:
    prekeys = {device: b64.encode(spk) for device, spk in keys.prekeys.items()}
    return {"aik": b64.encode(keys.devices.aik), **device_list(keys.devices), "prekeys": prekeys}


def chain_index(index: int | None) -> View:
    return {"index": index}


def access(token: AccessToken) -> View:
    return {"access": token.token, "access_expires": milliseconds(token.expires_at)}
