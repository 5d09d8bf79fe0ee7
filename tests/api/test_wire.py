"""What comes in becomes a command or a refusal that names each fault; nothing else gets through."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from api.protocol import ACTS, BY_EVENT, Act
from api.wire import parse, typed
from hub.errors import HubError, Invalid
from hub.usecases.booking import RequestRental
from hub.usecases.items import CreateItem

OPERATOR: dict[str, Any] = {"$ne": None}
BODIES = [pytest.param(row, id=row.event) for row in ACTS]


def parsed(row: Act, payload: Any) -> Any:
    return parse(row, payload, **dict.fromkeys(row.fills, "x"))


def faults(event: str, payload: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        parsed(BY_EVENT[event], payload)
    assert refused.value.code == "bad_request"
    return {fault["path"]: fault["reason"] for fault in refused.value.data["fields"]}


@pytest.mark.parametrize("row", BODIES)
def test_every_example_becomes_its_command(row: Act) -> None:
    assert type(parsed(row, row.example.ask)) is row.command


@pytest.mark.parametrize("row", BODIES)
def test_the_wire_and_the_command_have_the_same_fields_and_defaults(row: Act) -> None:
    assert_same_shape(row.wire, row.command, leave=set(row.fills))


def assert_same_shape(wire: type[BaseModel], command: type[Any], leave: set[str]) -> None:
    assert set(wire.model_fields) == {field.name for field in fields(command)} - leave
    hints = get_type_hints(command)
    for field in fields(command):
        if field.name in leave:
            continue
        described = wire.model_fields[field.name]
        optional = field.default is not MISSING or field.default_factory is not MISSING
        assert described.is_required() != optional, field.name
        inner = described.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            assert_same_shape(inner, hints[field.name], set())
        for part in get_args(hints[field.name]):
            if is_dataclass(part):
                assert_same_shape(get_args(inner)[0], part, set())  # type: ignore[arg-type]  # a class, not a value


@pytest.mark.parametrize("row", BODIES)
def test_defaults_on_the_wire_are_the_commands_own(row: Act) -> None:
    required = {name: row.example.ask[name] for name, field in row.wire.model_fields.items() if field.is_required()}
    command = parsed(row, required)
    for field in fields(row.command):
        if field.name not in required and field.name not in row.fills:
            default = field.default_factory() if field.default_factory is not MISSING else field.default
            assert getattr(command, field.name) == default


@pytest.mark.parametrize("row", BODIES)
def test_an_operator_in_place_of_a_value_is_refused_as_a_wrong_type(row: Act) -> None:
    for name in row.example.ask:
        if name in {"tariff", "place", "rules", "cursors", "dl", "fields", "translation"}:
            continue
        found = faults(row.event, row.example.ask | {name: OPERATOR})
        assert found[name].endswith(("_type", "literal_error")), (name, found)


def test_an_operator_inside_a_map_or_a_list_is_refused() -> None:
    assert "dl.$ne.[key]" in faults("message:send", BY_EVENT["message:send"].example.ask | {"dl": OPERATOR})
    assert "cursors.$ne.[key]" in faults("room:sync", {"cursors": OPERATOR})
    assert faults("key:claim", {"accounts": [OPERATOR]}) == {"accounts.0": "string_type"}
    assert "tariff.$ne" in faults("item:create", BY_EVENT["item:create"].example.ask | {"tariff": OPERATOR})


@pytest.mark.parametrize("row", BODIES)
def test_unknown_fields_are_refused_by_name(row: Act) -> None:
    assert faults(row.event, row.example.ask | {"admin": True})["admin"] == "extra_forbidden"


@pytest.mark.parametrize("payload", [[], "x", 1, True, [{}]])
def test_a_payload_that_is_no_object_is_refused(payload: Any) -> None:
    assert faults("me:get", payload) == {"": "model_type"}


def test_no_payload_is_an_empty_one() -> None:
    assert parse(BY_EVENT["me:get"], None) == BY_EVENT["me:get"].command()


@pytest.mark.parametrize("number", [145078.0, 145078])
def test_a_whole_number_may_be_written_with_a_point(number: float) -> None:
    price = parsed(BY_EVENT["rental:request"], BY_EVENT["rental:request"].example.ask | {"price": number}).price
    assert (price, type(price)) == (145078, int)


@pytest.mark.parametrize("number", [1.5, True, "12", None, -1, 2**53, 1e300, float("inf"), float("nan")])
def test_what_is_no_safe_whole_number_is_refused(number: Any) -> None:
    assert "price" in faults("rental:request", BY_EVENT["rental:request"].example.ask | {"price": number})


def test_times_are_whole_minutes_in_utc() -> None:
    command: RequestRental = parsed(BY_EVENT["rental:request"], BY_EVENT["rental:request"].example.ask)
    assert command.start == datetime(2026, 7, 4, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "at",
    ["2026-07-04T08:00:30Z", "2026-07-04T08:00:00+02:00", "2026-07-04T08:00:00", "2026-02-30T08:00:00Z", "2026-07-04",
     1_782_547_200, "٢٠٢٦-07-04T08:00:00Z"],
)  # fmt: skip
def test_other_times_are_refused(at: Any) -> None:
    assert "start" in faults("rental:request", BY_EVENT["rental:request"].example.ask | {"start": at})


@pytest.mark.parametrize("raw", ["AB", "AA==", "A A", "AA+/", "ä", 5, None])
def test_bytes_have_one_spelling(raw: Any) -> None:
    assert faults("prekey:publish", {"spk": raw})["spk"] in {"base64url", "string_type"}


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "x" * 121])
def test_texts_that_a_store_would_choke_on_are_refused(text: str) -> None:
    assert "title" in faults("item:create", BY_EVENT["item:create"].example.ask | {"title": text})


def test_texts_are_composed() -> None:
    command: CreateItem = parsed(
        BY_EVENT["item:create"], BY_EVENT["item:create"].example.ask | {"title": "Bo\u0308ller"}
    )
    assert command.title == "Böller"


def test_a_refusal_never_repeats_what_was_sent() -> None:
    secret = "geheim-geheim"
    with pytest.raises(Invalid) as refused:
        parsed(BY_EVENT["session:renew"], {"refresh": [secret], "x" * 500: secret})
    assert secret not in repr(refused.value.data)
    assert all(len(fault["path"]) <= 64 for fault in refused.value.data["fields"])


def test_path_and_query_texts_get_the_types_of_their_fields() -> None:
    texts = {"rental": "50cf82a3e1649f7dd52b394afb0c1d2e", "rev": "3"}
    assert typed(BY_EVENT["offer:accept"], texts) == texts | {"rev": 3}
    assert typed(BY_EVENT["item:list"], {"limit": "20", "owner": "7", "odd": "1"}) == {
        "limit": 20,
        "owner": "7",
        "odd": "1",
    }
    assert typed(BY_EVENT["room:history"], {"before": "x"}) == {"before": "x"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(ACTS), JSON)
def test_junk_is_refused_and_never_crashes(row: Act, junk: Any) -> None:
    answered(row, junk)


@given(st.sampled_from([row for row in ACTS if row.example.ask]), st.data(), JSON)
def test_one_junk_value_is_refused_and_never_crashes(row: Act, data: st.DataObject, junk: Any) -> None:
    name = data.draw(st.sampled_from(sorted(row.example.ask)))
    answered(row, row.example.ask | {name: junk})


def answered(row: Act, payload: Any) -> None:
    try:
        command = parsed(row, payload)
    except HubError as refusal:
        assert isinstance(refusal, Invalid)  # noqa: PT017 - either outcome is fine, other errors are not
    else:
        assert type(command) is row.command
