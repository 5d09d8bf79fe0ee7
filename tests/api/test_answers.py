"""The documented answers have the shape of the real ones: the acts are done on the real stores and compared."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pyotp
import pytest

from api.examples.item import TARIFF
from api.protocol import ACTS, BY_EVENT
from api.wire import parse
from crypto.dkx.agreement import Agreement, write
from crypto.dkx.backup import entries_xor
from crypto.dkx.roster import Role, Roster
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.backup import AccountSecrets, seal_by_code
from crypto.dkx.sealing.backup_entry import seal_entry
from crypto.dkx.sealing.file import FileSecret, Sealer
from crypto.dkx.sealing.keys import BoxKey
from crypto.dkx.sealing.manifest import Contents, seal_manifest
from crypto.dkx.sealing.record import ChainRecord
from hub.account import Actor, Objection
from hub.condition import Line
from hub.identity import Claimed
from hub.ids import BlockId, FileId, LinkId, MediaId, ProtocolId, RoomId, SessionId, SubscriptionId, new_id
from hub.item import Accessory, Item, PrereqKind, Rules, Translation
from hub.place import SpecialDay, Window
from hub.ports import Ports
from hub.presence import PresenceState
from hub.rental import CaseKind, CodeKind, EntryKind, Method
from hub.report import Outcome
from hub.tariff import Tariff
from hub.usecases import (
    accounts,
    agreeing,
    backups,
    blocking,
    booking,
    bundling,
    calendar_blocks,
    catalogue,
    changing,
    consenting,
    contracts,
    devices,
    erasing,
    exporting,
    factors,
    failing,
    feeds,
    files,
    founding,
    handing,
    identities,
    item_page,
    items,
    keys,
    linking,
    mailing,
    mediation,
    messaging,
    notifying,
    passkeys,
    photos,
    places,
    prekeys,
    presence,
    profiles,
    protocols,
    reporting,
    requests,
    reviewing,
    rights,
    searching,
    sessions,
    settling,
    shelf,
    subscribing,
    suspending,
)
from storage.mongo.database import open_client
from storage.servers import Servers
from tests.support import lending
from tests.support.authenticator import Authenticator
from tests.support.pictures import photographed, upload
from tests.support.registered import unregistered
from tests.support.world import ORIGIN, Pen, World, another_identity, build_world, cmd_id, now_ms, roster

PASSWORD = "sieben Zwerge im Wald"
OPTIONAL = {"key", "dup", "gone", "roster", "after"}
SPAN = {"s": "", "e": ""}
"""The month of a thing that nobody has yet."""
KEYED = {"rooms", "presence", "accounts", "prekeys", "one_time"}
"""Objects whose names are ids: only what stands under them has a shape."""


@pytest.fixture
async def world(servers: Servers, redis_url: str) -> AsyncIterator[World]:
    name = f"t{uuid4().hex}"
    async with open_client(servers.mongodb_uri) as client:
        async with build_world(client[name], redis_url) as built:
            yield built
        await client.drop_database(name)


class Telling:
    """Does acts by their row of the table and remembers the answers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answers: dict[str, Any] = {}

    async def do(self, event: str, actor: Actor | None, command: Any) -> Any:
        row = BY_EVENT[event]
        result = await row.call(self.world.ports, actor, command)
        result = await result if row.pipelined else result
        self.answers[event] = row.view(result)
        return result


async def test_every_documented_answer_has_the_shape_of_a_real_one(world: World) -> None:
    telling = Telling(world)
    await sign_in(telling)
    await rent(telling)
    await link_and_back_up(telling)
    await lend_and_settle(telling)
    await change_and_fail(telling)
    await photograph(telling)
    for row in ACTS:
        if row.use_case is not None:
            assert shape(row.example.answer) == shape(telling.answers[row.event]), row.event
    assert await unregistered(world.database) == set(), "say in hub/keeping what they are for"


async def sign_in(telling: Telling) -> None:
    do, anna = telling.do, accounts.RegisterAccount("anna@example.org", PASSWORD, "anna", "Anna Berg")
    await do("account:register", None, anna)
    secret = await founding.offer_setup(telling.world.ports)
    founder = founding.FoundHub(str(secret), "gründerin@example.org", PASSWORD, "gruenderin", "Gesa")
    await do("setup:found", None, founder)
    tokens = await do("session:open", None, sessions.OpenSession("anna@example.org", PASSWORD, "test"))
    await do("session:renew", None, sessions.RenewSession(tokens.refresh))
    actor = Actor(tokens.user, tokens.session)
    await do("me:get", actor, accounts.GetMe())
    await do("me:update", actor, accounts.UpdateMe("Anna Berger", "de"))
    await do("session:list", actor, sessions.ListSessions())
    await secure(telling, actor, tokens.session)
    await do("session:revoke_others", actor, sessions.RevokeOtherSessions())
    await do("session:revoke", actor, sessions.RevokeSession(tokens.session))
    here = replace(actor, confirmed_at=telling.world.clock.real())
    await export(telling, here)
    await agree_to_terms(telling, here)
    await use_rights(telling, here)
    assert await unregistered(telling.world.database) == set()
    await do("me:erase", here, erasing.EraseAccount())


