"""One neighbour on one device: everything a program needs to take part in a village, end-to-end encrypted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from client.account import Account
from client.agreements import Agreements
from client.applying import Applier
from client.backup import Backup
from client.calendars import Calendars
from client.changes import Changes
from client.chat import Chat
from client.conditions import Conditions
from client.connection import Line as HubLine
from client.device import ANEW, DeviceDesk
from client.errands import Errands
from client.errors import Alarm, HubRefused, NeighbourError, NotReady
from client.files import Files
from client.happenings import Happening, Happenings
from client.http import HubHttp
from client.hub import Hub, fresh_id
from client.keyring import Keyring
from client.lending import Lending, Mediation
from client.linking import Host, Newcomer
from client.live import Live
from client.outbox import Outbox
from client.people import People
from client.reading import Reader
from client.recovery import Recovery
from client.renewal import Renewal
from client.rentals import Rentals
from client.reports import Reports
from client.rosters import Rosters
from client.sender import Sender
from client.session import Session
from client.store import Store
from client.store.log import Warned
from client.sync import Sync
from client.things import Things
from client.timeline import Line, lines
from client.together import Together
from client.trust import Trust
from client.uploads import Uploader
from client.wanting import Wanting
from client.when import now_ms
from crypto.dkx.content import Text
from crypto.dkx.rest import ContentType
from crypto.dkx.safety import grouped, safety_number

CLIENT = "python/0.1"
DEVICE_REQUIRED = "device_required"
"""The session has not proven its device yet: an earlier start was cut off in between."""


class Neighbour:
    """``directory`` holds the keys and the opened log, and belongs to one process at a time (StoreInUse).

    Order of first use: ``register``, ``sign_in``, ``create_device``, ``connect``; later ``connect`` alone. A further
    device signs in and, in place of ``create_device``, asks as ``newcomer`` to be let in by the ``host`` of another,
    or uses ``recovery.restore``.
    """

    def __init__(
        self, directory: Path, url: str, *, lang: str = "de", command_id: Callable[[], str] = fresh_id
    ) -> None:
        self._lang = lang
        self._store = Store(directory)
        http, self._happenings = HubHttp(url, lang=lang), Happenings()
        self._session = Session(http, self._store.identity)
        self._hub = Hub(http, self._session, command_id)
        self.trust = Trust(self._store, self._hub, self._happenings)
        self._device = DeviceDesk(self._store, self._hub, self.trust)
        rosters = self._rosters = Rosters(self._store, self.trust, self._hub)
        keyring = Keyring(self._store, rosters)
        backup = Backup(self._store, self._hub, rosters)
        renewal = Renewal(self._store, self._hub, self._device, backup)
        parts = (self._store, self._hub, self._device, backup)
        self.host, self.newcomer = Host(*parts), Newcomer(*parts)
        self.recovery = Recovery(*parts, renewal)
        together = Together(Wanting(self._store, rosters, keyring, self._hub), backup, self.host, renewal)
        self._applier = Applier(self._store, rosters, Reader(self._store, rosters, keyring), self._happenings)
        self._live = Live(
            session=self._session,
            device=self._device,
            keyring=keyring,
            applier=self._applier,
            happenings=self._happenings,
            together=together,
        )
        self._line = HubLine(url, self._introduce, self._live.hello, self._live.told)
        self._sync = Sync(self._store, self._applier, self._line.ask)
        self._sender = Sender(self._store, rosters, self._hub)
        self._uploader = Uploader(self._store, self._hub, self._happenings)
        errands = Errands(self._store, self._hub, self._uploader)
        self._outbox = Outbox(self._store, self._sender, rosters, self._line, self._happenings, errands=errands)
        self._uploader.on_done = self._outbox.nudge
        self._live.attach(self._line, self._sync, self._outbox, self._uploader)
        self.chat = Chat(self._store, self._outbox)
        self.files = Files(self._store, self._hub, self.trust, self._uploader)
        self.account = Account(self._hub)
        self.rentals = Rentals(self._store, rosters, self._hub)
        self.things = Things(self._hub)
        self.calendars = Calendars(self._hub)
        self.changes = Changes(self._hub)
        self.conditions = Conditions(self._hub)
        self.lending = Lending(self._store, self.trust, self._hub)
        self.mediation = Mediation(self._hub)
        self.reports = Reports(self._store, self._hub)
        self.agreements = Agreements(self._store, rosters, self._hub, self._happenings)
        self._offering: asyncio.Task[None] | None = None
        self.people = People(self._hub)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def user(self) -> str:
        """One's own account id, once signed in."""
        return self._session.user

    @property
    def is_signed_in(self) -> bool:
        """Whether a sign-in is kept here; the hub may have ended it."""
        return self._session.is_open

    @property
    def is_up(self) -> bool:
        return self._line.is_up

    async def register(self, *, email: str, password: str, handle: str, display_name: str) -> None:
        """Make an account. The hub's answer does not tell whether the e-mail was known already."""
        locale = self._lang
        account = {"email": email, "password": password, "handle": handle, "display_name": display_name}
        await self._hub.http.register(**account, locale=locale)

    async def sign_in(self, email: str, password: str, code: str = "") -> None:
        """Open a session; a directory that is a device already proves itself at once.

        ``code`` of the authenticator app, or a spare one: HubRefused("second_factor_required") where it is missing.
        """
        await self._session.open(email, password, CLIENT, code)
        if self._store.identity.exists():
            await self._device.prove()

    async def create_device(self, passphrase: str | None = None) -> None:
        """Make this directory the account's first device. ``passphrase`` wraps the identity key (``store.vault``)."""
        await self._device.create(passphrase)

    async def begin_anew(self, passphrase: str | None = None) -> None:
        """Make this directory the account's only device, under another identity: for who has lost everything else.

        Here nobody reads any more what was written before, the backup is gone, and the neighbours are asked whether to
        go on. May be said again; the hub wants a proof of the last five minutes.
        """
        await self._device.begin_anew(passphrase)
        for room in (await self._hub.get("/v1/rooms"))["rooms"]:
            with suppress(NotReady, Alarm):
                await self._rosters.catch_up(room["id"])
        self._store.identity.keep_under_way(ANEW, None)

    def devices(self) -> dict[str, datetime]:
        """The devices of one's own account, each with when it was added."""
        rows = self._store.identity.devlist.devices
        return {row.id.hex(): datetime.fromtimestamp(row.added / 1000, UTC) for row in rows}

    @property
    def device(self) -> str:
        """The id of this very device."""
        return self._store.identity.own().device.hex()

    async def sign_out(self) -> None:
        """Stop being a device: the account's list goes on without this one, and everything here is erased.

        NeighbourError where the identity key is nowhere else: without it nobody could shut out a lost device again.
        """
        if self._store.identity.holds_aik:
            raise NeighbourError("make a backup first: this device alone has the identity key")
        own = self._store.identity.own().device
        await self._device.change(lambda rows: [row for row in rows if row.id != own])
        await self._stop()
        self._store.erase()

    async def refresh_prekey(self) -> None:
        """Publish the next signed prekey if it is due; ``connect`` does it, too."""
        await self._device.refresh_prekey()

    async def connect(self) -> None:
        """Go live and stay so until ``close``; returns with the first ``hello``. HubRefused: sign in again."""
        if not self._store.identity.exists():
            raise NotReady("create_device first")
        if self._store.identity.under_way(ANEW) is not None:
            await self.begin_anew()
        self._line.start()
        self._live.start()
        if self._offering is None:
            self._offering = asyncio.create_task(self.agreements.watch(self._happenings.listen()))
        try:
            await self._line.up()
        except HubRefused as refusal:
            if refusal.code != DEVICE_REQUIRED:
                raise
            await self._device.prove()
            self._line.start()
            await self._line.up()

    async def close(self) -> None:
        """Leave cleanly; everything is on disk."""
        await self._stop()
        self._store.close()

    async def crash(self) -> None:
        """Leave as a killed process does: nothing more is said or written."""
        await self._stop()
        self._store.abandon()

    def cut(self, *, stay_down: bool = False) -> None:
        """Drop the socket without a word; reconnect by itself, or only at ``resume``."""
        self._line.cut(stay_down=stay_down)

    def resume(self) -> None:
        self._line.resume()

    def send_text(self, room: str, text: str) -> str:
        """Write a message: it is on disk when this returns, and in the log as soon as may be. Answers its client id."""
        return self.chat.text(room, text)

    async def write_ahead(self, room: str, texts: Iterable[str]) -> list[Mapping[str, Any]]:
        """Seal messages without sending them, and answer the payloads of ``message:send``; for load tests."""
        cids = [self._store.outgoing.add(room, ContentType.TEXT, Text(text).to_bytes(), now_ms()) for text in texts]
        waiting = [found for cid in cids if (found := self._store.outgoing.get(cid))]
        return [await self._sender.seal(message) for message in waiting]

    async def mark_read(self, room: str, seq: int) -> None:
        """Tell the others how far one has read. Offline: say it again later."""
        await self._line.ask("receipt:put", {"room": room, "read": seq})

    async def set_typing(self, room: str, *, on: bool = True) -> None:
        await self._line.ask("typing:set", {"room": room, "on": on})

    def rooms(self) -> list[str]:
        return list(self._store.log.rooms())

    def cursor(self, room: str) -> int:
        """The newest seq that is on this device."""
        return self._store.log.cursor(room)

    def timeline(self, room: str) -> list[Line]:
        """Messages and rental events in the log's order, then what is still on its way."""
        return lines(self._store.log.of(room), self._store.outgoing.of(room), self.user)

    async def raw_history(self, room: str) -> list[dict[str, Any]]:
        """The newest entries as the hub stores them: for messages, ciphertext."""
        page = await self._hub.get(f"/v1/rooms/{room}/history", limit=100)
        return list(page["items"])

    async def members(self, room: str) -> dict[str, str]:
        """Display names by account."""
        sheet = await self._hub.get(f"/v1/rooms/{room}")
        return {member["user"]: member["display_name"] for member in sheet["members"]}

    async def safety_number(self, user: str) -> str:
        """Twelve groups of five digits, the same on both sides unless somebody sits between (e2ee.md §10).

        While a changed identity waits for a decision, that one's.
        """
        own, pin = self._store.identity.own(), await self.trust.account(user)
        aik = self._store.pinned.changed(user) or pin.aik
        return grouped(safety_number(own.account, own.aik, pin.account, aik))

    async def accept_identity(self, user: str) -> None:
        """Go on with a neighbour whose keys have changed; what waited is sent, what could not be read is tried."""
        await self.trust.accept_identity(user)
        await self._applier.heal()
        self._outbox.start()

    def warnings(self) -> list[Warned]:
        """What was odd, oldest first."""
        return self._store.log.warnings()

    def happenings(self) -> AsyncIterator[Happening]:
        """Everything that happens from this call on."""
        return self._happenings.listen()

    async def _introduce(self, renew: bool) -> dict[str, Any]:
        token = await self._session.token()
        if renew:
            token = await self._session.token(stale=token)
        device = self._store.identity.own().device.hex()
        return {"v": 1, "token": token, "device": device, "client": CLIENT, "lang": self._lang}

    async def _stop(self) -> None:
        if self._offering is not None:
            self._offering.cancel()
            await asyncio.wait({self._offering})
            self._offering = None
        await self._uploader.stop()
        await self._outbox.stop()
        await self._live.stop()
        await self._line.stop()
        await self._hub.http.close()
