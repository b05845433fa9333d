"""How people are reached, in one form, and how little of it is shown."""

import pytest

from portal.domain.customers import rules


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("0532-88886666", "+8653288886666"),
        ("+44 20 7946 0958", "+442079460958"),
        ("12345", None),
        ("电话", None),
        ("", None),
        ("1380013800012", None),
    ],
)
def test_a_phone_has_one_form_or_is_none(typed: str, stored: str | None) -> None:
    assert rules.phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Lin@Example.COM", "lin@example.com"),
        (" lin@example.com ", "lin@example.com"),
        ("lin", None),
        ("lin@", None),
        ("lin@example", None),
        ("a b@example.com", None),
        ("<lin@example.com>", None),
    ],
)
def test_an_e_mail_has_one_form_or_is_none(typed: str, stored: str | None) -> None:
    assert rules.email(typed) == stored


def test_a_masked_field_shows_enough_to_recognise_and_too_little_to_use() -> None:
    """P40."""
    assert rules.masked_name("张小龙") == "张**"
    assert rules.masked_phone("+8613800138000") == "138****8000"
    assert rules.masked_phone("+442079460958") == "+44****58"
    assert rules.masked_email("lin@example.com") == "l***@example.com"


def test_nothing_masked_is_nothing() -> None:
    assert (rules.masked_name(""), rules.masked_phone(""), rules.masked_email("")) == ("", "", "")


def test_a_phone_is_read_as_people_say_it() -> None:
    assert rules.readable_phone("+8613800138000") == "138 0013 8000"
    assert rules.readable_phone("+442079460958") == "+44 20 7946 0958"
    assert rules.readable_phone("") == ""
