"""Reporting messages from the timeline: the chosen ones are disclosed to the moderators, and nothing else."""

from collections.abc import Sequence
from typing import Any

from client.errors import NotReady
from client.hub import Hub
from client.proof import report_of
from client.store import Store

View = dict[str, Any]


class Reports:
    def __init__(self, store: Store, hub: Hub) -> None:
        self._store, self._hub = store, hub

    async def send(
        self, room: str, seqs: Sequence[int], reason: str, words: str = "", *, case: int | None = None
    ) -> View:
        """Disclose up to six messages by their ``seq`` in the timeline, also such as their author has erased.

        ``reason`` is ``harassment, threat, scam, illegal, spam, evidence`` or ``other``; with ``case`` they are
        evidence in that case of the rental, and the other party knows of it. HubRefused("report_unverifiable") if the
        hub did not pass them on like this; NotReady for what was not read here.
        """
        messages = [self._disclosed(room, seq) for seq in seqs]
        told = {"reason": reason, "words": words, "case": case, "messages": messages}
        return await self._hub.command(f"/v1/rooms/{room}/reports", told)

    async def of(self, room: str) -> list[View]:
        """One's own, and what the other party has put before a case."""
        return list((await self._hub.get(f"/v1/rooms/{room}/reports"))["reports"])

    def _disclosed(self, room: str, seq: int) -> View:
        entry = self._store.log.get(room, seq)
        if entry is None or entry.kind not in {"message", "gone"}:
            raise NotReady(f"entry {seq} was not read on this device")
        return report_of(entry).to_json()