async def secure(telling: Telling, actor: Actor, session: SessionId) -> None:
    do, ports = telling.do, telling.world.ports
    await do("session:confirm", actor, factors.ConfirmSession(PASSWORD))
    known = await ports.sessions.get(session)
    assert known is not None
    actor = replace(actor, confirmed_at=known.confirmed_at)
    await do("password:change", actor, accounts.ChangePassword(PASSWORD))
    made = await do("factor:start", actor, factors.StartFactor())
    await do("factor:activate", actor, factors.ActivateFactor(pyotp.TOTP(made.secret).now()))
    codes = await do("factor:renew_codes", actor, factors.RenewSpareCodes())
    await do("factor:get", actor, factors.GetFactor())
    waiting = await sessions.open_session(ports, sessions.OpenSession("anna@example.org", PASSWORD))
    pending = Actor(actor.user, waiting.session, pending=True)
    await do("session:complete", pending, factors.CompleteSession(codes[0]))
    await do("password:forget", None, mailing.ForgetPassword("anna@example.org"))
    await do("password:reset", None, mailing.ResetPassword(await slip(ports), PASSWORD))
    await do("address:change", actor, mailing.ChangeAddress("berg@example.org"))
    await do("address:confirm", None, mailing.ConfirmAddress(await slip(ports)))
    asking = replace(ports, policy=replace(ports.policy, confirm_email=True))
    otto = accounts.RegisterAccount("otto@example.org", PASSWORD, "otto", "Otto")
    await accounts.register_account(asking, otto)
    await do("account:confirm", None, mailing.ConfirmAccount(await slip(ports)))
    await do("factor:remove", actor, factors.RemoveFactor())
    await unlock(telling, actor)


async def unlock(telling: Telling, actor: Actor) -> None:
    do = telling.do
    made = await do("passkey:offer", actor, passkeys.OfferPasskey())
    device = Authenticator(bytes.fromhex(actor.user))
    added = await do("passkey:add", actor, passkeys.AddPasskey(**device.make(made.challenge), name="Telefon"))
    await do("passkey:offer", actor, passkeys.OfferPasskey())
    await do("passkey:rename", actor, passkeys.RenamePasskey(added.id, "Altes Telefon"))
    asked = await do("passkey:challenge", None, passkeys.ChallengePasskey())
    await do("passkey:open", None, passkeys.OpenByPasskey(**device.sign(asked.challenge)))
    asked = await do("session:challenge", actor, passkeys.ChallengeSession())
    await do("passkey:confirm", actor, passkeys.ConfirmByPasskey(**device.sign(asked.challenge)))
    waiting = replace(actor, pending=True)
    asked = await do("session:challenge", waiting, passkeys.ChallengeSession())
    await do("passkey:complete", waiting, passkeys.CompleteByPasskey(**device.sign(asked.challenge)))
    await do("passkey:list", actor, passkeys.ListPasskeys())
    telling.answers["passkey:add"] = telling.answers["passkey:list"]["passkeys"][0]
    await do("passkey:remove", actor, passkeys.RemovePasskey(added.id))
    claimed = Claimed("verein", "https://id.example", "4711")
    recent = replace(actor, confirmed_at=telling.world.clock.real())
    await identities.link_identity(telling.world.ports, recent, claimed)
    await identities.open_by_identity(telling.world.ports, claimed, "web", "")
    linked = await do("identity:list", actor, identities.ListIdentities())
    await do("identity:remove", actor, identities.RemoveIdentity(linked[0].id))


async def agree_to_terms(telling: Telling, actor: Actor) -> None:
    texts = {"de": "Regeln", "en": "Rules"}
    await consenting.record_terms(telling.world.ports, {"terms": texts, "privacy": texts})
    await telling.do("terms:list", None, consenting.ListTerms())
    await telling.do("terms:get", None, consenting.GetTerms("terms", 1))
    await telling.do("consent:give", actor, consenting.GiveConsent("terms", 1))
    await telling.do("consent:list", actor, consenting.ListConsents())


async def use_rights(telling: Telling, actor: Actor) -> None:
    """And take everything back, so that others find what they look for in the rest of the story."""
    await telling.do("rights:object", actor, rights.PutObjection(Objection.RELIABILITY))
    await telling.do("rights:restrict", actor, rights.RestrictAccount())
    await telling.do("rights:release", actor, rights.ReleaseAccount())
    await telling.do("rights:agree", actor, rights.RemoveObjection(Objection.RELIABILITY))
    await telling.do("rights:get", actor, rights.GetRights())


