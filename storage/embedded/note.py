"""A note beside the sockets, so that a command run next to a hub joins its servers instead of being locked out."""

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path

from storage.embedded.folder import socket_folder
from storage.servers import Servers


def leave_note(run: Path, servers: Servers) -> None:
    """Write where the servers answer; it holds Valkey's password and is for the owner alone."""
    path = run / "servers.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(servers), file)


def running_servers(data_dir: Path) -> Servers | None:
    """The servers a hub runs on ``data_dir`` at this moment, or ``None``."""
    home = data_dir.resolve()
    note = socket_folder(home) / "servers.json"
    if not note.exists() or not _owned(home / "hub.lock"):
        return None
    fields = json.loads(note.read_text())
    return Servers(**{**fields, "notes": tuple(fields["notes"])})


def _owned(lock: Path) -> bool:
    """Whether some process holds the lock; a shared one is asked for, so that two askers do not see each other."""
    if not lock.exists():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
