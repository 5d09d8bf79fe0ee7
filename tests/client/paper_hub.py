"""A hub on paper: it keeps what clients publish and one log per room, verifies nothing, and can be made to lie.

It stands where the network stands for the client's parts, so that a test decides what the hub says and when.
"""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client.applying import Applier
from client.chat import Chat
from client.device import DeviceDesk
from client.errands import Errands
from client.errors import HubRefused, Offline
from client.happenings import Happenings
from client.keyring import Keyring
from client.outbox import Outbox
from client.reading import Reader
from client.rosters import Rosters
from client.sender import Sender
from client.store import Store
from client.sync import Sync
from client.timeline import Line, lines
from client.trust import Trust
from client.uploads import Uploader
from client.when import now_ms
from crypto import b64
from crypto.dkx.content import Text
from crypto.dkx.envelope import EnvelopeHeader
from crypto.dkx.event import GENESIS, event_hash
from crypto.dkx.roster import Member, Role, Roster
from crypto.dkx.sealing.keys import new_id
from crypto.dkx.sealing.signing import first_roster

Item = dict[str, Any]


@dataclass
class PaperHub:
    """``refusals`` are raised by the next sends, in order; ``silent`` sends are stored and never answered."""

    devices: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    prekeys: dict[str, dict[str, str]] = field(default_factory=dict)
    rosters: dict[str, str] = field(default_factory=dict)
    former_rosters: dict[str, list[Item]] = field(default_factory=dict)
    members: dict[str, list[Item]] = field(default_factory=dict)
    logs: dict[str, list[Item]] = field(default_factory=dict)
    keys: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    cids: dict[str, tuple[int, str]] = field(default_factory=dict)
    chain_last: dict[str, int] = field(default_factory=dict)
    sent: list[Item] = field(default_factory=list)
    answered: list[Item] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    silent: int = 0
    syncs: int = 0

    def append(self, room: str, item: Item) -> Item:
        log = self.logs.setdefault(room, [])
        log.append({"seq": len(log) + 1, **item})
        return log[-1]

    def append_event(self, room: str, by: str, event: str, data: Item) -> Item:
        events = [item for item in self.logs.get(room, []) if item["kind"] == "event"]
        previous = bytes.fromhex(events[-1]["hash"]) if events else GENESIS
        body = {"at": "2026-07-04T08:00:00Z", "by": by, "cmd_id": new_id().hex(), "data": data, "type": event}
        seq = len(self.logs.get(room, [])) + 1
        hashed = event_hash(previous, body | {"room": room, "seq": seq})
        return self.append(room, {"kind": "event", **body, "prev_hash": previous.hex(), "hash": hashed.hex()})

    def roster_history(self, room: str) -> list[Item]:
        newest = self.rosters[room]
        version = Roster.parse(b64.decode(newest)).version
        former = [kept for kept in self.former_rosters.get(room, []) if kept["version"] != version]
        events = [item for item in self.logs.get(room, []) if item.get("type") == "roster_changed"]
        seq = events[-1]["seq"] if events and version > 1 else 0
        return [*former, {"version": version, "seq": seq, "roster": newest}]

    def send(self, account: str, message: Item) -> Item:
        self.sent.append(message)
        if self.refusals:
            raise self.refusals.pop(0)
        if message["cid"] in self.cids:
            seq, env = self.cids[message["cid"]]
            if env != message["env"]:
                raise HubRefused("cid_mismatch", "conflict")
            return {"ok": True, "seq": seq, "dup": True}
        item = self.append(message["room"], self._item(account, message))
        self.keys[message["room"], item["seq"]] = {key["to"]: key["pkt"] for key in message.get("keys", [])}
        self.cids[message["cid"]] = item["seq"], message["env"]
        self.chain_last[message["chain"]] = max(message["idx"], self.chain_last.get(message["chain"], 0))
        if self.silent:
            self.silent -= 1
            raise Offline("the answer was lost")
        return {"ok": True, "seq": item["seq"], "ts": item["ts"]}

    def erase(self, room: str, seq: str) -> None:
        """Keep the place alone."""
        whole = self.logs[room][int(seq) - 1]
        self.logs[room][int(seq) - 1] = {name: whole[name] for name in ("seq", "from", "ts")} | {"kind": "gone"}

    @staticmethod
    def _item(account: str, message: Item) -> Item:
        header = EnvelopeHeader.of(b64.decode(message["env"]))
        return {
            "kind": "message",
            "ts": now_ms(),
            "from": account,
            "dev": header.device.hex(),
            "cid": header.cid.hex(),
            "env": message["env"],
            "kid": "paper",
            "ft": b64.encode(bytes(32)),
        }

    def sync(self, device: str, cursors: dict[str, int], limit: int) -> Item:
        self.syncs += 1
        rooms = {}
        for room, cursor in cursors.items():
            log = self.logs.get(room, [])
            items = [self._for(room, item, device) for item in log if item["seq"] > cursor][:limit]
            rooms[room] = {"items": items, "head": len(log), "more": cursor + len(items) < len(log), "floor": 1}
        return {"ok": True, "rooms": rooms, "presence": {}}

    def _for(self, room: str, item: Item, device: str) -> Item:
        key = self.keys.get((room, item["seq"]), {}).get(device)
        return item | {"key": key} if key else item


