"""Who may do what to what, before any store is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from hub import authority
from hub.account import RECENT, Actor, Session, UserRole
from hub.authority import JUDGE_REPORT, OWN_SESSION, Right, Who, admit, authorize, has
from hub.errors import Forbidden, HubError, NotFound, Unauthenticated
from hub.ids import DeviceId, SessionId, UserId

NOW = datetime(2026, 7, 4, 8, tzinfo=UTC)
ANNA = Actor(UserId("a"), SessionId("s"), DeviceId("d"), confirmed_at=NOW)
HERS = Session(SessionId("s"), ANNA.user, b"", None, NOW, NOW, NOW, "test")
RIGHTS = [right for right in vars(authority).values() if isinstance(right, Right)]


@pytest.mark.parametrize("who", [who for who in get_args(Who) if who != "anyone"])
def test_nobody_is_admitted_to_anything_and_whoever_owes_a_factor_to_that_alone(who: Who) -> None:
    with pytest.raises(Unauthenticated, match="sign_in_required"):
        admit(None, (who,), NOW)
    owing = replace(ANNA, pending=True)
    if who == "pending":
        assert admit(owing, (who,), NOW) is owing
    else:
        with pytest.raises(Unauthenticated, match="second_factor_required"):
            admit(owing, (who,), NOW)


@pytest.mark.parametrize(
    ("who", "actor", "refused", "kind"),
    [
        ("device", replace(ANNA, device=None), "device_required", Unauthenticated),
        ("recent", replace(ANNA, confirmed_at=None), "confirmation_required", Unauthenticated),
        (
            "recent",
            replace(ANNA, confirmed_at=NOW - RECENT - timedelta(seconds=1)),
            "confirmation_required",
            Unauthenticated,
        ),
        ("moderator", ANNA, "role_required", Forbidden),
    ],
)
def test_each_word_of_the_column_asks_for_its_own(who: Who, actor: Actor, refused: str, kind: type[HubError]) -> None:
    with pytest.raises(kind, match=refused):
        admit(actor, ("member", who), NOW)
    whole = replace(ANNA, roles=frozenset({UserRole.ADMIN}))
    assert admit(whole, ("member", who), NOW) is whole


@pytest.mark.parametrize("right", RIGHTS)
def test_nobody_has_a_right_and_what_is_not_there_is_nobodys(right: Right[object]) -> None:
    with pytest.raises(Unauthenticated, match="sign_in_required"):
        authorize(None, right, None)
    with pytest.raises(NotFound, match=right.missing):
        authorize(replace(ANNA, roles=frozenset({UserRole.MODERATOR})), right, None)


def test_what_is_others_is_refused_as_what_is_not_there() -> None:
    assert authorize(ANNA, OWN_SESSION, HERS) is HERS
    said = []
    for thing in (replace(HERS, user=UserId("b")), None):
        with pytest.raises(NotFound) as refused:
            authorize(ANNA, OWN_SESSION, thing)
        said.append((refused.value.code, refused.value.data))
    assert said[0] == said[1]


def test_a_role_is_asked_for_before_the_thing_is_looked_at() -> None:
    with pytest.raises(Forbidden, match="role_required"):
        authorize(ANNA, JUDGE_REPORT, None)
    assert not has(ANNA, Right("thing", lambda *_: True, UserRole.ADMIN), object())
