"""Consents: to a version that was read, once, and anew when the text has changed."""

from pathlib import Path

import pytest

from api.terms import terms_in
from hub.errors import Conflict, NotFound
from hub.usecases.consenting import (
    GetTerms,
    GiveConsent,
    ListConsents,
    ListTerms,
    get_terms,
    give_consent,
    list_consents,
    list_terms,
    record_terms,
)
from tests.support.world import World


async def test_a_changed_text_asks_anew_and_the_old_one_stays_readable(world: World) -> None:
    anna = await world.person(device=False)
    assert await record_terms(world.ports, {"terms": {"de": "Seid nett."}}) == 1
    assert await record_terms(world.ports, {"terms": {"de": "Seid nett."}}) == 0
    agreed = await give_consent(world.ports, anna.actor, GiveConsent("terms", 1))
    assert ([each.version for each in agreed.given], agreed.due) == ([1], [])
    assert await record_terms(world.ports, {"terms": {"de": "Seid sehr nett."}}) == 1
    assert [(each.doc, each.version) for each in await list_terms(world.ports, ListTerms())] == [("terms", 2)]
    assert (await get_terms(world.ports, GetTerms("terms", 1))).texts == {"de": "Seid nett."}
    known = await list_consents(world.ports, anna.actor, ListConsents())
    assert [each.version for each in known.due] == [2]
    with pytest.raises(Conflict, match="terms_changed"):
        await give_consent(world.ports, anna.actor, GiveConsent("terms", 1))


async def test_agreeing_twice_counts_from_the_first_time(world: World) -> None:
    anna = await world.person(device=False)
    await record_terms(world.ports, {"privacy": {"de": "Wenig."}})
    first = await give_consent(world.ports, anna.actor, GiveConsent("privacy", 1))
    again = await give_consent(world.ports, anna.actor, GiveConsent("privacy", 1))
    assert first.given == again.given


async def test_there_is_nothing_to_agree_to_where_the_operator_wrote_nothing(world: World) -> None:
    anna = await world.person(device=False)
    assert (await list_consents(world.ports, anna.actor, ListConsents())).due == []
    with pytest.raises(NotFound, match="terms_not_found"):
        await give_consent(world.ports, anna.actor, GiveConsent("terms", 1))
    with pytest.raises(NotFound, match="terms_not_found"):
        await get_terms(world.ports, GetTerms("terms", 1))


def test_the_texts_are_read_by_language(tmp_path: Path) -> None:
    assert terms_in(None) == terms_in(tmp_path) == {}
    for name in ("terms.md", "terms.en.md", "privacy.de.md", "imprint.de.md"):
        (tmp_path / name).write_text(name)
    assert terms_in(tmp_path) == {
        "terms": {"de": "terms.md", "en": "terms.en.md"},
        "privacy": {"de": "privacy.de.md"},
    }
