"""What counts as a word, and what an input may mean."""

import pytest

from portal.domain.queues.tables import PUBLIC, EntryKind
from portal.domain.search import rules


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("空调很响", {"空调", "调很", "很响"}),
        ("空调，很响", {"空调", "很响"}),
        ("TV 坏了", {"tv", "坏了"}),
        ("Elevator", {"ele", "elev", "eleva", "elevat", "elevato", "elevator"}),
        ("ＴＶ１２０３房间", {"tv1", "tv12", "tv120", "tv1203", "房间"}),
        ("1203 房", {"1203"}),
        ("", set()),
        ("。 !", set()),
    ],
)
def test_chinese_stands_in_twos_and_latin_by_its_beginnings(text: str, tokens: set[str]) -> None:
    assert rules.indexed(text) == tokens


@pytest.mark.parametrize(
    "number",
    [
        "13800138000", "138 0013 8000", "138-0013-8000", "138—0013—8000", "１３８００１３８０００",
        "１３８ ００１３ ８０００", "123456", "37010219900101123X", "+86 138 0013 8000", "(0532) 8888-6600",
        "138.0013.8000", "1 2 3 4 5 6", "138　0013　8000", "138\u200b0013\u20608000",
    ],
)  # fmt: skip
def test_a_long_run_of_digits_is_in_no_index_however_it_is_spaced(number: str) -> None:
    """promises.md 3.1: the index of words has no runs of six or more digits."""
    found = rules.indexed(f"请回电{number}谢谢")

    assert not [token for token in found if any(letter.isdigit() for letter in token)]
    assert "电谢" not in found  # what stands at both sides of it is not read together
    assert {"回电", "谢谢"} <= found


def test_five_digits_are_a_word_found_whole() -> None:
    assert rules.indexed("12345") == {"12345"}
    assert rules.asked("123") == ["123"]


@pytest.mark.parametrize(("typed", "text"), [("ELE", "elevator"), ("Elevator", "ELEVATOR"), ("ｅｌｅ", "elevator"),
                                              ("空调", "空调很响"), ("调很响", "空调很响"), ("tv", "TV"),
                                              ("internationalisation", "Internationalisations")])  # fmt: skip
def test_what_is_asked_is_among_what_is_indexed(typed: str, text: str) -> None:
    assert set(rules.asked(typed)) <= rules.indexed(text)


def test_two_letters_do_not_find_a_longer_word() -> None:
    assert not set(rules.asked("el")) & rules.indexed("elevator")


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("HT-2026-000123", ["HT-2026-000123"]),
        ("ht-2026-000123", ["HT-2026-000123"]),
        ("ＨＴ－２０２６－０００１２３", ["HT-2026-000123"]),
        ("2026-000123", ["HT-2026-000123"]),
        ("000123", ["HT-2025-000123", "HT-2026-000123"]),
        ("123", ["HT-2025-000123", "HT-2026-000123"]),
        ("1000123", ["HT-2025-1000123", "HT-2026-1000123"]),
        ("TW-2026-000123", None),
        ("123a", None),
        ("空调", None),
    ],
)
def test_a_number_is_known_whole_or_by_its_end(typed: str, numbers: list[str] | None) -> None:
    tail = rules.tail(typed, "HT")

    assert (tail.numbers("HT", [2025, 2026]) if tail else None) == numbers


def test_every_kind_of_entry_has_a_bit_of_its_own() -> None:
    assert set(rules.BITS) == set(EntryKind)
    assert len({*rules.BITS.values(), rules.PLACE}) == len(EntryKind) + 1


def test_who_reads_no_notes_is_found_only_what_is_public() -> None:
    """CMP-26."""
    assert set(rules.kinds(rules.mask(notes=False))) == PUBLIC
    assert set(rules.kinds(rules.mask(notes=True))) == set(EntryKind)
