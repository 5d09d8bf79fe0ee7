"""A message is reported with what the hub itself told of it, at either door, and read by a moderator at either door."""

from typing import Any
from uuid import uuid4

import pytest

from crypto import b64
from crypto.dkx.rest import MAX_BODY
from hub.room import Stored
from tests.api.doors.asking import is_refused
from tests.api.doors.hubs import Worker
from tests.api.doors.street import Street, on_the_wire
from tests.support.lending import appoint
from tests.support.world import Pen

SAID = '{"t":"Sonst passiert was."}'


async def said(hub: Worker, street: Street, pen: Pen, text: str = SAID) -> dict[str, Any]:
    """What the owner can disclose of a message, from the tell by which it came."""
    sent = pen.write(text)
    async with hub.live(street.owner) as reader, hub.live(street.renter) as writer:
        assert (await writer.call("message:send", on_the_wire(sent)))["ok"]
        told = await reader.heard("message:new")
    assert told["cid"] == sent.cid.hex()
    return pen.reported(sent, Stored(told["seq"], told["ts"], told["kid"], b64.decode(told["ft"])))


def asked(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cmd_id": uuid4().hex, "reason": "threat", "messages": list(messages), **more}


@pytest.fixture
def pen(street: Street) -> Pen:
    return street.pen(street.renter)


async def test_over_http(hub: Worker, street: Street, pen: Pen) -> None:
    other, message = await said(hub, street, pen, '{"t":"Privat."}'), await said(hub, street, pen)
    path = f"/v1/rooms/{street.room}/reports"
    made = await hub.ask("POST", path, street.owner, json=asked(message, words="Er droht."))
    assert (made.status_code, made.json()["seqs"]) == (201, [message["seq"]])
    moderator = await appoint(hub.world)
    waiting = await hub.ask("GET", "/v1/mediation/reports", moderator)
    assert made.json()["id"] in {one["id"] for one in waiting.json()["reports"]}
    assert SAID not in waiting.text
    read = await hub.ask("GET", f"/v1/mediation/reports/{made.json()['id']}", moderator)
    (shown,) = read.json()["messages"]
    assert shown["content"] == {"t": "Sonst passiert was."}
    assert (shown["from"], shown["ts"], shown["seq"]) == (street.renter.user.id, message["ts"], message["seq"])
    for secret in ("Privat", other["kf"], other["rest"], message["kf"]):
        assert secret not in read.text
    closing = {"outcome": "acted", "words": "Verwarnt."}
    closed = await hub.ask("POST", f"/v1/mediation/reports/{made.json()['id']}/close", moderator, json=closing)
    assert closed.json()["closed"]["outcome"] == "acted"
    mine = await hub.ask("GET", path, street.owner)
    assert mine.json()["reports"][0]["closed"]["words"] == "Verwarnt."
    assert (await hub.ask("GET", path, street.renter)).json() == {"reports": []}


async def test_over_a_socket(hub: Worker, street: Street, pen: Pen) -> None:
    message, moderator = await said(hub, street, pen), await appoint(hub.world)
    async with hub.live(street.owner) as socket, hub.live(moderator) as office:
        made = await socket.call("report:send", asked(message) | {"room": street.room})
        assert made["seqs"] == [message["seq"]]
        read = await office.call("mediation:read_report", {"report": made["id"]})
        assert read["messages"][0]["content"] == {"t": "Sonst passiert was."}
        forged = {**message, "rest": message["rest"][:-2] + "AA"}
        refused = await socket.call("report:send", asked(forged) | {"room": street.room})
    assert refused["error"] == {
        "code": "report_unverifiable", "kind": "invalid", "data": {"seq": message["seq"]},
    }  # fmt: skip


async def test_an_altered_message_is_refused_and_an_erased_one_is_not(hub: Worker, street: Street, pen: Pen) -> None:
    message, path = await said(hub, street, pen), f"/v1/rooms/{street.room}/reports"
    gone = await hub.ask("DELETE", f"/v1/rooms/{street.room}/messages/{message['seq']}", street.renter)
    assert gone.status_code == 200
    for name in ("kf", "rest", "ft", "hdr104"):
        other = ("B" if message[name][5] == "A" else "A").join((message[name][:5], message[name][6:]))
        refused = await hub.ask("POST", path, street.owner, json=asked({**message, name: other}))
        is_refused(refused, 422, "report_unverifiable")
    assert (await hub.ask("POST", path, street.owner, json=asked(message))).status_code == 201


async def test_whatever_can_be_sent_can_be_reported(hub: Worker, street: Street, pen: Pen) -> None:
    """The longest message there is, and one that is no JSON: readers may get both."""
    odd = await said(hub, street, pen, "kein JSON \u2028")
    longest = await said(hub, street, pen, "x" * MAX_BODY)
    async with hub.live(street.owner) as socket:
        for message in (odd, longest):
            made = await socket.call("report:send", asked(message) | {"room": street.room})
            assert made["ok"], made
    read = await hub.ask("GET", f"/v1/mediation/reports/{made['id']}", await appoint(hub.world))
    assert read.json()["messages"][0]["content"] is None
    assert b64.decode(read.json()["messages"][0]["body"]) == b"x" * MAX_BODY
