"""The documents say what the hub does: nothing is missing, every example is accepted, and nothing is out of date."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from api.docs import CHAPTERS, DOCUMENTS, stale, write, write_documents
from api.docs.doors import DOOR_CODES
from api.docs.graph import graph, ways
from api.docs.meanings import MEANINGS
from api.docs.pretty import pretty
from api.docs.reference import GROUPS, fields_of, group_of
from api.docs.refusal_data import DATA
from api.docs.refusals import KIND, by_status
from api.docs.tables import guard_names
from api.errors import CODES, STATUS
from api.http.problems import DOOR_CODES as HTTP_CODES
from api.protocol import ACTS, BY_EVENT, Act
from api.settings import settings_reference
from api.tells import BY_TELL, TELLS
from api.wire import parse, typed
from hub.rental import TRANSITIONS, State

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!#|https?:)([^)#]+)(?:#([^)]*))?\)")
TARGET = re.compile(r"\]\(#([^)]*)\)")
ROWS = [pytest.param(row, id=row.event) for row in ACTS]


@cache
def chapter_text(name: str) -> str:
    return CHAPTERS[name]()


@pytest.fixture(scope="module")
def openapi() -> Any:
    return json.loads(DOCUMENTS["openapi.json"]())


@pytest.fixture(scope="module")
def asyncapi() -> Any:
    return json.loads(DOCUMENTS["asyncapi.json"]())


# What is committed


def test_the_committed_documents_are_what_the_hub_says_today() -> None:
    assert stale(DOCS) == []


def test_stale_documents_are_named_and_written_anew(tmp_path: Path) -> None:
    assert write(tmp_path) == list(DOCUMENTS)
    (tmp_path / "errors.md").write_text("old")
    assert stale(tmp_path) == ["errors.md"]
    assert write_documents(tmp_path, only_compare=True) == [tmp_path / "errors.md"]
    assert write_documents(tmp_path) == [tmp_path / "errors.md"]
    assert stale(tmp_path) == []


# Nothing is missing


@pytest.mark.parametrize("row", ROWS)
def test_every_act_is_explained_in_one_chapter(row: Act) -> None:
    assert [name for name in CHAPTERS if f"## `{row.event}`" in chapter_text(name)] == [group_of(row.event)]
    chapter = chapter_text(group_of(row.event))
    assert row.summary in chapter
    assert row.route is None or f"`{row.route}`" in chapter


@pytest.mark.parametrize("row", ROWS)
def test_every_field_has_a_type_and_a_meaning(row: Act) -> None:
    for field in fields_of(row.wire):
        assert field.type
        assert field.name.rpartition(".")[2] in MEANINGS


def test_no_meaning_is_of_a_field_that_is_gone() -> None:
    asked = {field.name.rpartition(".")[2] for row in ACTS for field in fields_of(row.wire)}
    assert set(MEANINGS) == asked


def test_every_chapter_has_acts() -> None:
    nouns = {row.event.partition(":")[0] for row in ACTS}
    assert {noun for group in GROUPS.values() for noun in group} == nouns


def test_every_tell_setting_and_code_is_listed() -> None:
    live, settings, errors = CHAPTERS["realtime"](), DOCUMENTS["settings.md"](), DOCUMENTS["errors.md"]()
    assert all(f"### `{tell.event}`" in live for tell in TELLS)
    assert all(f"| `{row['env']}` |" in settings for row in settings_reference())
    assert all(f"| `{code}` |" in errors for codes in CODES.values() for code in codes)


def test_every_step_and_guard_of_a_rental_is_listed() -> None:
    page = DOCUMENTS["rental.md"]()
    assert all(f"| `{row.name}` |" in page for row in TRANSITIONS)
    assert all(f"| `{name}` |" in page for name in guard_names())


def test_every_link_leads_somewhere() -> None:
    heads = anchors(DOCUMENTS["protocol.md"]())
    for name, make in DOCUMENTS.items():
        if name.endswith(".md"):
            text = make()
            assert set(TARGET.findall(text)) <= anchors(text)
            for file, target in LINK.findall(text):
                assert (DOCS / file).exists()
                if target and file == "protocol.md":
                    assert target in heads
                if target and file == "errors.md":
                    assert target in KIND


def anchors(text: str) -> set[str]:
    """As GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_types_are_named_as_people_say_them() -> None:
    types = {field.name: field.type for field in fields_of(BY_EVENT["message:send"].wire)}
    assert types["room"] == types["cid"] == "id"
    assert types["push"] == "high | normal | none"
    assert types["keys[].pkt"] == "base64url, 1 to 2048 bytes"
    assert types["dl"] == "id → list of integer, 2 of them, 12 at most"


# Refusals


@pytest.mark.parametrize("row", ROWS)
def test_refusals_are_codes_by_their_status(row: Act) -> None:
    for status, codes in by_status(row).items():
        assert {STATUS[KIND[code]] for code in codes} == {status}


def test_every_code_of_a_door_is_listed() -> None:
    listed = {door.code for door in DOOR_CODES}
    sockets = "".join(path.read_text("utf-8") for path in (ROOT / "api" / "sockets").glob("*.py"))
    ended = set(re.findall(r'\.(?:refuse|end|close)\((?:conn, )?"([a-z_]+)"', sockets))
    assert {"bad_frames", "draining"} <= ended <= listed
    assert {code for code, _ in HTTP_CODES.values()} - listed == {"bad_request"}


