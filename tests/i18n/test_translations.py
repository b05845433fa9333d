"""Words in the reader's language, wherever they are asked for."""

import asyncio

import pytest

from portal.i18n import translations
from portal.i18n.translations import N_, Words, gettext, negotiated, ngettext, npgettext, pgettext, set_language, use


@pytest.fixture(autouse=True)
def small_catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = Words(
        single={"Owner": "负责人", ("role", "Owner"): "业主"},
        plural={"%d day": ("%d 天",), ("span", "%d day"): ("%d 日",)},
    )
    english = Words(plural={"%d day": ("%d day", "%d days")})
    monkeypatch.setattr(translations, "words", {"zh-CN": chinese, "en": english}.__getitem__)


def test_chinese_is_spoken_unless_another_language_is_asked_for() -> None:
    assert (translations.language(), gettext("Owner")) == ("zh-CN", "负责人")

    with use("en"):
        assert (translations.language(), gettext("Owner")) == ("en", "Owner")

    assert gettext("Owner") == "负责人"


def test_one_word_may_mean_two_things() -> None:
    assert pgettext("role", "Owner") == "业主"
    assert pgettext("elsewhere", "Owner") == "Owner"


@pytest.mark.parametrize(
    ("lang", "n", "words"), [("zh-CN", 1, "%d 天"), ("zh-CN", 2, "%d 天"), ("en", 1, "%d day"), ("en", 2, "%d days")]
)
def test_a_number_asks_for_its_form(lang: str, n: int, words: str) -> None:
    with use(lang):
        assert ngettext("%d day", "%d days", n) == words
        assert ngettext("%d cat", "%d cats", n) == ("%d cat" if n == 1 else "%d cats")


def test_forms_know_their_context() -> None:
    assert npgettext("span", "%d day", "%d days", 3) == "%d 日"


def test_a_marked_word_is_translated_where_it_is_shown() -> None:
    assert N_("Owner") == "Owner"
    assert translations.NP_("role", "Owner") == ("role", "Owner")


@pytest.mark.anyio
async def test_requests_do_not_speak_for_each_other() -> None:
    async def english() -> str:
        set_language("en")
        await asyncio.sleep(0)
        return gettext("Owner")

    set_language("zh-CN")
    assert await asyncio.create_task(english()) == "Owner"
    assert gettext("Owner") == "负责人"


def test_an_unknown_language_is_the_default() -> None:
    with use("en"):
        set_language("tlh")
        assert translations.language() == "zh-CN"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-HK", "zh-CN"),
        ("fr", "zh-CN"),
        ("fr,en-US;q=0.8,zh-TW;q=0.9", "zh-CN"),
        ("en;q=0,zh", "zh-CN"),
        ("en;q=much", "zh-CN"),
    ],
)
def test_a_browsers_wish_is_heard(asked: str, spoken: str) -> None:
    assert negotiated(asked) == spoken
