"""Contracts in words: which law, what is frozen, and that no gap stays open. IBANs, and what a GiroCode holds."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.billing import Billing, Trader
from hub.contract import FOLDER, Contract, changed, sections, words, words_hash
from hub.errors import Invalid
from hub.iban import LENGTHS, check_iban
from hub.ids import RentalId, UserId
from hub.lateness import LateFee
from hub.rental import Terms
from hub.transfer import Transfer

START = datetime(2026, 7, 4, 8, tzinfo=UTC)
OWNER, RENTER = UserId("a" * 32), UserId("b" * 32)
NAMES = {OWNER: "Anna Berg", RENTER: "Bernd {q} Voss"}
TERMS = Terms(START, START + timedelta(days=1), 2, 2450, "EUR", 5000)
PLAIN = Contract(
    RentalId("c" * 32), OWNER, RENTER, "rent", "1", "de", START - timedelta(days=3), "Säge", "Europe/Berlin", TERMS,
    "strict",
)  # fmt: skip
FULL = replace(
    PLAIN,
    late_fee=LateFee(cap=6000, per_day=1500),
    accessories=("1 Koffer",),
    safety="Schutzbrille tragen.",
    trader=Trader("Werkzeug GmbH", "Hauptstraße 1, 12345 Musterdorf", "DE123456789"),
)
PUBLISHED = {
    "1.de": "ea6d434489c9056521e17d71643e3fff0b370dc2ef61d0a6ad8be8864a2196fd",
    "1.en": "e38812c474afb39f9e160f59a348356745713343d7458ffad7e1980c83a92fbe",
}


def read(contract: Contract) -> str:
    return "\n".join(f"{each.head}: {each.text}" for each in sections(contract, NAMES))


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("legal", ["loan", "rent", "trade"])
@pytest.mark.parametrize("contract", [PLAIN, FULL])
def test_every_gap_is_filled_and_nothing_is_empty(contract: Contract, legal: str, lang: str) -> None:
    text = read(replace(contract, legal=legal, lang=lang))  # type: ignore[arg-type]
    assert "Anna Berg" in text
    assert "Bernd {q} Voss" in text
    assert not re.search(r"\{(?!q\})|: $|  |None", text)


def test_the_law_is_that_of_the_price_and_of_who_lends() -> None:
    assert "§ 599 BGB" in read(replace(PLAIN, legal="loan"))
    assert "§ 536" in read(PLAIN)
    assert "kein gesetzliches Widerrufsrecht" in read(PLAIN)
    trade = read(replace(FULL, legal="trade"))
    assert "Werkzeug GmbH, Hauptstraße 1, 12345 Musterdorf, DE123456789" in trade
    assert "vierzehn Tagen" in trade


def test_amounts_and_times_are_those_of_the_place_and_the_language() -> None:
    assert "24,50 €" in read(PLAIN)
    assert "04.07.2026, 10:00 Uhr" in read(PLAIN)
    assert "€24.50" in read(replace(PLAIN, lang="en"))
    assert "15,00 € je angefangenen Tag, höchstens 60,00 €" in read(FULL)


def test_a_deposit_and_advice_stand_there_only_if_there_are_any() -> None:
    assert "50,00 €" in read(PLAIN)
    without = replace(PLAIN, terms=replace(TERMS, deposit=0))
    assert "Kaution" not in read(without)
    assert "Schutzbrille" in read(FULL)


def test_what_was_changed_by_agreement_is_told_beside_what_was_frozen() -> None:
    assert changed(PLAIN, TERMS) is None
    later = changed(PLAIN, replace(TERMS, end=TERMS.end + timedelta(days=1), price=4900))
    assert later is not None
    assert "06.07.2026" in later.text
    assert "49,00 €" in later.text


def test_the_hash_is_of_everything_that_is_frozen() -> None:
    others = [
        replace(PLAIN, title="Axt"), replace(PLAIN, legal="loan"), replace(PLAIN, lang="en"), FULL,
        replace(PLAIN, terms=replace(TERMS, price=1)), replace(PLAIN, policy="flexible"),
    ]  # fmt: skip
    assert len({contract.hash for contract in (PLAIN, replace(PLAIN), *others)}) == len(others) + 1


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_published_words_never_change(name: str) -> None:
    """Contracts were agreed on in them: other words are another version, beside these."""
    assert words_hash(*name.split(".")) == PUBLISHED[name]


def gaps(told: list[dict[str, str]]) -> list[tuple[str | None, set[str]]]:
    return [(each.get("if"), set(re.findall(r"\{\w+\}", each["text"]))) for each in told]


def test_both_languages_say_the_same_sections() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{name}.json" for name in PUBLISHED}
    german, english = words("1", "de"), words("1", "en")
    for legal in ("loan", "rent", "trade"):
        assert gaps(german[legal]) == gaps(english[legal])
    assert german["labels"].keys() == english["labels"].keys()
    assert json.dumps(german) != json.dumps(english)


@pytest.mark.parametrize(
    "iban",
    [
        *("DE02 1203 0000 0000 2020 51", "de02120300000000202051", "AT611904300234573201", "CH9300762011623852957"),
        *("GB29NWBK60161331926819", "NL91ABNA0417164300", "FR1420041010050500013M02606"),
        "MT84MALT011000012345MTLCAST001S",
    ],
)  # fmt: skip
def test_a_right_iban_is_taken_without_its_blanks(iban: str) -> None:
    assert check_iban(iban) == iban.replace(" ", "").upper()


@pytest.mark.parametrize(
    "iban",
    [
        *("", "DE", "DE02120300000000202052", "DE0212030000000020205", "XX02120300000000202051"),
        *("DE02120300000000O02051", "US64SVBKUS6S3300958879", "DE0\uff12120300000000202051"),
        "DE02-1203-0000-0000-2020-51",
    ],
)  # fmt: skip
def test_a_wrong_iban_is_refused(iban: str) -> None:
    with pytest.raises(Invalid, match="bad_iban"):
        check_iban(iban)


def test_every_single_wrong_digit_is_noticed() -> None:
    right = "DE02120300000000202051"
    for place in range(4, len(right)):
        wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
        with pytest.raises(Invalid, match="bad_iban"):
            check_iban(wrong)
    assert all(15 <= length <= 34 for length in LENGTHS.values())


@pytest.mark.parametrize(
    "told",
    [
        {"iban": "DE02120300000000202051"},
        {"holder": "x" * 71},
        {"holder": "a\x00b"},
        {"trader": Trader("", "Hof 1")},
        {"trader": Trader("Firma", " ")},
        {"trader": Trader("Firma", "Hof 1", "x" * 21)},
    ],
)
def test_half_an_account_or_a_nameless_business_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="bad_billing"):
        Billing(OWNER, **told)  # type: ignore[arg-type]


def test_a_girocode_has_the_lines_of_its_standard() -> None:
    told = Transfer("Anna Berg", "DE02120300000000202051", 2450, "Säge cccccccc").girocode
    assert told.split("\n") == [
        "BCD", "002", "1", "SCT", "", "Anna Berg", "DE02120300000000202051", "EUR24.50", "", "", "Säge cccccccc",
    ]  # fmt: skip
