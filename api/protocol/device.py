"""Rows of the table: devices and their keys."""

from typing import Final

from api.asks import device as asks
from api.limit import Limit
from api.protocol.act import READ, SIGN, act
from api.views import device as views
from hub.usecases import devices, messaging

RESET: Final = Limit("reset", 10, 86_400, "user")

ACTS: Final = (
    act("device:challenge", "POST /v1/devices/challenge", asks.MakeChallenge, devices.make_challenge, ("member",),
        (SIGN,), views.challenge, "32 random bytes to sign: five minutes, once, for this session.", doors="http"),
    act("device:prove", "POST /v1/devices/proof", asks.ProveDevice, devices.prove_device, ("member",), (SIGN,),
        views.access, "Prove a device by its login signature; answers an access token that names it.", doors="http"),
    act("device:publish", "POST /v1/devices", asks.PublishDevices, devices.publish_devices, ("member",), (SIGN,),
        views.device_stamp, "Publish the next signed device list; the first one fixes the identity key."),
    act("identity:reset", "POST /v1/devices/reset", asks.ResetIdentity, devices.reset_identity, ("member", "recent"),
        (RESET,), views.device_stamp, "Begin anew under another identity key: old messages and backup are given up.",
        doors="http"),
    act("device:list", "GET /v1/users/{user}/devices", asks.ListDevices, devices.list_devices, ("member",), (READ,),
        views.device_history, "All device lists of a neighbour after one already known, oldest first."),
    act("chain:last", "GET /v1/rooms/{room}/chains/{chain}", asks.LastChainIndex, messaging.last_chain_index,
        ("device", "room"), (READ,), views.chain_index, "The last index of this device's chain that the hub holds."),
)  # fmt: skip
