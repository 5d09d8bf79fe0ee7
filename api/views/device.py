"""What is shown of devices and their keys."""

from api.views.common import View, milliseconds
from crypto import b64
from hub.passkey import Challenge
from hub.ports import AccessToken
from hub.room import DeviceList
from hub.usecases.devices import DeviceHistory


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


def chain_index(index: int | None) -> View:
    return {"index": index}


def access(token: AccessToken) -> View:
    return {"access": token.token, "access_expires": milliseconds(token.expires_at)}
