"""The command line as an operator meets it: what it says when something is wrong, and what its commands do."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from api.banner import complain
from api.cli import main
from api.village import PASSWORD, RECOVERY_CODE
from storage.servers import EXIT_CONFIG, StartupError
from tests.support.hub_process import HubProcess, running_hub

HERE = {"NO_COLOR": "1", "ENVIRONMENT": "test", "RATE_LIMIT_FACTOR": "1000"}


def dorfkiste(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api.cli", *arguments]
    return subprocess.run(  # noqa: S603 - our own command line
        command, cwd=cwd, env={**os.environ, **HERE, **env}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "command",
    ["serve", "worker", "doctor", "admin", "keys", "audit", "backup", "restore", "demo", "verify-calendars", "docs"],
)
def test_every_command_is_in_the_help(command: str) -> None:
    assert command in CliRunner().invoke(main, ["--help"]).output


def test_a_wrong_setting_is_named_with_what_to_do(tmp_path: Path) -> None:
    done = dorfkiste("serve", "--data-dir", "data", cwd=tmp_path, LOG_LEVEL="chatty")
    assert done.returncode == EXIT_CONFIG
    assert "LOG_LEVEL" in done.stderr
    assert "docs/settings.md" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_names_its_owner_and_another_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = dorfkiste("serve", "--data-dir", "data", "--port", str(port), cwd=tmp_path)
    assert done.returncode == EXIT_CONFIG
    assert f"Port {port} is taken by PID {os.getpid()}" in done.stderr
    assert f"--port {port + 1}" in done.stderr


def test_databases_that_do_not_answer_are_named_without_their_password(tmp_path: Path) -> None:
    uri = "mongodb://hub:geheim@127.0.0.1:1/?serverSelectionTimeoutMS=300"
    done = dorfkiste("serve", "--port", "0", cwd=tmp_path, MONGODB_URI=uri, REDIS_URL="redis://127.0.0.1:1")
    assert done.returncode == EXIT_CONFIG
    assert "127.0.0.1:1" in done.stderr
    assert "geheim" not in done.stderr + done.stdout


def test_the_demo_is_not_for_strangers(tmp_path: Path) -> None:
    done = dorfkiste("serve", "--demo", "--host", "0.0.0.0", cwd=tmp_path)  # noqa: S104 - it must be refused
    assert done.returncode == EXIT_CONFIG
    assert "loopback" in done.stderr


def test_a_complaint_is_a_cause_and_a_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    complain(StartupError("The disk is full", "Make room"), sys.stdout)
    assert capsys.readouterr().out == "dorfkiste: The disk is full.\n  → Make room\n"


def test_there_is_nothing_to_forget_where_no_demo_was(tmp_path: Path) -> None:
    done = dorfkiste("demo", "reset", cwd=tmp_path)
    assert (done.returncode, "nothing to forget" in done.stdout) == (0, True)


def test_a_folder_that_is_no_hubs_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "dorfkiste-demo").mkdir()
    (tmp_path / "dorfkiste-demo" / "thesis.txt").write_text("42")
    done = dorfkiste("demo", "reset", cwd=tmp_path)
    assert done.returncode == EXIT_CONFIG
    assert (tmp_path / "dorfkiste-demo" / "thesis.txt").exists()


def test_the_demo_village_is_there_once_and_can_be_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "dorfkiste-demo"
    for _ in range(2):
        hub = HubProcess(folder, demo=True, env={"DEMO_RENTALS": "0"})
        hub.start()
        try:
            things = httpx2.get(f"{hub.url}/v1/items?limit=100").json()["items"]
            told = "\n".join(hub.lines)
        finally:
            assert hub.stop() == 0
        assert len(things) == len({thing["title"] for thing in things}) == 40
        assert len({thing["owner"]["handle"] for thing in things}) == 12
        assert "12 neighbours · 40 things" in told
        assert f"{hub.url}/signin · all have the password {PASSWORD}" in told
        assert RECOVERY_CODE in told
        assert "\x1b" not in told
    assert "is gone" in dorfkiste("demo", "reset", cwd=tmp_path).stdout
    assert not folder.exists()


def test_commands_work_beside_a_running_hub(tmp_path: Path) -> None:
    with running_hub(tmp_path / "data") as hub:
        printed = next(line for line in hub.lines if "/setup#t=" in line)
        port = hub.url.rpartition(":")[2]
        link = dorfkiste("setup-link", "--data-dir", "data", "--port", port, cwd=tmp_path).stdout
        assert link.startswith(f"{hub.url}/setup#t=")
        founder = {"email": "gesa@example.org", "password": "sieben-zwerge", "handle": "gesa", "display_name": "Gesa"}
        for secret, status in ((printed.split("#t=")[1].split()[0], 404), (link.split("#t=")[1].strip(), 201)):
            assert httpx2.post(f"{hub.url}/v1/setup", json={**founder, "slip": secret}).status_code == status
        person = {"email": "anna@example.org", "password": "sieben-zwerge", "handle": "anna", "display_name": "Anna"}
        assert httpx2.post(f"{hub.url}/v1/accounts", json=person).status_code == 202
        granted = dorfkiste("admin", "grant", "Anna@example.org", "admin", "--data-dir", "data", cwd=tmp_path)
        assert granted.stdout == "anna is admin now\n"
        unknown = dorfkiste("admin", "grant", "bernd@example.org", "admin", "--data-dir", "data", cwd=tmp_path)
        assert (unknown.returncode, "Nobody has this" in unknown.stderr) == (EXIT_CONFIG, True)
        signed_in = httpx2.post(f"{hub.url}/v1/sessions", json={k: person[k] for k in ("email", "password")}).json()
        me = httpx2.get(f"{hub.url}/v1/me", headers={"Authorization": f"Bearer {signed_in['access']}"}).json()
        assert me["roles"] == ["admin"]
        second = dorfkiste("setup-link", "--data-dir", "data", cwd=tmp_path)
        assert (second.returncode, "has an admin already" in second.stderr) == (EXIT_CONFIG, True)
        taken = dorfkiste("admin", "revoke", "anna@example.org", "admin", "--data-dir", "data", cwd=tmp_path)
        assert taken.stdout == "anna is no longer admin now\n"
        out = dorfkiste("admin", "sign-out", "anna@example.org", "--data-dir", "data", cwd=tmp_path)
        assert out.stdout == "anna is signed out (1 sign-ins ended)\n"
        gone = httpx2.get(f"{hub.url}/v1/me", headers={"Authorization": f"Bearer {signed_in['access']}"})
        assert gone.json()["code"] == "session_revoked"
        agreed = dorfkiste("verify-calendars", "--data-dir", "data", cwd=tmp_path)
        assert (agreed.returncode, "every calendar agrees" in agreed.stdout) == (0, True)
        second = dorfkiste("serve", "--port", "0", "--data-dir", "data", cwd=tmp_path)
        assert (second.returncode, "Another hub uses this data folder" in second.stderr) == (EXIT_CONFIG, True)


def test_the_last_line_is_for_the_program_that_waits(tmp_path: Path) -> None:
    with running_hub(tmp_path / "data") as hub:
        ready = json.loads(next(line for line in hub.lines if '"ready"' in line))
        assert ready == {"event": "ready", "url": hub.url}
        assert httpx2.get(f"{hub.url}/readyz").json()["status"] == "ready"
