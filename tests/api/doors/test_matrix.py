"""The matrix of who may do what to what, from the table: every row at both doors, for all who may not, about things
that are others', gone, or nowhere."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from api.examples import sample
from api.protocol import ACTS, Act
from crypto.dkx.roster import Role
from hub.account import UserRole
from hub.ids import new_id
from hub.ports import Note
from tests.api.doors.asking import in_path, is_refused, over_http
from tests.api.doors.belongings import Belongings, belongings
from tests.api.doors.hubs import Worker, fingerprint
from tests.api.doors.street import Street, renamed, settle
from tests.support.world import Neighbour, World, cmd_id

EXAMPLES: Final = {
    "item": sample.ITEM, "place": sample.PLACE, "rental": sample.RENTAL, "room": sample.ROOM, "file": sample.FILE,
    "notification": sample.NOTIFICATION, "user": sample.NEIGHBOUR, "report": sample.REPORT, "photo": sample.PHOTO,
    "session": sample.SESSION, "passkey": sample.PASSKEY, "identity": sample.IDENTITY, "link": sample.LINK,
    "export": sample.LINK,
}  # fmt: skip
"""How the examples of the table name one of each kind."""
SHOWN: Final = {"item", "user"}
"""What everybody may look at: of these only what is gone or nowhere is refused to others."""
SILENT: Final = {"link:close", "block:remove", "link:open", "device:list"}
"""What does the same about whatever is not there, or makes it; lists of devices outlive their people, whose words
others still verify."""


OF_STRANGERS: Final = {
    "sign_in_required", "second_factor_required", "device_required", "confirmation_required", "role_required",
    "not_your_item", "suspended",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One square of the matrix: a row, which it asks about what kind of thing, and in what state that is."""

    row: Act
    kind: str
    state: str

    def __str__(self) -> str:
        return f"{self.row.event} of a {self.kind} that is {self.state}"


def kind_of(row: Act) -> str | None:
    """What a row is about: the room or the rental that its column names, else what its path or its example does."""
    if "room" in row.who:
        return "room"
    if {"party", "owner", "renter"} & set(row.who):
        return "rental"
    named = [{"media": "photo"}.get(name, name) for name in [*_in_order(row), *({"item"} & row.example.ask.keys())]]
    return next((name for name in named if name in EXAMPLES), None)


def _in_order(row: Act) -> list[str]:
    return sorted(in_path(row), key=lambda name: (row.path or "").index("{" + name))


def cells() -> Iterator[Cell]:
    for row in ACTS:
        if (kind := kind_of(row)) and row.event not in SILENT:
            yield from (Cell(row, kind, state) for state in ("others'", "gone", "nowhere"))


def refusal(cell: Cell, who: Neighbour) -> str | None:
    """What the column says; None where this person may, or the hub has nothing of the sort."""
    row, kind = cell.row, cell.kind
    if "moderator" in row.who and not who.user.roles:
        return "role_required"
    if cell.state == "others'":
        if "moderator" in row.who or (kind in SHOWN and "lister" not in row.who):
            return None
        if "lister" in row.who:
            return "not_your_item"
    return f"{kind}_not_found"


@dataclass
class Matrix:
    hub: Worker
    street: Street
    has: Belongings
    strangers: Mapping[str, Neighbour]

    def payload(self, cell: Cell) -> dict[str, Any] | None:
        """What is asked; None where nothing of this kind is ever gone."""
        there = {EXAMPLES[kind]: id_ for kind, id_ in self.has.there.items() if EXAMPLES[kind] != sample.LINK}
        meant = {"others'": self.has.there, "gone": self.has.gone}.get(cell.state, {cell.kind: "0" * 31 + "1"})
        if cell.kind not in meant:
            return None
        ids = there | {EXAMPLES[cell.kind]: meant[cell.kind], sample.COMMAND: str(cmd_id())}
        if cell.kind == "item":
            ids[sample.ROOM] = new_id()  # who asks for a thing makes up a room
        ids |= {sample.DEVICE: str(self.street.owner.actor.device), sample.USER: self.street.renter.user.id}
        asked: dict[str, Any] = renamed(cell.row.example.ask, ids)
        return asked

    def asked_by(self, person: Neighbour) -> Iterator[tuple[Cell, dict[str, Any], str]]:
        """All that the person is refused: what they ask, and how the hub says no."""
        for cell in cells():
            asked, expected = self.payload(cell), refusal(cell, person)
            if asked is not None and expected is not None:
                yield cell, asked, expected


@pytest.fixture(scope="module")
async def matrix(hub: Worker) -> Matrix:
    street = await settle(hub.world)
    strangers = {
        "a stranger": street.stranger,
        "who has left the room": await _former(street),
        "a moderator": await _appointed(hub.world, UserRole.MODERATOR),
        "an admin": await _appointed(hub.world, UserRole.ADMIN),
    }
    for person in [*strangers.values(), street.owner, street.renter]:
        session = {"_id": person.actor.session}
        await hub.world.database.sessions.update_one(session, {"$set": {"confirmed_at": hub.world.clock.real()}})
    return Matrix(hub, street, await belongings(street), strangers)


