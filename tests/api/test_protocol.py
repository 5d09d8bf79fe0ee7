"""The table is whole: every act can be asked, limited, answered and documented."""

import re
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest

from api.adapters import SystemClock
from api.examples import EXAMPLES
from api.limit import Limit
from api.protocol import ACTS, BY_EVENT, Act
from api.tells import TELLS, Tell
from hub.account import Actor
from hub.errors import Unauthenticated
from hub.ids import DeviceId, SessionId, UserId
from hub.usecases.sessions import OpenSession

ROWS = [pytest.param(row, id=row.event) for row in ACTS]
NOTHING: Any = SimpleNamespace(clock=SystemClock())
"""In place of the ports: whoever is refused at once reaches none of them."""
ACTOR = Actor(UserId("u" * 32), SessionId("s" * 32), DeviceId("d" * 32))


def test_events_and_routes_are_unique() -> None:
    routes = [row.route for row in ACTS if row.route]
    assert len(set(routes)) == len(routes)
    assert len(BY_EVENT) == len(ACTS)
    assert set(EXAMPLES) == set(BY_EVENT)


@pytest.mark.parametrize("row", ROWS)
def test_an_act_is_named_noun_verb(row: Act) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z]+(_[a-z]+)*", row.event)
    assert row.summary.endswith(".")


@pytest.mark.parametrize("row", ROWS)
def test_a_door_without_a_route_is_the_socket(row: Act) -> None:
    assert (row.route is None) == (row.doors == "socket")


@pytest.mark.parametrize("row", ROWS)
def test_names_in_a_path_are_fields_of_the_command(row: Act) -> None:
    named = set(re.findall(r"\{(\w+)\}", row.path or ""))
    assert named <= {field.name for field in fields(row.command)}


@pytest.mark.parametrize("row", ROWS)
def test_every_act_is_limited(row: Act) -> None:
    assert row.limits
    assert all(limit.count > 0 and limit.seconds > 0 for limit in row.limits)


@pytest.mark.parametrize("row", ROWS)
def test_anyone_needs_no_more_than_an_address_to_be_limited(row: Act) -> None:
    if "anyone" in row.who:
        assert {limit.key for limit in row.limits} <= {"ip", "account+ip"}


@pytest.mark.parametrize("row", ROWS)
async def test_nobody_acts_without_signing_in(row: Act) -> None:
    if "anyone" in row.who or row.use_case is None:
        return
    with pytest.raises(Unauthenticated, match="sign_in_required"):
        await row.call(NOTHING, None, None)


@pytest.mark.parametrize("row", ROWS)
async def test_what_needs_a_device_refuses_a_session_without_one(row: Act) -> None:
    if "device" not in row.who:
        return
    with pytest.raises(Unauthenticated, match="device_required"):
        await row.call(NOTHING, Actor(ACTOR.user, ACTOR.session), None)


@pytest.mark.parametrize(
    ("key", "bucket"),
    [
        ("user", "n:" + ACTOR.user),
        ("device", "n:" + str(ACTOR.device)),
        ("ip", "n:192.0.2.1"),
    ],
)
def test_uses_are_counted_for_whom_the_limit_says(key: Any, bucket: str) -> None:
    assert Limit("n", 1, 1, key).bucket(actor=ACTOR, ip="192.0.2.1", command=None) == bucket


def test_an_e_mail_is_counted_without_being_written_down() -> None:
    limit = Limit("sign_in", 5, 900, "account+ip")
    buckets = {
        limit.bucket(actor=None, ip="192.0.2.1", command=OpenSession(email, "x"))
        for email in ("anna@example.org", " Anna@Example.org ")
    }
    (bucket,) = buckets
    assert "anna" not in bucket
    assert bucket.endswith(":192.0.2.1")


@pytest.mark.parametrize("tell", [pytest.param(tell, id=tell.event) for tell in TELLS])
def test_every_tell_has_an_example_of_its_own_shape(tell: Tell) -> None:
    shown = tell.payload.model_validate(tell.example)
    assert shown.model_dump(by_alias=True, exclude_unset=True) == tell.example
