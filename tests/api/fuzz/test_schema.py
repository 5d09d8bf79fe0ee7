"""Whatever the published schemas allow, each route and event answers as they promise: no fault of ours, one ack.

A few questions a route with the test command; ``scripts/fuzz`` asks many (``FUZZ_EXAMPLES``).
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.docs.schema import REF, model_schemas
from api.protocol import ACTS, Act
from tests.support.live_hub import LiveHub, Village

DOCS = Path(__file__).parents[3] / "docs" / "openapi.json"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_path(DOCS).get_all_operations()]


def ask_many(strategy: SearchStrategy[Any], ask: Callable[[Any], None]) -> None:
    """Blocking: every draw asks a running hub, so it belongs in a thread of its own."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def asked(drawn: Any) -> None:
        ask(drawn)

    asked()


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.label for operation in OPERATIONS])
async def test_a_route_answers_as_its_schema_says(operation: Any, live: LiveHub, village: Village) -> None:
    headers = {"Authorization": f"Bearer {live.token(village.visitor.actor)}"}

    def ask(case: Any) -> None:
        for name, real in village.ids.items():
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = real
        answer = case.call(base_url=f"http://127.0.0.1:{live.port}", headers=headers)
        case.validate_response(answer, checks=CHECKS)

    await asyncio.to_thread(ask_many, operation.as_strategy(), ask)


def event_operations() -> list[Any]:
    """Every event as if it were a route of its own, so that its payloads are drawn the same way."""
    rows = [row for row in ACTS if row.doors != "http"]
    paths = {f"/{row.event}": {"post": _described(row)} for row in rows}
    document = {"openapi": "3.1.0", "info": {"title": "events", "version": "1"}, "paths": paths}
    document["components"] = {"schemas": model_schemas(row.wire for row in rows)}
    return [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]


def _described(row: Act) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": REF.format(model=row.wire.__name__)}}}
    return {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": "ack"}}}


EVENTS = event_operations()


@pytest.mark.parametrize("operation", EVENTS, ids=[operation.path[1:] for operation in EVENTS])
async def test_an_event_gets_one_answer(operation: Any, live: LiveHub, village: Village) -> None:
    """What is drawn keeps to the model, so that most of it reaches the use case."""
    loop = asyncio.get_running_loop()
    async with live.socket(village.visitor.actor) as raw:

        def ask(case: Any) -> None:
            real = {name: value for name, value in village.ids.items() if name in case.body}
            asked = raw.call(operation.path[1:], case.body | real, within=20)
            answer = asyncio.run_coroutine_threadsafe(asked, loop).result()
            assert answer["ok"] or answer["error"]["kind"] != "internal", answer

        await asyncio.to_thread(ask_many, operation.as_strategy(), ask)
        assert (await raw.call("me:get", {}))["ok"]
