"""The screenplay of the demo village can be played, and playing goes on where it was."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from client.demo.village.commands import COMMANDS
from client.demo.village.journal import Journal, Named
from client.demo.village.script import moment, read_script
from client.demo.village.verbs import VERBS

SCRIPT = Path("static/demo/life.json")


def test_the_screenplay_has_25_rentals_and_only_verbs_that_somebody_can_do():
    rentals = read_script(SCRIPT, 100)
    acts = [act for rental in rentals for act in rental.acts]
    assert len({rental.name for rental in rentals}) == len(rentals) == 25
    assert {act.verb for act in acts} == VERBS.keys() | COMMANDS.keys()
    assert {act.who for act in acts} == {"owner", "renter"}
    assert not VERBS.keys() & COMMANDS.keys()


@pytest.mark.parametrize("rental", read_script(SCRIPT, 100), ids=lambda rental: rental.name)
def test_a_rental_is_opened_first_goes_forward_in_time_and_nobody_says_the_same_twice(rental):
    agos = [act.ago for act in rental.acts]
    assert rental.acts[0].verb in {"requests", "inquires"}
    assert agos == sorted(agos, reverse=True)
    said = Counter((act.who, act.rest) for act in rental.acts if act.verb == "says")
    assert said
    assert max(said.values()) == 1
    assert rental.owner != rental.renter


def test_days_are_counted_from_the_day_on_which_the_village_began():
    born = datetime(2026, 10, 26, 23, 30, tzinfo=UTC)
    assert moment(born, "0 10").isoformat() == "2026-10-27T10:00:00+01:00"
    assert moment(born, "-3 10").isoformat() == "2026-10-24T10:00:00+02:00"


def test_a_journal_knows_what_was_played_even_if_its_last_line_was_cut_off(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.open("zelt", "1" * 32, "2" * 32)
    journal.finish("zelt/0", "zelt/1")
    journal.finish("zelt/1")
    with path.open("a") as file:
        file.write('{"done": "ze')
    again = Journal(path)
    assert (again.done, again.rentals) == ({"zelt/0", "zelt/1"}, {"zelt": ("1" * 32, "2" * 32)})
    again.finish("zelt/2")
    assert Journal(path).done == {"zelt/0", "zelt/1", "zelt/2"}


def test_a_step_that_is_played_again_gives_its_commands_the_same_ids():
    first, second, other = Named("tim"), Named("tim"), Named("aylin")
    for named in (first, second, other):
        named.begin("zelt/3")
    ids = [first(), first()]
    assert ids == [second(), second()]
    assert first.peek() not in ids
    assert len({*ids, other()}) == 3
    second.begin("zelt/4")
    assert second() not in ids
