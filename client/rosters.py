"""Who is in a room: rosters believed against pinned identities, and what all its device lists are called together."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import NamedTuple

from client.errors import NotReady
from client.hub import Hub
from client.store import Store
from client.trust import Trust
from client.when import now_ms
from crypto import b64
from crypto.dkx.devlist import DevList
from crypto.dkx.error import DkxError, RosterError, RosterForbiddenError
from crypto.dkx.peers import peers_hash
from crypto.dkx.primitive import HOUR_MS
from crypto.dkx.roster import Member, Role, Roster, check_successor
from crypto.dkx.sealing.account_pin import AccountPin
from crypto.dkx.sealing.record import ChainRecord
from crypto.dkx.sealing.signing import next_roster

REMEMBERED_MS = 48 * HOUR_MS
"""How long a replaced list may still be the one a sender knew (e2ee.md §5)."""
MAX_COMPARED = 64


class FormerIdentity(NotReady):
    """A roster names an identity that its owner has given up since."""


class Numbered(NamedTuple):
    """A roster, and the row of the log that told of it."""

    roster: Roster
    seq: int


class Rosters:
    def __init__(self, store: Store, trust: Trust, hub: Hub) -> None:
        self._store, self.trust, self._hub = store, trust, hub
        self._fetching = asyncio.Lock()

    async def newest(self, room: str) -> Roster:
        """The newest roster believed, fetched when there is none. Alarm."""
        return self._store.log.roster(room) or await self.catch_up(room)

    async def catch_up(self, room: str) -> Roster:
        """Fetch and believe every roster after the one known, one after another. Alarm; NotReady if we are in none."""
        async with self._fetching:
            known, former = self._store.log.roster(room), list[Numbered]()
            answer = await self._hub.get(f"/v1/rooms/{room}/rosters", version=known.version if known else 0)
            reason = NotReady("the room has no roster yet")
            for kept in answer["rosters"]:
                came = Numbered(Roster.parse(b64.decode(kept["roster"])), kept["seq"])
                try:
                    known, former = await self.believe(*came, former), []
                except FormerIdentity as gone:
                    former.append(came)
                    reason = gone
                except NotReady as early:
                    reason = early
            if former:
                return await self._return(former, reason)
            if known is None:
                raise reason
            return known

    async def believe(self, new: Roster, from_seq: int, former: Sequence["Numbered"] = ()) -> Roster:
        """Keep a roster that verifies: signer, pinned identities, its own row, the one before. Alarm.

        ``from_seq`` is the row of the log that told of it, 0 for the first. ``former`` are those right before it that
        name identities which were given up since: nobody can check their signatures any more, and this one, which
        names their hashes, vouches for them. FormerIdentity where it is itself such a one.
        """
        room = new.room.hex()
        self._check_own_row(new)
        for member in new.members:
            await self._check_row(new, member)
        try:
            await self._check(new, [self._store.log.roster(room), *(numbered.roster for numbered in former)])
        except DkxError as error:
            raise self.trust.alarm(error.code, new.signer_account.hex(), room) from error
        for numbered in (*former, Numbered(new, from_seq)):
            self._store.log.keep_roster(*numbered)
        return new

    async def _check_row(self, new: Roster, member: Member) -> None:
        """Whether it names the identity that is pinned, asked anew where not; Alarm if that has changed."""
        account = member.account.hex()
        pin = await self.trust.account(account)
        if pin.aik == member.aik or member.account == self._store.identity.own().account:
            return
        await self.trust.refresh(account)
        if new.created > self._since(member.account):
            raise self.trust.alarm("roster_identity", account, new.room.hex())
        raise FormerIdentity(f"{account} has other keys now and is not back in the room yet")

    def _check_own_row(self, new: Roster) -> None:
        """We stand in it as who we are; one not newer than our first device, to the ms, may not know us, or as whom.

        But not after one that did: else a hub could put strangers beside us, and have us sign for them on our return.
        """
        own = self._store.identity.own()
        if new.names(own.account, own.aik):
            return
        known = self._store.log.roster(new.room.hex())
        if known is not None or new.created > self._since(own.account):
            raise self.trust.alarm("own_row", own.account.hex(), new.room.hex())
        if new.member(own.account) is None:
            raise NotReady("the room's roster is older than this device")
        raise FormerIdentity("this account has other keys now and is not back in the room yet")

    def _since(self, account: bytes) -> int:
        """When an account got its first device under the identity of now, as far as we know."""
        pin = self.trust.pins.get(account)
        return min(known.created for known in pin.lists) if pin and pin.lists else 0

    async def _return(self, former: Sequence["Numbered"], reason: NotReady) -> Roster:
        """Take our own place again under the identity of now, if that is what the newest roster lacks.

        With the other party alone: nobody can check who else stands in it, so they take others in anew.
        """
        newest, own = former[-1].roster, self._store.identity.own()
        mine = newest.member(own.account)
        if mine is None or mine.aik == own.aik or not mine.role.may_change:
            raise reason
        parties = [row for row in newest.members if row.role.may_change]
        members = [row._replace(aik=(await self.trust.account(row.account.hex())).aik) for row in parties]
        return await self._publish(newest, members, former)

    async def complete(self, roster: Roster) -> Roster:
        """Take in a party that had no device when the room was opened. NotReady while it still has none."""
        room, listed = roster.room.hex(), {member.account.hex() for member in roster.members}
        sheet = await self._hub.get(f"/v1/rooms/{room}")
        missing = [row for row in sheet["members"] if row["role"] <= Role.OWNER and row["user"] not in listed]
        if not missing:
            return roster
        pins = [(await self.trust.account(row["user"]), Role(row["role"])) for row in missing]
        members = [*roster.members, *(Member(pin.account, pin.aik, role) for pin, role in pins)]
        return await self._publish(roster, members)

    async def _publish(self, before: Roster, members: Sequence[Member], former: Sequence["Numbered"] = ()) -> Roster:
        new = next_roster(self._store.identity.own(), before, members, now_ms=now_ms())
        answer = await self._hub.command(f"/v1/rooms/{new.room.hex()}/roster", {"roster": b64.encode(new.raw)})
        return await self.believe(new, answer["seq"], former)

    async def _check(self, new: Roster, before: Sequence[Roster | None]) -> None:
        """A first contact may begin at any version; from then on each follows the one before."""
        signer = new.signer_account.hex()
        holder = self._holder(await self.trust.account(signer), new) or self._holder(await self.trust.fill(signer), new)
        if holder is None:
            raise RosterError("made by a device nobody knows, or knows no longer")
        new.verify(holder)
        _check_vouching(new, vouches=len(before) > 1)
        for previous, following in pairwise([*(known for known in before if known is not None), new]):
            check_successor(previous, following)

    def _holder(self, pin: AccountPin, new: Roster) -> DevList | None:
        """The signer's list that vouches for its device: the newest, or one it stood in when the roster was made.

        Who was removed signs nothing afterwards, whatever the hub would like them to.
        """
        for known, later in pairwise((*pin.lists, None)):
            if known and known.device(new.signer_device) and (later is None or self._was_before(pin, new, later)):
                return known
        return None

    @staticmethod
    def _was_before(pin: AccountPin, new: Roster, later: DevList) -> bool:
        still_there = pin.current is not None and pin.current.device(new.signer_device) is not None
        return still_there or new.created <= later.created

    def attributed(self, record: ChainRecord) -> ChainRecord:
        """The record with its author, where no device list tells: the one member who has given up that identity.

        Everybody else's lists are known, so a device that stands in none of them can only have been theirs.
        """
        roster = self._store.log.roster_by_hash(record.room.hex(), record.roster_hash)
        if record.account is not None or roster is None:
            return record
        pins = {member: self.trust.pins.get(member.account) for member in roster.members}
        former = [member.account for member, pin in pins.items() if pin is None or pin.aik != member.aik]
        return replace(record, account=former[0]) if len(former) == 1 else record

    def peers(self, roster: Roster) -> bytes:
        """peers_hash of the newest lists of all members."""
        return peers_hash((pin.account, pin.current.hash) for pin in self._pins(roster) if pin.current)

    def explains(self, roster: Roster, named: bytes) -> bool:
        """Whether lists that are current, or were within the last 48 hours, have this peers_hash."""
        choices = [_recent(pin) for pin in self._pins(roster) if pin.lists]
        for tried, combination in enumerate(product(*choices)):
            if tried >= MAX_COMPARED:
                return False
            if peers_hash((known.account, known.hash) for known in combination) == named:
                return True
        return False

    def _pins(self, roster: Roster) -> list[AccountPin]:
        return [pin for member in roster.members if (pin := self.trust.pins.get(member.account))]


def _check_vouching(new: Roster, *, vouches: bool) -> None:
    """Only who may change a roster vouches for those before it that nobody can check."""
    signer = new.member(new.signer_account)
    if vouches and not (signer and signer.role.may_change):
        raise RosterForbiddenError("this role vouches for nothing")


def _recent(pin: AccountPin) -> list[DevList]:
    """Newest first: the current list and those that were replaced less than 48 hours ago."""
    since = now_ms() - REMEMBERED_MS
    older = [old for old, successor in pairwise(pin.lists) if successor.created > since]
    return [pin.lists[-1], *reversed(older)]
