"""Rows of the table: rooms and their log."""

from typing import Final

from api.asks import quick
from api.asks import room as asks
from api.limit import Limit
from api.protocol.act import READ, SIGN, WRITE, act
from api.views import room as views
from api.views.common import nothing
from hub.usecases import messaging, presence

ACTS: Final = (
    act("message:send", "POST /v1/rooms/{room}/messages", asks.SendMessage, messaging.queue_message,
        ("device", "room"),
        (Limit("message", 20, 20, "device", inside=True), Limit("message_room", 200, 60, "room", inside=True)),
        views.stored, "Send a ciphertext. The answer means: durable, at this seq.", status=201, pipelined=True,
        quick=quick.message, at_once=messaging.message_at_once),
    act("message:redact", "DELETE /v1/rooms/{room}/messages/{seq}", asks.RedactMessage, messaging.redact_message,
        ("room",), (WRITE,), nothing, "Erase one's own ciphertext; its seq stays."),
    act("room:sync", "POST /v1/sync", asks.SyncRooms, messaging.sync_rooms, ("room",),
        (Limit("sync", 10, 10, "device"),), views.synced, "What is new in each room, forward from the cursors."),
    act("room:history", "GET /v1/rooms/{room}/history", asks.PageHistory, messaging.page_history, ("room",), (READ,),
        views.page, "A page backwards."),
    act("room:get", "GET /v1/rooms/{room}", asks.GetRoom, messaging.get_room, ("room",), (READ,), views.room,
        "Members, roster, receipts and head of a room."),
    act("room:list", "GET /v1/rooms", asks.ListRooms, messaging.list_rooms, ("member",), (READ,), views.rooms,
        "One's rooms."),
    act("roster:publish", "POST /v1/rooms/{room}/roster", asks.PublishRoster, messaging.publish_roster,
        ("device", "room"), (SIGN,), views.published_roster, "Publish the next signed roster: a row of the log."),
    act("roster:list", "GET /v1/rooms/{room}/rosters", asks.ListRosters, messaging.list_rosters, ("room",), (READ,),
        views.rosters, "All rosters of a room after one already known, oldest first."),
    act("receipt:put", "PUT /v1/rooms/{room}/receipt", asks.PutReceipt, messaging.put_receipt, ("room",),
        (Limit("receipt", 120, 60, "user"),), nothing, "How far one has received and read; both only grow."),
    act("typing:set", None, asks.SetTyping, messaging.set_typing, ("room",), (Limit("typing", 2, 6, "device"),),
        nothing, "Being about to write; never stored, forgotten after 6 s.", doors="socket"),
    act("presence:set", None, asks.BeatPresence, presence.beat_presence, ("member",),
        (Limit("presence", 20, 60, "device"),), nothing, "Being here, active or idle.", doors="socket",
        fills=("connection",)),
)  # fmt: skip
