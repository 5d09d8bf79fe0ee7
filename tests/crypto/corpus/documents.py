"""Device lists and rosters with good signatures that say what may not be said, alone or after what is known."""

from collections.abc import Sequence

from crypto.dkx import devlist, roster
from crypto.dkx.devlist import Device
from crypto.dkx.primitive import ZEROS32, label
from crypto.dkx.roster import Member, Role, Roster
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.keys import OwnDevice
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, LIST_A, ROSTER, T, row, seed
from tests.crypto.corpus.messages import TORSION

BAD, BAD_ROSTER = "devlist_invalid", "roster_invalid"


def listed(
    rows: Sequence[Device], *, epoch: int = 1, version: int = 1, prev: bytes = ZEROS32, purpose: bytes = devlist.LABEL
) -> bytes:
    """A list in the order given, which our own writer would not keep."""
    head = devlist.unsigned(account=ANNA.account, epoch=epoch, version=version, prev_hash=prev, created=T, devices=())
    body = head[:-1] + bytes([len(rows)]) + b"".join(devlist._ENTRY.pack(*each) for each in rows)
    return cast.resigned(body, cast.DLK_A, purpose)


def devlists() -> dict[str, tuple[bytes, str]]:
    first, other = row(ANNA), row(cast.device(0xA9))
    many = [row(cast.device(n)) for n in range(1, 12)]
    return {
        "as published": (listed([first]), "ok"),
        "no device": (listed([]), "ok"),
        "ten devices": (listed(many[:10]), "ok"),
        "eleven devices": (listed(many), BAD),
        "unsorted": (listed([other, first]), BAD),
        "an id twice": (listed([first, other._replace(id=first.id)]), BAD),
        "a signing key twice": (listed([first, other._replace(dsk=first.dsk)]), BAD),
        "a box key twice": (listed([first, other._replace(dbk=first.dbk)]), BAD),
        "a signing key of small order": (listed([first._replace(dsk=TORSION[3])]), BAD),
        "a box key of zeros": (listed([first._replace(dbk=bytes(32))]), BAD),
        "epoch 0": (listed([first], epoch=0), BAD),
        "version 0": (listed([first], version=0), BAD),
        "version 1 after something": (listed([first], prev=seed(1)), BAD),
        "version 2 after nothing": (listed([first], version=2), BAD),
        "another epoch than the certificate's": (listed([first], epoch=2), BAD),
        "signed under another label": (listed([first], purpose=label("roster")), BAD),
        "a byte behind": (listed([first]) + b"\0", BAD),
    }


def next_lists() -> dict[str, tuple[bytes, bytes, str]]:
    """(newest known, new): the second of each is signed well."""
    second = cast.next_list()
    other = cast.next_list(LIST_A, cast.device(0xA9))
    third = cast.next_list(second)
    return {
        "the next version": (LIST_A.raw, second.raw, "ok"),
        "the very same": (second.raw, second.raw, "ok"),
        "a higher epoch": (second.raw, cast.next_list(second, epoch=2).raw, "ok"),
        "an older version": (second.raw, LIST_A.raw, "devlist_rollback"),
        "a lower epoch": (cast.next_list(second, epoch=2).raw, third.raw, "devlist_rollback"),
        "the same version, other devices": (second.raw, other.raw, "devlist_fork"),
        "after another list": (other.raw, third.raw, "devlist_fork"),
        "a version left out": (LIST_A.raw, third.raw, "devlist_gap"),
        "of another account": (cast.LIST_B.raw, LIST_A.raw, "devlist_invalid"),
    }


def enrolled(
    members: Sequence[Member],
    *,
    own: OwnDevice = ANNA,
    before: Roster | None = None,
    version: int = 1,
    prev: bytes = ZEROS32,
    purpose: bytes = roster.LABEL,
) -> bytes:
    """A roster in the order given."""
    place = (before.version + 1, before.hash) if before else (version, prev)
    head = roster.unsigned(
        room=cast.ROOM,
        version=place[0],
        prev_hash=place[1],
        signer=(own.account, own.device),
        created=T,
        members=(),
    )
    body = head[:-1] + bytes([len(members)]) + b"".join(roster._ENTRY.pack(*each) for each in members)
    return cast.resigned(body, own.dsk, purpose)