class PaperSession:
    def __init__(self, user: str) -> None:
        self.user = user

    def adopt(self, access: Item) -> None:
        """A paper hub gives no tokens."""


class PaperHttp:
    url = "http://127.0.0.1:8000"


class PaperLine:
    """What ``Hub`` and ``HubLine`` are to the parts: calls and asks, answered from paper."""

    http = PaperHttp()

    def __init__(self, hub: PaperHub, user: str) -> None:
        self.hub, self.session, self.device = hub, PaperSession(user), ""
        self.down = False

    async def up(self) -> None:
        if self.down:
            raise Offline("down")

    async def ask(self, event: str, payload: Item) -> Item:
        await self.up()
        await asyncio.sleep(0)
        if event == "message:send":
            return self.hub.send(self.session.user, json.loads(json.dumps(payload)))
        return json.loads(json.dumps(self.hub.sync(self.device, payload["cursors"], payload["limit"])))

    async def get(self, path: str, **query: Any) -> Item:
        await self.up()
        match path.split("/")[2:]:
            case ["users", account, "devices"]:
                return self._devices(account, (query["epoch"], query["version"]))
            case ["rooms", room, "chains", chain]:
                return {"index": self.hub.chain_last.get(chain)}
            case ["rooms", room, "rosters"]:
                history, known = self.hub.roster_history(room), query["version"]
                return {"rosters": [kept for kept in history if kept["version"] > known]}
            case ["rooms", room]:
                return {"roster": self.hub.rosters[room], "members": self.hub.members.get(room, [])}
        raise AssertionError(path)

    def _devices(self, account: str, after: tuple[int, int]) -> Item:
        lists = self.hub.devices.get(account)
        if not lists:
            raise HubRefused("devices_not_found", "not_found")
        newer = [known for known in lists if (known["epoch"], known["version"]) > after]
        return {"account": account, "aik": lists[-1]["aik"], "lists": newer}

    async def call(self, method: str, path: str, body: Item | None = None) -> Item:
        await self.up()
        if method == "DELETE":
            self.hub.erase(*path.split("/")[3::2])
            return {}
        return self._published(path, body or {})

    def _published(self, path: str, body: Item) -> Item:
        match path:
            case "/v1/devices":
                entry = body | {"epoch": 1, "version": len(self.hub.devices.get(self.session.user, [])) + 1}
                self.hub.devices.setdefault(self.session.user, []).append(entry)
                return {}
            case "/v1/devices/challenge":
                return {"challenge": b64.encode(bytes(32))}
            case "/v1/prekeys":
                self.hub.prekeys.setdefault(self.session.user, {})[self.device] = body["spk"]
                return {"left": 50, "next": 51}
            case "/v1/prekeys/claim":
                return {"accounts": {account: self._claimed(account) for account in body["accounts"]}}
        if path.endswith("/keys"):
            self.hub.answered.append(body)
        return {}

    async def command(self, path: str, body: Item) -> Item:
        """A roster is the only command that paper takes."""
        room = path.split("/")[3]
        self.hub.former_rosters[room] = self.hub.roster_history(room)
        self.hub.rosters[room] = body["roster"]
        return {"seq": self.hub.append_event(room, self.session.user, "roster_changed", {"version": 2})["seq"]}

    def _claimed(self, account: str) -> Item:
        newest = self.hub.devices[account][-1]
        return newest | {"prekeys": self.hub.prekeys.get(account, {})}


