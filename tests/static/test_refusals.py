"""JavaScript refuses what DKX-1 says must be refused, each by its name; what is authentic opens exactly once."""

import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from crypto.dkx import login
from crypto.dkx.roster import Role
from crypto.dkx.sealing.packet import Address, seal
from tests.crypto import cast
from tests.crypto.cast import AIK_A, ANNA, BERND, CERT_A, CERT_B, DLK_A, LIST_A, LIST_B, ROSTER, T, hexed, seed
from tests.crypto.lenient import lenient_signature
from tests.static.node import Js
from tests.static.test_crossing import js_party, js_record

TO_BERND = Address(BERND.party, cast.SIGNED_SPK_B)
A, B, DAY = ANNA.account.hex(), BERND.account.hex(), 86_400_000
PARTS = {
    "dlkcert": ("verifyDlkCert", lambda: (hexed("dlkcert"), A, ANNA.aik, T)),
    "spk": ("verifySpk", lambda: (hexed("spk"), BERND.device.hex(), BERND.dsk.public, T)),
    "backup_entry": ("openEntry", lambda: (hexed("backup_entry"), A, seed(16))),
    "backup_manifest": ("openManifest", lambda: (hexed("backup_manifest"), A, seed(16))),
    "keypkt": ("keyPacketOpened", lambda: (hexed("keypkt"), js_party(ANNA), js_party(BERND), {"spk": seed(8)})),
    "envelope": ("envelopeOpened", lambda: (hexed("envelope"), js_record())),
}


@pytest.mark.parametrize("name", PARTS)
def test_every_flipped_byte_is_refused_as_that_document(js: Js, name: str) -> None:
    act, arguments = PARTS[name]
    given = arguments()
    places = range(len(given[0]))
    js.call(act, *given)
    family = {"backup_entry": "backup", "backup_manifest": "backup", "keypkt": "key_packet"}.get(name, name)
    assert js.flips(act, given, 0, places) == {f"{family}_invalid": len(places)}


def test_every_flipped_byte_of_a_list_or_roster_is_refused(js: Js) -> None:
    cert = js.verifyDlkCert(CERT_A.raw, A, ANNA.aik, T)
    lists = [js.verifyDevList(LIST_A.raw, cert)]
    for name, act, given in (("devlist", "verifyDevList", cert), ("roster", "verifyRoster", lists)):
        places = range(len(hexed(name)))
        assert js.flips(act, [hexed(name), given], 0, places) == {f"{name}_invalid": len(places)}


def test_every_flipped_byte_of_a_login_is_refused(js: Js) -> None:
    told = {"challenge": seed(26), "origin": cast.ORIGIN, "account": A, "device": ANNA.device.hex()}
    given = [told, hexed("login_sig"), ANNA.dsk.public]
    assert js.flips("verifyLogin", given, 1, range(64)) == {"login_invalid": 64}
    assert js.verdict("verifyLogin", told | {"origin": "https://KISTE.example"}, *given[1:]) == "login_invalid"
    assert js.verdict("verifyLogin", told | {"device": "b2" * 16}, *given[1:]) == "login_invalid"


@pytest.mark.parametrize("torsion", range(8))
def test_a_signature_that_lenient_libraries_accept_is_refused(js: Js, torsion: int) -> None:
    told = {"challenge": seed(26), "origin": cast.ORIGIN, "account": A, "device": ANNA.device.hex()}
    signed = login.message(**(told | {"account": ANNA.account, "device": ANNA.device}))
    public, signature = lenient_signature(torsion, login.LABEL, signed)
    assert js.verdict("verifyLogin", told, signature, public) == "login_invalid"


# Messages


def test_authentic_messages_open_exactly_once_over_a_bad_line(js: Js) -> None:
    chance = random.Random(4)
    messages = [f"Nachricht {n}" for n in range(200)]
    came = js.delivered(messages, [chance.random() for _ in range(997)])
    assert 100 < len(came["arrived"]) < 200
    assert sorted(came["shown"]) == sorted(came["arrived"])


def test_another_envelope_at_an_index_is_refused_and_the_same_one_is_a_duplicate(js: Js) -> None:
    opened = js.envelopeOpened(hexed("envelope"), js_record())
    other = opened | {"hash": bytes(16)}
    assert js.onceEach([opened, opened, other]) == ["new", "duplicate", "envelope_replayed"]