async def _appointed(world: World, role: UserRole) -> Neighbour:
    person = await world.person()
    await _appoint(world, person, role)
    return person


async def _appoint(world: World, person: Neighbour, role: UserRole) -> None:
    note = Note("role_granted", None, (person.user.id,))
    await world.ports.users.set_roles(person.user.id, frozenset({role}), note)
    person.user = replace(person.user, roles=frozenset({role}))


async def _former(street: Street) -> Neighbour:
    """Somebody who was in the room for a while."""
    guest, first = await street.world.person(), street.roster
    parties = list(first.members)
    second = await street.seat(first, [*parties, guest.member(Role.OBSERVER)])
    street.roster = await street.seat(second, parties)
    return guest


async def test_over_http_nobody_learns_or_changes_what_is_not_theirs(matrix: Matrix) -> None:
    """What is others' is refused as what is nowhere, to the letter and to the header."""
    before, wrong = await fingerprint(matrix.hub.world.database), []
    for name, person in matrix.strangers.items():
        said: dict[tuple[str, str], Any] = {}
        for cell, asked, expected in matrix.asked_by(person):
            if not cell.row.path:
                continue
            answer = await over_http(matrix.hub, cell.row, asked, person)
            told = answer.json().get("code") if answer.status_code >= 400 else answer.status_code
            heard = (answer.json(), set(answer.headers))
            if told != expected or heard != said.setdefault((cell.row.event, expected), heard):
                wrong.append(f"{name}, {cell}: {told} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert await fingerprint(matrix.hub.world.database) == before


async def test_nor_by_a_live_socket(matrix: Matrix) -> None:
    before, wrong = await fingerprint(matrix.hub.world.database), []
    for name, person in matrix.strangers.items():
        async with matrix.hub.live(person) as raw:
            for cell, asked, expected in matrix.asked_by(person):
                if cell.row.doors == "http":
                    continue
                told = (await raw.call(cell.row.event, asked)).get("error", {}).get("code")
                if told != expected:
                    wrong.append(f"{name}, {cell}: {told} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert await fingerprint(matrix.hub.world.database) == before


@pytest.mark.parametrize(
    "path",
    [
        "/v1/files/{file}",
        "/media/{photo}-400.webp",
        "/v1/rentals/{rental}/contract.pdf",
        "/v1/rentals/{rental}/agreement.zip",
        "/v1/mediation/{rental}/agreement.zip",
    ],
)
async def test_what_is_fetched_beside_the_table_asks_the_same(path: str, matrix: Matrix) -> None:
    """A sign-in that owes its second factor gets none of its owner's files either; others get what is not there."""
    kind = re.findall(r"{(\w+)}", path)[0]
    owner, sessions = matrix.street.owner, matrix.hub.world.database.sessions
    await sessions.update_one({"_id": owner.actor.session}, {"$set": {"pending": True}})
    owing = await matrix.hub.ask("GET", path.format(**matrix.has.there), owner)
    await sessions.update_one({"_id": owner.actor.session}, {"$set": {"pending": False}})
    is_refused(owing, 401, "second_factor_required")
    for name, person in matrix.strangers.items():
        if "mediation" not in path:
            for asked in (matrix.has.there, {kind: "0" * 31 + "1"}):
                answer = await matrix.hub.ask("GET", path.format(**asked), person)
                assert answer.json()["code"] == f"{kind}_not_found", f"{name}: {answer.text}"
        elif not person.user.roles:
            is_refused(await matrix.hub.ask("GET", path.format(**matrix.has.there), person), 403, "role_required")


async def test_a_moderator_judges_no_rental_of_their_own(matrix: Matrix) -> None:
    """The owner is made one for this."""
    await _appoint(matrix.hub.world, matrix.street.owner, UserRole.MODERATOR)
    wrong = []
    for row in ACTS:
        if "moderator" in row.who and kind_of(row) in {"rental", "report"}:
            asked = matrix.payload(Cell(row, str(kind_of(row)), "others'"))
            answer = await over_http(matrix.hub, row, asked or {}, matrix.street.owner)
            if answer.json().get("code") != "own_rental":
                wrong.append(f"{row.event}: {answer.text}")
    assert not wrong, "\n".join(wrong)


async def test_none_of_it_is_refused_to_those_whose_it_is(matrix: Matrix) -> None:
    """What they may not do yet or any more has other words. Last of all, for now things do change."""
    wrong = []
    for row in sorted(ACTS, key=lambda row: row.method == "DELETE"):
        kind = kind_of(row)
        if kind is None or not row.path or "moderator" in row.who or row.event in {"file:put", "item:archive"}:
            continue
        person = matrix.street.renter if "renter" in row.who else matrix.street.owner
        asked = matrix.payload(Cell(row, kind, "others'")) or {}
        answer = await over_http(matrix.hub, row, asked, person)
        told = answer.json().get("code")
        if told in OF_STRANGERS or told == f"{kind}_not_found" or answer.status_code >= 500:
            wrong.append(f"{row.event}: {answer.text}")
    assert not wrong, "\n".join(wrong)
