"""A live socket no longer hears of somebody across a block."""

import pytest

from hub.presence import PresenceChange, PresenceState
from tests.support.live_hub import LiveHub, Village


async def test_presence_is_not_told_across_a_block(live: LiveHub, village: Village) -> None:
    publisher = live.hub.ports.publisher
    owner, renter = village.owner, village.renter
    n = 2**50
    async with live.socket(renter.actor) as raw:
        publisher.on_presence(PresenceChange(owner.user.id, PresenceState.IDLE, n))  # type: ignore[attr-defined]
        while (heard := await raw.heard("presence:changed"))["n"] != n:
            pass
        assert heard["user"] == owner.user.id
        answer = await live.call("PUT", f"/v1/blocks/{renter.user.id}", owner.actor, json={})
        assert answer.status_code == 200
        while (heard := await raw.heard("presence:changed"))["state"] != "unknown":
            pass
        publisher.on_presence(PresenceChange(owner.user.id, PresenceState.ACTIVE, n + 1))  # type: ignore[attr-defined]
        with pytest.raises(TimeoutError):
            await raw.heard("presence:changed", within=0.4)
    answer = await live.call("DELETE", f"/v1/blocks/{renter.user.id}", owner.actor)
    assert answer.status_code == 200
