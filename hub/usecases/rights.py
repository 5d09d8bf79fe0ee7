"""Having one's data kept and not used (GDPR Art. 18), and objecting to uses the hub can do without (Art. 21).

Whoever restricts what is known of them signs in, reads, copies and brings to its end what runs; the other side of a
running rental has a right to that, too (Art. 18(2)). Nobody else finds them, and nothing new begins.
"""

from dataclasses import dataclass
from datetime import datetime

from hub.account import Actor, Objection, User
from hub.ports import Note, Ports
from hub.usecases._people import existing
from hub.usecases._signing import tell_person


@dataclass(frozen=True, slots=True)
class GetRights:
    pass


@dataclass(frozen=True, slots=True)
class RestrictAccount:
    pass


@dataclass(frozen=True, slots=True)
class ReleaseAccount:
    pass


@dataclass(frozen=True, slots=True)
class PutObjection:
    use: Objection


@dataclass(frozen=True, slots=True)
class RemoveObjection:
    use: Objection


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person has made use of."""

    restricted_at: datetime | None
    objections: frozenset[Objection]


async def get_rights(ports: Ports, actor: Actor, command: GetRights) -> Rights:  # noqa: ARG001 - shape of an act
    return _rights(await existing(ports, actor.user))


async def restrict_account(ports: Ports, actor: Actor, command: RestrictAccount) -> Rights:  # noqa: ARG001 - shape of an act
    """From now on what is known of the person is kept, not used and not shown; again, it stays as it was."""
    user = await existing(ports, actor.user)
    if user.restricted_at is None:
        await ports.users.set_restricted(user.id, ports.clock.now(), _note("account_restricted", actor))
        tell_person(ports, user.id, "account_restricted", actor.session)
    return _rights(await existing(ports, actor.user))


async def release_account(ports: Ports, actor: Actor, command: ReleaseAccount) -> Rights:  # noqa: ARG001 - shape of an act
    """Everything is as before."""
    user = await existing(ports, actor.user)
    if user.restricted_at is not None:
        await ports.users.set_restricted(user.id, None, _note("account_released", actor))
        tell_person(ports, user.id, "account_released", actor.session)
    return _rights(await existing(ports, actor.user))


async def put_objection(ports: Ports, actor: Actor, command: PutObjection) -> Rights:
    """It counts at once and needs no reason."""
    user = await existing(ports, actor.user)
    note = _note("objection_made", actor, command.use.value)
    return await _object(ports, user, user.objections | {command.use}, note)


async def remove_objection(ports: Ports, actor: Actor, command: RemoveObjection) -> Rights:
    user = await existing(ports, actor.user)
    note = _note("objection_withdrawn", actor, command.use.value)
    return await _object(ports, user, user.objections - {command.use}, note)


async def _object(ports: Ports, user: User, objections: frozenset[Objection], note: Note) -> Rights:
    if objections != user.objections:
        await ports.users.set_objections(user.id, objections, note)
    return _rights(await existing(ports, user.id))


def _note(act: str, actor: Actor, detail: str = "") -> Note:
    return Note(act, actor.user, (actor.user,), actor.session, detail)


def _rights(user: User) -> Rights:
    return Rights(user.restricted_at, user.objections)