class PaperNeighbour:
    """One neighbour's parts on a directory, wired to a paper hub. Use it as a context manager."""

    def __init__(self, hub: PaperHub, directory: Path, user: str | None = None) -> None:
        self.directory, self.store = directory, Store(directory)
        known = self.store.identity.own().account.hex() if self.store.identity.exists() else None
        self.user = user or known or new_id().hex()
        self.line = PaperLine(hub, self.user)
        self.happenings = Happenings()
        self.trust = Trust(self.store, self.line, self.happenings)
        self.rosters = Rosters(self.store, self.trust, self.line)
        self.keyring = Keyring(self.store, self.rosters)
        self.reader = Reader(self.store, self.rosters, self.keyring)
        self.applier = Applier(self.store, self.rosters, self.reader, self.happenings)
        self.sync = Sync(self.store, self.applier, self.line.ask)
        self.sender = Sender(self.store, self.rosters, self.line)
        errands = Errands(self.store, self.line, Uploader(self.store, self.line, self.happenings))
        self.outbox = Outbox(self.store, self.sender, self.rosters, self.line, self.happenings, errands=errands)
        self.chat = Chat(self.store, self.outbox)
        self.desk = DeviceDesk(self.store, self.line, self.trust)
        if known:
            self.line.device = self.store.identity.own().device.hex()

    async def settle_in(self) -> None:
        self.store.identity.create(bytes.fromhex(self.user), now_ms=now_ms())
        self.line.device = self.store.identity.own().device.hex()
        self.trust.believe_own()
        await self.desk.create()

    async def open_room(self, hub: PaperHub, owner: "PaperNeighbour") -> str:
        """A rental of the owner's thing: its room, our roster, one event."""
        own = self.store.identity.own()
        members = [Member(own.account, own.aik, Role.RENTER)]
        if owner.store.identity.exists():
            pin = await self.trust.account(owner.user)
            members.append(Member(pin.account, pin.aik, Role.OWNER))
        roster: Roster = first_roster(own, new_id(), members, now_ms=now_ms())
        room = roster.room.hex()
        hub.rosters[room] = b64.encode(roster.raw)
        hub.members[room] = [{"user": self.user, "role": 1}, {"user": owner.user, "role": 2}]
        hub.append_event(room, self.user, "rental_inquired", {"item": "0" * 32})
        return room

    async def send(self, room: str, text: str) -> str:
        """Write, and wait until the outbox has nothing more to do."""
        cid = self.write(room, text)
        self.outbox.nudge(room)
        await self.sent(room)
        return cid

    def write(self, room: str, text: str) -> str:
        return self.store.outgoing.add(room, 1, Text(text).to_bytes(), now_ms())

    async def sent(self, room: str) -> None:
        await asyncio.wait_for(asyncio.shield(self.outbox._tasks[room]), 5)

    async def catch_up(self, room: str) -> None:
        """One round of what ``Sync.run`` does for ever."""
        self.sync.connected({room: 1})
        async with asyncio.timeout(5):
            while self.sync._tail(room).due is not None:
                await self.sync._drain()
                await self.sync._fetch([room])

    def timeline(self, room: str) -> list[Line]:
        return lines(self.store.log.of(room), self.store.outgoing.of(room), self.user)

    def texts(self, room: str) -> list[str]:
        return [line.text for line in self.timeline(room) if line.kind == "text"]

    def warned(self) -> list[str]:
        return [warned.code for warned in self.store.log.warnings()]

    async def restart(self, hub: PaperHub, *, clean: bool = True) -> "PaperNeighbour":
        await self.outbox.stop()
        if clean:
            self.store.close()
        else:
            self.store.abandon()
        return PaperNeighbour(hub, self.directory)
