"""What a street's owner has and had: of each kind that an id can name, one that is there and one that is gone."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any, Final

from PIL import Image

from crypto import b64
from crypto.dkx import dkf1
from hub.export import Export
from hub.identity import Claimed
from hub.ids import ExportId, FileId, LinkId, PasskeyId, RoomId, SessionId, new_id
from hub.link import Link
from hub.passkey import Passkey
from hub.report import Reason
from hub.usecases.erasing import EraseAccount, erase_account
from hub.usecases.files import BeginFile, DeleteFile, begin_file, delete_file
from hub.usecases.photos import AddPhoto, DeletePhoto, add_photo, delete_photo
from hub.usecases.places import CreatePlace, DeletePlace, create_place, delete_place
from hub.usecases.reporting import Disclosed, SendReport, send_report
from hub.usecases.sessions import RevokeSession, revoke_session
from hub.usecases.shelf import DeleteItem, delete_item
from tests.api.doors.street import Street
from tests.support.world import cmd_id

LATER: Final = timedelta(hours=1)
PROVEN: Final = ("hdr104", "kf", "rest", "ft")


@dataclass
class Belongings:
    """Ids by kind. Rooms, rentals, reports and notices are never ``gone``."""

    there: dict[str, str]
    gone: dict[str, str] = field(default_factory=dict)


async def belongings(street: Street) -> Belongings:
    found = Belongings({
        "item": street.item, "place": street.place, "rental": street.rental, "room": street.room,
        "notification": street.notification, "user": street.owner.user.id, "report": await _report(street),
    })  # fmt: skip
    for kind, (make, remove) in KINDS.items():
        found.gone[kind] = await make(street)
        await remove(street, found.gone[kind])
        if kind not in found.there:
            found.there[kind] = await make(street)
    return found


async def _report(street: Street) -> str:
    pen = street.pen(street.renter)
    sent = pen.write("Dann ist es erst mal weg.")
    told = pen.reported(sent, await pen.send(sent))
    shown = Disclosed(**{name: b64.decode(value) if name in PROVEN else value for name, value in told.items()})
    asked = SendReport(cmd_id(), RoomId(street.room), Reason.THREAT, (shown,))
    return str((await send_report(street.world.ports, street.owner.actor, asked)).report.id)


async def _item(street: Street) -> str:
    return (await street.world.item(street.owner)).id


async def _no_item(street: Street, id_: Any) -> None:
    await delete_item(street.world.ports, street.owner.actor, DeleteItem(id_))


async def _place(street: Street) -> str:
    told = CreatePlace("Schuppen", secrets.token_hex(4), 52.5, 13.4)
    return (await create_place(street.world.ports, street.owner.actor, told)).id


async def _no_place(street: Street, id_: Any) -> None:
    await delete_place(street.world.ports, street.owner.actor, DeletePlace(id_))


async def _session(street: Street) -> str:
    return (await street.world.session(street.owner.user)).id


async def _no_session(street: Street, id_: Any) -> None:
    await revoke_session(street.world.ports, street.owner.actor, RevokeSession(SessionId(id_)))


async def _passkey(street: Street) -> str:
    ports, id_ = street.world.ports, PasskeyId(new_id())
    key = secrets.token_bytes(32)
    assert await ports.passkeys.add(
        Passkey(id_, street.owner.user.id, "Handy", key, key, 0, synced=False, created_at=ports.clock.real())
    )
    return id_


async def _no_passkey(street: Street, id_: Any) -> None:
    assert await street.world.ports.passkeys.remove(street.owner.user.id, id_) == "removed"


async def _identity(street: Street) -> str:
    ports, owner = street.world.ports, street.owner.user.id
    claimed = Claimed("verein", "https://verein.example", secrets.token_hex(8))
    assert await ports.identities.add(owner, claimed, ports.clock.real())
    return next(one.id for one in await ports.identities.of(owner) if one.subject == claimed.subject)


async def _no_identity(street: Street, id_: Any) -> None:
    assert await street.world.ports.identities.remove(street.owner.user.id, id_) == "removed"


async def _export(street: Street) -> str:
    ports = street.world.ports
    now, id_ = ports.clock.real(), ExportId(new_id())
    made = Export(id_, street.owner.user.id, now, now + LATER, done=1, of=1, bytes=1)
    await ports.exports.add(made, secrets.token_bytes(32))
    return id_


async def _no_export(street: Street, id_: Any) -> None:
    await street.world.ports.exports.remove(id_)


async def _link(street: Street) -> str:
    ports, owner, id_ = street.world.ports, street.owner, LinkId(new_id())
    await ports.links.add(Link(id_, owner.user.id, owner.actor.session, ports.clock.real() + LATER))
    return id_


async def _no_link(street: Street, id_: Any) -> None:
    await street.world.ports.links.remove(id_, street.owner.user.id)


async def _photo(street: Street) -> str:
    with TemporaryFile() as made:
        Image.new("RGB", (8, 8)).save(made, "PNG")
        made.seek(0)
        return (await add_photo(street.world.ports, street.owner.actor, AddPhoto(made))).id


async def _no_photo(street: Street, id_: Any) -> None:
    await delete_photo(street.world.ports, street.owner.actor, DeletePhoto(id_))


async def _file(street: Street) -> str:
    told = BeginFile(FileId(new_id()), RoomId(street.room), secrets.token_bytes(16), dkf1.stored_size(1024))
    return (await begin_file(street.world.ports, street.owner.actor, told)).id


async def _no_file(street: Street, id_: Any) -> None:
    await delete_file(street.world.ports, street.owner.actor, DeleteFile(id_))


async def _user(street: Street) -> str:
    return (await street.world.person()).user.id


async def _no_user(street: Street, id_: Any) -> None:
    leaving = street.owner.actor.__class__(id_, SessionId(""))
    await erase_account(street.world.ports, leaving, EraseAccount())


Make = Callable[[Street], Awaitable[str]]
Remove = Callable[[Street, Any], Awaitable[None]]
KINDS: Final[dict[str, tuple[Make, Remove]]] = {
    "item": (_item, _no_item),
    "place": (_place, _no_place),
    "session": (_session, _no_session),
    "passkey": (_passkey, _no_passkey),
    "identity": (_identity, _no_identity),
    "export": (_export, _no_export),
    "link": (_link, _no_link),
    "photo": (_photo, _no_photo),
    "file": (_file, _no_file),
    "user": (_user, _no_user),
}