@pytest.mark.parametrize("field", ["room", "device", "chain"])
def test_an_envelope_of_another_place_is_refused(js: Js, field: str) -> None:
    assert js.verdict("envelopeOpened", hexed("envelope"), js_record() | {field: "00" * 16}) == "envelope_invalid"


def test_an_index_is_reached_up_to_1023_from_the_start_and_never_below(js: Js) -> None:
    record = js_record() | {"start": 5}
    assert [js.verdict("messageKey", record, index) for index in (4, 5, 1028, 1029)] == [
        "chain_invalid",
        "accepted",
        "accepted",
        "chain_invalid",
    ]


def test_another_packet_for_a_chain_must_fit(js: Js) -> None:
    first, later = js_record(), js_record() | {"start": 9, "ck": js.chainKeyAt(seed(10), 0, 9)}
    assert js.mergeRecord(later, first)["start"] == 0
    assert js.mergeRecord(first, later)["start"] == 0
    for other in ({"csk": ANNA.aik}, {"rosterHash": seed(1)}, {"ck": seed(1)}, {"start": 1024}):
        assert js.verdict("mergeRecord", first, first | other) == "chain_conflict"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"now": T + DAY}, "age"),
        ({"rosterHash": seed(1)}, "roster"),
        ({"devLists": [seed(2)]}, "devices"),
        ({"cleanStart": False}, "unclean"),
        ({"hubLast": 0}, "rollback"),
    ],
)
def test_a_chain_is_replaced_when_it_must_be(js: Js, change: dict[str, Any], why: str | None) -> None:
    told = {"room": "c1" * 16, "rosterHash": seed(9), "devLists": [seed(2), seed(1)], "now": T, "sentBefore": 0}
    world = {"now": T + 1, "rosterHash": seed(9), "devLists": [seed(1), seed(2)]}
    assert js.mustRotate(js.startChain(told), world | change) == why
    used = js.startChain(told) | {"next": 100}
    assert js.mustRotate(used, world) == "messages"


# Accounts and devices


def lists(n: int, **place: int) -> Any:
    return cast.next_list(LIST_A, *(cast.device(k) for k in range(1, n + 1)), **place)


def test_lists_only_move_forward(js: Js) -> None:
    second, other = lists(1), lists(2)
    third = cast.next_list(second, cast.device(3))
    steps = [
        ["identity", A, ANNA.aik],
        ["list", A, CERT_A.raw, LIST_A.raw],
        ["list", A, CERT_A.raw, third.raw],
        ["list", A, CERT_A.raw, second.raw],
        ["list", A, CERT_A.raw, other.raw],
        ["list", A, CERT_A.raw, second.raw],
        ["list", A, CERT_A.raw, LIST_A.raw],
    ]
    ok = "accepted"
    assert js.pinned(steps, T) == [ok, ok, "devlist_gap", ok, "devlist_fork", ok, "devlist_rollback"]


def test_an_owner_recovers_from_a_thief_who_published_first(js: Js) -> None:
    """Contacts follow the higher epoch from any list they know, and the thief's old key opens nothing new."""
    thief = lists(1)
    fresh = cast.SigningKey.from_seed(seed(77))
    cert = cast.cert_of_epoch(2, fresh)
    head = {"account": A, "epoch": 2, "version": 2, "prev": LIST_A.hash, "created": T}
    row = {"device": ANNA.device.hex(), "dsk": ANNA.dsk.public, "dbk": ANNA.dbk.public, "added": T}
    owner = js.makeDevList(head | {"devices": [row]}, fresh.seed)
    steps = [
        ["identity", A, ANNA.aik],
        ["list", A, CERT_A.raw, LIST_A.raw],
        ["list", A, CERT_A.raw, thief.raw],
        ["list", A, cert.raw, owner],
        ["list", A, CERT_A.raw, cast.next_list(thief, cast.device(5)).raw],
        ["list", A, cast.signing.certify(AIK_A, ANNA.account, 2, DLK_A.public, now_ms=T).raw, owner],
    ]
    assert js.pinned(steps, T)[2:] == ["accepted", "accepted", "dlkcert_rollback", "dlkcert_fork"]


