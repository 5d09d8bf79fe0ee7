"""What a reader may see: one explicit function for each answer; no field is shown unwritten here (security.md Z7)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from crypto import b64
from crypto.dkx.envelope import EnvelopeHeader
from hub.account import Session, User
from hub.availability import Calendar
from hub.ids import UserId
from hub.period import stamp
from hub.ports import AccessToken, Place
from hub.pricing import Line, Quote
from hub.rental import Offer
from hub.room import DeviceList, Entry, EventEntry, MessageEntry, Page, Stored
from hub.usecases.booking import AppliedCommand, RentalSheet
from hub.usecases.devices import Challenge, ClaimedKeys, DeviceHistory
from hub.usecases.items import Listing
from hub.usecases.messaging import PublishedRoster, RoomSheet, Synced
from hub.usecases.sessions import SessionList, SignedIn
from hub.usecases.telling import event_item

View = dict[str, Any]

CELL_M = 500


def milliseconds(at: datetime) -> int:
    """An instant as documents, messages and tokens write it."""
    return int(at.timestamp() * 1000)


def nothing(result: object) -> View:  # noqa: ARG001 - the answer of acts that have none
    return {}


def me(user: User) -> View:
    """Oneself, with what nobody else sees."""
    return neighbour(user) | {"email": user.email, "locale": user.locale, "roles": sorted(user.roles)}


def neighbour(user: User) -> View:
    """Anybody, as neighbours see them."""
    return {"id": user.id, "handle": user.handle, "display_name": user.display_name}


def tokens(signed_in: SignedIn) -> View:
    return {
        "user": signed_in.user,
        "session": signed_in.session,
        "access": signed_in.access,
        "access_expires": milliseconds(signed_in.access_expires),
        "refresh": signed_in.refresh,
        "refresh_expires": milliseconds(signed_in.refresh_expires),
    }


def sessions(found: SessionList) -> View:
    return {"sessions": [_session(session, session.id == found.current) for session in found.sessions]}


def _session(session: Session, current: bool) -> View:
    return {
        "id": session.id,
        "client": session.client,
        "created_at": milliseconds(session.created_at),
        "expires_at": milliseconds(session.expires_at),
        "device": session.device,
        "current": current,
    }


def revoked(count: int) -> View:
    return {"revoked": count}


def challenge(made: Challenge) -> View:
    return {"challenge": b64.encode(made.challenge), "expires": milliseconds(made.expires)}


def access(token: AccessToken) -> View:
    return {"access": token.token, "access_expires": milliseconds(token.expires_at)}


def device_stamp(published: DeviceList) -> View:
    return {"epoch": published.epoch, "version": published.version}


def device_list(known: DeviceList) -> View:
    return device_stamp(known) | {"cert": b64.encode(known.cert), "list": b64.encode(known.devlist)}


def device_history(history: DeviceHistory) -> View:
    return {
        "account": history.account,
        "aik": b64.encode(history.aik),
        "lists": [device_list(known) for known in history.lists],
    }


def claimed(accounts: Mapping[UserId, ClaimedKeys]) -> View:
    return {"accounts": {account: _claimed(keys) for account, keys in accounts.items()}}


def _claimed(keys: ClaimedKeys) -> View:
    prekeys = {device: b64.encode(spk) for device, spk in keys.prekeys.items()}
    return {"aik": b64.encode(keys.devices.aik), **device_list(keys.devices), "prekeys": prekeys}


def item(listing: Listing) -> View:
    """A listing as the whole internet may see it: where it is only as the centre of its grid cell."""
    shown = listing.item
    return {
        "id": shown.id,
        "owner": neighbour(listing.owner),
        "title": shown.title,
        "description": shown.description,
        "tz": shown.tz,
        "tariff": asdict(shown.tariff),
        "units": shown.units,
        "rules": asdict(shown.rules),
        "place": {"lat": shown.public.lat, "lon": shown.public.lon, "cell_m": CELL_M},
        "status": shown.status,
        "rev": shown.rev,
        "created_at": stamp(shown.created_at),
    }


def items(listings: Sequence[Listing]) -> View:
    return {"items": [item(listing) for listing in listings]}


def calendar(found: Calendar) -> View:
    """When nothing is left; who has it stays with the parties."""
    return {
        "item": found.item,
        "rev": found.rev,
        "tz": found.tz,
        "cap": found.cap,
        "full": [{"s": stamp(stretch.s), "e": stamp(stretch.e)} for stretch in found.full],
    }


def quote(asked: Quote) -> View:
    return {
        "lines": [_line(line) for line in asked.lines],
        "price": asked.price,
        "deposit": asked.deposit,
        "cur": asked.cur,
        "days": asked.days,
    }


def _line(line: Line) -> View:
    return {"code": line.code, "n": line.n, "q": line.q, "each": line.each, "amt": line.amt}


def rental(sheet: RentalSheet) -> View:
    """A rental as one of its parties reads it; neither address nor e-mail is ever in it."""
    shown = sheet.rental
    return {
        "id": shown.id,
        "item": {"id": shown.item, "title": shown.snapshot.title},
        "owner": neighbour(sheet.owner),
        "renter": neighbour(sheet.renter),
        "room": shown.room,
        "state": shown.state.value,
        "rev": shown.rev,
        "q": shown.q,
        "tz": shown.tz,
        "offer": _offer(shown.offer) if shown.offer else None,
        "role": sheet.role.value,
        "allowed_actions": list(sheet.allowed_actions),
        "closed_reason": shown.closed_reason,
        "created_at": stamp(shown.created_at),
        "updated_at": stamp(shown.updated_at),
    }


def _offer(offer: Offer) -> View:
    terms = offer.terms
    shown = {
        "start": stamp(terms.start),
        "end": stamp(terms.end),
        "q": terms.q,
        "price": terms.price,
        "cur": terms.cur,
        "deposit": terms.deposit,
        "negotiated": terms.negotiated,
        "lines": [_line(line) for line in terms.lines],
    }
    return {"rev": offer.rev, "by": offer.by.value, "terms": shown, "expires_at": stamp(offer.expires_at)}


def rentals(sheets: Sequence[RentalSheet]) -> View:
    return {"rentals": [rental(sheet) for sheet in sheets]}


def applied(outcome: AppliedCommand) -> View:
    shown: View = {"rental": rental(outcome.sheet), "seq": outcome.seq}
    return shown | {"dup": True} if outcome.duplicate else shown


def place(found: Place) -> View:
    """The exact place, for the parties of a confirmed rental only; the act has made sure of that."""
    return {"label": found.label, "address": found.address, "lat": found.exact.lat, "lon": found.exact.lon}


def stored(message: Stored) -> View:
    shown: View = {"seq": message.seq, "ts": message.ts, "kid": message.kid, "ft": b64.encode(message.ft)}
    return shown | {"dup": True} if message.duplicate else shown


def entry(shown: Entry) -> View:
    """One entry of a room's log."""
    if isinstance(shown, EventEntry):
        return event_item(shown)
    return _message(shown) if shown.envelope else _gone(shown)