async def export(telling: Telling, actor: Actor) -> None:
    started = await telling.do("export:start", actor, exporting.StartExport())
    await exporting.make_exports(telling.world.ports)
    await telling.do("export:get", actor, exporting.GetExport(started.id))
    await telling.do("export:link", actor, exporting.LinkExport(started.id))


async def slip(ports: Ports) -> str:
    """The secret of the next mail that has one."""
    while (held := await ports.post.claim(ports.clock.real())) and not held.mail.secret:
        await ports.post.sent(held)
    assert held is not None
    await ports.post.sent(held)
    return held.mail.secret


async def rent(telling: Telling) -> None:
    do, world = telling.do, telling.world
    anna, bernd, carla = [await world.person() for _ in range(3)]
    await publish(telling, anna)
    item = await keep_shop(telling, anna)
    start, end = world.days(2, 3)
    await do("item:quote", None, items.QuoteItem(item.id, start, end))

    ask = world.asking(bernd, anna, item)
    asked = await do("rental:request", bernd.actor, ask)
    await do("rental:list", bernd.actor, booking.ListRentals())
    await do("item:requests", anna.actor, requests.ListRequests(item.id))
    rental, room = asked.sheet.rental.id, asked.sheet.rental.room
    first = Roster.parse(ask.roster)
    terms = {"start": start, "end": end, "price": 900, "negotiated": True}
    await do("offer:counter", anna.actor, booking.CounterOffer(cmd_id(), rental, 1, **terms))
    await do("offer:revise", anna.actor, booking.ReviseOffer(cmd_id(), rental, 2, **terms))
    await do("offer:accept", bernd.actor, booking.AcceptOffer(cmd_id(), rental, 3))
    await do("rental:place", bernd.actor, booking.ReadPlace(rental))
    await sign(telling, anna, bernd, rental)
    await do("item:calendar", None, items.GetCalendar(item.id))

    await presence.beat_presence(world.ports, anna.actor, presence.BeatPresence(PresenceState.ACTIVE, "c"))
    await do("presence:set", anna.actor, presence.BeatPresence(PresenceState.ACTIVE, "c"))
    pen = Pen(world, bernd, [anna, bernd], room, first)
    sent = pen.write('{"t":"Hallo"}')
    stored = await do("message:send", bernd.actor, sent)
    await send_file(telling, bernd.actor, room, sent.cid)
    await do("chain:last", bernd.actor, messaging.LastChainIndex(room, sent.chain))
    await lack_keys(telling, pen, anna)
    await do("receipt:put", anna.actor, messaging.PutReceipt(room, read=stored.seq))
    await do("typing:set", anna.actor, messaging.SetTyping(room, on=True))
    await do("room:sync", bernd.actor, messaging.SyncRooms({room: stored.seq - 2}))
    await do("room:history", bernd.actor, messaging.PageHistory(room, limit=2))
    await do("room:get", bernd.actor, messaging.GetRoom(room))
    await do("room:list", bernd.actor, messaging.ListRooms())
    await report(telling, anna, pen.reported(sent, stored))
    await do("message:redact", bernd.actor, messaging.RedactMessage(room, stored.seq))
    members = [*first.members, carla.member(Role.OBSERVER)]
    second = signing.next_roster(bernd.device, first, members, now_ms=now_ms())
    await do("roster:publish", bernd.actor, messaging.PublishRoster(cmd_id(), room, second.raw))
    await do("roster:list", bernd.actor, messaging.ListRosters(room))
    await do("rental:cancel", bernd.actor, booking.CancelRental(cmd_id(), rental, "illness"))

    for event, by, end_it in (
        ("rental:decline", anna, booking.DeclineRental),
        ("rental:withdraw", bernd, booking.WithdrawRental),
    ):
        other = await world.request(bernd, anna, item)
        await do(event, by.actor, end_it(cmd_id(), other.sheet.rental.id, "other_plans"))
    empty = RoomId(new_id())
    inquiry = booking.InquireRental(cmd_id(), item.id, empty, roster(bernd, anna, empty).raw)
    inquired = await do("rental:inquire", bernd.actor, inquiry)
    offer = booking.MakeOffer(cmd_id(), inquired.sheet.rental.id, start, end, item.tariff.day)
    await do("offer:make", bernd.actor, offer)
    await do("rental:get", bernd.actor, booking.GetRental(offer.rental))
    await look_around(telling, anna.actor, carla)
    await review(telling, anna, bernd, item)