def test_a_ghost_device_that_the_account_did_not_sign_is_refused(js: Js) -> None:
    head = {"account": A, "epoch": 1, "version": 2, "prev": LIST_A.hash, "created": T}
    ghost = cast.device(66)
    row = {"device": ghost.device.hex(), "dsk": ghost.dsk.public, "dbk": ghost.dbk.public, "added": T}
    forged = js.makeDevList(head | {"devices": [row]}, seed(250))
    steps = [["identity", A, ANNA.aik], ["list", A, CERT_A.raw, LIST_A.raw], ["list", A, CERT_A.raw, forged]]
    assert js.pinned(steps, T)[2] == "devlist_invalid"


def test_a_device_or_key_of_another_account_is_refused(js: Js) -> None:
    stolen = cast.signing.first_devlist(cast.DLK_B, BERND.account, [cast.row(ANNA)], now_ms=T)
    steps = [
        ["identity", A, ANNA.aik],
        ["list", A, CERT_A.raw, LIST_A.raw],
        ["identity", B, BERND.aik],
        ["list", B, CERT_B.raw, stolen.raw],
    ]
    assert js.pinned(steps, T)[3] == "devlist_foreign"


def test_another_identity_key_stops_everything_until_the_person_decides(js: Js) -> None:
    steps = [["identity", A, ANNA.aik], ["identity", A, BERND.aik], ["decided", A], ["accept", A], ["decided", A]]
    assert js.pinned(steps, T) == ["accepted", "identity_changed", "identity_changed", "accepted", "accepted"]


def test_history_before_the_first_contact_is_taken_only_if_the_chain_proves_it(js: Js) -> None:
    second, other = lists(1), lists(2)
    steps = [
        ["identity", A, ANNA.aik],
        ["list", A, CERT_A.raw, second.raw],
        ["earlier", A, other.raw],
        ["earlier", A, LIST_A.raw],
    ]
    assert js.pinned(steps, T)[2:] == ["devlist_invalid", "accepted"]


def test_prekeys_only_move_forward(js: Js) -> None:
    def spk(number: int, created: int, key: int = 8) -> bytes:
        told = {"device": BERND.device.hex(), "id": number, "key": js.boxKey(seed(key)), "created": created}
        return bytes(js.makeSpk(told, BERND.dsk.seed))

    made = [spk(7, T), spk(8, T + 1), spk(7, T), spk(8, T + 1, 9), spk(9, T), spk(9, T + 2 * DAY)]
    steps = [["identity", B, BERND.aik], ["list", B, CERT_B.raw, LIST_B.raw]]
    steps += [["spk", B, BERND.device.hex(), raw] for raw in made]
    verdicts = js.pinned(steps, T)[2:]
    assert verdicts == ["accepted", "accepted", "spk_old", "spk_fork", "spk_old", "spk_invalid"]


def test_a_prekey_says_by_its_age_what_to_do(js: Js) -> None:
    ages = [js.spkAge({"created": T}, T + days * DAY) for days in (35, 36, 180, 181)]
    assert ages == ["fresh", "stale", "stale", "unusable"]


# Key packets and rosters


def world(**change: Any) -> dict[str, Any]:
    people = [
        {"account": A, "aik": ANNA.aik, "cert": CERT_A.raw, "list": LIST_A.raw},
        {"account": B, "aik": BERND.aik, "cert": CERT_B.raw, "list": LIST_B.raw},
    ]
    own = js_party(BERND) | {"account": B, "device": BERND.device.hex()}
    return {"self": own, "people": people, "rosters": [ROSTER.raw], "now": T} | change


def test_a_packet_becomes_a_chain_of_its_author(js: Js) -> None:
    taken = js.packetAccepted(hexed("keypkt"), world())
    assert (taken["record"]["account"], taken["warnings"]) == (A, [])


def test_an_old_prekey_served_by_the_hub_is_warned_of(js: Js) -> None:
    assert js.packetAccepted(hexed("keypkt"), world(replacedAt=T - DAY - 1))["warnings"] == ["spk_rollback"]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"rosters": []}, "key_packet_invalid"),
        ({"people": world()["people"][1:]}, "key_packet_invalid"),
        ({"self": world()["self"] | {"device": "ff" * 16}}, "key_packet_invalid"),
        ({"records": [js_record() | {"csk": ANNA.aik}]}, "chain_conflict"),
    ],
)
def test_a_packet_that_does_not_fit_is_refused(js: Js, change: dict[str, Any], verdict: str) -> None:
    assert js.verdict("packetAccepted", hexed("keypkt"), world(**change)) == verdict


