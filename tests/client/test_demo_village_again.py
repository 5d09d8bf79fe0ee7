"""Whoever plays the village may die after any act and before it is noted: played again, nothing is there twice."""

import json
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from client.demo.village.household import Household, Secrets
from client.demo.village.journal import Journal
from client.demo.village.scene import Scene
from client.demo.village.script import TZ, read_script
from client.demo.village.verbs import play
from tests.support.hub_process import HubProcess

PICTURES = Path("static/demo/photos")
ACTS = [
    {"ago": 0},
    "renter inquires",
    "renter says Ist sie frei?",
    "owner says Ja.",
    "renter reacts 👍",
    "owner sends sewing_machine Nähmaschine.webp",
    "owner offers 500",
    "renter counters 400",
    "owner accepts",
    "renter asks_change 2 11 3 18",
    "owner accepts_change",
    "owner signs",
    "renter signs",
    "renter asks_change SOON 3 18",
    "owner accepts_change",
    "renter pays deposit_in",
    "owner hands_over",
    "renter returns",
    "owner reports_damage 700 Eine Nadel fehlt.",
    "renter proposes 300",
    "owner agrees 300",
    "owner confirms_return",
    "owner pays deposit_out",
    "renter reviews 5 friendly Gern wieder.",
    "owner reviews 4 late Kam spät.",
    "renter replies Stimmt.",
    "owner blocks",
]
TWICE = {"payment_claimed", "payment_confirmed", "change_proposed", "change_accepted", "agreement_signed"}
"""What the acts above bring about two times; everything else once."""


def in_an_hour() -> str:
    """As a script says it: at any time of the day it is ahead, and near enough to hand the thing over."""
    now = datetime.now(TZ)
    then = now + timedelta(hours=1)
    return f"{(then.date() - now.date()).days} {then.hour}"


async def test_every_act_that_is_played_again_changes_nothing(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    told = {"name": "naehmaschine", "owner": "aylin", "renter": "rosa", "thing": "Nähmaschine"}
    acts = json.dumps(ACTS).replace("SOON", in_an_hour())
    script.write_text(json.dumps({"rentals": [{**told, "from": "2 10", "to": "3 18", "acts": json.loads(acts)}]}))
    hub = HubProcess(tmp_path / "hub", demo=True, env={"DEMO_RENTALS": "0"})
    hub.start()
    try:
        await _play_twice(hub.url, tmp_path, script)
    finally:
        hub.stop()


async def _play_twice(url: str, folder: Path, script: Path) -> None:
    (rental,) = read_script(script, 1)
    born, secrets = datetime.now(UTC), Secrets("nachbarschaft", "MUST-ERDO-RFBE-ISPI-ELKI-STE2")
    path = folder / "journal.jsonl"
    async with Household(url, folder, Journal(path), secrets) as household:
        await household.settle([rental.owner, rental.renter])
        for step, act in rental.steps():
            before = shutil.copy(path, folder / "before.jsonl")
            await household.prepare(step, rental.owner, rental.renter)
            await play(Scene(household, Journal(path), rental, born, PICTURES), act)
            shutil.copy(before, path)
            journal = Journal(path)
            await household.prepare(step, rental.owner, rental.renter)
            scene = Scene(household, journal, rental, born, PICTURES)
            await play(scene, act)
            journal.finish(step)
        renter, owner = await household.person(rental.renter), await household.person(rental.owner)
        assert [each["id"] for each in await renter.client.rentals.mine()] == [scene.id]
        lines = renter.client.timeline(scene.room)
        said = [(line.text, line.reactions) for line in lines if line.kind == "text"]
        assert said == [("Ist sie frei?", {}), ("Ja.", {"👍": (renter.id,)})]
        assert [line.text for line in lines if line.kind == "file"] == ["Nähmaschine.webp"]
        happened = Counter(line.event for line in lines if line.kind == "event")
        assert happened.pop("rental_inquired") == 1
        assert {name for name, times in happened.items() if times == 2} == TWICE
        assert set(happened.values()) == {1, 2}
        view = await renter.client.rentals.get(scene.id)
        assert (view["state"], view["deposit"]["kept"], len(view["ledger"])) == ("completed", 300, 2)
        reviewed = await owner.client.people.review_of(scene.id)
        assert (reviewed["mine"]["reply"]["text"], reviewed["theirs"]["text"]) == ("Stimmt.", "Gern wieder.")
        assert [each["user"]["id"] for each in await owner.client.people.blocks()] == [renter.id]
        assert await renter.client.recovery.exists()
