"""The doctor names what is wrong and what to do."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.doctor import (
    FLOORS,
    Check,
    check_avx,
    check_clock,
    check_libcurl,
    check_packages,
    check_port,
    check_secrets,
    doctor_report,
    port_owner,
    run_doctor,
)
from api.secrets import create_secrets
from api.settings import Settings
from storage.servers import Servers

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def healthy(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", port=0)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def named(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


async def test_a_healthy_machine_fails_nothing(healthy: Settings) -> None:
    checks = await run_doctor(healthy)
    assert [check.name for check in checks if check.ok is False] == []
    names = {"python", "packages", "clock", "port", "secrets", "disk", "cpu", "libcurl", "sockets", "mongodb", "redis"}
    assert {check.name for check in checks} == names | {"data"}


async def test_the_known_holes_of_the_embedded_mongod_are_said(healthy: Settings) -> None:
    check = named(await run_doctor(healthy), "mongodb")
    assert check.ok is None
    assert "6.0.5" in check.found
    assert "CVE-2025-14847" in check.found
    assert "MONGODB_URI" in check.remedy


async def test_it_makes_neither_data_nor_secrets(healthy: Settings) -> None:
    await run_doctor(healthy)
    assert not await asyncio.to_thread(healthy.data_dir.exists)


async def test_beside_a_running_hub_its_port_and_folder_are_no_fault(
    servers: Servers, servers_dir: Path, taken_port: int
) -> None:
    checks = await run_doctor(Settings(data_dir=servers_dir, port=taken_port))
    assert "in use" in named(checks, "data").found
    assert named(checks, "port").ok is None


async def test_outside_servers_are_asked(servers: Servers, tmp_path: Path) -> None:
    outside = {"mongodb_uri": servers.mongodb_uri, "redis_url": servers.redis_url}
    checks = await run_doctor(Settings(data_dir=tmp_path, port=0, **outside))
    assert named(checks, "servers").found.startswith("MongoDB 6.0")


async def test_a_silent_outside_server_is_a_fault(servers: Servers, tmp_path: Path) -> None:
    outside = {"mongodb_uri": servers.mongodb_uri, "redis_url": "redis://127.0.0.1:1"}
    checks = await run_doctor(Settings(data_dir=tmp_path, port=0, **outside))
    assert named(checks, "servers").ok is False


def test_a_taken_port_names_who_has_it(taken_port: int) -> None:
    assert str(port_owner(taken_port)).startswith(f"PID {os.getpid()} (")
    check = check_port(Settings(port=taken_port))
    assert check.ok is False
    assert f"PID {os.getpid()}" in check.found
    assert f"--port {taken_port + 1}" in check.remedy


def test_an_address_of_another_machine_is_a_fault() -> None:
    assert check_port(Settings(host="192.0.2.1", port=0)).ok is False


def test_open_secrets_are_a_fault(tmp_path: Path) -> None:
    create_secrets(tmp_path / "secrets")
    assert check_secrets(Settings(data_dir=tmp_path)).ok
    (tmp_path / "secrets" / "frank").chmod(0o644)
    check = check_secrets(Settings(data_dir=tmp_path))
    assert check.ok is False
    assert "chmod 600" in check.remedy


def test_a_package_below_its_floor_is_named() -> None:
    check = check_packages({"pymongo": "99.0", "no-such-package": "1.0"})
    assert check.ok is False
    assert check.found.startswith("pymongo 4.")
    assert "no-such-package" not in check.found


def test_every_floor_is_met_here() -> None:
    assert check_packages(FLOORS).ok


def test_a_cpu_without_avx_is_a_fault(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor : 0\nflags\t\t: fpu sse4_2 avx512_not\n")
    assert check_avx(cpuinfo).ok is False
    cpuinfo.write_text("processor : 0\nflags\t\t: fpu sse4_2 avx\n")
    assert check_avx(cpuinfo).ok


def test_a_missing_libcurl_is_named_with_its_package() -> None:
    check = check_libcurl("libnowhere.so.4")
    assert check.ok is False
    assert "apt-get install libcurl4" in check.remedy


def test_a_moved_business_clock_is_worth_a_note() -> None:
    assert check_clock(Settings()).ok
    assert check_clock(Settings(demo=True, clock_offset=3600)).ok is None


async def test_the_report_is_plain_text_without_a_terminal(
    healthy: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await asyncio.to_thread(doctor_report, healthy) == 0
    text = capsys.readouterr().out
    assert "ok   python" in text
    assert "note mongodb" in text
    assert "\x1b" not in text


async def test_a_fault_is_exit_code_1_with_its_remedy(taken_port: int, tmp_path: Path) -> None:
    """In a process of its own, as an operator runs it."""
    settings = json.dumps({"data_dir": str(tmp_path), "port": taken_port})
    program = f"import sys; from api.doctor import *; sys.exit(doctor_report(Settings(**{settings})))"
    doctor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    output, _ = await doctor.communicate()
    assert doctor.returncode == 1
    assert f"FAIL port      127.0.0.1:{taken_port} is taken by PID {os.getpid()}" in output.decode()
    assert f"--port {taken_port + 1}" in output.decode()
