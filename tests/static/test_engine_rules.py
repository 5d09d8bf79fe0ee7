"""The engine's pure rules: what a refusal means, what follows a cursor, what a room looks like, what events change."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.examples.lending import EXAMPLES as LENDING
from api.examples.rental import EXAMPLES as RENTALS
from api.examples.rental import RENTAL_SHEET
from tests.static.node import Js, node

ME, YOU = "a1" * 16, "b2" * 16
TEXT, EDIT, DELETE, REACTION, DUMMY = 1, 2, 3, 4, 127


@pytest.fixture(scope="module")
def rules() -> Iterator[Js]:
    with node("tests/static/engine_rules.mjs") as asked:
        yield asked


# What a refusal means for the bytes that were sent


@pytest.mark.parametrize("code", ["devices_stale", "chain_stale", "keys_missing", "chain_index"])
def test_other_bytes_are_made_only_when_the_hub_has_proven_that_it_stored_none(rules: Js, code: str) -> None:
    assert rules.judge({"code": code, "kind": "conflict"}) == "reseal"


def test_other_bytes_under_the_same_id_mean_that_an_earlier_sealing_got_through(rules: Js) -> None:
    assert rules.judge({"code": "cid_mismatch", "kind": "conflict"}) == "stored"


@pytest.mark.parametrize("kind", ["rate_limited", "unavailable", "internal", "unauthenticated"])
def test_what_may_pass_is_sent_again_as_it_is(rules: Js, kind: str) -> None:
    assert rules.judge({"code": "anything", "kind": kind}) == "retry"


def test_every_other_refusal_is_final_unless_it_says_to_retry(rules: Js) -> None:
    assert rules.judge({"code": "not_a_member", "kind": "forbidden"}) == "failed"
    assert rules.judge({"code": "not_a_member", "kind": "forbidden", "retry": True}) == "retry"


# What follows the cursor


def test_an_entry_that_follows_is_applied_and_old_news_is_dropped(rules: Js) -> None:
    made = rules.tail(3, [{"seq": 4, "now": 0}, {"seq": 2, "now": 0}, {"seq": 4, "now": 0}])
    assert made == {"applied": [4], "cursor": 4, "due": None, "waiting": []}


def test_a_gap_is_waited_for_a_moment_and_filled_in_order(rules: Js) -> None:
    ahead = [{"seq": 6, "now": 1000}, {"seq": 5, "now": 1010}]
    assert rules.tail(3, ahead) == {"applied": [], "cursor": 3, "due": 1150, "waiting": [6, 5]}
    assert rules.tail(3, [*ahead, {"seq": 4, "now": 1020}])["applied"] == [4, 5, 6]


def test_a_head_beyond_the_cursor_is_fetched_at_once(rules: Js) -> None:
    assert rules.tail(3, [{"head": 9, "now": 500}])["due"] == 500
    assert rules.tail(9, [{"head": 9, "now": 500}])["due"] is None


def test_no_more_than_two_hundred_entries_wait(rules: Js) -> None:
    made = rules.tail(0, [{"seq": seq, "now": 0} for seq in range(2, 400)])
    assert (len(made["waiting"]), made["due"]) == (200, 150)


# The wire


def test_frames_of_the_namespace_are_read_and_others_ignored(rules: Js) -> None:
    assert rules.readPacket('43/hub,7[{"ok":true}]') == {"is": "answered", "number": 7, "answer": {"ok": True}}
    assert rules.readPacket('42/hub,["hello",{"v":1}]') == {"is": "told", "event": "hello", "payload": {"v": 1}}
    assert rules.readPacket('44/hub,{"message":"bad_token"}') == {"is": "refused", "code": "bad_token", "data": {}}
    assert rules.readPacket('0{"pingInterval":25000,"pingTimeout":20000}') == {"is": "opened", "patience": 45000}
    assert rules.readPacket('42/other,["hello",{}]') is None


# The timeline


def said(seq: int, account: str, ctype: int, content: dict[str, Any], **more: Any) -> dict[str, Any]:
    row = {"seq": seq, "kind": "message", "at": seq, "account": account, "device": account, "cid": f"c{seq}"}
    return {**row, "name": f"n{seq}", "ctype": ctype, "content": content, **more}


def waiting(cid: str, content: dict[str, Any], **more: Any) -> list[Any]:
    return [f"out/r/{cid}", {"room": "r", "cid": cid, "ctype": TEXT, "content": content, "written": 9, **more}]


def test_only_the_author_edits_and_deletes(rules: Js) -> None:
    rows = [
        said(1, ME, TEXT, {"t": "eins"}),
        said(2, YOU, EDIT, {"ref": "n1", "t": "gefälscht"}),
        said(3, YOU, DELETE, {"ref": "n1"}),
        said(4, ME, EDIT, {"ref": "n1", "t": "zwei"}),
    ]
    (line,) = rules.lines(rows, [], ME)
    assert (line["text"], line["edited"], line["mine"]) == ("zwei", 4, True)
    (gone,) = rules.lines([*rows, said(5, ME, DELETE, {"ref": "n1"})], [], ME)
    assert (gone["kind"], gone["reason"]) == ("gone", "deleted")


def test_a_reaction_counts_once_a_person_until_it_is_taken_back(rules: Js) -> None:
    rows = [said(1, ME, TEXT, {"t": "eins"}), *(said(n, YOU, REACTION, {"ref": "n1", "e": "👍"}) for n in (2, 3))]
    assert rules.lines(rows, [], ME)[0]["reactions"] == [["👍", [YOU]]]
    rows += [said(4, YOU, DELETE, {"ref": "n2"}), said(5, YOU, DELETE, {"ref": "n3"})]
    assert rules.lines(rows, [], ME)[0]["reactions"] == []


def test_an_answer_shows_what_it_answers_also_when_that_came_later_or_not_at_all(rules: Js) -> None:
    answer = said(1, YOU, TEXT, {"t": "ja", "reply_to": "n2"})
    assert rules.lines([answer], [], ME)[0]["replyTo"] is None
    found = rules.lines([answer, said(2, ME, TEXT, {"t": "Frei?"})], [], ME)[0]["replyTo"]
    assert found == {"seq": 2, "author": ME, "text": "Frei?"}


def test_what_waits_stands_at_the_end_until_the_log_shows_it(rules: Js) -> None:
    rows, out = (
        [said(1, YOU, TEXT, {"t": "eins"})],
        [waiting("c2", {"t": "zwei"}), waiting("c3", {"t": "drei"}, failed="x")],
    )
    assert [line.get("state") for line in rules.lines(rows, out, ME)] == [None, "sending", "failed"]
    shown = rules.lines([*rows, said(2, ME, TEXT, {"t": "zwei"})], out, ME)
    assert [line["key"] for line in shown] == ["c1", "c2", "c3"]


def test_what_is_not_for_people_is_not_shown_and_what_cannot_be_read_says_why(rules: Js) -> None:
    rows = [said(1, ME, DUMMY, {}), {**said(2, YOU, TEXT, {}), "reason": "no_key", "content": None}]
    assert [(line["kind"], line["reason"]) for line in rules.lines(rows, [], ME)] == [("unreadable", "no_key")]


# Snapshots


def event(rev: int, state: str, **data: Any) -> dict[str, Any]:
    told = {"rental": RENTAL_SHEET["id"], "item": RENTAL_SHEET["item"]["id"], "rev": rev, "state": state, **data}
    return {"kind": "event", "at": RENTAL_SHEET["updated_at"], "data": told}


@pytest.mark.parametrize("act", ["offer:counter", "offer:accept", "rental:cancel", "rental:decline"])
def test_an_old_view_and_an_event_make_the_view_that_the_hub_gives(rules: Js, act: str) -> None:
    answer = RENTALS[act].answer["rental"]
    changed = {name: value for name, value in answer.items() if value != RENTAL_SHEET.get(name)}
    told = event(
        answer["rev"],
        answer["state"],
        **{k: v for k, v in changed.items() if k not in {"rev", "state", "allowed_actions"}},
    )
    made = rules.applyEvents(RENTAL_SHEET, [told])
    assert {**made, "allowed_actions": answer["allowed_actions"]} == answer
    assert made["allowed_actions"] is None


def test_of_numbered_lists_an_event_carries_only_what_changed(rules: Js) -> None:
    disputed = LENDING["case:propose"].answer["rental"]
    (case,) = disputed["cases"]
    more = rules.applyEvents(disputed, [event(9, "returned", cases=[{**case, "no": 2}])])
    assert [one["no"] for one in more["cases"]] == [1, 2]
    settled = rules.applyEvents(more, [event(10, "returned", cases=[{**case, "state": "settled"}])])
    assert [one["state"] for one in settled["cases"]] == ["settled", case["state"]]


def test_an_event_that_is_known_already_or_of_another_rental_changes_nothing(rules: Js) -> None:
    assert rules.applyEvents(RENTAL_SHEET, [event(1, "declined")]) == RENTAL_SHEET
    other = event(9, "declined")
    other["data"]["rental"] = "ff" * 16
    assert rules.applyEvents(RENTAL_SHEET, [other]) == RENTAL_SHEET


def test_of_two_views_the_newer_counts_and_of_equal_ones_that_which_knows_what_is_allowed(rules: Js) -> None:
    made = {**RENTAL_SHEET, "allowed_actions": None}
    assert rules.newer(made, RENTAL_SHEET) == RENTAL_SHEET
    assert rules.newer({**RENTAL_SHEET, "rev": 5}, RENTAL_SHEET)["rev"] == 5


def test_receipts_only_grow_and_a_message_is_read_when_the_other_has_read_it(rules: Js) -> None:
    sheet = {
        "members": [{"user": ME, "role": 1}, {"user": YOU, "role": 2}],
        "receipts": [],
        "head": 9,
        "roster_version": 1,
    }
    assert rules.fate(sheet, ME, 4) == "sent"
    for delivered, read in ((5, 3), (4, 2)):
        told = {"event": "receipt:changed", "payload": {"user": YOU, "delivered": delivered, "read": read}}
        sheet = rules.applyTold(sheet, told)
    assert sheet["receipts"] == [{"user": YOU, "delivered": 5, "read": 3}]
    assert [rules.fate(sheet, ME, seq) for seq in (3, 4, 6)] == ["read", "delivered", "sent"]
