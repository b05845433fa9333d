"""What a type asks besides: fields that appear only where a condition holds (VIS-02, VIS-10)."""

from lxml import html

from portal.domain.bookings.rules import asking
from portal.domain.bookings.rules.asking import Ask, Kind, Option
from portal.i18n.translations import use
from portal.web import templates
from portal.web.forms import Form, Typed

BUS, TRAIN = Option("bus", "大巴", "Coach"), Option("train", "火车", "Train")
ASKS = (
    Ask("unit", "单位", "Company", required=True),
    Ask("fetched", "是否需要接", "Shall we fetch you?", Kind.YES, required=True),
    Ask("means", "怎么来", "How do you come?", Kind.CHOICE, required=True, options=(BUS, TRAIN),
        only_key="fetched", only_value="yes"),
    Ask("station", "哪个车站", "Which station?", required=True, only_key="means", only_value="train"),
)  # fmt: skip


def typed(**answers: str) -> dict[str, str]:
    return {f"ask-{key}": value for key, value in answers.items()}


def test_what_is_kept_comes_back_the_same() -> None:
    assert asking.parse(asking.written(ASKS)) == ASKS
    assert asking.parse("[]") == asking.parse("") == ()


def test_a_field_is_asked_only_where_its_condition_holds() -> None:
    def seen(**answers: str) -> list[str]:
        return [ask.key for ask in asking.visible(ASKS, answers)]

    assert seen() == ["unit", "fetched"]
    assert seen(fetched="no", means="train") == ["unit", "fetched"]
    assert seen(fetched="yes", means="bus") == ["unit", "fetched", "means"]
    assert seen(fetched="yes", means="train") == ["unit", "fetched", "means", "station"]


def test_a_condition_on_what_is_itself_not_asked_holds_never() -> None:
    around = (Ask("a", "甲", "", only_key="b"), Ask("b", "乙", "", only_key="a"))

    assert asking.visible(around, {}) == []


def test_what_is_missing_is_told_at_its_field_and_what_is_hidden_counts_for_nothing() -> None:
    answers, wrong = asking.validate(ASKS, typed(fetched="no", means="boat", station="南站"))

    assert answers == {"fetched": "no"}
    assert list(wrong) == ["ask-unit"]

    answers, wrong = asking.validate(ASKS, typed(unit="清华", fetched="yes", means="train"))
    assert list(wrong) == ["ask-station"]
    assert answers == {"unit": "清华", "fetched": "yes", "means": "train"}


def test_an_answer_that_was_not_offered_or_is_endless_is_refused() -> None:
    _answers, wrong = asking.validate(ASKS, typed(unit="长" * 301, fetched="yes", means="boat"))

    assert list(wrong) == ["ask-unit", "ask-means"]


def test_an_answer_keeps_the_words_that_it_was_asked_in() -> None:
    answers, wrong = asking.validate(ASKS, typed(unit="清华", fetched="yes", means="bus"))
    text = asking.kept(ASKS, answers)

    assert not wrong
    with use("en"):
        assert asking.told(text) == [("Company", "清华"), ("Shall we fetch you?", "Yes"), ("How do you come?", "Coach")]
    assert asking.told(text)[2] == ("怎么来", "大巴")
    assert asking.answers(text) == answers
    assert (asking.kept(ASKS, {}), asking.told(""), asking.answers("")) == ("", [], {})


def test_the_fields_stand_in_the_form_below_what_they_depend_on() -> None:
    form = Form[Typed](typed(fetched="yes", means="boat"), {"ask-means": "选一个"})

    page = html.fromstring(
        f"<div>{templates.environment().get_template('bookings/_asks.html').render(asks=ASKS, form=form)}</div>"
    )

    assert {one.get("name") for one in page.iter("input")} == {"ask-unit", "ask-fetched", "ask-means", "ask-station"}
    (means,) = page.cssselect(".ask__more--1 > .ask > fieldset")
    assert [one.get("name") for one in means.iter("input")] == ["ask-means", "ask-means"]
    assert "选一个" in means.text_content()
    assert [one.get("value") for one in page.iter("input") if one.get("checked") is not None] == ["yes"]
    assert page.cssselect(".ask__more .ask__more--2 input[name=ask-station]")
