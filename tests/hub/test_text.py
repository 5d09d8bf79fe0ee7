"""Words find each other through umlauts, compounds, typos and languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.catalogue import SYNONYMS
from hub.search import asked_words, meant
from hub.text import Lexicon, Synonyms, fold, likeness, read_synonyms, words

WORDS = st.text("abcdeß ä", min_size=1, max_size=14).map(fold).filter(str.isalpha)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Häcksler", "haecksler"), ("STRAßE", "strasse"), ("a\u0308", "ae"), ("Café", "cafe"), ("Ötztal", "oetztal")],
)
def test_a_word_is_the_same_however_it_is_written(text, folded):
    assert fold(text) == folded


def test_a_text_is_its_words():
    assert words("Bohrer-Satz (SDS+), 6 mm!") == ["bohrer", "satz", "sds", "6", "mm"]
    assert words("日本 ?") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Bohrmaschine", "Schlagbohrmaschine"),
        ("anhaenger", "Anhänger"),
        ("Anhänger", "Anhaenger"),
        ("Bormaschine", "Bohrmaschine"),
        ("Bohrmaschinen", "Bohrmaschine"),
        ("bohrmasch", "Bohrmaschine"),
        ("drill", "Bohrmaschine"),
        ("Bohrmaschine", "Drill"),
        ("trailer", "Pkw-Anhänger"),
        ("projector", "Beamer"),
        ("Haecksler", "Gartenhäcksler"),
        ("Ski", "Abfahrtsski"),
    ],
)
def test_what_neighbours_ask_for_finds_what_they_mean(asked, found):
    (word,) = asked_words(asked)
    assert meant(word, lexicon(*words(found))).nearly


@pytest.mark.parametrize(("asked", "other"), [("Ski", "Whiskiglas"), ("Bohrmaschine", "Waschbecken"), ("tv", "tvorog")])
def test_what_only_looks_a_little_like_it_is_not_found(asked, other):
    (word,) = asked_words(asked)
    assert not meant(word, lexicon(*words(other))).roughly


def test_two_english_words_are_one_german_one():
    assert asked_words("pressure washer") == ("pressurewasher",)
    assert meant("pressurewasher", lexicon("hochdruckreiniger")).titled


@given(WORDS, st.lists(WORDS))
def test_likeness_is_counted_as_it_is_compared(asked, others):
    counted = lexicon(*others, *others).like(asked)
    for other in others:
        assert counted.get(other, 0) == pytest.approx(likeness(asked, other))


def lexicon(*known):
    made = Lexicon()
    made.add(known)
    assert len(made) == len(set(known))
    return made


def test_only_what_is_most_like_a_misspelt_word_is_nearly_it():
    found = meant("bormaschine", lexicon("bohrmaschine", "waschmaschine", "zelt"))
    assert found.nearly == {"+bohrmaschine"}
    assert found.roughly == {"+bohrmaschine", "+waschmaschine"}
    assert meant("bohrmaschine", lexicon("bohrmaschine", "waschmaschine")).nearly == {"+bohrmaschine", "bohrmaschine"}


def test_a_misspelt_word_that_names_nothing_here_finds_what_means_the_same():
    found = meant("bormaschine", lexicon("drill", "nudelmaschine"))
    assert found.nearly == {"+drill"}
    assert found.roughly == {"+drill", "+nudelmaschine"}
    assert meant("nudelmaschin", lexicon("drill", "nudelmaschine")).nearly == {"+nudelmaschine", "nudelmaschine"}
    assert meant("xylofonkasten", lexicon("drill")).roughly == set()


def test_the_synonyms_are_many_and_each_word_means_its_group():
    groups = read_synonyms("# remark\nBeamer projector\n\ngrill barbecue bbq\n")
    assert groups.of("bbq") == {"grill", "barbecue", "bbq"}
    assert groups.of("zelt") == {"zelt"}
    assert Synonyms([]).joined(["a", "b"]) == ["a", "b"]
    assert "bohrmaschine" in SYNONYMS.of("drill")
