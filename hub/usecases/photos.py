"""Photos: uploading, looking, deleting, and removing what nothing shows any more."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Final

from hub.account import Actor
from hub.authority import JUDGE_RENTAL, OWN_PHOTO, PARTY, SEE_PHOTO, Sight, authorize, has
from hub.errors import Conflict, NotFound
from hub.ids import MediaId, UserId, new_id
from hub.photo import Copy, Photo
from hub.ports import Developed, Ports, Used
from hub.usecases._evidence import arguable, still_needed
from hub.usecases._photos import UNSHOWN

SETTLING: Final = timedelta(minutes=1)
"""Longer than any act takes from claiming a photo to storing what shows it."""


@dataclass(frozen=True, slots=True)
class AddPhoto:
    """``upload`` is a file at its beginning, in any state; ``alt`` says what is to be seen."""

    upload: BinaryIO
    alt: str = ""


@dataclass(frozen=True, slots=True)
class GetPhoto:
    media: MediaId


@dataclass(frozen=True, slots=True)
class DeletePhoto:
    media: MediaId


@dataclass(frozen=True, slots=True)
class ShowCopy:
    """One file of a photo; ``size`` is one of ``hub.photo.SIZES``."""

    media: MediaId
    size: int


@dataclass(frozen=True, slots=True)
class Shown:
    """``public``: anybody may see it, so anybody may keep it."""

    photo: Photo
    copy: Copy
    public: bool


async def add_photo(ports: Ports, actor: Actor, command: AddPhoto) -> Photo:
    """Keep four copies of an upload, and nothing else of it. Conflict("photos_full")."""
    _check_space(ports, await ports.media.used(actor.user), more=1)
    developed = await ports.darkroom.develop(command.upload)
    photo = _photo(actor.user, developed, command.alt, ports.clock.real())
    await ports.media.begin(photo, photo.created_at + UNSHOWN)
    await _count(ports, photo)
    for copy, content in developed.copies:
        await ports.blobs.put(photo.blob(copy), _once(content))
    if not await ports.media.finish(photo.id):
        raise NotFound("photo_not_found")
    return photo


async def get_photo(ports: Ports, actor: Actor, command: GetPhoto) -> Photo:
    photo, _ = await _visible(ports, actor, command.media)
    return photo


async def show_copy(ports: Ports, reader: Actor | None, command: ShowCopy) -> Shown:
    """What a link names: to everybody once a thing shows it, before that to whom it belongs."""
    photo, public = await _visible(ports, reader, command.media)
    copy = photo.copy(command.size)
    if copy is None:
        raise NotFound("photo_not_found")
    return Shown(photo, copy, public)


async def delete_photo(ports: Ports, actor: Actor, command: DeletePhoto) -> None:
    """Delete one's own for good. Conflict("photo_in_use") while a thing shows it."""
    before = ports.clock.real() - SETTLING
    photo = authorize(actor, OWN_PHOTO, await ports.media.get(command.media))
    if await _held(ports, photo.id) or not await ports.media.retire(photo.id, before):
        raise Conflict("photo_in_use")
    await _remove(ports, photo)


async def sweep_photos(ports: Ports) -> int:
    """Remove uploads that nothing shows, or shows any more, and what an interrupted act left; answers how many.

    It may run on several workers at once and be interrupted at any point.
    """
    now, removed = ports.clock.real(), 0
    async for photo in ports.media.due(now):
        if await _held(ports, photo.id) or not await ports.media.retire(photo.id, now - SETTLING):
            await ports.media.put_off(photo.id, now + UNSHOWN)
        else:
            await _remove(ports, photo)
            removed += 1
    return removed


async def _visible(ports: Ports, reader: Actor | None, media: MediaId) -> tuple[Photo, bool]:
    photo = await ports.media.get(media)
    public = photo is not None and await ports.media.public(media)
    if reader is None:  # a picture's link in a page; that a token might open it is told to nobody
        if photo is None or not public:
            raise NotFound("photo_not_found")
        return photo, True
    sight = Sight(photo, public, await _shared(ports, reader, media)) if photo else None
    return authorize(reader, SEE_PHOTO, sight).photo, public


async def _shared(ports: Ports, reader: Actor, media: MediaId) -> bool:
    """Whether a protocol shows it of a rental that is the reader's, or in which they are to judge a case."""
    for id_ in await ports.protocols.showing(media):
        rental = await ports.rentals.get(id_, None)
        if rental and (has(reader, PARTY, rental) or (rental.disputed and has(reader, JUDGE_RENTAL, rental))):
            return True
    return False


async def _count(ports: Ports, photo: Photo) -> None:
    """Look again now that it counts itself: uploads side by side never come to more than one person may have."""
    try:
        _check_space(ports, await ports.media.used(photo.owner))
    except Conflict:
        await ports.media.forget(photo.id)
        raise


def _check_space(ports: Ports, used: Used, more: int = 0) -> None:
    policy = ports.policy
    if used.count + more > policy.max_photos:
        raise Conflict("photos_full", {"of": "photos", "max": policy.max_photos})
    if used.bytes + more > policy.max_photo_bytes:
        raise Conflict("photos_full", {"of": "bytes", "max": policy.max_photo_bytes})


def _photo(owner: UserId, developed: Developed, alt: str, at: datetime) -> Photo:
    return Photo(
        id=MediaId(new_id()),
        owner=owner,
        width=developed.width,
        height=developed.height,
        colour=developed.colour,
        dhash=developed.dhash,
        copies=tuple(copy for copy, _ in developed.copies),
        alt=alt,
        created_at=at,
    )


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _held(ports: Ports, media: MediaId) -> bool:
    """Whether a thing or a protocol shows it, or a deleted thing did whose rentals may still need it."""
    for holder in await ports.media.holders(media):
        if not holder.deleted or await still_needed(ports, holder.item):
            return True
    return await _proves(ports, media)


async def _proves(ports: Ports, media: MediaId) -> bool:
    """Whether a protocol shows it whose rental may still be argued about."""
    rentals = [await ports.rentals.get(id_, None) for id_ in await ports.protocols.showing(media)]
    return any(rental is not None and arguable(rental, ports.clock.now()) for rental in rentals)


async def _remove(ports: Ports, photo: Photo) -> None:
    """Its bytes first: if this is interrupted, upkeep finds it again."""
    await ports.blobs.delete(photo.blobs)
    await ports.media.forget(photo.id)
