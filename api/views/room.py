"""What the members see of a room and its log."""

from collections.abc import Sequence

from api.views.common import View
from crypto import b64
from crypto.dkx.envelope import EnvelopeHeader
from hub.period import stamp
from hub.room import Entry, EventEntry, KeptRoster, MessageEntry, Page, Stored
from hub.usecases.messaging import PublishedRoster, RoomSheet, Synced
from hub.usecases.telling import event_item


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
        "talk_until": stamp(shown.talk_until) if shown.talk_until else None,
    }


def rooms(sheets: Sequence[RoomSheet]) -> View:
    return {"rooms": [room(sheet) for sheet in sheets]}


def published_roster(outcome: PublishedRoster) -> View:
    shown: View = {"version": outcome.version, "seq": outcome.seq}
    return shown | {"dup": True} if outcome.duplicate else shown


def rosters(found: Sequence[KeptRoster]) -> View:
    return {"rosters": [_roster(kept) for kept in found]}


def _roster(kept: KeptRoster) -> View:
    return {"version": kept.version, "seq": kept.seq, "roster": b64.encode(kept.roster)}
