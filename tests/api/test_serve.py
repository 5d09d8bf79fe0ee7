"""A hub of several processes: workers die and are replaced, leave in order, and never outlive their parent."""

import asyncio
import os
import signal
import threading
import time
from pathlib import Path

import httpx2

from tests.support.hub_process import HubProcess, descendants, running_hub, wait_until
from tests.support.raw_socket import RawSocket


def answers(hub: HubProcess) -> bool:
    return httpx2.get(f"{hub.url}/livez", timeout=5).status_code == 200


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_a_killed_worker_is_replaced_and_no_caller_is_turned_away(tmp_path: Path) -> None:
    with running_hub(tmp_path, workers=2) as hub:
        before = hub.workers()
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        assert all(answers(hub) for _ in range(20))
        wait_until(lambda: len(set(hub.workers()) - {before[0]}) == 2)
        os.kill(before[1], signal.SIGKILL)
        assert all(answers(hub) for _ in range(20))


def test_when_all_workers_die_callers_wait_for_the_next(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        [only] = hub.workers()
        os.kill(only, signal.SIGKILL)
        assert httpx2.get(f"{hub.url}/livez", timeout=10).status_code == 200


def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path, workers=2)
    hub.start()
    family = list(descendants(hub.pid))
    assert len(family) >= 4
    hub.kill()
    wait_until(lambda: all(gone(pid) for pid in family))
    with running_hub(tmp_path) as again:
        assert answers(again)


def test_a_stopped_hub_ends_what_it_has_begun(tmp_path: Path) -> None:
    """Not ready first, then nobody new, then the end with success; a request under way is answered."""
    env = {"BALANCER_INTERVAL_S": "1", "DRAIN_S": "1"}
    with running_hub(tmp_path, env=env) as hub:
        seen: list[int] = []
        codes: list[int] = []
        stopper = threading.Thread(target=lambda: codes.append(hub.stop()))
        stopper.start()
        deadline = time.monotonic() + 5
        while 503 not in seen and time.monotonic() < deadline:
            seen.append(httpx2.get(f"{hub.url}/readyz", timeout=5).status_code)
        person = {"email": "a@b.de", "password": "sieben-zwerge", "handle": "anna", "display_name": "Anna"}
        assert httpx2.post(f"{hub.url}/v1/accounts", json=person).status_code == 202
        stopper.join()
        assert 503 in seen
        assert codes == [0]


def test_a_second_signal_ends_the_waiting(tmp_path: Path) -> None:
    env = {"BALANCER_INTERVAL_S": "30", "DRAIN_S": "30"}
    with running_hub(tmp_path, env=env) as hub:
        began = time.monotonic()
        os.kill(hub.pid, signal.SIGTERM)
        time.sleep(0.5)
        os.kill(hub.pid, signal.SIGTERM)
        wait_until(lambda: gone(hub.pid) or hub._process.poll() is not None, 10)
        assert time.monotonic() - began < 10


def test_a_frozen_redis_delays_no_revocation(tmp_path: Path) -> None:
    asyncio.run(_revoke_with_frozen_redis(tmp_path))


async def _revoke_with_frozen_redis(folder: Path) -> None:
    with running_hub(folder, workers=2) as hub:
        async with httpx2.AsyncClient(base_url=hub.url, timeout=10) as http:
            person = {"email": "a@b.de", "password": "sieben-zwerge", "handle": "anna", "display_name": "Anna"}
            await http.post("/v1/accounts", json=person)
            tokens = [
                (await http.post("/v1/sessions", json={k: person[k] for k in ("email", "password")})).json()
                for _ in range(2)
            ]
            bearer = {"Authorization": f"Bearer {tokens[0]['access']}"}
            auth = {"v": 1, "token": tokens[1]["access"]}
            async with RawSocket.connected(hub.port, auth) as one, RawSocket.connected(hub.port, auth) as two:
                valkey = hub.server("valkey")
                os.kill(valkey, signal.SIGSTOP)
                try:
                    began = time.monotonic()
                    await http.delete(f"/v1/sessions/{tokens[1]['session']}", headers=bearer)
                    byes = await asyncio.gather(one.heard("bye", 4), two.heard("bye", 4))
                    assert time.monotonic() - began < 2
                    assert byes == [{"code": "session_revoked"}] * 2
                finally:
                    os.kill(valkey, signal.SIGCONT)
