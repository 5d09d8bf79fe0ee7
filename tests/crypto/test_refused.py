"""All that DKX-1 says must be refused (section 12), each with what shows it in Python and in JavaScript.

A line of the corpus is judged by both languages, and both verdicts are the published one; a test is named by its file.
"""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from tests.crypto import published

PY, JS = "tests/crypto/dkx", "tests/static"
SEALING, CLIENT, LYING = f"{PY}/sealing", "tests/client", "tests/client/test_lying_hub.py"
REFUSALS: Final = f"{JS}/test_refusals.py"
ROOMS: Final = "tests/storage/test_rooms.py"

ITEMS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "each byte flipped in every document, envelope, packet": (
        (f"{PY}/test_flips.py::test_each_flipped_byte_is_refused",),
        (
            f"{REFUSALS}::test_every_flipped_byte_is_refused_as_that_document",
            f"{REFUSALS}::test_every_flipped_byte_of_a_list_or_roster_is_refused",
            f"{REFUSALS}::test_every_flipped_byte_of_a_login_is_refused",
        ),
    ),
    "all-zero X25519": (("box_key: 0", "keypkt: an ephemeral key of zeros"), ()),
    "mixed-order or torsion Ed25519": (
        (
            "signing_key: mixed order 0",
            "signing_key: small order 0",
            "envelope: signed with the identity as R",
            f"{PY}/test_primitive.py::test_torsion_in_r_is_refused_though_libsodium_would_accept_it",
        ),
        (
            f"{REFUSALS}::test_a_signature_that_lenient_libraries_accept_is_refused",
            f"{JS}/test_browser.py::test_signatures_that_lenient_libraries_accept_are_refused_here_too",
        ),
    ),
    "wrong label": (
        (
            "envelope: signed under another label",
            "envelope: signed without a label",
            "devlist: signed under another label",
            "roster: signed under another label",
        ),
        (),
    ),
    "a packet replayed to another room, device, account": (
        ("keypkt: replayed to another room", "keypkt: to another device", "keypkt: replayed to another chain"),
        (f"{REFUSALS}::test_a_packet_that_does_not_fit_is_refused",),
    ),
    "list version or epoch rollback, fork, broken prev_hash": (
        (
            "devlist_follows: an older version",
            "devlist_follows: a lower epoch",
            "devlist_follows: the same version, other devices",
            "devlist_follows: after another list",
        ),
        (f"{REFUSALS}::test_lists_only_move_forward",),
    ),
    "unsorted, duplicate id, n=11": (
        (
            "devlist: unsorted",
            "devlist: an id twice",
            "devlist: eleven devices",
            "roster: unsorted",
            "roster: a member twice",
            "roster: thirteen members",
        ),
        (),
    ),
    "roster change by a non-member, bot, observer or mediator": (
        (
            "roster_follows: a stranger changes it",
            "roster_follows: a bot removes the renter",
            "roster_follows: a observer makes itself owner",
            "roster_follows: a mediator removes the renter",
        ),
        (f"{REFUSALS}::test_a_ghost_member_is_refused",),
    ),
    "a member's chain with an envelope naming another's device or room": (
        (
            "envelope: another's room",
            "envelope: another's device",
            f"{SEALING}/test_message.py::test_a_member_s_chain_names_no_other_room_or_device",
        ),
        (f"{REFUSALS}::test_an_envelope_of_another_place_is_refused",),
    ),
    "squatting another's chain16": (
        (
            "envelope: another's chain",
            f"{ROOMS}::test_opening_a_chain_twice_is_a_repeat_but_not_with_other_keys",
        ),
        (f"{REFUSALS}::test_another_packet_for_a_chain_must_fit",),
    ),
    "an ex-member's new chain under an old roster on a permissive hub": (
        (f"{SEALING}/test_accept.py::test_a_former_member_is_not_believed_under_the_new_roster",),
        (f"{REFUSALS}::test_a_new_chain_of_a_former_member_is_refused",),
    ),
    "a malicious sender's corpus with valid signature and AEAD": (
        (
            "envelope: len4 one over",
            "envelope: len4 one under",
            "envelope: a region too large",
            "envelope: half a region",
            "envelope: nothing",
            "envelope: a flag",
            "envelope: committed to other words",
            f"{SEALING}/test_message.py::test_a_malicious_sender_with_good_keys_is_refused",
        ),
        (),
    ),
    "and the report's verdict for header, rest and commit": (
        (
            "opened: len4 one over",
            "opened: a short header",
            "opened: other words",
            "report: other words",
            "report: another header",
            "report: another kf",
        ),
        (),
    ),
    "index jump >1023": (
        (
            "envelope: an index out of reach",
            f"{SEALING}/test_record.py::test_an_index_1023_after_the_start_is_the_last",
        ),
        (f"{REFUSALS}::test_an_index_is_reached_up_to_1023_from_the_start_and_never_below",),
    ),
    "chain_conflict": (
        (f"{SEALING}/test_record.py::test_what_does_not_fit_is_a_conflict_whichever_came_first",),
        (f"{REFUSALS}::test_another_packet_for_a_chain_must_fit",),
    ),
    "float, NFD, surrogate, duplicate key, odd key, 2^53 in an agreement": (
        (
            "agreement: a float",
            "agreement: not NFC",
            "agreement: a surrogate",
            "agreement: a key twice",
            "agreement: an odd key",
            "agreement: 2**53",
        ),
        (),
    ),
    "a withdrawn or expired offer completed later": (
        ("bundle: withdrawn at the second signature", "bundle: signed after it expired"),
        (),
    ),
    "two devices of one account, swapped roles": (
        ("agreement: two devices of one account", "bundle: roles swapped"),
        (),
    ),
    "a device revoked before the notary's time": (
        ("bundle: a device revoked before the notary's time",),
        (),
    ),
    "DKF1 truncated, swapped, wrong chunk size, empty tail": (
        (
            "file: cut in a chunk",
            "file: cut between chunks",
            "file: chunks swapped",
            "file: chunks of another size",
            "file: an empty tail",
        ),
        (),
    ),
    "BLOB with weak parameters": (
        (
            "blob: one pass",
            "blob: a KiB below 32 MiB",
            "blob: no cost at all",
            f"{SEALING}/test_backup.py::test_weak_parameters_are_refused_before_anything_is_derived",
        ),
        (),
    ),
    "SAS with dsk/dbk changed after the commitment": (
        ("reveal: another dsk", "reveal: another dbk", "reveal: another commitment"),
        (),
    ),
    "a QR with a zero secret": (("link_qr: a secret of zeros",), ()),
    "a thief publishing epoch-1 first": (
        (
            f"{SEALING}/test_pins.py::test_after_a_thief_published_first_contacts_recover_with_the_next_epoch",
            f"{CLIENT}/test_many_devices.py::test_a_thief_who_publishes_first_does_not_lock_the_owner_out",
            f"{CLIENT}/test_many_devices.py::test_a_lost_device_reads_nothing_new_and_its_keys_open_nothing",
        ),
        (
            f"{REFUSALS}::test_an_owner_recovers_from_a_thief_who_published_first",
            f"{JS}/test_keys.py::test_a_removed_browser_reads_nothing_that_is_written_afterwards",
        ),
    ),
    "a hub serving an old SPK": (
        (f"{SEALING}/test_prekey.py::test_a_packet_to_a_prekey_replaced_more_than_a_day_before_is_a_warning",),
        (f"{REFUSALS}::test_an_old_prekey_served_by_the_hub_is_warned_of",),
    ),
    "a hub serving a frozen list, or dropping a chain's last messages": (
        (
            f"{LYING}::test_messages_dropped_at_the_end_of_a_chain_are_noticed_by_the_next",
            f"{LYING}::test_a_withheld_roster_is_noticed",
            f"{LYING}::test_a_frozen_list_is_noticed",
        ),
        (f"{REFUSALS}::test_losses_and_other_histories_show",),
    ),
}
"""By the words of the section: what shows it in Python, and in JavaScript beyond the lines of the corpus."""


def corpus() -> set[str]:
    return set(json.loads(published.CORPUS.read_text("utf-8")))


@pytest.mark.parametrize("item", ITEMS)
def test_each_refusal_is_shown_in_both_languages(item: str) -> None:
    python, javascript = ITEMS[item]
    in_both = [name for name in python if "::" not in name]
    assert python
    assert javascript or in_both
    assert set(in_both) <= corpus()
    for name in (*python, *javascript):
        if "::" in name:
            file, test = name.split("::")
            assert re.search(rf"^(async )?def {test}\(", Path(file).read_text("utf-8"), re.MULTILINE), name
