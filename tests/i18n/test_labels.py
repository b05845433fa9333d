"""Every value has its word in every language."""

import pytest

from portal.i18n.labels import LABELS, label, options
from portal.i18n.translations import LANGUAGES, use, words


def test_a_value_is_called_what_readers_call_it() -> None:
    assert label("state", "received") == "已提交"
    assert label("role", "owner") == "业主"
    with use("en"):
        assert label("state", "received") == "Received"


def test_a_value_without_a_word_shows_itself() -> None:
    assert label("kind", "something-new") == "something-new"
    with pytest.raises(KeyError):
        label("nonsense", "complaint")


def test_choices_stand_in_their_order() -> None:
    assert options("severity") == [("minor", "轻微"), ("normal", "一般"), ("severe", "严重")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_in_the_catalogue(lang: str) -> None:
    missing = [word for group in LABELS.values() for word in group.values() if word not in words(lang).single]

    assert missing == []
