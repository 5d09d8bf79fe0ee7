"""The registry: things, places, photos, rentals and their rooms."""

from typing import Final

from hub.keeping.kind import Erased, Purpose, Term, group

GROUPS: Final = (
    group("places", Purpose.LISTING, Term.ACCOUNT, Erased.KEY, "label address exact instructions"),
    group("places", Purpose.LISTING, Term.ACCOUNT, Erased.GONE,
          "_id owner public.lat public.lon kind windows windows.dow windows.opens windows.closes exceptions "
          "exceptions.date exceptions.opens exceptions.closes rev created_at", whose="owner"),
    group("items", Purpose.LISTING, Term.EVIDENCE, Erased.KEPT,
          "_id owner title description tz tariff.* rules.* units place public.lat public.lon status rev created_at "
          "updated_at category fields.* lang translation translation.lang translation.title translation.description "
          "condition accessories accessories.name accessories.qty accessories.value value safety policy unit_labels "
          "media deleted_at words price prereqs.*"),
    group("calendars", Purpose.LISTING, Term.EVIDENCE, Erased.KEPT,
          "_id tz cap turnaround_min rev full full.s full.e busy busy.r busy.s busy.e busy.q busy.st blocks blocks.id "
          "blocks.s blocks.e blocks.q blocks.src blocks.note blocks.feed"),
    group("media", Purpose.LISTING, Term.ACCOUNT, Erased.GONE,
          "_id owner width height colour dhash copies copies.size copies.width copies.height copies.bytes "
          "copies.sha256 alt created_at state claimed_at look_at bytes"),
    group("blobs.files", Purpose.LISTING, Term.ACCOUNT, Erased.GONE, "_id filename length chunkSize uploadDate"),
    group("blobs.chunks", Purpose.LISTING, Term.ACCOUNT, Erased.GONE, "_id files_id n data"),
    group("rentals", Purpose.LENDING, Term.CLAIMS, Erased.KEPT,
          "_id item owner renter room q tz state rev snapshot.title snapshot.policy snapshot.tariff.* created_at "
          "updated_at offer offer.rev offer.by offer.expires_at offer.terms.* offers offers.rev offers.by "
          "offers.expires_at offers.terms.* closed_reason event_head answered_at agreed_at overdue_since extended_at "
          "non_return_at lost_at at_risk_since ended_at holds holds.s holds.e cancel cancel.by cancel.reason cancel.at "
          "cancel.fee cancel.waived handed_over handed_over.at handed_over.unilateral returned returned.at "
          "returned.words returned.verified_at ledger ledger.no ledger.kind ledger.amt ledger.method ledger.by "
          "ledger.at ledger.confirmed_at ledger.rejected_at emptied "
          "handed_over.contested_at no_show.* change.* parts.* prereqs.* snapshot.prereqs.* nudges overdue_step "
          "return_reminded start_reminded"),
    group("rentals", Purpose.PROOF, Term.CLAIMS, Erased.KEPT,
          "cases cases.appeal.* cases.secured "
          "cases.no cases.kind cases.by cases.opened_at cases.state cases.words cases.claimed cases.mediation_at "
          "cases.proposal cases.proposal.by cases.proposal.amount cases.outcome cases.outcome.by cases.outcome.amount "
          "cases.outcome.at cases.outcome.words"),
    group("agreements", Purpose.PROOF, Term.CLAIMS, Erased.KEPT, "_id rental at raw signatures.* withdrawal.*"),
    group("contracts", Purpose.PROOF, Term.CLAIMS, Erased.KEPT,
          "_id owner renter legal template lang agreed_at title tz terms.* policy late_fee.* accessories safety hash"),
    group("contracts", Purpose.PROOF, Term.CLAIMS, Erased.KEY, "trader"),
    group("billings", Purpose.LENDING, Term.ACCOUNT, Erased.GONE, "_id told", whose="_id"),
    group("protocols", Purpose.PROOF, Term.CLAIMS, Erased.KEPT,
          "_id rental no by account.* received_at after rev sealed_at by_code hash"),
    group("codes", Purpose.LENDING, Term.CLAIMS, Erased.KEY, "_id code secret tries"),
    group("rooms", Purpose.TALKING, Term.CLAIMS, Erased.KEPT,
          "_id rental members.user members.role members.joined_seq roster roster_version roster_hash roster_seq "
          "created_at talk_until"),
    group("entries", Purpose.TALKING, Term.CHAT, Erased.KEPT, "env keys keys.to keys.pkt was push"),
    group("entries", Purpose.LENDING, Term.CLAIMS, Erased.KEPT,
          "_id k acct dev chain idx ts kid ft type by cmd_id data.* at prev hash rental body"),
    group("chains", Purpose.TALKING, Term.CLAIMS, Erased.KEPT, "_id roster_version lists.* first to since last"),
    group("receipts", Purpose.TALKING, Term.ACCOUNT, Erased.GONE, "_id room user delivered read", whose="user"),
    group("rosters", Purpose.TALKING, Term.CLAIMS, Erased.KEPT, "_id room version seq roster"),
    group("key_wants", Purpose.TALKING, Term.WEEK, Erased.KEPT,
          "_id room device chain to account asked expires_at packets.*"),
    group("files", Purpose.TALKING, Term.CHAT, Erased.KEPT,
          "_id owner room device cid size offset mark created_at retired look_at"),
    group("subscriptions", Purpose.LISTING, Term.ACCOUNT, Erased.GONE,
          "_id item owner url q seen.* due_at lease created_at", whose="owner"),
    group("feeds", Purpose.LISTING, Term.ACCOUNT, Erased.GONE, "_id secret created_at", whose="_id"),
)  # fmt: skip
