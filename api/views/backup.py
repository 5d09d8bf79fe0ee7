"""What is shown of a backup, to its own account."""

from api.views.common import View
from crypto import b64
from hub.backup import Backup
from hub.usecases.backups import EntryPage


def backup(kept: Backup) -> View:
    return {
        "version": kept.version,
        "generation": kept.generation,
        "code": _bytes(kept.code),
        "passkey": _bytes(kept.passkey),
        "manifest": _bytes(kept.manifest),
        "manifest_version": kept.manifest_version,
        "count": kept.count,
    }


def counters(kept: Backup) -> View:
    """What a device that has written compares."""
    names = ("version", "generation", "manifest_version", "count", "last")
    return {name: getattr(kept, name) for name in names}


def entries(page: EntryPage) -> View:
    """``manifest`` is of the whole backup, also where more entries follow."""
    kept = page.backup
    return {
        "entries": [b64.encode(entry.raw) for entry in page.entries],
        "last": page.entries[-1].n if page.entries else None,
        "generation": kept.generation,
        "manifest": _bytes(kept.manifest),
        "manifest_version": kept.manifest_version,
    }


def _bytes(value: bytes | None) -> str | None:
    return None if value is None else b64.encode(value)
