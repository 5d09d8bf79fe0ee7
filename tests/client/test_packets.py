"""The documented framing, read and written."""

import pytest

from client.packets import (
    Answered,
    Closed,
    Connected,
    Opened,
    Pinged,
    Refused,
    Told,
    read_packet,
    write_connect,
    write_event,
)


@pytest.mark.parametrize(
    ("text", "packet"),
    [
        ('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":160000}', Opened(45.0)),
        ('40/hub,{"sid":"x"}', Connected("x")),
        ('44/hub,{"message":"bad_token","data":{"a":1}}', Refused("bad_token", {"a": 1})),
        ('43/hub,7[{"ok":true}]', Answered(7, {"ok": True})),
        ('42/hub,["message:new",{"seq":1}]', Told("message:new", {"seq": 1})),
        ("6", None),
        ('42["message:new",{}]', None),
        ('42/widget,["message:new",{}]', None),
        ('42/hub,["a"]', None),
    ],
)
def test_packets_are_read(text: str, packet: object):
    assert read_packet(text) == packet


def test_pings_and_farewells_are_read():
    assert isinstance(read_packet("2"), Pinged)
    assert isinstance(read_packet("41/hub,"), Closed)
    assert isinstance(read_packet("1"), Closed)


@pytest.mark.parametrize("text", ["0{", "0{}", '42/hub,["a",'])
def test_what_cannot_be_read_is_an_error(text: str):
    with pytest.raises(ValueError, match=r"."):
        read_packet(text)


def test_packets_are_written_as_documented():
    assert write_connect({"v": 1}) == '40/hub,{"v":1}'
    assert write_event(7, "message:send", {"t": "ü"}) == '42/hub,7["message:send",{"t":"ü"}]'