async def sign(telling: Telling, anna: Any, bernd: Any, rental: Any) -> None:
    do, withdrawn = telling.do, {"kind": "withdrawal"}
    for people in ((anna,), (anna, bernd)):
        made = await agreeing.draft_agreement(telling.world.ports, anna.actor, agreeing.DraftAgreement(rental))
        for person in people:
            await do("agreement:draft", person.actor, agreeing.DraftAgreement(rental))
            await do("agreement:sign", person.actor, signed(person, rental, made))
        if len(people) == 1:
            back = write({**made.fields, **withdrawn, "prev": made.digest.hex()})
            await agreeing.sign_agreement(telling.world.ports, anna.actor, signed(anna, rental, back))
    await do("agreement:list", anna.actor, agreeing.ListAgreements(rental))
    await do("agreement:bundle", anna.actor, bundling.GetBundle(rental))
    await do("notary:get", None, bundling.GetNotary())


def signed(person: Any, rental: Any, document: Agreement) -> agreeing.SignAgreement:
    record = signing.sign_agreement(person.device, document, now_ms=now_ms())
    return agreeing.SignAgreement(cmd_id(), rental, document.raw, record.raw)


async def report(telling: Telling, anna: Any, message: dict[str, Any]) -> None:
    do, moderator = telling.do, (await lending.appoint(telling.world)).actor
    asked = {"cmd_id": cmd_id(), "room": message["room"], "reason": "spam", "messages": [message]}
    made = (await do("report:send", anna.actor, parse(BY_EVENT["report:send"], asked))).report
    await do("mediation:list_reports", moderator, reporting.ListWaitingReports())
    await do("mediation:read_report", moderator, reporting.ReadReport(made.id))
    await do("mediation:close_report", moderator, reporting.CloseReport(made.id, Outcome.ACTED, "Verwarnt."))
    await do("report:list", anna.actor, reporting.ListReports(made.room))
    spammer = (await telling.world.person()).user.id
    await do("account:suspend", moderator, suspending.SuspendAccount(spammer, "Nur Werbung."))
    await do("account:restore", moderator, suspending.RestoreAccount(spammer, "Ein Missverständnis."))


async def send_file(telling: Telling, actor: Actor, room: RoomId, cid: bytes) -> None:
    do, content = telling.do, b"".join(Sealer(FileSecret.generate(), 3).pieces(BytesIO(b"abc").read))

    async def body() -> AsyncIterator[bytes]:
        yield content

    await do("file:begin", actor, files.BeginFile(FileId(new_id()), room, bytes(16), len(content)))
    begun = await files.begin_file(
        telling.world.ports, actor, files.BeginFile(FileId(new_id()), room, cid, len(content))
    )
    await do("file:put", actor, files.PutFile(begun.id, 0, body()))
    spare = await files.begin_file(telling.world.ports, actor, files.BeginFile(FileId(new_id()), room, bytes(16), 45))
    await do("file:delete", actor, files.DeleteFile(spare.id))


async def review(telling: Telling, anna: Any, bernd: Any, item: Any) -> None:
    do, world = telling.do, telling.world
    start, end = world.days(1, 2)
    for _ in range(3):
        asked = await world.request(bernd, anna, item, start=start, end=end)
        await world.accept(anna, asked)
        rental = asked.sheet.rental.id
        await booking.cancel_rental(world.ports, bernd.actor, booking.CancelRental(cmd_id(), rental, "illness"))
        await do("review:skip", bernd.actor, reviewing.SkipReview(rental, "Danke!"))
        await do("review:put", bernd.actor, reviewing.PutReview(rental, 5, 5, 4, item=5, tags=("friendly",)))
        await do("review:get", bernd.actor, reviewing.GetReview(rental))
        await reviewing.put_review(world.ports, anna.actor, reviewing.PutReview(rental, 5, 5, 5))
        await reviewing.reply_review(world.ports, anna.actor, reviewing.ReplyReview(rental, "Danke dir!"))
        await do("review:reply", bernd.actor, reviewing.ReplyReview(rental, "Auch dir!"))
    await do("user:get", bernd.actor, profiles.GetUser(anna.user.id))
    await do("review:list", bernd.actor, reviewing.ListReviews(anna.user.id))
    await do("review:list_item", bernd.actor, reviewing.ListItemReviews(item.id))


async def look_around(telling: Telling, actor: Actor, carla: Any) -> None:
    do = telling.do
    page = await do("notification:list", actor, notifying.ListNotifications())
    await do("notification:read", actor, notifying.ReadNotification(page.notifications[0].id, older=True))
    await do("block:put", actor, blocking.PutBlock(carla.user.id))
    await do("block:list", actor, blocking.ListBlocks())
    await do("block:remove", actor, blocking.RemoveBlock(carla.user.id))


