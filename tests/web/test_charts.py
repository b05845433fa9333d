"""Charts: round ticks, nothing cut off, nothing hidden, every value a link where it has an address."""

import pytest
from lxml import html

from portal.i18n.translations import use
from portal.web import charts
from tests.browser import charts as gallery


@pytest.mark.parametrize(
    ("highest", "unit", "expected"),
    [
        (0, "count", ["0", "1"]), (1, "count", ["0", "1"]), (3, "count", ["0", "1", "2", "3"]),
        (7, "count", ["0", "2", "4", "6", "8"]), (52, "count", ["0", "20", "40", "60"]),
        (100_000, "count", ["0", "50,000", "100,000"]), (83, "minutes", ["0 min", "30 min", "60 min", "90 min"]),
        (300, "minutes", ["0 h", "2 h", "4 h", "6 h"]), (90_000, "minutes", ["0 h", "480 h", "960 h", "1440 h", "1920 h"]),
        (128_050, "money", ["¥0", "¥500", "¥1,000", "¥1,500"]),
        (0.4, "share", ["0%", "25%", "50%", "75%", "100%"]), (4.2, "score", ["0", "1", "2", "3", "4", "5"]),
    ],
)  # fmt: skip
def test_ticks_are_few_and_round_and_reach_over_the_highest(highest: float, unit: str, expected: list[str]) -> None:
    with use("en"):
        top, ticks = charts.ticks([highest], unit)

    assert [tick.word for tick in ticks] == expected
    assert top >= highest
    assert (ticks[0].at, ticks[-1].at) == (0, 100)


def test_nothing_is_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="never less"):
        charts.ticks([3, -1])


def test_a_bar_is_as_long_as_its_share_of_the_scale_and_none_can_not_be_seen() -> None:
    drawn = charts.bars([("a", 60, ""), ("b", 15, ""), ("c", 0, ""), ("d", None, ""), ("e", 0.01, "")])

    assert [bar.length for bar in drawn.bars] == [100, 25, 0, 0, 0.6]
    assert [bar.word for bar in drawn.bars] == ["60", "15", "0", "–", "0.01"]


def test_labels_are_shortened_by_the_room_they_take() -> None:
    assert charts.shortened("Lobby") == "Lobby"
    assert charts.shortened("宴会厅与会议中心东侧走廊尽头") == "宴会厅与会议中心东侧走廊…"
    assert charts.shortened("Rooftop swimming pool and the bar") == "Rooftop swimming pool and…"


def test_hours_keep_every_fourth_label_on_a_phone_and_only_the_highest_value() -> None:
    drawn = charts.bars([(f"{hour:02}", hour, "") for hour in range(24)])

    assert [bar.label for bar in drawn.bars if bar.label_seen == ""] == ["00", "04", "08", "12", "16", "20"]
    assert [bar.label for bar in drawn.bars if bar.word_seen == ""] == ["23"]


def test_a_line_breaks_where_nothing_is_known() -> None:
    _drawn, (line,) = charts.lines(["a", "b", "c", "d"], [("one", [1, None, 2, 3], [])])

    assert [(one.label, two.label) for one, two in line.pieces] == [("c", "d")]
    assert [point.word for point in line.points] == ["1", "2", "3"]


def test_words_at_the_ends_of_lines_keep_apart() -> None:
    floor = charts.TOP + charts.PLOT

    assert charts.apart([100, 101, 40]) == [100, 116, 40]
    assert charts.apart([floor, floor, floor]) == [floor - 32, floor - 16, floor]


def test_a_pile_is_as_high_as_its_parts() -> None:
    _drawn, piles = charts.stacked(["a", "b"], [("x", [3, 0], ["/1", ""]), ("y", [1, None], ["/2", ""])])

    assert [part.start for part in piles[0].parts] == [0, 75]
    assert piles[0].whole.length == sum(part.length for part in piles[0].parts) == 100
    assert piles[1].parts == []


def test_small_charts_have_one_scale() -> None:
    (_a, _x, small), (_b, _y, large) = charts.multiples([("a", [("1", 1, "")], ""), ("b", [("1", 40, "")], "")])

    assert small.ticks == large.ticks
    assert (small.bars[0].length, large.bars[0].length) == (2.5, 100)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_value_with_an_address_is_a_link_in_the_chart_and_in_the_table(language: str) -> None:
    tree = html.document_fromstring(gallery.page(language))
    sections = tree.cssselect("section")

    for chart in tree.cssselect("svg[role]"):
        assert chart.cssselect("title")[0].text
        assert chart.cssselect("desc")[0].text
        assert (chart.get("role") == "group") == bool(chart.cssselect("a"))
    assert len(sections[0].cssselect("svg a")) == len(sections[0].cssselect("tbody a")) == len(gallery.PLACES)
    assert [link.cssselect("title")[0].text for link in sections[1].cssselect("svg a")][:2] == ["00: 3", "01: 10"]
    assert len(sections[-1].cssselect("svg a")) == 60
    assert not tree.cssselect("[style]")
