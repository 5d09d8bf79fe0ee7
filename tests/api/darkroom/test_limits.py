"""The limited process can do nothing but develop, ends in time, and leaves nothing running."""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.confined import HOUSE
from api.darkroom import process
from api.darkroom.process import LIMITS, ProcessDarkroom
from hub.errors import Invalid, Unavailable
from hub.photo import SIZES
from tests.support.hub_process import cmdline, descendants
from tests.support.pictures import drawn, upload, written
from tests.support.processes import until

COPY = {"width": 4, "height": 3, "bytes": 12}
FACTS = {"width": 4, "height": 3, "colour": "#000000", "dhash": "0" * 16}
FACTS |= {"copies": [{"size": size, **COPY} for size in SIZES]}
CONFINED = f"from api.darkroom.child import confine; confine({LIMITS!r}, 5);"


def confined(code: str) -> subprocess.CompletedProcess[bytes]:
    """What a process within the limits does with this code."""
    python = [sys.executable, "-c", CONFINED + code]
    return subprocess.run(python, cwd=HOUSE, capture_output=True, check=False, timeout=30)  # noqa: S603


def left_running() -> list[int]:
    return [pid for pid in descendants(os.getpid()) if "darkroom" in cmdline(pid) or "while" in cmdline(pid)]


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("bytearray(1_200_000_000)", b"MemoryError"),
        ("import tempfile; tempfile.TemporaryFile().write(bytes(20_000_000))", b"File too large"),
        ("kept = [open('/dev/null') for _ in range(20)]", b"Too many open files"),
    ],
)
def test_what_it_must_not_do_fails(code: str, failure: bytes) -> None:
    assert failure in confined(code).stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="the kernel lets root have as many processes as it likes")
def test_it_starts_no_process() -> None:
    assert b"BlockingIOError" in confined("import os; os.fork()").stderr


def test_the_limits_are_set_where_the_system_knows_them() -> None:
    told = confined("import resource; print([resource.getrlimit(getattr(resource, n))[0] for n in " + f"{[*LIMITS]}])")
    assert json.loads(told.stdout) == list(LIMITS.values())


def test_an_alarm_ends_it_although_nobody_waits_for_it() -> None:
    code = "from api.darkroom.child import confine; confine({}, 0.2)\nwhile True: pass"
    assert subprocess.run([sys.executable, "-c", code], cwd=HOUSE, check=False).returncode == -14  # noqa: S603


def replaced(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Another program in the place of the real one: a decoder gone wrong."""
    monkeypatch.setattr(process, "PROGRAM", (sys.executable, "-c", code))


async def developed(darkroom: ProcessDarkroom) -> None:
    with upload(written(drawn())) as file:
        await darkroom.develop(file)


@pytest.mark.parametrize(
    "code",
    ["import os; os.kill(os.getpid(), 11)", "import os; os._exit(1)", "import os; os.abort()", "raise MemoryError"],
)
async def test_a_decoder_that_crashes_is_a_file_that_cannot_be_read(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, code)
    with pytest.raises(Invalid, match="photo_unreadable"):
        await developed(ProcessDarkroom(1))


LIES = {
    "nothing": b"",
    "no JSON": b"{",
    "another refusal": b'{"refused": "suspended"}\n',
    "other fields": b'{"facts": {"owner": "me"}}\n',
    "a line without end": b'{"refused": "' + b"x" * 10_000_000,
    "no copies": json.dumps({"facts": FACTS | {"copies": []}}).encode() + b"\n",
    "HTML for a colour": json.dumps({"facts": FACTS | {"colour": "<b>"}}).encode() + b"\n",
    "HTML for a copy": json.dumps({"facts": FACTS}).encode() + b"\n" + b"<html>------" * 4,
    "fewer bytes": json.dumps({"facts": FACTS}).encode() + b"\n" + b"RIFF\4\0\0\0WEBP",
}


@pytest.mark.parametrize("what", LIES)
async def test_a_decoder_that_was_taken_over_can_only_refuse(
    what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lie").write_bytes(LIES[what])
    replaced(monkeypatch, f"import os; os.write(1, open({str(tmp_path / 'lie')!r}, 'rb').read())")
    with pytest.raises(Invalid, match="photo_unreadable"):
        await developed(ProcessDarkroom(1))


async def test_a_decoder_that_hangs_is_killed_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, "while True: pass")
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="timeout"):
        await developed(ProcessDarkroom(1, deadline_s=0.3))
    assert time.monotonic() - begun < 3
    assert left_running() == []


async def test_an_upload_that_is_given_up_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, "while True: pass")
    darkroom = ProcessDarkroom(1)
    impatient = asyncio.create_task(developed(darkroom))
    await until(lambda: bool(left_running()))
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert left_running() == []
    monkeypatch.undo()
    await developed(darkroom)


async def test_it_gets_no_environment_and_no_file_but_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = f"import os, json; json.dump([dict(os.environ), os.listdir('/dev/fd')], open({str(told)!r}, 'w'))"
    replaced(monkeypatch, code)
    monkeypatch.setenv("MONGODB_URI", "mongodb://secret")
    with pytest.raises(Invalid, match="photo_unreadable"):
        await developed(ProcessDarkroom(1))
    environment, files = json.loads(told.read_text())
    assert set(environment) <= {"LC_CTYPE"}
    assert len(set(files) - {"0", "1", "2"}) <= 2  # the list itself and what is written here


async def test_who_comes_when_too_many_wait_is_told_so() -> None:
    darkroom = ProcessDarkroom(1, waiting=2)
    done = await asyncio.gather(*(developed(darkroom) for _ in range(6)), return_exceptions=True)
    refused = [error for error in done if isinstance(error, Unavailable)]
    assert [error.code for error in refused] == ["busy"] * 3
    assert all(error.after_ms for error in refused)
    assert done.count(None) == 3
    await developed(darkroom)


async def test_only_so_many_are_developed_at_a_time() -> None:
    darkroom, most = ProcessDarkroom(2), 0
    work = asyncio.gather(*(developed(darkroom) for _ in range(6)))
    while not work.done():
        most = max(most, len(left_running()))
        await asyncio.sleep(0.005)
    await work
    assert most == 2


async def test_the_largest_picture_there_may_be_fits_into_the_limits() -> None:
    darkroom = ProcessDarkroom(1)
    with upload(written(drawn((8000, 5000), mode="RGBA"), "WEBP", quality=10, method=0)) as file:
        found = await darkroom.develop(file)
    assert (found.width, found.height) == (8000, 5000)
