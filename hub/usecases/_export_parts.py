"""What goes into a copy for somebody: everything about them, and nothing of others but their ids (GDPR Art. 20(4))."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any, Final

from hub.ids import UserId
from hub.ports import Ports
from hub.rental import Rental, State
from hub.room import EventEntry, MessageEntry

PAGE: Final = 500
Part = tuple[str, AsyncIterator[bytes]]
"""The name of a file in the copy, and its content."""


async def parts_of(ports: Ports, user: UserId) -> Sequence[Part]:
    """Every file of the copy; the content is fetched when it is asked for."""
    rentals = await ports.rentals.of_in(user, frozenset(State))
    photos = await ports.media.of(user)
    tables: dict[str, Callable[[], Any]] = {
        "account": lambda: ports.users.get(user),
        "sign-ins": lambda: ports.sessions.live_of(user),
        "devices": lambda: ports.devices.newest(user),
        "places": lambda: ports.places.of(user),
        "things": lambda: _things(ports, user),
        "photos": lambda: _now(photos),
        "rentals": lambda: _now(rentals),
        "reviews": lambda: _reviews(ports, user, rentals),
        "notifications": lambda: ports.notifications.page(user, None, PAGE),
        "consents": lambda: ports.terms.agreed(user),
        "blocks": lambda: ports.blocks.by(user),
        "reports": lambda: _reports(ports, user, rentals),
        "uses": lambda: _collected(ports.audit.concerning(user)),
    }
    files: list[Part] = [(f"{name}.json", _json(make)) for name, make in tables.items()]
    files += [(f"rooms/{rental.room}.json", _json(_room(ports, user, rental))) for rental in rentals]
    files += [(f"photos/{photo.id}.webp", _blob(ports, photo.blob(photo.copies[0]))) for photo in photos]
    return files


async def _json(make: Callable[[], Any]) -> AsyncIterator[bytes]:
    yield json.dumps(_plain(await make()), ensure_ascii=False, indent=1).encode()


async def _blob(ports: Ports, name: str) -> AsyncIterator[bytes]:
    found = await ports.blobs.read(name)
    if found is not None:
        async for part in found:
            yield part


async def _now(value: Any) -> Any:
    return value


async def _collected(found: AsyncIterator[Any]) -> list[Any]:
    return [one async for one in found]


async def _things(ports: Ports, user: UserId) -> list[Any]:
    found = [await ports.items.get(item) async for item in ports.items.of_owner(user)]
    return [item for item in found if item is not None]


async def _reviews(ports: Ports, user: UserId, rentals: Sequence[Rental]) -> list[Any]:
    """Written by them, and about them as far as it is published."""
    rounds = [await ports.reviews.round(rental.id) for rental in rentals]
    known = [one for one in rounds if one is not None]
    own = [review for one in known if (review := one.by(user)) is not None]
    return own + [review for one in known if one.published_at and (review := one.about(user)) is not None]


async def _reports(ports: Ports, user: UserId, rentals: Sequence[Rental]) -> list[Any]:
    found = [report for rental in rentals for report in await ports.reports.of_room(rental.room)]
    return [report for report in found if report.by == user]


def _room(ports: Ports, user: UserId, rental: Rental) -> Callable[[], Any]:
    """Their own messages as ciphertext, which their devices can read, and what happened to the rental."""

    async def read() -> list[Any]:
        kept: list[Any] = []
        after, more = 0, True
        while more:
            page = await ports.log.forward(rental.room, after, PAGE, None)
            kept += [entry for entry in page.entries if isinstance(entry, EventEntry) or _own(entry, user)]
            after, more = page.entries[-1].seq if page.entries else after, page.more and bool(page.entries)
        return kept

    return read


def _own(entry: MessageEntry, user: UserId) -> bool:
    return entry.account == user


def _plain(value: Any) -> Any:
    """As JSON has it; bytes as base64url."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    match value:
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case set() | frozenset():
            return sorted(map(str, value))
        case _:
            return _leaf(value)


def _leaf(value: Any) -> Any:
    match value:
        case bytes():
            return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
        case datetime():
            return value.isoformat()
        case _:
            return value