async def keep_shop(telling: Telling, anna: Any) -> Item:
    """Places and things, whole; answers with one that is lent."""
    do, world = telling.do, telling.world
    windows = tuple(Window(dow, "00:00", "24:00") for dow in range(1, 8))
    new = places.CreatePlace(
        "Schuppen", "Hof 1", 52.5, 13.4, "workshop", windows, (SpecialDay("2026-12-25", "00:00", "24:00"),), "Tor"
    )
    place = await do("place:create", anna.actor, new)
    await do("place:list", anna.actor, places.ListPlaces())
    said = {field.name: getattr(new, field.name) for field in fields(new)}
    await do("place:update", anna.actor, places.UpdatePlace(**said, place=place.id, expected_rev=1))
    spare = await do("place:create", anna.actor, places.CreatePlace("Keller", "Hof 2", 52.5, 13.4))
    await do("place:delete", anna.actor, places.DeletePlace(spare.id))
    await do("place:create", anna.actor, new)

    await do("category:list", None, catalogue.ListCategories())
    told: dict[str, Any] = {
        "title": "Leiter", "description": "Drei Meter.", "tariff": Tariff.read(TARIFF), "place_id": place.id,
        "translation": Translation("en", "Ladder"), "category": "ladders", "fields": {"height_cm": 300},
        "accessories": (Accessory("Haken"),), "unit_labels": ("rot",), "media": (await picture(world, anna),),
    }  # fmt: skip
    made = (await do("item:create", anna.actor, items.CreateItem(**told, draft=True))).item
    ask = {"item": made.id}
    await do("item:publish", anna.actor, shelf.PublishItem(**ask))
    await do("item:pause", anna.actor, shelf.PauseItem(**ask))
    await do("item:resume", anna.actor, shelf.ResumeItem(**ask))
    await do("item:archive", anna.actor, shelf.ArchiveItem(**ask))
    await do("item:restore", anna.actor, shelf.RestoreItem(**ask))
    await do("item:update", anna.actor, items.UpdateItem(**told, **ask, expected_rev=6))
    await do("item:resume", anna.actor, shelf.ResumeItem(**ask))
    copy = (await do("item:duplicate", anna.actor, shelf.DuplicateItem(**ask))).item
    await do("item:delete", anna.actor, shelf.DeleteItem(copy.id))
    await do("item:get", None, items.GetItem(**ask))
    await do("item:list", None, items.ListItems())
    await do("item:search", None, searching.SearchItems("Leiter", lat=52.5, lon=13.4, limit=1))
    await do("item:page", None, item_page.GetItemPage(made.id, f"{world.clock.now():%Y-%m}"))
    telling.answers["item:page"]["calendar"]["full"] = telling.answers["item:page"]["calendar"]["full"] or [SPAN]
    await do("item:mine", anna.actor, items.ListOwnItems())
    start, end = world.days(20, 21)
    await do("item:block", anna.actor, calendar_blocks.BlockItem(made.id, BlockId(new_id()), start, end, note="Urlaub"))
    await do("item:blocks", anna.actor, calendar_blocks.ListItemBlocks(**ask))
    await do("item:unblock", anna.actor, calendar_blocks.UnblockItem(made.id, BlockId(new_id())))
    telling.answers["item:unblock"]["blocks"] = []
    both = BlockId(new_id())
    await do("calendar:block", anna.actor, calendar_blocks.BlockItems(both, (made.id,), start, end))
    await do("calendar:unblock", anna.actor, calendar_blocks.UnblockItems(both))
    other = SubscriptionId(new_id())
    await do("item:subscribe", anna.actor, subscribing.SubscribeItem(made.id, other, "webcal://x.example/a.ics"))
    await do("item:subscriptions", anna.actor, subscribing.ListSubscriptions(**ask))
    await do("item:unsubscribe", anna.actor, subscribing.UnsubscribeItem(made.id, other))
    await do("feed:renew", anna.actor, feeds.RenewFeed())
    await do("feed:get", anna.actor, feeds.GetFeed())
    await do("feed:revoke", anna.actor, feeds.RevokeFeed())
    return made


