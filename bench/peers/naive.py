"""The naive peer: python-socketio as its tutorials show it, two MongoDB writes per message, then emit to the room."""

import os
import time
from typing import Any

import socketio
import uvicorn
from pymongo import AsyncMongoClient, ReturnDocument, WriteConcern

server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], cors_allowed_origins="*")
database = AsyncMongoClient[dict[str, Any]](os.environ["MONGODB_URI"])["bench_naive"]
durable = WriteConcern(w="majority", j=True)
rooms = database.get_collection("rooms", write_concern=durable)
messages = database.get_collection("messages", write_concern=durable)


@server.on("connect", namespace="/hub")
async def connect(sid: str, _environ: dict[str, Any], auth: dict[str, Any]) -> None:
    for room in auth["rooms"]:
        await server.enter_room(sid, room, namespace="/hub")


@server.on("message:send", namespace="/hub")
async def send(_sid: str, data: dict[str, Any]) -> dict[str, Any]:
    room = await rooms.find_one_and_update(
        {"_id": data["room"]}, {"$inc": {"seq": 1}}, upsert=True, return_document=ReturnDocument.AFTER
    )
    message = {"room": data["room"], "seq": room["seq"], "cid": data["cid"], "env": data["env"], "ts": time.time_ns()}
    await messages.insert_one(dict(message))
    await server.emit("message:new", message, room=data["room"], namespace="/hub")
    return {"ok": True, "seq": message["seq"]}


if __name__ == "__main__":
    app = socketio.ASGIApp(server)
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
