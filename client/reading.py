"""One entry of the log from what the hub delivered: verified, opened, compared with what came before (e2ee.md §4, §5).

The hub's word is taken for the order only. Whatever does not fit becomes a row with a reason or a named warning; no
row ever stops the log.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from client.errors import MALFORMED, Alarm, NotReady
from client.keyring import Keyring, why_not
from client.proof import Proof, mark_of
from client.rosters import Rosters
from client.store import Store
from client.store.log import Entry
from client.when import as_ms, now_ms
from crypto import b64
from crypto.dkx.envelope import EnvelopeHeader, after_event, envhash
from crypto.dkx.error import DkxError
from crypto.dkx.event import event_hash
from crypto.dkx.sealing.message import Opened, open_envelope
from crypto.dkx.sealing.record import ChainRecord
from crypto.franking import Mark

REFETCH_MS = 60_000
EVENT_FIELDS = ("at", "by", "cmd_id", "data", "seq", "type")


class Reader:
    """Turns items into entries. It writes warnings, key records and pins, but no entries."""

    def __init__(self, store: Store, rosters: Rosters, keyring: Keyring) -> None:
        self._store, self._trust, self._rosters, self._keyring = store, rosters.trust, rosters, keyring
        self._refetched: dict[str, int] = {}

    async def message(self, room: str, item: Mapping[str, Any]) -> Entry:
        """A message, opened if its key is there. Offline when a list it needs cannot be fetched now."""
        try:
            envelope = b64.decode(item["env"])
            header = _header(room, item, envelope)
        except MALFORMED:
            return self._altered(Entry(room, item["seq"], "message", item["ts"], item["from"]))
        closed = Entry(
            room=room,
            seq=item["seq"],
            kind="message",
            at=item["ts"],
            account=item["from"],
            device=header.device.hex(),
            chain=header.chain,
            idx=header.index,
            cid=header.cid.hex(),
            name=envhash(envelope),
        )
        try:
            record = await self._keyring.record(room, header.device.hex(), header.chain, item.get("key"))
        except (DkxError, b64.Base64Error, Alarm, NotReady) as error:
            return replace(closed, reason=self._reason(closed, error), item=json.dumps(dict(item)))
        return await self._judge(closed, envelope, record, mark_of(item))

    async def again(self, entry: Entry) -> Entry:
        """The same entry, now that more may be known."""
        return await self.message(entry.room, json.loads(entry.item or "{}"))

    def event(self, room: str, item: Mapping[str, Any]) -> tuple[Entry, bytes]:
        """A rental event and its hash; checked against the event before it (e2ee.md §9)."""
        entry = Entry(room, item["seq"], "event", as_ms(item["at"]), item["by"], cid=item["cmd_id"])
        body = json.dumps({"type": item["type"], "data": item["data"]}, ensure_ascii=False).encode()
        try:
            claimed, previous = bytes.fromhex(item["hash"]), bytes.fromhex(item["prev_hash"])
            fields = {name: item[name] for name in EVENT_FIELDS} | {"room": room}
            follows = self._store.log.event_hash(room) in {None, previous}
            holds = follows and event_hash(previous, fields) == claimed
        except (DkxError, ValueError):
            claimed, holds = b"", False
        entry = replace(entry, body=body, name=after_event(claimed))
        if not holds:
            self._trust.warn("event_chain", room, entry.seq)
            entry = replace(entry, reason="altered")
        return entry, claimed

    def _reason(self, closed: Entry, error: Exception) -> str:
        reason = why_not(error)
        own = self._store.identity.devlist.device(self._store.identity.own().device)
        return "before_device" if reason == "no_key" and own and closed.at < own.added else reason

    def _altered(self, entry: Entry) -> Entry:
        self._trust.warn("altered", entry.room, entry.seq, {"account": entry.account})
        return replace(entry, reason="altered")

    async def _judge(self, closed: Entry, envelope: bytes, record: ChainRecord, mark: Mark | None) -> Entry:
        author = (record.account or b"").hex()
        if author != closed.account:
            self._trust.warn("author_differs", closed.room, closed.seq, {"claimed": closed.account, "author": author})
            closed = replace(closed, account=author)
        if not self._roster_fits(closed, record):
            self._trust.warn("stale_roster", closed.room, closed.seq, {"account": author})
            return replace(closed, reason="stale_roster")
        try:
            opened = open_envelope(envelope, record)
        except DkxError:
            return self._altered(closed)
        if mark is None:
            self._trust.warn("unmarked", closed.room, closed.seq, {"account": author})
            return await self._compare(closed, opened)
        return await self._compare(replace(closed, proof=Proof.of(opened, envelope, mark).to_bytes()), opened)

    def _roster_fits(self, closed: Entry, record: ChainRecord) -> bool:
        """Logged after the row of roster v, a message needs a chain made for v: else an ex-member wrote it."""
        roster = self._store.log.roster_by_hash(closed.room, record.roster_hash)
        return roster is not None and roster.version >= self._store.log.roster_version_at(closed.room, closed.seq)

    async def _compare(self, closed: Entry, opened: Opened) -> Entry:
        used = self._used(closed)
        if used is not None and used.name != closed.name:
            self._trust.warn("replayed", closed.room, closed.seq, {"seq": used.seq})
            return replace(closed, reason="replayed", proof=None)
        if used is not None:
            return replace(closed, kind="duplicate", proof=None)
        rest = opened.rest
        doubt = None if await self.lists_agree(closed.room, rest.peers_hash) else rest.peers_hash
        self._check_contiguous(closed)
        self._check_history(closed, opened)
        return replace(closed, ctype=int(rest.ctype), sent_at=rest.sent_at, body=rest.body, doubt=doubt)

    def _used(self, closed: Entry) -> Entry | None:
        used = self._store.log.at_slot(closed.room, closed.device or "", closed.chain or b"", closed.idx or 0)
        return used if used is not None and used.seq != closed.seq else None

    def _check_contiguous(self, closed: Entry) -> None:
        """Indices of a chain run without a gap, and a chain says how much came before it: a dropped message shows.

        Erased messages do not tell their index, so as many as the author erased are excused.
        """
        log, room, device, chain = self._store.log, closed.room, closed.device or "", closed.chain or b""
        index, last = closed.idx or 0, log.last_index(room, device, chain, closed.seq)
        seen = log.count_before(room, closed.seq, device, closed.account)
        if last is None and log.floor(room) > 1:
            return
        if last is None:
            missing = index + self._store.chains.about(room, device, chain).sent_before - seen
        else:
            missing = index - last - 1 - log.count_before(room, closed.seq, "", closed.account)
        if missing > 0:
            self._trust.warn("messages_missing", room, closed.seq, {"account": closed.account, "n": missing})

    def _check_history(self, closed: Entry, opened: Opened) -> None:
        """The author named the newest entry it knew: ours at that place must be the same."""
        after = opened.rest.after_seq
        if after == 0:
            return
        known = self._store.log.get(closed.room, after)
        differs = known is not None and known.name is not None and known.name != opened.rest.after_hash
        if after >= closed.seq or differs:
            self._trust.warn("history_differs", closed.room, closed.seq, {"after": after})

    async def lists_agree(self, room: str, named: bytes) -> bool:
        """Whether the author sent to the devices we know; lists are fetched again, now and then, before a no."""
        roster = self._store.log.roster(room)
        if roster is None or self._rosters.explains(roster, named):
            return True
        if now_ms() - self._refetched.get(room, 0) < REFETCH_MS:
            return False
        self._refetched[room] = now_ms()
        for member in roster.members:
            try:
                await self._trust.refresh(member.account.hex())
            except (Alarm, NotReady):
                continue
        return self._rosters.explains(roster, named)


def _header(room: str, item: Mapping[str, Any], envelope: bytes) -> EnvelopeHeader:
    """The envelope's own header, which must say what the hub said outside of it."""
    header = EnvelopeHeader.of(envelope)
    inside = header.room.hex(), header.device.hex(), header.cid.hex()
    if inside != (room, item["dev"], item["cid"]):
        raise DkxError("labelled as something else")
    return header