def _gone(shown: MessageEntry) -> View:
    return {"seq": shown.seq, "kind": "gone", "from": shown.account, "ts": shown.ts, "kid": shown.kid}


def _message(shown: MessageEntry) -> View:
    header = EnvelopeHeader.of(shown.envelope)
    view = {
        "seq": shown.seq,
        "kind": "message",
        "ts": shown.ts,
        "from": shown.account,
        "dev": header.device.hex(),
        "cid": header.cid.hex(),
        "env": b64.encode(shown.envelope),
        "kid": shown.kid,
        "ft": b64.encode(shown.ft),
    }
    return view if shown.key is None else view | {"key": b64.encode(shown.key)}


def page(found: Page) -> View:
    return {
        "items": [entry(shown) for shown in found.entries],
        "head": found.head,
        "more": found.more,
        "floor": found.floor,
    }


def synced(found: Synced) -> View:
    return {
        "rooms": {room: page(shown) for room, shown in found.pages.items()},
        "presence": {user: state.value for user, state in found.presence.items()},
    }


def room(sheet: RoomSheet) -> View:
    shown = sheet.room
    return {
        "id": shown.id,
        "rental": shown.rental,
        "members": [
            {
                "user": member.user,
                "role": int(member.role),
                "handle": sheet.people[member.user].handle,
                "display_name": sheet.people[member.user].display_name,
            }
            for member in shown.members
        ],
        "roster": b64.encode(shown.roster),
        "roster_version": shown.roster_version,
        "receipts": [
            {"user": receipt.user, "delivered": receipt.delivered, "read": receipt.read} for receipt in sheet.receipts
        ],
        "head": sheet.head,
    }


def rooms(sheets: Sequence[RoomSheet]) -> View:
    return {"rooms": [room(sheet) for sheet in sheets]}


def chain_index(index: int | None) -> View:
    return {"index": index}


def published_roster(outcome: PublishedRoster) -> View:
    shown: View = {"version": outcome.version, "seq": outcome.seq}
    return shown | {"dup": True} if outcome.duplicate else shown
