"""THE table: each act of the hub once, with its event, route, wire model, use case, who may, how often and the answer.

Both doors and the documentation are generated from it; what live sockets are told is the closed set in ``api.tells``.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_type_hints

from api import asks, views
from api.examples import EXAMPLES, Example
from api.limit import Limit
from api.wire import Wire
from hub.account import Actor
from hub.errors import Unauthenticated
from hub.ports import Ports
from hub.usecases import accounts, booking, devices, items, messaging, presence, sessions

Who = Literal["anyone", "member", "device", "party", "owner", "renter", "room"]
"""``anyone`` needs no token, ``device`` a proven one. To others than its ``party`` a rental, to others than its members
a room does not exist. Every use case enforces its own; this column is for readers and for the test that tries."""
Door = Literal["both", "http", "socket"]
View = Callable[[Any], dict[str, Any]]

READ: Final = Limit("read", 300, 60, "user")
WRITE: Final = Limit("write", 60, 60, "user")
BROWSE: Final = Limit("browse", 240, 60, "ip")
SIGN: Final = Limit("sign", 20, 60, "user")


@dataclass(frozen=True, slots=True)
class Act:
    """One row. ``use_case`` None: the socket door answers by itself. ``fills``: command fields that the door knows.

    ``pipelined``: awaiting the use case only orders the work, and the awaitable it returns is the outcome; a socket
    may begin its next event in between.
    """

    event: str
    route: str | None
    wire: type[Wire]
    command: type[Any]
    use_case: Callable[..., Awaitable[Any]] | None
    who: tuple[Who, ...]
    limits: tuple[Limit, ...]
    view: View
    summary: str
    doors: Door = "both"
    status: int = 200
    pipelined: bool = False
    fills: tuple[str, ...] = ()
    example: Example = field(default=Example({}, {}))

    @property
    def method(self) -> str | None:
        return self.route.partition(" ")[0] if self.route else None

    @property
    def path(self) -> str | None:
        """With the names of command fields in braces, such as ``/v1/rooms/{room}/messages``."""
        return self.route.partition(" ")[2] if self.route else None

    async def call(self, ports: Ports, actor: Actor | None, command: Any) -> Any:
        """Do it. For a pipelined act the answer is an awaitable that resolves when the message is durable."""
        if self.use_case is None:
            raise LookupError(f"{self.event} is answered by its door")
        if "anyone" in self.who:
            return await self.use_case(ports, command)
        if actor is None:
            raise Unauthenticated("sign_in_required")
        if "device" in self.who:
            actor.proven_device()
        return await self.use_case(ports, actor, command)


def act(  # noqa: PLR0917 - they are the columns of the table
    event: str,
    route: str | None,
    wire: type[Wire],
    use_case: Any,
    who: tuple[Who, ...],
    limits: tuple[Limit, ...],
    view: View,
    summary: str,
    *,
    command: type[Any] | None = None,
    **more: Any,
) -> Act:
    """A row whose command is the one its use case takes, and whose example stands under its event."""
    taken = command or get_type_hints(use_case)["command"]
    example = EXAMPLES[event]
    return Act(event, route, wire, taken, use_case, who, limits, view, summary, **more, example=example)


ACTS: Final = (
    # People and their sessions
    act("account:register", "POST /v1/accounts", asks.RegisterAccount, accounts.register_account, ("anyone",),
        (Limit("register", 10, 3600, "ip"),), views.nothing,
        "Join. The answer is the same whether or not the e-mail is known.", doors="http", status=202),
    act("session:open", "POST /v1/sessions", asks.OpenSession, sessions.open_session, ("anyone",),
        (Limit("sign_in", 5, 900, "account+ip"), Limit("sign_in_ip", 30, 3600, "ip")), views.tokens,
        "Sign in.", doors="http", status=201),
    act("session:renew", "POST /v1/sessions/renew", asks.RenewSession, sessions.renew_session, ("anyone",),
        (Limit("renew", 600, 3600, "ip"),), views.tokens,
        "Swap the refresh token; using an old one again ends the session.", doors="http"),
    act("session:list", "GET /v1/sessions", asks.ListSessions, sessions.list_sessions, ("member",), (READ,),
        views.sessions, "Where one is signed in."),
    act("session:revoke", "DELETE /v1/sessions/{session}", asks.RevokeSession, sessions.revoke_session, ("member",),
        (WRITE,), views.nothing, "End one's own session; its sockets close within two seconds on every worker."),
    act("session:revoke_others", "DELETE /v1/sessions", asks.RevokeOtherSessions, sessions.revoke_other_sessions,
        ("member",), (WRITE,), views.revoked, "End every session but this one."),
    act("session:refresh", None, asks.RefreshSession, None, ("member",), (SIGN,), views.nothing,
        "Bring a fresh access token of the same session to a live socket; answers until when (ms).",
        doors="socket", command=sessions.RefreshSession),
    act("me:get", "GET /v1/me", asks.GetMe, accounts.get_me, ("member",), (READ,), views.me, "Oneself."),
    act("user:get", "GET /v1/users/{user}", asks.GetUser, accounts.get_user, ("member",), (READ,), views.neighbour,
        "A neighbour's public names."),
    # Devices and their keys
    act("device:challenge", "POST /v1/devices/challenge", asks.MakeChallenge, devices.make_challenge, ("member",),
        (SIGN,), views.challenge, "32 random bytes to sign: five minutes, once, for this session.", doors="http"),
    act("device:prove", "POST /v1/devices/proof", asks.ProveDevice, devices.prove_device, ("member",), (SIGN,),
        views.access, "Prove a device by its login signature; answers an access token that names it.", doors="http"),
    act("device:publish", "POST /v1/devices", asks.PublishDevices, devices.publish_devices, ("member",), (SIGN,),
        views.device_stamp, "Publish the next signed device list; the first one fixes the identity key."),
    act("device:list", "GET /v1/users/{user}/devices", asks.ListDevices, devices.list_devices, ("member",), (READ,),
        views.device_history, "All device lists of a neighbour after one already known, oldest first."),
    act("prekey:publish", "PUT /v1/prekeys", asks.PublishPrekey, devices.publish_prekey, ("device",), (SIGN,),
        views.nothing, "Replace the signed prekey of this device."),
    act("key:claim", "POST /v1/prekeys/claim", asks.ClaimPrekeys, devices.claim_prekeys, ("member",), (READ,),
        views.claimed, "What it takes to send keys to accounts; those without a device are absent."),
    act("chain:last", "GET /v1/rooms/{room}/chains/{chain}", asks.LastChainIndex, messaging.last_chain_index,
        ("device", "room"), (READ,), views.chain_index, "The last index of this device's chain that the hub holds."),
    # Things
    act("item:create", "POST /v1/items", asks.CreateItem, items.create_item, ("member",),
        (Limit("list_item", 10, 86_400, "user"),), views.item, "List a thing.", status=201),
    act("item:get", "GET /v1/items/{item}", asks.GetItem, items.get_item, ("anyone",), (BROWSE,), views.item,
        "A listing; its place is the centre of a 500 m cell."),
    act("item:list", "GET /v1/items", asks.ListItems, items.list_items, ("anyone",), (BROWSE,), views.items,
        "Listings, newest first; ``after`` the last one seen."),
    act("item:calendar", "GET /v1/items/{item}/calendar", asks.GetCalendar, items.get_calendar, ("anyone",), (BROWSE,),
        views.calendar, "When no unit is free."),
    act("item:quote", "GET /v1/items/{item}/quote", asks.QuoteItem, items.quote_item, ("anyone",), (BROWSE,),
        views.quote, "What a period costs by the tariff."),
    # Rentals
    act("rental:inquire", "POST /v1/rentals/inquiries", asks.InquireRental, booking.inquire_rental, ("device",),
        (WRITE,), views.applied, "Ask about a thing: opens a room with its first roster.", status=201),
    act("rental:request", "POST /v1/rentals", asks.RequestRental, booking.request_rental, ("device",), (WRITE,),
        views.applied, "Ask for a thing on terms: opens a room with its first roster.", status=201),
    act("offer:make", "POST /v1/rentals/{rental}/offers", asks.MakeOffer, booking.make_offer, ("party",), (WRITE,),
        views.applied, "The first offer in an inquiry: the renter requests, the owner proposes."),
    act("offer:counter", "POST /v1/rentals/{rental}/offers/{rev}/counter", asks.CounterOffer, booking.counter_offer,
        ("party",), (WRITE,), views.applied, "Answer the other side's offer with other terms."),
    act("offer:revise", "POST /v1/rentals/{rental}/offers/{rev}/revise", asks.ReviseOffer, booking.revise_offer,
        ("party",), (WRITE,), views.applied, "Replace one's own offer before it is answered."),
    act("offer:accept", "POST /v1/rentals/{rental}/offers/{rev}/accept", asks.AcceptOffer, booking.accept_offer,
        ("party",), (WRITE,), views.applied, "Agree: the calendar keeps the units from this moment on."),
    act("rental:decline", "POST /v1/rentals/{rental}/decline", asks.DeclineRental, booking.decline_rental, ("owner",),
        (WRITE,), views.applied, "The owner says no."),
    act("rental:withdraw", "POST /v1/rentals/{rental}/withdraw", asks.WithdrawRental, booking.withdraw_rental,
        ("renter",), (WRITE,), views.applied, "The renter no longer asks."),
    act("rental:cancel", "POST /v1/rentals/{rental}/cancel", asks.CancelRental, booking.cancel_rental, ("party",),
        (WRITE,), views.applied, "Undo an agreement before hand-over; the calendar lets go of the units."),
    act("rental:get", "GET /v1/rentals/{rental}", asks.GetRental, booking.get_rental, ("party",), (READ,),
        views.rental, "A rental with what one may do now."),
    act("rental:list", "GET /v1/rentals", asks.ListRentals, booking.list_rentals, ("member",), (READ,), views.rentals,
        "One's rentals, the most recently changed first."),
    act("rental:place", "GET /v1/rentals/{rental}/place", asks.ReadPlace, booking.read_place, ("party",), (READ,),
        views.place, "The exact place: from confirmation on, withdrawn on cancel; each read is logged."),
    # Rooms and their log
    act("message:send", "POST /v1/rooms/{room}/messages", asks.SendMessage, messaging.queue_message,
        ("device", "room"),
        (Limit("message", 20, 20, "device", inside=True), Limit("message_room", 200, 60, "room", inside=True)),
        views.stored, "Send a ciphertext. The answer means: durable, at this seq.", status=201, pipelined=True),
    act("message:redact", "DELETE /v1/rooms/{room}/messages/{seq}", asks.RedactMessage, messaging.redact_message,
        ("room",), (WRITE,), views.nothing, "Erase one's own ciphertext; its seq stays."),
    act("room:sync", "POST /v1/sync", asks.SyncRooms, messaging.sync_rooms, ("room",),
        (Limit("sync", 10, 10, "device"),), views.synced, "What is new in each room, forward from the cursors."),
    act("room:history", "GET /v1/rooms/{room}/history", asks.PageHistory, messaging.page_history, ("room",), (READ,),
        views.page, "A page backwards."),
    act("room:get", "GET /v1/rooms/{room}", asks.GetRoom, messaging.get_room, ("room",), (READ,), views.room,
        "Members, roster, receipts and head of a room."),
    act("room:list", "GET /v1/rooms", asks.ListRooms, messaging.list_rooms, ("member",), (READ,), views.rooms,
        "One's rooms."),
    act("roster:publish", "POST /v1/rooms/{room}/roster", asks.PublishRoster, messaging.publish_roster,
        ("device", "room"), (SIGN,), views.published_roster, "Publish the next signed roster: a row of the log."),
    act("receipt:put", "PUT /v1/rooms/{room}/receipt", asks.PutReceipt, messaging.put_receipt, ("room",),
        (Limit("receipt", 120, 60, "user"),), views.nothing, "How far one has received and read; both only grow."),
    act("typing:set", None, asks.SetTyping, messaging.set_typing, ("room",), (Limit("typing", 2, 6, "device"),),
        views.nothing, "Being about to write; never stored, forgotten after 6 s.", doors="socket"),
    act("presence:set", None, asks.BeatPresence, presence.beat_presence, ("member",),
        (Limit("presence", 20, 60, "device"),), views.nothing, "Being here, active or idle.", doors="socket",
        fills=("connection",)),
)  # fmt: skip

BY_EVENT: Final[Mapping[str, Act]] = {row.event: row for row in ACTS}