async def lend_and_settle(telling: Telling) -> None:
    do, world = telling.do, telling.world
    moderator = (await lending.appoint(world)).actor
    loan = await lending.agree(world)
    owner, renter, order = loan.owner.actor, loan.renter.actor, loan.order
    deposit = (EntryKind.DEPOSIT_IN, 5000, Method.CASH)
    await do("payment:claim", renter, order(settling.ClaimPayment, *deposit))
    await do("payment:reject", owner, order(settling.RejectPayment, 1))
    loan = await lending.agree(world)
    owner, renter, order = loan.owner.actor, loan.renter.actor, loan.order
    await settling.claim_payment(world.ports, renter, order(settling.ClaimPayment, *deposit))
    await do("payment:confirm", owner, order(settling.ConfirmPayment, 1))
    code = await do("rental:code", renter, handing.GetCode(loan.id, CodeKind.HAND_OVER))
    loan.later(days=2)
    await do("rental:hand_over", owner, replace(order(handing.HandOverRental), code=code.digits))
    await describe(telling, loan)
    await do("rental:return", renter, order(handing.ReturnRental))
    await do("rental:amend_return", renter, order(handing.AmendRentalReturn, "Liegt auf der Bank."))
    await do("rental:dispute_return", owner, order(handing.DisputeRentalReturn))
    loan.later(days=2)
    await world.fire_due()
    await do("rental:claim_missing", owner, order(handing.ClaimRentalMissing))
    loan.later(days=91)
    await world.fire_due()
    await do("rental:find", owner, order(handing.FindRental))
    loan = await lending.lend(world)
    await do("rental:confirm_return", loan.owner.actor, loan.order(handing.ConfirmRentalReturn))
    loan = await lending.lend(world)
    owner, renter, order = loan.owner.actor, loan.renter.actor, loan.order
    for person in (loan.owner, loan.renter):
        made = await agreeing.draft_agreement(world.ports, person.actor, agreeing.DraftAgreement(loan.id))
        await agreeing.sign_agreement(world.ports, person.actor, signed(person, loan.id, made))
    report = (CaseKind.DAMAGE, "Kratzer am Gehäuse", 2000)
    await do("rental:report_damage", owner, order(handing.ReportRentalDamage, *report))
    await do("mediation:list", moderator, mediation.ListDisputes())
    await do("mediation:get", moderator, mediation.GetDispute(loan.id))
    await do("mediation:bundle", moderator, bundling.GetDisputedBundle(loan.id))
    await do("case:propose", renter, order(settling.ProposeCaseSettlement, 1, 1000))
    await do("case:agree", owner, order(settling.AgreeCaseSettlement, 1, 1000))
    loan = await lending.lend(world)
    await loan.report()
    await do("case:withdraw", loan.owner.actor, loan.order(settling.WithdrawRentalCase, 1))
    await do("mediation:close", moderator, loan.order(mediation.CloseRental, "unreachable"))
    loan = await lending.lend(world)
    await loan.report()
    await do("mediation:decide", moderator, loan.order(mediation.DecideDispute, 1, 1000, "Die Hälfte."))
    loan = await lending.agree(world)
    await do("mediation:cancel", moderator, loan.order(mediation.CancelForParties, "prohibited_item"))
    loan = await lending.agree(world)
    loan.later(days=1, hours=12)
    await booking.cancel_rental(world.ports, loan.renter.actor, loan.order(booking.CancelRental, "illness"))
    await do("rental:waive_fee", loan.owner.actor, loan.order(settling.WaiveRentalFee))


async def change_and_fail(telling: Telling) -> None:
    do, world = telling.do, telling.world
    moderator, second = [(await lending.appoint(world)).actor for _ in range(2)]
    await book(telling)
    loan = await lending.agree(world)
    owner, renter, order = loan.owner.actor, loan.renter.actor, loan.order
    start, end = world.days(2, 4)
    await do("rental:quote_cancel", renter, changing.QuoteCancel(loan.id, "illness"))
    await do("change:quote", renter, changing.QuoteChange(loan.id, start, end))
    longer = (start, end, 2000)
    for no, (event, by, answer) in enumerate(
        (
            ("change:decline", owner, changing.DeclineRentalChange),
            ("change:withdraw", renter, changing.WithdrawRentalChange),
            ("change:accept", owner, changing.AcceptRentalChange),
        ),
        start=1,
    ):
        await do("change:propose", renter, order(changing.ProposeRentalChange, *longer))
        await do(event, by, order(answer, no))
    loan = await lending.agree(world)
    loan.later(days=2, hours=3)
    await do("rental:claim_no_show", loan.owner.actor, loan.order(failing.ClaimRentalNoShow))
    for event, by, end_it in (
        ("rental:annul", loan.owner.actor, failing.AnnulRentalHandOver),
        ("mediation:annul", moderator, failing.AnnulRentalHandOver),
    ):
        loan = await lending.due(world)
        await handing.hand_over_rental(world.ports, loan.owner.actor, loan.order(handing.HandOverRental))
        await do("rental:contest", loan.renter.actor, loan.order(failing.ContestClaim, "Es war niemand da."))
        await do(event, by if by is moderator else loan.owner.actor, loan.order(end_it, "mistake"))
    await lose(telling, moderator)
    await judge_twice(telling, moderator, second)