def test_what_stands_in_data_belongs_to_a_code() -> None:
    assert set(DATA) <= set(KIND)


# OpenAPI


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for part in node.values():
            yield from refs(part)
    if isinstance(node, list):
        for part in node:
            yield from refs(part)


def resolve(document: Any, ref: str) -> Any:
    found = document
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return found


@pytest.mark.parametrize("name", ["openapi.json", "asyncapi.json"])
def test_every_reference_resolves(name: str) -> None:
    document = json.loads(DOCUMENTS[name]())
    assert all(resolve(document, ref) for ref in refs(document))


def test_every_route_is_an_operation(openapi: Any) -> None:
    shown = {f"{method.upper()} {path}": operation["x-event"] for path, method, operation in operations(openapi)}
    assert shown == {row.route: row.event for row in ACTS if row.route}


def test_every_operation_says_who_may_and_what_is_refused(openapi: Any) -> None:
    for _, _, operation in operations(openapi):
        row = BY_EVENT[operation["x-event"]]
        assert operation["security"] == ([] if row.who == ("anyone",) else [{"access": []}])
        assert {str(row.status), "4XX", "5XX"} <= set(operation["responses"])
        for status, codes in by_status(row).items():
            assert all(f"`{code}`" in operation["responses"][str(status)]["description"] for code in codes)


def test_every_documented_request_is_one_the_hub_takes(openapi: Any) -> None:
    for path, _, operation in operations(openapi):
        row = BY_EVENT[operation["x-event"]]
        parameters = {p["name"]: str(p["example"]) for p in operation.get("parameters", []) if "example" in p}
        assert set(re.findall(r"{(\w+)}", path)) <= set(parameters)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example", {})
        assert isinstance(parse(row, body | typed(row, parameters), **dict.fromkeys(row.fills)), row.command)


def test_every_parameter_and_body_is_a_field(openapi: Any) -> None:
    for _, _, operation in operations(openapi):
        row = BY_EVENT[operation["x-event"]]
        asked = {parameter["name"] for parameter in operation.get("parameters", [])}
        body = operation.get("requestBody")
        if row.raw:
            assert tuple(body["content"]) == row.raw.kinds
        elif body:
            schema = body["content"]["application/json"]["schema"]
            schema = resolve(openapi, schema["$ref"]) if "$ref" in schema else schema
            assert schema["additionalProperties"] is False
            asked |= set(schema["properties"])
        assert asked == set(row.wire.model_fields)


def test_bounds_are_those_of_json_schema(openapi: Any) -> None:
    schemas = openapi["components"]["schemas"]
    assert schemas["Rules"]["properties"]["max_days"]["minimum"] == 0
    assert schemas["ProveDevice"]["properties"]["challenge"]["minLength"] == 43
    assert schemas["ProveDevice"]["properties"]["challenge"]["maxLength"] == 43


def test_an_answer_names_what_may_be_null_or_left_out(openapi: Any) -> None:
    applied = openapi["components"]["schemas"]["AppliedAnswer"]
    assert "dup" in applied["properties"]
    assert "dup" not in applied["required"]
    assert applied["properties"]["rental"]["properties"]["closed_reason"]["type"] == ["string", "null"]
    page = openapi["components"]["schemas"]["PageAnswer"]["properties"]["items"]["items"]
    assert page["required"] == ["seq", "kind"]
    assert {"env", "key", "prev_hash"} <= set(page["properties"])


# AsyncAPI


def test_every_ask_has_a_reply_and_every_tell_an_audience(asyncapi: Any) -> None:
    done = asyncapi["operations"]
    asks = {name for name, operation in done.items() if operation["action"] == "receive"}
    tells = {name for name, operation in done.items() if operation["action"] == "send"}
    assert asks == {row.event.replace(":", "_") for row in ACTS if row.doors != "http"}
    assert tells == {tell.event.replace(":", "_") for tell in TELLS}
    assert all("reply" in done[name] for name in asks)
    assert all("x-audience" in done[name] for name in tells)


def test_every_live_example_is_what_its_model_takes(asyncapi: Any) -> None:
    for message in asyncapi["components"]["messages"].values():
        (example,) = message["examples"]
        if tell := BY_TELL.get(message["name"]):
            assert tell.payload.model_validate(example["payload"])
        elif row := BY_EVENT.get(message["name"]):
            assert isinstance(parse(row, example["payload"], **dict.fromkeys(row.fills, "")), row.command)
        else:
            assert example["payload"]["ok"] is True


# The picture


def test_the_picture_shows_every_command_and_every_state_that_can_be_reached() -> None:
    drawn, picture = ways(), graph(styled=True)
    leading = {row.name for row in TRANSITIONS if row.target}
    assert {word.partition(" ")[0] for way in drawn for word in way.words} == leading
    assert {way.target for way in drawn} == set(State)
    assert all(f">{way.target.value}</text>" in picture for way in drawn)


def test_within_a_page_the_picture_brings_no_style_of_its_own() -> None:
    assert "<style" not in graph(styled=False)
    assert "style=" not in graph(styled=True)


def test_json_is_written_for_people() -> None:
    assert pretty({"a": [1, 2], "b": {}}) == '{"a": [1, 2], "b": {}}'
    assert pretty({"a": "x" * 100, "b": ["y" * 40]}).count("\n") == 3
    assert pretty("ü") == '"ü"'
