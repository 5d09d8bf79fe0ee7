"""What an operator answers for: the hub's keys and the audit log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from api.app import Stores, open_stores
from api.audit_head import signed_head
from api.engines import hub_servers
from api.hub_keys import FILE, rotate_keys
from api.preparation import silent_publisher
from api.secrets import load_secrets, read_ring, secrets_folder
from api.settings import Settings
from crypto.audit import HeadError, SignedHead
from crypto.fields import Keyring
from hub.ports import Note
from storage.embedded import running_servers
from storage.mongo.audit import Affected, AuditBroken, Head
from storage.mongo.rewrap import rewrap
from storage.servers import StartupError


@asynccontextmanager
async def stores_of(settings: Settings) -> AsyncIterator[Stores]:
    """The stores of a hub that runs here, or of one that does not."""
    async with hub_servers(settings) as servers, open_stores(settings, servers, silent_publisher()) as stores:
        yield stores


async def rotate_hub_keys(settings: Settings, settle_s: float) -> str:
    """Rotate the key that seals the keys of persons; with ``SECRETS_DIR`` the operator changes the file."""
    alone = settings.embedded and running_servers(settings.data_dir) is None
    async with stores_of(settings) as stores:
        anew = partial(rewrap, stores.storage.database)
        folder, forbidden = secrets_folder(settings.data_dir, settings)
        if settings.secrets_dir:
            ring = read_ring(folder / FILE, forbidden)
            count = await anew(Keyring(ring.keys, ring.active), ring.active)
            words = f"{count} sealed anew with {ring.active}, the first key of {folder / FILE}"
        else:
            active = await rotate_keys(folder, anew, 0.0 if alone else settle_s)
            words = (
                f"everything is sealed with {active} now; older keys are gone. Make a backup: older ones need theirs"
            )
        await stores.ports.audit.note(Note("keys_rotated", None))
    return words


async def check_audit(settings: Settings, exported: Path | None) -> tuple[bool, str]:
    """Whether the chain holds, and what to say about it. ``exported`` is a file that ``export_head`` made."""
    known = _head_in(settings, exported) if exported else None
    async with stores_of(settings) as stores:
        try:
            head = await stores.storage.audit.verify(known)
        except AuditBroken as broken:
            return False, f"the audit log does not hold: {broken}"
    return True, f"the audit log holds: {head.seq} entries, {head.hash.hex()}"


async def export_head(settings: Settings) -> str:
    """How far the log has come, as one line of JSON signed with the hub's notary key."""
    async with stores_of(settings) as stores:
        return signed_head(stores.notary, await stores.storage.audit.head())


async def affected_people(
    settings: Settings, since: datetime, until: datetime | None, acts: tuple[str, ...], target: str
) -> list[str]:
    """One line for each person: handle, address, which acts how often, first and last time."""
    end = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
    async with stores_of(settings) as stores:
        found = await stores.storage.audit.affected(since.replace(tzinfo=UTC), end, acts, target)
        known = await stores.ports.users.several([each.user for each in found.values() if each.user])
    lines = []
    for each in found.values():
        user = known.get(each.user) if each.user else None
        who = f"{user.handle}\t{user.email}" if user else "erased\t-"
        lines.append(f"{who}\t{_acts(each)}\t{each.first.isoformat()}\t{each.last.isoformat()}")
    return sorted(lines)


def _acts(each: Affected) -> str:
    return ", ".join(f"{act} {count}" for act, count in sorted(each.acts.items()))


def _head_in(settings: Settings, path: Path) -> Head:
    try:
        signed = SignedHead.from_json(path.read_bytes())
    except HeadError as error:
        raise StartupError(f"{path}: {error}", "Use a line that `dorfkiste audit head` printed.") from error
    notary = load_secrets(settings.data_dir, settings).notary
    if signed.key not in {SignedHead.sign(seed, 0, bytes(32), 0).key for seed in notary.keys.values()}:
        raise StartupError(f"{path} was signed by another hub", "Use a head of this one.")
    return Head(signed.seq, signed.hash)