async def book(telling: Telling) -> None:
    do, world = telling.do, telling.world
    owner, renter = await world.person(), await world.person()
    item = await world.item(owner, rules=Rules(instant=True))
    start, end = world.days(5, 6)
    room = RoomId(new_id())
    inquiry = booking.InquireRental(cmd_id(), item.id, room, roster(renter, owner, room).raw)
    asked = (await booking.inquire_rental(world.ports, renter.actor, inquiry)).sheet.rental
    await do("offer:book", renter.actor, booking.BookInquiry(cmd_id(), asked.id, start, end, 1000))
    strict = await world.item(owner, rules=Rules(instant=True), prereqs=(PrereqKind.DEPOSIT, PrereqKind.BRIEFING))
    room = RoomId(new_id())
    ask = booking.BookRental(cmd_id(), strict.id, room, start, end, 1000, roster=roster(renter, owner, room).raw)
    held = await do("rental:book", renter.actor, ask)
    meet = booking.MeetPrerequisite(cmd_id(), held.sheet.rental.id, PrereqKind.BRIEFING)
    await do("rental:meet", renter.actor, meet)
    item = await world.item(owner, units=3)
    loan = await lending.due(world, item=item, owner=owner, q=3, price=3000)
    await loan.hand_over()
    part = replace(loan.order(handing.ReturnRentalPart, units=1), code=await loan.code(CodeKind.RETURN))
    await do("rental:return_part", loan.renter.actor, part)


async def lose(telling: Telling, moderator: Actor) -> None:
    do, world = telling.do, telling.world
    for event in ("rental:mark_lost", "mediation:mark_lost"):
        loan = await lending.lend(world)
        loan.later(days=16)
        await world.fire_due()
        by = moderator if event.startswith("mediation") else loan.owner.actor
        await do(event, by, loan.order(failing.MarkRentalLost, "Seit Wochen keine Antwort.", 9000))
        agreed = loan.order(settling.AgreeCaseSettlement, 1, 9000)
        await settling.agree_settlement(world.ports, loan.renter.actor, agreed)
        settle = event.replace("mark_lost", "settle_loss")
        await do(settle, by, loan.order(failing.SettleRentalLoss))
    loan = await lending.lend(world)
    await do("rental:admit_loss", loan.renter.actor, loan.order(failing.AdmitRentalLoss, "Vom Anhänger gefallen."))


async def judge_twice(telling: Telling, first: Actor, second: Actor) -> None:
    do, world = telling.do, telling.world
    loan = await lending.lend(world)
    opened = loan.order(settling.OpenRentalCase, CaseKind.NOT_AS_DESCRIBED, "Der Akku hält keine Stunde.", 600)
    await do("case:open", loan.renter.actor, opened)
    loan = await lending.lend(world)
    await loan.report()
    await mediation.decide_dispute(world.ports, first, loan.order(mediation.DecideDispute, 1, 1000, "Die Hälfte."))
    await do("case:appeal", loan.renter.actor, loan.order(settling.AppealRentalCase, 1, "Seht euch die Fotos an."))
    await do("mediation:decide_appeal", second, loan.order(mediation.DecideDisputeAppeal, 1, 500, "Weniger."))


async def put_in_words(telling: Telling, loan: lending.Loan) -> None:
    do = telling.do
    wanted = contracts.PutBilling("Anna Berg", "DE02 1203 0000 0000 2020 51")
    recent = replace(loan.owner.actor, confirmed_at=loan.world.clock.real())
    await do("billing:put", recent, wanted)
    await do("billing:get", loan.owner.actor, contracts.GetBilling())
    await do("contract:get", loan.renter.actor, contracts.GetContract(loan.id))
    await do("payment:transfer", loan.renter.actor, contracts.GetTransfer(loan.id))


async def describe(telling: Telling, loan: lending.Loan) -> None:
    await put_in_words(telling, loan)
    do, world = telling.do, telling.world
    with upload(photographed()) as file:
        photo = (await photos.add_photo(world.ports, loan.owner.actor, photos.AddPhoto(file))).id
    wrote = protocols.WriteProtocol(
        loan.id, ProtocolId(new_id()), CodeKind.HAND_OVER, world.clock.now().replace(microsecond=0), "good",
        lines=(Line("Bohrer-Satz", 1, 1),), photos=(photo,),
    )  # fmt: skip
    written = await do("protocol:write", loan.owner.actor, wrote)
    await do("protocol:confirm", loan.renter.actor, protocols.ConfirmProtocol(loan.id, written.id, written.hash))
    await do("protocol:list", loan.renter.actor, protocols.ListProtocols(loan.id))
    await do("mediation:protocols", (await lending.appoint(world)).actor, protocols.ReadProtocols(loan.id))


async def photograph(telling: Telling) -> None:
    anna = await telling.world.person()
    with upload(photographed()) as file:
        photo = await telling.do("media:upload", anna.actor, photos.AddPhoto(file, "Eine Säge"))
    await telling.do("media:get", anna.actor, photos.GetPhoto(photo.id))
    await telling.do("media:delete", anna.actor, photos.DeletePhoto(photo.id))


async def picture(world: World, owner: Any) -> MediaId:
    with upload(photographed()) as file:
        return (await photos.add_photo(world.ports, owner.actor, photos.AddPhoto(file))).id


