"""Each hazard of a stock python-socketio server (realtime.md §2), tried with a raw client against the hub's."""

import asyncio
import json
import logging
import socket
from dataclasses import replace
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.echo_hub import QUICK, Served, serving, until
from tests.support.raw_socket import PATH, RawSocket


async def refused_with(port: int, path: str = PATH, **options: Any) -> tuple[int, Any]:
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(f"ws://127.0.0.1:{port}{path}", compression=None, **options):
            pass
    response = refusal.value.response
    return response.status_code, json.loads(response.body)


# Reserved names and the allow-list


async def test_a_client_cannot_run_the_connect_and_disconnect_handlers(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        for name in ("connect", "disconnect", "connect_error", "disconnecting", "newListener"):
            answer = await raw.call(name, {"token": "x"})
            assert answer == {"ok": False, "error": {"code": "unknown_event", "kind": "invalid"}}
        assert hub.door.log == [("connect", "anna")]


async def test_an_unknown_event_is_refused_and_never_looks_like_success(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        assert await raw.call("no:such", {}) == {"ok": False, "error": {"code": "unknown_event", "kind": "invalid"}}
        assert hub.hub.counts["unknown_event"] == 1


# Exactly one ack


async def test_a_handler_that_raises_is_acked_once_with_an_id_and_logged_without_the_message(
    hub: Served, caplog: pytest.LogCaptureFixture
) -> None:
    async with RawSocket.connected(hub.port) as raw:
        answer = await raw.call("break", {"why": "secret-canary"})
        assert answer["error"]["code"] == "internal"
        assert answer["error"]["data"]["id"] in caplog.text
        assert "ValueError" in caplog.text
        assert "secret-canary" not in caplog.text
        assert (await raw.call("echo", {}))["ok"]


async def test_an_answer_that_is_no_json_is_our_fault_and_still_acked(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        assert (await raw.call("unsendable", {}))["error"]["code"] == "internal"


async def test_a_refusal_carries_its_code_data_and_when_to_come_back(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        assert await raw.call("refuse", {}) == {
            "ok": False,
            "error": {"code": "slot_unavailable", "kind": "conflict", "after_ms": 5, "data": {"free_from": 3}},
        }


async def test_an_event_without_an_ack_id_is_handled_and_never_acked(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.emit("echo", {"n": 1})
        await raw.emit("break", {"why": "x"})
        assert (await raw.call("echo", {"n": 2}))["echo"] == {"n": 2}
        assert ("echo", {"n": 1}) in hub.door.log
        assert raw.told == []


# Order and deadlines


async def test_one_clients_events_are_handled_in_the_order_they_were_sent(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        for n, seconds in enumerate((0.2, 0.1, 0.0), start=1):
            await raw.emit("slow", {"s": seconds, "n": n}, n)
        acks = [(await raw.packet())[:9] for _ in range(3)]
        assert acks == ["43/hub,1[", "43/hub,2[", "43/hub,3["]
        assert [said["n"] for name, said in hub.door.log[1:] if name == "slow done"] == [1, 2, 3]


async def test_a_handler_that_hangs_is_answered_timeout_and_the_next_event_goes_on(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.emit("slow", {"s": 3600}, 1)
        await raw.emit("echo", {"n": 2}, 2)
        assert await raw.ack(1) == {"ok": False, "error": {"code": "timeout", "kind": "unavailable", "retry": True}}
        assert (await raw.ack(2))["ok"]


async def test_a_handler_that_swallows_its_cancel_holds_nobody_up(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        assert (await raw.call("stubborn", {}))["error"]["code"] == "timeout"
        assert (await raw.call("echo", {}))["ok"]
        hub.door.gate.set()
        with pytest.raises(TimeoutError):
            await raw.packet(within=0.2)


async def test_a_pipelined_event_does_not_hold_up_the_next_one_and_is_acked_when_it_is_done(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.emit("later", {"n": 1}, 1)
        await raw.emit("later", {"n": 2}, 2)
        await raw.emit("echo", {"n": 3}, 3)
        assert (await raw.ack(3, within=0.5))["ok"]
        hub.door.gate.set()
        assert (await raw.ack(1))["n"] == 1
        assert (await raw.ack(2))["n"] == 2


async def test_a_pipelined_event_waits_for_the_ordered_ones_before_it(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw, RawSocket.connected(hub.port) as other:
        await raw.emit("slow", {"s": 0.2}, 1)
        await raw.emit("relay", {"n": 1}, 2)
        with pytest.raises(TimeoutError):
            await other.heard("relayed", within=0.1)
        assert await other.heard("relayed") == {"n": 1}
        assert (await raw.ack(1))["ok"]
        assert (await raw.ack(2))["ok"]


async def test_a_pipelined_event_that_never_ends_is_answered_timeout(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        assert (await raw.call("later", {"n": 1}))["error"] == {"code": "timeout", "kind": "unavailable", "retry": True}
        assert len(hub.hub._calls) == 0


async def test_what_has_begun_when_its_client_leaves_runs_to_its_end(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.emit("slow", {"s": 0.3}, 1)
        await raw.emit("echo", {"n": "never begun"}, 2)
        await until(lambda: hub.door.log[-1][0] == "slow")
    await until(lambda: ("slow done", {"s": 0.3}) in hub.door.log)
    assert ("echo", {"n": "never begun"}) not in hub.door.log


# The handshake


async def test_a_socket_that_never_connects_is_closed_after_the_deadline(hub: Served) -> None:
    async with RawSocket.open(hub.port) as raw:
        assert json.loads((await raw.packet())[7:])["message"] == "connect_timeout"
        assert await raw.until_closed() == 1008
        await until(lambda: not hub.hub.eio.sockets)


async def test_a_refused_connect_closes_the_socket_and_says_why(hub: Served) -> None:
    async with RawSocket.open(hub.port) as raw:
        await raw.send('40/hub,{"refuse":true}')
        assert json.loads((await raw.packet())[7:]) == {"message": "token_invalid", "data": {"why": "test"}}
        assert await raw.until_closed(within=0.5) == 1000
        await until(lambda: not hub.hub.eio.sockets)
    assert ("disconnect", "") not in hub.door.log


async def test_a_connect_handler_that_breaks_or_hangs_refuses(hub: Served, caplog: pytest.LogCaptureFixture) -> None:
    async with RawSocket.open(hub.port) as raw:
        await raw.send('40/hub,{"break":"secret-canary"}')
        assert json.loads((await raw.packet())[7:])["message"] == "internal"
    async with RawSocket.open(hub.port) as raw:
        await raw.send('40/hub,{"hang":true}')
        assert json.loads((await raw.packet())[7:])["message"] == "connect_timeout"
        assert await raw.until_closed() == 1008
    assert "secret-canary" not in caplog.text
    assert len(hub.door.registry) == 0


async def test_a_second_connect_and_other_namespaces_are_refused(hub: Served) -> None:
    async with RawSocket.open(hub.port) as raw:
        await raw.send("40")
        assert json.loads((await raw.packet())[2:])["message"] == "unknown_namespace"
        await raw.send("40/admin,{}")
        assert json.loads((await raw.packet())[9:])["message"] == "unknown_namespace"
        await raw.connect({"user": "anna"})
        await raw.send('40/hub,{"user":"eve"}')
        assert (await raw.call("echo", {}))["ok"]
        assert hub.hub.counts["bad_frames"] == 3
        assert [conn.user for conn in hub.door.registry.everyone()] == ["anna"]


async def test_an_event_before_connect_is_not_handled(hub: Served) -> None:
    async with RawSocket.open(hub.port) as raw:
        await raw.emit("echo", {}, 1)
        await raw.connect()
        assert ("echo", {}) not in hub.door.log
        assert hub.hub.counts["bad_frames"] == 1


async def test_what_is_told_while_connect_is_decided_arrives_after_hello(hub: Served) -> None:
    async with RawSocket.open(hub.port) as raw:
        await raw.send('40/hub,{"chatty":true}')
        packets = [await raw.packet() for _ in range(3)]
        assert [packet[:15] for packet in packets] == ['40/hub,{"sid":"', '42/hub,["hello"', '42/hub,["early"']


async def test_a_disconnect_packet_and_an_engine_close_end_the_socket(hub: Served) -> None:
    for farewell in ("41/hub,", "1"):
        async with RawSocket.connected(hub.port) as raw:
            await raw.send(farewell)
            assert await raw.until_closed() == 1000
    await until(lambda: hub.door.log.count(("disconnect", "anna")) == 2)


async def test_a_packet_sent_before_the_handshake_was_answered_is_not_lost() -> None:
    async with serving(musing_s=0.1) as hub:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        upgrade = "host: h\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13"
        key = "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=="
        writer.write(f"GET {PATH} HTTP/1.1\r\n{upgrade}\r\n{key}\r\n\r\n".encode())
        await asyncio.sleep(0.05)
        writer.write(b"\x81\x89\0\0\0\0" + b"40/hub,{}")
        await reader.readuntil(b'"hello"')
        writer.close()


# Who may open a socket


async def test_polling_is_refused(hub: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
    writer.write(b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.endswith(b'{"code":0,"message":"Transport unknown"}')
    assert (await refused_with(hub.port, "/socket.io/?EIO=4&transport=polling"))[0] == 400
    assert (await refused_with(hub.port, "/socket.io/?EIO=3&transport=websocket"))[1]["code"] == 5
    assert (await refused_with(hub.port, PATH + "&sid=abc"))[0] == 400


async def test_only_listed_origins_may_connect_whatever_a_forwarded_host_says(hub: Served) -> None:
    for origin in ("https://evil.example", "null", "https://dorf.example.evil.example", "http://dorf.example"):
        forged = {"X-Forwarded-Host": origin.removeprefix("https://"), "X-Forwarded-Proto": "https"}
        assert (await refused_with(hub.port, origin=origin, additional_headers=forged))[0] == 403
    async with RawSocket.connected(hub.port, origin="https://dorf.example") as raw:
        assert raw.hello["user"] == "anna"


async def test_the_address_is_the_peers_and_not_a_header_from_a_stranger() -> None:
    forged = {"X-Forwarded-For": "9.9.9.9"}
    async with serving() as hub, RawSocket.connected(hub.port, additional_headers=forged):
        assert [conn.ip for conn in hub.door.registry.everyone()] == ["127.0.0.1"]
    trusting = replace(QUICK, trusted_proxies=frozenset({"127.0.0.1"}))
    spoofed = {"X-Forwarded-For": "6.6.6.6, 9.9.9.9"}
    async with serving(trusting) as hub, RawSocket.connected(hub.port, additional_headers=spoofed):
        assert [conn.ip for conn in hub.door.registry.everyone()] == ["9.9.9.9"]


async def test_one_address_has_only_so_many_sockets_that_did_not_say_who_they_are() -> None:
    async with serving(replace(QUICK, max_unauth_per_ip=2)) as hub:
        async with RawSocket.open(hub.port), RawSocket.open(hub.port) as second:
            assert (await refused_with(hub.port))[0] == 429
            await second.connect()
            async with RawSocket.open(hub.port):
                pass
        await until(lambda: not hub.hub.eio.sockets)
        assert not hub.hub.eio._strangers


async def test_one_address_connects_only_so_often_a_minute() -> None:
    async with serving(replace(QUICK, connects_per_min_ip=3)) as hub:
        for _ in range(3):
            async with RawSocket.open(hub.port):
                pass
        assert (await refused_with(hub.port))[0] == 429


async def test_one_user_has_only_so_many_sockets_and_a_place_is_free_again_at_once() -> None:
    async with (
        serving(replace(QUICK, max_per_user=2)) as hub,
        RawSocket.connected(hub.port) as first,
        RawSocket.connected(hub.port),
    ):
        async with RawSocket.open(hub.port) as third:
            await third.send("40/hub,{}")
            refusal = json.loads((await third.packet())[7:])
            assert refusal == {"message": "too_many_sockets", "data": {"limit": 2, "retry": True}}
        await first.send("1")
        await first.until_closed()
        await until(lambda: len(hub.door.registry) == 1)
        async with RawSocket.connected(hub.port):
            assert len(hub.door.registry.by_user("anna")) == 2


# Frames that make no sense


@pytest.mark.parametrize("frame", [b"\x00binary", b""])
async def test_a_binary_frame_ends_the_socket(hub: Served, frame: bytes) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.send(frame)
        assert await raw.heard("bye") == {"code": "binary_refused"}
        assert await raw.until_closed() == 1008


@pytest.mark.parametrize(
    "packet", ['459999999999-/hub,["echo",{}]', '451-/hub,["echo",{"_placeholder":true,"num":0}]', "461-/hub,1[]"]
)
async def test_attachments_are_refused_at_their_header(hub: Served, packet: str) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.send(packet)
        assert await raw.heard("bye") == {"code": "binary_refused"}


@pytest.mark.parametrize("fragmented", [False, True])
async def test_a_message_over_the_limit_closes_the_socket(hub: Served, fragmented: bool) -> None:
    async with RawSocket.connected(hub.port) as raw:
        whole = "x" * (QUICK.frame + 1)
        await raw.ws.send([whole[:90_000], whole[90_000:]] if fragmented else whole)
        assert await raw.until_closed() == 1009


async def test_messages_of_every_size_and_cut_come_through(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        for size in (0, 1, 60, 90, 130, 1_000, 65_400, 65_600, 100_000):
            assert (await raw.call("echo", {"x": "ü" * (size // 2)}))["echo"] == {"x": "ü" * (size // 2)}
        await raw.ws.send(["42/hub,77[", '"echo",', '{"x":1}]'])
        assert (await raw.ack(77))["echo"] == {"x": 1}


@pytest.mark.parametrize("cut", [1, 7, 37, 997, 16_000])
async def test_frames_cut_anywhere_by_the_network_come_through(hub: Served, cut: int) -> None:
    async with RawSocket.connected(hub.port) as raw:
        wire = raw.ws.protocol
        sizes = (10, 200, 20 * cut, 0)
        for n, size in enumerate(sizes):
            wire.send_text(b'42/hub,%d["echo",{"x":"%s"}]' % (n, b"x" * min(size, 100_000)))
        stream = b"".join(wire.data_to_send())
        for at in range(0, len(stream), cut):
            raw.ws.transport.write(stream[at : at + cut])
            await asyncio.sleep(0.0005)
        for n, size in enumerate(sizes):
            assert len((await raw.ack(n))["echo"]["x"]) == min(size, 100_000)


@pytest.mark.parametrize(
    "text",
    [
        '["echo",{"x":NaN}]',
        '["echo",{"x":Infinity}]',
        '["echo",{"x":1e400}]',
        '["echo",{"x":"\\ud800"}]',
        '["echo",{"x":' + "[" * 20 + "]" * 20 + "}]",
        '["echo",{"x":' + "[" * 50_000 + "]" * 50_000 + "}]",
        '["echo",{"x":1}',
        '["echo",{"x":1}]]',
        '{"not":"a list"}',
        '"text"',
        "",
    ],
)
async def test_json_that_cannot_be_taken_is_acked_as_such(hub: Served, text: str) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.send(f"42/hub,12{text}")
        assert await raw.ack(12) == {"ok": False, "error": {"code": "bad_json", "kind": "invalid"}}
        assert hub.hub.counts["bad_frames"] == 0
        await raw.send(f"42/hub,{text}")
        assert (await raw.call("echo", {}))["ok"]
        assert hub.hub.counts["bad_frames"] == 1


@pytest.mark.parametrize("text", ['["echo"]', '["echo",1]', '["echo",{},{}]', '["echo",[{}]]', "[7,{}]", "[]", "[{}]"])
async def test_an_event_carries_exactly_one_object(hub: Served, text: str) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.send(f"42/hub,12{text}")
        assert await raw.ack(12) == {"ok": False, "error": {"code": "bad_payload", "kind": "invalid"}}


async def test_text_that_is_no_utf8_is_bad_json(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        await raw.ws.send(b'42/hub,5["echo",{"x":"\xff"}]', text=True)
        assert (await raw.ack(5))["error"]["code"] == "bad_json"


@pytest.mark.parametrize(
    "frame",
    [
        *("", "9", "4", "7", "2probe", "3", "5", "6", "4hello", "49", "42", "42[]", "42/hub", "b4AAAA", "\u0000"),
        *('42/other,["echo",{}]', "42/hub," + "1" * 500 + '["echo",{}]', "42/hub,-1[]", "42/hub,x[]", "4\u0662/hub,[]"),
        *("40/hub,{}", "40/hub", "40/" + "x" * 5000, "41/other,", "43/hub,1[{}]", "44/hub,{}"),
    ],
)
async def test_five_frames_that_make_no_sense_end_the_socket(hub: Served, frame: str) -> None:
    async with RawSocket.connected(hub.port) as raw:
        for _ in range(4):
            await raw.send(frame)
        assert (await raw.call("echo", {}))["ok"]
        await raw.send(frame)
        assert await raw.heard("bye") == {"code": "bad_frames"}
        assert await raw.until_closed() == 1008


async def test_malformed_frames_leave_short_lines_without_their_content_and_not_too_many(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with serving() as hub:
        for _ in range(14):
            async with RawSocket.connected(hub.port) as raw:
                for _ in range(10):
                    await raw.send('42/hub,["canary' * 20)
                await raw.until_closed()
        assert hub.hub.counts["bad_frames"] == 70
    lines = [record.getMessage() for record in caplog.records if "bad frame" in record.getMessage()]
    assert len(lines) == 60
    assert max(map(len, lines)) <= 100
    assert "canary" not in caplog.text
    assert "Traceback" not in caplog.text


# Readers that do not read


def _deaf_socket(port: int) -> socket.socket:
    """A connection whose kernel buffer is tiny, so that not reading is felt soon."""
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", port))
    deaf.setblocking(False)
    return deaf


async def test_a_reader_that_is_stuck_is_dropped_while_the_others_go_on_hearing(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as listener:
        async with RawSocket.connected(
            hub.port, {"user": "stuck"}, sock=_deaf_socket(hub.port), close_timeout=0.1
        ) as stuck:
            stuck.ws.transport.pause_reading()
            [conn] = hub.door.registry.by_user("stuck")
            for n in range(200):
                hub.door.registry.tell("room:lane", "big", {"n": n, "x": "x" * 100_000})
                assert (await listener.heard("big"))["n"] == n
                assert conn.protocol.buffered() <= QUICK.max_queued
                if conn.closed:
                    break
            assert conn.closed
            assert hub.hub.counts["slow_reader"] == 1
            await until(lambda: not hub.door.registry.by_user("stuck"), within=0.5)
            await until(lambda: ("disconnect", "stuck") in hub.door.log)
        assert (await listener.call("echo", {}))["ok"]


async def test_asking_for_pongs_without_reading_them_gains_nothing(hub: Served) -> None:
    async with RawSocket.connected(hub.port, sock=_deaf_socket(hub.port), close_timeout=0.1) as raw:
        [conn] = hub.door.registry.everyone()
        raw.ws.transport.pause_reading()
        ping = b"\x89\xfd\x00\x00\x00\x00" + b"p" * 125
        most = 0
        for _ in range(3_000):
            raw.ws.transport.write(ping * 50)
            await asyncio.sleep(0)
            most = max(most, conn.protocol.buffered())
            if conn.closed:
                break
        assert conn.closed
        assert most < 500_000


async def test_a_close_does_not_wait_for_a_reader_that_is_stuck(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        async with RawSocket.connected(
            hub.port, {"user": "stuck"}, sock=_deaf_socket(hub.port), close_timeout=0.1
        ) as stuck:
            stuck.ws.transport.pause_reading()
            [conn] = hub.door.registry.by_user("stuck")
            while conn.protocol.buffered() < 500_000:
                conn.tell("big", {"x": "x" * 100_000})
                await asyncio.sleep(0)
            await asyncio.wait_for(conn.close("revoked"), 3.0)
            assert not hub.door.registry.by_user("stuck")
        assert (await raw.call("echo", {}))["ok"]


async def test_a_client_that_floods_is_held_back_and_loses_nothing() -> None:
    patient = replace(QUICK, event_deadline_s=30, ping_interval_s=40)
    async with serving(patient) as hub, RawSocket.connected(hub.port) as raw:
        await raw.emit("gated", {}, 1)
        sent = 3_000
        flood = asyncio.create_task(_flood(raw, sent))
        await until(lambda: any(conn.protocol.read_paused for conn in hub.door.registry.everyone()), within=20)
        [conn] = hub.door.registry.everyone()
        assert conn.owed < QUICK.max_owed + 1_000_000
        hub.door.gate.set()
        for n in range(1, sent + 2):
            assert (await raw.ack(n))["ok"]
        await flood


async def _flood(raw: RawSocket, count: int) -> None:
    for n in range(2, count + 2):
        await raw.emit("echo", {"x": "x" * 500}, n)


# Silence and farewells


async def test_a_client_that_answers_no_ping_is_sent_away(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        async with asyncio.timeout(QUICK.ping_interval_s + 1):
            assert await raw.ws.recv() == "2"
        async with asyncio.timeout(QUICK.ping_timeout_s + 1):
            assert await raw.ws.recv() == '42/hub,["bye",{"code":"ping_timeout"}]'


async def test_bye_comes_before_every_close_the_server_decides(hub: Served) -> None:
    async with RawSocket.connected(hub.port, {"user": "anna"}) as anna, RawSocket.connected(hub.port) as admin:
        [_, conn] = sorted(hub.door.registry.everyone(), key=lambda conn: conn.sid == anna.sid)
        kicked = asyncio.create_task(conn.close("revoked", {"why": "test"}))
        assert await anna.heard("bye") == {"why": "test", "code": "revoked"}
        assert await anna.until_closed() == 1008
        await kicked
        assert (await admin.call("echo", {}))["ok"]


async def test_what_was_told_before_the_end_arrives_before_bye(hub: Served) -> None:
    async with RawSocket.connected(hub.port) as raw:
        [conn] = hub.door.registry.everyone()
        for n in range(3):
            conn.tell("last", {"n": n})
        conn.end("revoked")
        conn.tell("too late", {})
        await raw.until_closed()
    assert raw.told == [("last", {"n": 0}), ("last", {"n": 1}), ("last", {"n": 2}), ("bye", {"code": "revoked"})]


async def test_a_handler_may_close_its_own_connection(hub: Served) -> None:
    async with RawSocket.connected(hub.port, {"user": "self"}) as raw:
        await raw.emit("kick", {"user": "self"}, 1)
        assert (await raw.heard("bye"))["code"] == "revoked"
        await raw.until_closed()


async def test_who_leaves_is_forgotten_everywhere_and_the_door_hears_it_once(hub: Served) -> None:
    async with RawSocket.connected(hub.port, {"device": "d1", "room": "x"}) as raw:
        [conn] = hub.door.registry.by_device("d1")
        assert hub.door.registry.by_session(f"s-{raw.sid}") == (conn,)
        assert hub.door.registry.in_room("room:x") == (conn,)
    await until(lambda: ("disconnect", "anna") in hub.door.log)
    assert hub.door.registry.rooms() == ()
    assert len(hub.door.registry) == 0
    assert "room:x" in conn.rooms
    assert hub.door.log.count(("disconnect", "anna")) == 1
    hub.door.registry.join(conn, "room:late")
    assert hub.door.registry.rooms() == ()


async def test_a_server_that_drains_says_so_lets_people_go_and_takes_nobody_new() -> None:
    async with serving() as hub, RawSocket.connected(hub.port) as raw:
        hub.server.should_exit = True
        assert await raw.heard("bye") == {"code": "draining"}
        assert hub.door.log[-1] == ("drain", None)
        assert (await refused_with(hub.port))[0] == 503
        assert await raw.until_closed() == 1012
