"""Durable end-to-end relay: send → stored (majority, journaled) → the other neighbour's device has it.

Contenders in one interleaved run, on the same machine, MongoDB and load: the hub with one and with two workers, naive
python-socketio, and, as the limit, uvicorn's own WebSocket echo. Rates on a shared machine drift: read the ratios.

    python -m bench.relay                 # full: 100 rooms, 3 rounds
    python -m bench.relay --rooms 20 --messages 50 --rounds 1
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import uvloop

from bench.load import Lane, Relay, Wire, masked_frame, open_wire
from bench.prepare import Pair, make_pairs, write_ahead
from bench.processes import below, command, cpu_s, free_port, hub, peer, pin, rss_kb
from storage.embedded import embedded_servers

SOCKET = "/socket.io/?EIO=4&transport=websocket"
IN_FLIGHT = 4
LIGHT_PER_S = 200
IDLE_SOCKETS = 500
CORES = {0, 1}
WARM_UP = 3
"""Messages per room before the clock starts: caches, key packets of the first chain."""


def event_frame(ack: int, event: str, payload: Mapping[str, Any]) -> bytes:
    packet = f"42/hub,{ack}{json.dumps([event, payload], separators=(',', ':'))}"
    return masked_frame(packet.encode())


class Hearer:
    """Reads the few bytes of a packet that matter: acks for the sender, ``message:new`` for the reader."""

    def __init__(self, relay: Relay, counts: bool) -> None:
        self._relay, self._counts = relay, counts
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __call__(self, wire: Wire, packet: bytes) -> None:
        if packet.startswith(b'42/hub,["message:new"'):
            if self._counts:
                told = orjson.loads(packet[7:])[1]
                self._relay.received(told["room"].encode(), told["seq"])
        elif packet.startswith(b"43/hub,"):
            self._relay.acked(b'"ok":true' in packet)
            if b'"ok":true' not in packet and not self._relay.outcome.refused % 1000:
                print("refused:", packet[:300])
        elif packet.startswith(b"40/hub,"):
            self.ready.set_result(None)
        elif packet.startswith(b"44/hub,"):
            self.ready.set_exception(ConnectionError(packet.decode()))
        elif packet.startswith(b"0"):
            wire.send(masked_frame(b"40/hub," + self.auth))

    auth = b"{}"


async def join(port: int, relay: Relay, auth: Mapping[str, Any], *, counts: bool) -> Wire:
    hearer = Hearer(relay, counts)
    hearer.auth = json.dumps(auth).encode()
    wire = await open_wire(port, SOCKET, hearer)
    await asyncio.wait_for(hearer.ready, 20)
    return wire


async def heads(pairs: Iterable[Pair]) -> dict[str, int]:
    return {pair.room: (await pair.reader.head(pair.room)) for pair in pairs}


class Contender:
    """One server under the load; every run is a row."""

    def __init__(self, name: str, port: int, pids: list[int], mongod: int) -> None:
        self.name, self.port, self.pids, self.mongod = name, port, pids, mongod
        self.saturated: list[dict[str, float]] = []
        self.light: list[dict[str, float]] = []

    async def run(self, relay: Relay, *, light: int = 0) -> None:
        before, before_db, before_load = cpu_s(self.pids), cpu_s([self.mongod]), cpu_s([os.getpid()])
        outcome = await (relay.trickle(LIGHT_PER_S, light) if light else relay.saturate(IN_FLIGHT))
        done = max(1, outcome.messages)
        used, used_db = cpu_s(self.pids) - before, cpu_s([self.mongod]) - before_db
        row = {
            "rate": outcome.rate,
            "p50": outcome.percentile(0.5),
            "p99": outcome.percentile(0.99),
            "cpu_us": used / done * 1e6,
            "mongod_us": used_db / done * 1e6,
            "busy": (used + used_db + cpu_s([os.getpid()]) - before_load) / outcome.seconds,
            "violations": outcome.violations,
            "refused": outcome.refused,
        }
        (self.light if light else self.saturated).append(row)
        print(f"  {self.name:<22} {'light' if light else 'full':<5} " + say(row), flush=True)


def say(row: Mapping[str, float]) -> str:
    return (
        f"{row['rate']:8.0f} msg/s  p50 {row['p50']:7.2f} ms  p99 {row['p99']:7.2f} ms  "
        f"server {row['cpu_us']:6.1f} µs/msg  mongod {row['mongod_us']:6.1f} µs/msg  "
        f"cores busy {row['busy']:4.2f}  violations {row['violations']:.0f}  refused {row['refused']:.0f}"
    )


class HubContender(Contender):
    async def round(self, pairs: Sequence[Pair], count: int, *, light: int = 0) -> None:
        relay = Relay()
        wires = []
        at = await heads(pairs)
        for number, pair in enumerate(pairs):
            sender = await join(self.port, relay, await pair.writer.introduction(), counts=False)
            reader = await join(self.port, relay, await pair.reader.introduction(), counts=True)
            warm = 0 if light else WARM_UP
            taken, pair.sealed = pair.sealed[: count + warm], pair.sealed[count + warm :]
            frames = [event_frame(number * 10_000 + n, "message:send", message) for n, message in enumerate(taken)]
            relay.add(pair.room.encode(), Lane(sender, frames), at[pair.room] + 1)
            wires += [sender, reader]
        if not light:
            await relay.warm_up(WARM_UP)
        await self.run(relay, light=light)
        for wire in wires:
            wire.close()


class NaiveContender(Contender):
    seq = 0

    async def round(self, pairs: Sequence[Pair], count: int, *, light: int = 0) -> None:
        relay = Relay()
        wires = []
        for number, pair in enumerate(pairs):
            auth = {"rooms": [pair.room]}
            sender = await join(self.port, relay, auth, counts=False)
            reader = await join(self.port, relay, auth, counts=True)
            payload = pair.sealed[0] if pair.sealed else {"room": pair.room, "cid": "0" * 32, "env": "A" * 619}
            frames = [event_frame(number * 10_000 + n, "message:send", payload) for n in range(count)]
            relay.add(pair.room.encode(), Lane(sender, frames), self.seq + 1)
            wires += [sender, reader]
        type(self).seq += light // len(pairs) if light else count
        await self.run(relay, light=light)
        for wire in wires:
            wire.close()


class EchoContender(Contender):
    async def round(self, pairs: Sequence[Pair], count: int, *, light: int = 0) -> None:
        relay = Relay()
        wires = []
        for number, _pair in enumerate(pairs):
            room = str(number).encode()
            seen = iter(range(1, count + 1))
            wire = await open_wire(self.port, "/", lambda _, __, room=room, seen=seen: relay.received(room, next(seen)))
            relay.add(room, Lane(wire, [masked_frame(b"x" * 1000)] * count), 1)
            wires.append(wire)
        await self.run(relay, light=light)
        for wire in wires:
            wire.close()


async def idle_memory(port: int, pids: list[int], pairs: Sequence[Pair]) -> float:
    """Kilobytes per authenticated connection that does nothing."""
    relay = Relay()
    before = rss_kb(pids)
    introductions = [await pair.reader.introduction() for pair in pairs]
    wires = [await join(port, relay, introductions[n % len(introductions)], counts=False) for n in range(IDLE_SOCKETS)]
    await asyncio.sleep(1)
    grown = (rss_kb(pids) - before) / IDLE_SOCKETS
    for wire in wires:
        wire.close()
    await asyncio.sleep(1)
    return grown


def median(rows: Sequence[Mapping[str, float]], key: str) -> float:
    return statistics.median(row[key] for row in rows)


def report(hub_one: Contender, hub_two: Contender, naive: Contender, echo: Contender, idle_kb: float) -> list[str]:
    """The gates of the first stage (design of the hot path), as ratios within this run."""
    rate = {c.name: median(c.saturated, "rate") for c in (hub_one, hub_two, naive, echo)}
    checks = [
        ("against naive python-socketio, msgs/s", rate[hub_one.name] / rate[naive.name], 10, "≥"),
        ("against uvicorn's own echo, msgs/s", rate[hub_one.name] / rate[echo.name], 0.12, "≥"),
        (f"p50 at {LIGHT_PER_S} msgs/s, ms", median(hub_one.light, "p50"), 4, "≤"),
        (f"p99 at {LIGHT_PER_S} msgs/s, ms", median(hub_one.light, "p99"), 12, "≤"),
        ("two workers against one, msgs/s", rate[hub_two.name] / rate[hub_one.name], 1.0, "≥"),
        ("memory per idle connection, kB", idle_kb, 60, "≤"),
        (
            "order violations, lost, refused",
            sum(r["violations"] + r["refused"] for r in hub_one.saturated + hub_two.saturated),
            0,
            "≤",
        ),
    ]
    missed = []
    for name, value, target, sense in checks:
        held = value >= target if sense == "≥" else value <= target
        print(f"  {'ok  ' if held else 'MISS'} {name:<42} {value:8.2f}   target {sense} {target}")
        if not held:
            missed.append(name)
    return missed


@dataclass
class Arena:
    """What all contenders share: one MongoDB, one folder, and how much is asked of them."""

    folder: Path
    port: int
    env: dict[str, str]
    mongod: int
    messages: int
    light_each: int

    @contextmanager
    def hub(self, contender: Contender, workers: int) -> Iterator[Contender]:
        """A freshly started hub, on the same port each time, because tokens and proofs are bound to its address.

        Each worker has a core of its own; MongoDB and the load have those that are left, or share all, and afterwards
        the second one again, as beside everybody who has the first.
        """
        with hub(self.folder / "hub", self.port, self.env, workers) as pids:
            for core, pid in enumerate(pids):
                pin([pid], {core})
            shared = [self.mongod, os.getpid()]
            pin(shared, CORES - set(range(workers)) or CORES)
            contender.pids = pids
            yield contender
            pin(shared, {1})


async def prepare(arena: Arena, rooms: int, rounds: int) -> tuple[list[Pair], float]:
    """Neighbours, rooms and sealed messages; measures idle connections while at it."""
    with hub(arena.folder / "hub", arena.port, arena.env, 1) as pids:
        pairs = await make_pairs(arena.folder / "neighbours", f"http://127.0.0.1:{arena.port}", rooms)
        await write_ahead(pairs, rounds * (2 * (arena.messages + WARM_UP) + arena.light_each))
        return pairs, await idle_memory(arena.port, pids, pairs)


async def main(rooms: int, messages: int, rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_servers(Path(folder) / "data") as servers:
            env = {"MONGODB_URI": servers.mongodb_uri, "REDIS_URL": servers.redis_url}
            mongod = next(pid for pid in below(os.getpid()) if "mongod" in command(pid))
            arena = Arena(Path(folder), free_port(), env, mongod, messages, -(-5 * LIGHT_PER_S // rooms))
            print(f"preparing {rooms} rooms, each with two devices …", flush=True)
            pairs, idle_kb = await prepare(arena, rooms, rounds)
            with peer("naive", env) as (naive_port, naive_pids), peer("echo", {}) as (echo_port, echo_pids):
                pin(naive_pids + echo_pids, {0})
                naive = NaiveContender("naive python-socketio", naive_port, naive_pids, mongod)
                echo = EchoContender("uvicorn echo", echo_port, echo_pids, mongod)
                one = HubContender("hub, one worker", arena.port, [], mongod)
                two = HubContender("hub, two workers", arena.port, [], mongod)
                for number in range(rounds):
                    print(f"round {number + 1}", flush=True)
                    await play(arena, pairs, one, two, naive, echo)
                print("medians")
                return 1 if report(one, two, naive, echo, idle_kb) else 0


async def play(  # noqa: PLR0917 - the contenders
    arena: Arena, pairs: Sequence[Pair], one: HubContender, two: HubContender, naive: Contender, echo: Contender
) -> None:
    """One round of everybody."""
    with arena.hub(two, 2):
        await two.round(pairs, arena.messages)
    with arena.hub(one, 1):
        await one.round(pairs, arena.messages)
        await one.round(pairs, arena.light_each, light=arena.light_each * len(pairs))
    await naive.round(pairs, max(5, arena.messages // 10))
    await echo.round(pairs, arena.messages * 4)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--messages", type=int, default=300, help="per room and round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    raise SystemExit(uvloop.run(main(options.rooms, options.messages, options.rounds)))