async def publish(telling: Telling, anna: Any) -> None:
    do = telling.do
    made = await do("device:challenge", anna.actor, devices.MakeChallenge())
    signature = signing.sign_login(anna.device, made.challenge, ORIGIN)
    await do("device:prove", anna.actor, devices.ProveDevice(anna.actor.device, made.challenge, signature))
    documents = devices.PublishDevices(anna.aik.public, anna.cert.raw, anna.list.raw)
    await do("device:publish", anna.actor, documents)
    await do("device:list", anna.actor, devices.ListDevices(anna.user.id))
    one_time = (prekeys.OneTimePrekey(1, BoxKey.generate().public),)
    await do("prekey:publish", anna.actor, prekeys.PublishPrekey(anna.spks[anna.device.device].raw, one_time))


async def lack_keys(telling: Telling, pen: Pen, anna: Any) -> None:
    do, bernd, chain = telling.do, pen.author, pen.chain
    assert chain is not None
    named = (pen.room, bernd.actor.device, chain.id)
    await do("key:request", anna.actor, keys.RequestKey(*named))
    await do("key:list", bernd.actor, keys.ListWanted())
    other = Pen(pen.world, bernd, pen.readers, pen.room, pen.roster)
    again = bytearray(next(key for key in other.begin() if key.to == anna.actor.device).pkt)
    again[52:68] = chain.id
    await do("key:put", bernd.actor, keys.PutKey(*named, anna.actor.device, bytes(again)))
    await do("key:claim", bernd.actor, prekeys.ClaimPrekeys((anna.user.id,)))


async def link_and_back_up(telling: Telling) -> None:
    do, world = telling.do, telling.world
    anna = await world.person()
    fresh, link = Actor(anna.user.id, (await world.session(anna.user)).id), LinkId(new_id())
    await do("link:open", fresh, linking.OpenLink(link, bytes(32)))
    await do("link:answer", anna.actor, linking.AnswerLink(link, bytes(32)))
    await do("link:reveal", fresh, linking.RevealLink(link, bytes(128)))
    await do("link:bundle", anna.actor, linking.SealLink(link, bytes(90)))
    await do("link:get", fresh, linking.GetLink(link))
    await do("link:list", anna.actor, linking.ListLinks())
    await do("link:close", fresh, linking.CloseLink(link))

    secrets = AccountSecrets(anna.aik.seed, anna.dlk.seed, bytes(32))
    recent = replace(anna.actor, confirmed_at=world.clock.real())
    blob = seal_by_code(secrets, anna.account, b"A" * 24, ops=2, mem_kib=32 * 1024)
    await do("backup:put", recent, backups.PutBackup(0, blob.raw))
    record = ChainRecord(bytes(16), bytes(16), bytes(16), None, 0, bytes(32), anna.aik.public, bytes(32))
    entries = (seal_entry(record, anna.account, bytes(32)).raw,)
    contents = Contents(1, 1, entries_xor(entries), now_ms())
    manifest = seal_manifest(anna.account, contents, bytes(32)).raw
    await do("backup:add", anna.actor, backups.AddEntries(entries, manifest))
    await do("backup:get", fresh, backups.GetBackup())
    await do("backup:list", anna.actor, backups.ListEntries())
    anew = another_identity(anna)
    assert anew.cert is not None
    await do("identity:reset", recent, devices.ResetIdentity(anew.aik.public, anew.cert.raw, anew.list.raw))


def shape(value: Any) -> Any:
    """Names and kinds of values, without the values; of a list its first element that says most."""
    if isinstance(value, dict):
        return {name: under(name, part) for name, part in value.items() if name not in OPTIONAL}
    if isinstance(value, list):
        entries = [shape(part) for part in value if isinstance(part, dict)]
        return [merged(entries)] if entries else "list"
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else "other"


def under(name: str, part: Any) -> Any:
    if name == "data" or (name == "fields" and isinstance(part, dict)):
        return "object"
    if name in KEYED and isinstance(part, dict):
        return merged([shape(each) for each in part.values()])
    return shape(part)


def merged(shapes: list[Any]) -> Any:
    """Entries of a log differ by kind; together they are one shape."""
    if all(isinstance(each, dict) for each in shapes):
        names = dict.fromkeys(name for each in shapes for name in each)
        return {name: richest([each[name] for each in shapes if name in each]) for name in names}
    return shapes[0] if shapes else None


def richest(shapes: list[Any]) -> Any:
    """What says most of what there may be: of an empty list or of nothing there is no more to say."""
    if lists := [each for each in shapes if isinstance(each, list)]:
        return [merged([entry for (entry,) in lists])]
    return next((each for each in reversed(shapes) if each not in ("list", "other")), shapes[-1])
