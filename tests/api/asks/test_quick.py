"""The short way to a message answers what the model of the act would, or nothing at all."""

import math
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.asks.quick import message
from api.protocol import BY_EVENT
from api.wire import parse, to_command
from crypto import b64

ROW = BY_EVENT["message:send"]
JUNK: list[Any] = [
    None, True, False, -1, 0, 1, 1.0, 1.5, math.nan, math.inf, 2**32 - 1, 2**32, 2**70, "", "x", "0" * 32, "0" * 31,
    "A" * 32, "0" * 31 + "\n", "0" * 32 + "," + "0" * 32, "\ud800" * 32, "\u0660" * 32, "0 " * 16, "AB", "AA", "AA==",
    "A\nAA", "A A", "ä", "high", "none", "NORMAL", [], [1], [1, 2], [1, 2, 3], ["1", "2"], [True, 1], [1.0, 2],
    [[1, 2]], {}, {"$ne": None}, {"0" * 32: [1, 2]}, {"0" * 32: [1.0, 2]}, {"0" * 32: "12"},
    {"0" * 32: {"a": 1, "b": 2}}, {"0" * 32: [1, 2**32]}, {"0" * 32: [-1, 2]}, {"0" * 31: [1, 2]}, {"x": [1, 2]},
    {"0" * 32: None},
    {f"{n:032x}": [1, n] for n in range(12)}, {f"{n:032x}": [1, n] for n in range(13)}, ["normal"], {"normal": 1},
]  # fmt: skip


def sent(**changes: Any) -> dict[str, Any]:
    ids = {name: secrets.token_hex(16) for name in ("room", "cid", "chain")}
    lists = {secrets.token_hex(16): [1, n] for n in range(2)}
    return {**ids, "env": b64.encode(secrets.token_bytes(464)), "idx": 3, "dl": lists, "roster": 2, **changes}


def by_model(payload: dict[str, Any]) -> Any:
    """What the act's model makes of it, or None where that refuses."""
    try:
        return to_command(ROW.command, ROW.wire.model_validate(payload))
    except ValueError:
        return None


def assert_no_other_reading(payload: dict[str, Any]) -> None:
    """Compared as written, so that True is not 1."""
    assert repr(message(payload)) in {"None", repr(by_model(payload))}


@pytest.mark.parametrize("push", [{}, {"push": "high"}, {"push": "normal"}, {"push": "none"}])
def test_a_well_formed_message_takes_the_short_way(push: dict[str, str]) -> None:
    payload = sent(**push)
    assert message(payload) == by_model(payload) != None  # noqa: E711 - both, and something
    assert parse(ROW, payload) == message(payload)


def test_a_message_with_keys_is_read_by_the_model() -> None:
    payload = sent(keys=[{"to": secrets.token_hex(16), "pkt": "AAAA"}])
    assert message(payload) is None
    assert len(parse(ROW, payload).keys) == 1


@pytest.mark.parametrize("name", ["room", "cid", "env", "chain", "idx", "dl", "roster", "push", "keys", "odd"])
def test_it_never_takes_what_the_model_refuses_or_reads_otherwise(name: str) -> None:
    for junk in JUNK:
        assert_no_other_reading(sent(**{name: junk}))


def test_ids_cannot_be_moved_over_the_edge_of_a_field() -> None:
    payload = sent()
    assert message(payload | {"room": payload["room"] + "," + payload["cid"], "cid": ""}) is None
    assert message(payload | {"room": payload["room"][:-1], "cid": "0" + payload["cid"]}) is None


@pytest.mark.parametrize("name", ["room", "cid", "env", "chain", "idx", "dl", "roster"])
def test_nothing_may_be_missing(name: str) -> None:
    payload = sent()
    del payload[name]
    assert message(payload) is None
    assert message(payload | {"odd": 1}) is None


LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(JUNK)
JSON = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=33), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*sent(), "push", "keys", "odd"]), JSON, min_size=1, max_size=3))
def test_any_change_to_a_good_message_is_read_as_the_model_reads_it_or_not_at_all(changes: dict[str, Any]) -> None:
    assert_no_other_reading(sent(**changes))