def rosters() -> dict[str, tuple[bytes, str]]:
    owner, renter = cast.member(ANNA, Role.OWNER), cast.member(BERND, Role.RENTER)
    many = [owner, *(cast.member(cast.stranger(n), Role.OBSERVER) for n in range(0xB2, 0xBE))]
    return {
        "as published": (enrolled([owner, renter]), "ok"),
        "twelve members": (enrolled(many[:12]), "ok"),
        "thirteen members": (enrolled(many), BAD_ROSTER),
        "no member": (enrolled([]), BAD_ROSTER),
        "unsorted": (enrolled([renter, owner]), BAD_ROSTER),
        "a member twice": (enrolled([owner, owner]), BAD_ROSTER),
        "two members with one identity": (enrolled([owner, renter._replace(aik=owner.aik)]), BAD_ROSTER),
        "an identity of small order": (enrolled([owner, renter._replace(aik=TORSION[3])]), BAD_ROSTER),
        "role 0": (enrolled([owner, (renter.account, renter.aik, 0)]), BAD_ROSTER),
        "role 6": (enrolled([owner, (renter.account, renter.aik, 6)]), BAD_ROSTER),
        "version 0": (enrolled([owner, renter], version=0), BAD_ROSTER),
        "version 1 after something": (enrolled([owner, renter], prev=seed(1)), BAD_ROSTER),
        "version 2 after nothing": (enrolled([owner, renter], version=2), BAD_ROSTER),
        "made by an observer": (enrolled([owner._replace(role=Role.OBSERVER), renter]), "roster_forbidden"),
        "made by nobody in it": (enrolled([renter]), "roster_forbidden"),
        "signed under another label": (enrolled([owner, renter], purpose=label("devlist")), BAD_ROSTER),
        "a byte behind": (enrolled([owner, renter]) + b"\0", BAD_ROSTER),
    }


def next_rosters() -> dict[str, tuple[bytes, bytes, str]]:
    """(newest known, new): who may change what."""
    owner, renter = cast.member(ANNA, Role.OWNER), cast.member(BERND, Role.RENTER)
    third = cast.stranger(0xD1)
    known = {
        role: signing.next_roster(ANNA, ROSTER, [owner, renter, cast.member(third, role)], now_ms=T)
        for role in (Role.MEDIATOR, Role.OBSERVER, Role.BOT)
    }
    cases = {
        "the owner adds a mediator": (ROSTER.raw, known[Role.MEDIATOR].raw, "ok"),
        "the renter removes the owner": (ROSTER.raw, enrolled([renter], own=BERND, before=ROSTER), "ok"),
        "a stranger changes it": (ROSTER.raw, enrolled([owner, renter], own=third, before=ROSTER), "roster_forbidden"),
        "an older version": (known[Role.BOT].raw, ROSTER.raw, "roster_rollback"),
        "the same version, other members": (known[Role.BOT].raw, known[Role.OBSERVER].raw, "roster_fork"),
        "after another roster": (
            known[Role.BOT].raw,
            enrolled([owner, renter], before=known[Role.OBSERVER]),
            "roster_fork",
        ),
        "a version left out": (ROSTER.raw, enrolled([owner, renter], before=known[Role.BOT]), "roster_gap"),
    }
    for role, before in known.items():
        name = role.name.lower()
        alone = enrolled([owner, renter], own=third, before=before)
        cases[f"a {name} leaves"] = (before.raw, alone, "ok")
        thrown = enrolled([owner, cast.member(third, role)], own=third, before=before)
        cases[f"a {name} removes the renter"] = (before.raw, thrown, "roster_forbidden")
        raised = enrolled([owner, renter, cast.member(third, Role.OWNER)], own=third, before=before)
        cases[f"a {name} makes itself owner"] = (before.raw, raised, "roster_forbidden")
    return cases