@pytest.mark.parametrize("knows_old", [True, False])
def test_a_new_chain_of_a_former_member_is_refused(js: Js, knows_old: bool) -> None:
    """Whatever the hub lets through: under the new roster she is nobody, and the old one is not the room's any more."""
    carol = cast.stranger(0x34)
    left = [cast.member(BERND, Role.RENTER), cast.member(carol, Role.MEDIATOR)]
    second = cast.signing.next_roster(BERND, ROSTER, left, now_ms=T)
    packet = seal(replace(cast.BODY, roster_hash=second.hash), ANNA, TO_BERND, room=cast.ROOM, chain=cast.CHAIN).raw
    rosters = [ROSTER.raw, second.raw] if knows_old else [second.raw]
    assert js.verdict("packetAccepted", packet, world(rosters=rosters)) == "key_packet_invalid"
    assert js.verdict("packetAccepted", hexed("keypkt"), world(rosters=[second.raw])) == "key_packet_invalid"


def test_a_forward_from_somebody_else_is_refused(js: Js) -> None:
    assert js.verdict("packetAccepted", hexed("keypkt_forward"), world()) == "key_packet_invalid"


@pytest.mark.parametrize("member", [{}, {"role": 3}])
def test_a_ghost_member_is_refused(js: Js, member: dict[str, Any]) -> None:
    """A hub adds somebody under a signature of nobody who may."""
    ghost = {"account": "ee" * 16, "aik": js.signingKey(seed(99)), "role": 4} | member
    known = js.parseRoster(ROSTER.raw)
    told = {"room": known["room"], "version": 2, "prev": known["hash"], "signer": "ee" * 16}
    told |= {"signerDevice": "ef" * 16, "created": T, "members": [*known["members"], ghost]}
    forged = js.parseRoster(js.makeRoster(told, seed(98)))
    assert js.verdict("followsRoster", known, forged) == "roster_forbidden"


def test_one_looks_for_one_s_own_row(js: Js) -> None:
    roster = js.parseRoster(ROSTER.raw)
    rows = [
        (A, ANNA.aik, False, "present"),
        (A, BERND.aik, False, "wrong_key"),
        ("ee" * 16, ANNA.aik, False, "absent"),
        ("ee" * 16, ANNA.aik, True, "removed"),
    ]
    for *given, told in rows:
        assert js.ownRow(roster, *given) == told


# Warnings


def test_losses_and_other_histories_show(js: Js) -> None:
    assert js.missing(0, [0, 1, 3, 5]) == [2, 4]
    assert js.lostBefore(41, 39) == 2
    known = [{"hash": seed(1)[:16], "until": T}, {"hash": seed(2)[:16], "until": 10**15}]
    judged = [
        js.judgePeers(told, known, now, since)
        for told, now, since in (
            (seed(2)[:16], T, T),
            (seed(1)[:16], T + DAY, T),
            (seed(1)[:16], T + 3 * DAY, T + 3 * DAY),
            (seed(3)[:16], T + 600_000, T),
        )
    ]
    assert judged == ["same", "same", "refetch", "warn"]


# Links, codes


def test_a_link_is_used_once_within_five_minutes_and_five_tries(js: Js) -> None:
    state = {"made": T, "tries": 0, "used": False}
    assert js.tryLink(state, T)["tries"] == 1
    for bad, now in (({"used": True}, T), ({"tries": 5}, T), ({}, T + 300_001), ({}, T - 1)):
        assert js.verdict("tryLink", state | bad, now) == "link_expired"


def test_words_are_drawn_from_a_long_list_and_typed_back_with_slips(js: Js) -> None:
    words = [f"wort{n}" for n in range(2048)]
    drawn = js.makeWords(words, 7)
    assert js.normalWords(f"  {drawn.upper().replace(' ', '   ')} ") == drawn
    assert js.verdict("makeWords", words[:100], 7) == "recovery_code_invalid"
    code = js.makeCode()
    assert js.normalCode(js.shownCode(code).lower().replace("o", "0")) == code
    assert all(one != other for one, other in pairwise(js.makeCode() for _ in range(5)))
