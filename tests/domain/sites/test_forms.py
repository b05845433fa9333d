"""A list of places is read line by line, and every line that cannot be read is named; a category has a code and names.

The times of a week are read as people write them.
"""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from portal.domain.sites.forms import MOST, NewCategory, NewPlace, NewPlaces, OwnDays, Week
from portal.domain.sites.rules.calendar import written
from portal.i18n.translations import use


def places(typed: str) -> list[NewPlace]:
    return NewPlaces.model_validate({"kind": "room", "places": typed}).places


def refusal(typed: str) -> str:
    with use("en"), pytest.raises(ValidationError) as refused:
        places(typed)
    (error,) = refused.value.errors()
    assert error["loc"] == ("places",)
    return error["msg"]


@pytest.mark.parametrize("line", [
    "1208, 海景房, Sea view", "1208，海景房，Sea view", " 1208 ,海景房, Sea view ", "1208\t海景房\tSea view",
])  # fmt: skip
def test_a_comma_of_either_kind_or_a_tab_parts_what_a_line_says(line: str) -> None:
    assert places(line) == [NewPlace("1208", "海景房", "Sea view")]


def test_names_copied_from_a_table_may_hold_commas_and_the_english_one_always() -> None:
    assert places("A1\t窗边，两人\tWindow, for two\nA2，窗边，Window, for two") == [
        NewPlace("A1", "窗边，两人", "Window, for two"),
        NewPlace("A2", "窗边", "Window, for two"),
    ]


def test_the_english_name_may_be_left_out_and_lines_may_be_empty() -> None:
    assert places("a1, 一号桌\r\n\r\nA2,二号桌,\n  \n") == [NewPlace("A1", "一号桌", ""), NewPlace("A2", "二号桌", "")]


def test_a_code_is_written_in_capitals() -> None:
    assert [place.code for place in places("east-gate.1_b, 东门")] == ["EAST-GATE.1_B"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1208", "a code and a Chinese name, with a comma between them"),
        ("1208 海景房", "a code and a Chinese name, with a comma between them"),
        (", 海景房", "a code and a Chinese name, with a comma between them"),
        ("1208, , Room", "a code and a Chinese name, with a comma between them"),
        ("12 08, 海景房", "a code has at most 40 letters A–Z, digits, dots, hyphens and underscores"),
        ("房1208, 海景房", "a code has at most 40 letters A–Z, digits, dots, hyphens and underscores"),
        ("１２０８, 海景房", "a code has at most 40 letters A–Z, digits, dots, hyphens and underscores"),
        (f"{'A' * 41}, 海景房", "a code has at most 40 letters A–Z, digits, dots, hyphens and underscores"),
        (f"1208, {'房' * 81}", "a name has at most 80 characters"),
        (f"1208, 房, {'x' * 81}", "a name has at most 80 characters"),
        ("0901, 另一间", "this code stands further up already"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_its_number(line: str, words: str) -> None:
    assert refusal(f"0901, 九楼\n\n{line}\n0902, 九楼") == f"Line 3: {words}"


def test_all_wrong_lines_are_named_at_once() -> None:
    assert refusal("x\n1, 一\n1, 又一\ny\nü, 三") == (
        "Lines 1, 4: a code and a Chinese name, with a comma between them"
        "; Line 3: this code stands further up already"
        "; Line 5: a code has at most 40 letters A–Z, digits, dots, hyphens and underscores"
    )


def test_of_many_wrong_lines_the_first_are_named() -> None:
    assert refusal("x\n" * 40).startswith("Lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …: ")


def test_the_longest_code_and_names_and_list_are_taken() -> None:
    assert places(f"{'A' * 40}, {'房' * 80}, {'x' * 80}")
    assert len(places("\n".join(f"{number}, 房" for number in range(MOST)))) == MOST
    assert "at once" in refusal("\n".join(f"{number}, 房" for number in range(MOST + 1)))


@pytest.mark.parametrize(("typed", "field"), [
    ({"code": "1a"}, "code"), ({"code": "a b"}, "code"), ({"code": "a_b"}, "code"), ({"code": "毛巾"}, "code"),
    ({"code": "a" * 41}, "code"), ({"name_zh": " "}, "name_zh"), ({"name_en": "x" * 81}, "name_en"),
    ({"unit": "guard"}, "unit"),
])  # fmt: skip
def test_what_cannot_be_a_category_is_refused_at_its_field(typed: dict[str, Any], field: str) -> None:
    plain = {"code": "towels", "name_zh": "毛巾", "name_en": "Towels", "unit": "floor"}

    with pytest.raises(ValidationError) as refused:
        NewCategory.model_validate(plain | typed, context={"units": ["desk", "floor"]})

    assert [error["loc"] for error in refused.value.errors()] == [(field,)]


def test_the_code_of_a_category_is_written_small() -> None:
    typed = {"code": " Wi-Fi2 ", "name_zh": "网络", "name_en": "Wi-Fi", "unit": "desk"}

    assert NewCategory.model_validate(typed, context={"units": ["desk"]}).code == "wi-fi2"


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("09:00–12:00, 13:30–18:00", ((540, 720), (810, 1080))),
        ("13：30～18：00，9至12", ((540, 720), (810, 1080))),
        ("9-12、13 to 15；20:00 - 22:00", ((540, 720), (780, 900), (1200, 1320))),
        ("22:00–06:00", ((1320, 1800),)),
        ("22-0", ((1320, 1440),)),
        ("20:00-25:30", ((1200, 1530),)),
        ("09:00–33:00", ((540, 1980),)),
        ("24H", ((0, 1440),)), ("全天", ((0, 1440),)), ("24小时", ((0, 1440),)), ("0-24", ((0, 1440),)),
        ("", ()), ("休息", ()), ("Closed", ()), ("，", ()),
        ("morning", "times"), ("9", "times"), ("24-25", "times"), ("9:60-10", "times"), ("9-48", "times"), ("-", "times"),
        ("9-9", "empty"), ("9:00-33:01", "long"), ("9-12,11-13", "overlap"),
    ],
)  # fmt: skip
def test_the_times_of_a_day_are_read_as_people_write_them(text: str, times: object) -> None:
    try:
        found: object = Week.model_validate({"monday": text}).monday
    except ValidationError as refused:
        (error,) = refused.errors()
        found = error["type"]

    assert found == times


@pytest.mark.parametrize("times", [
    (), ((0, 1440),), ((0, 60),), ((540, 720), (810, 1080)), ((1320, 1800),), ((1320, 1440),),
    ((540, 1980),), ((1439, 2878),),
])  # fmt: skip
def test_times_that_are_shown_can_be_sent_again(times: tuple[tuple[int, int], ...]) -> None:
    assert Week.model_validate({"monday": written(times)}).monday == times


@pytest.mark.parametrize("text", ["2026-12-24", "2026/12/24", "2026年12月24日", "２０２６-12-24", "20261224"])
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert OwnDays.model_validate({"from": text, "name": "平安夜"}).first == date(2026, 12, 24)
