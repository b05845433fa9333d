"""Moments, spans and figures, in both languages and at two places."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clock
from portal.i18n import formats
from portal.i18n.translations import use

NOW = datetime(2026, 11, 22, 4, 24, 30, tzinfo=UTC)  # a Sunday, 12:24:30 in Shanghai


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with use("zh-CN"), formats.in_zone("Asia/Shanghai"):
        yield


def before(**length: float) -> datetime:
    return NOW - timedelta(**length)


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (before(hours=1), "11:24", "11:24"),
        (before(days=3), "11月19日 12:24", "19 Nov, 12:24"),
        (before(days=365), "2025年11月22日 12:24", "22 Nov 2025, 12:24"),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), "00:00", "00:00"),
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), "11月21日 23:59", "21 Nov, 23:59"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "1月1日 00:00", "1 Jan, 00:00"),
    ],
)
def test_a_moment_says_as_much_as_is_needed(at: datetime, chinese: str, english: str) -> None:
    assert formats.moment(at) == chinese
    with use("en"):
        assert formats.moment(at) == english


def test_a_moment_in_full_names_year_and_weekday() -> None:
    assert formats.moment(NOW, full=True) == "2026年11月22日（周日）12:24"
    with use("en"):
        assert formats.moment(NOW, full=True) == "Sun 22 Nov 2026, 12:24"


def test_a_moment_carries_the_offset_of_its_place() -> None:
    assert formats.instant(NOW) == '<time datetime="2026-11-22T12:24:30+08:00">12:24</time>'
    with formats.in_zone("America/New_York"):
        assert formats.instant(NOW) == '<time datetime="2026-11-21T23:24:30-05:00">23:24</time>'


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        ({"seconds": 59}, "刚刚", "just now"),
        ({"seconds": -59}, "刚刚", "just now"),
        ({"minutes": 1}, "1 分钟前", "1 minute ago"),
        ({"minutes": 22}, "22 分钟前", "22 minutes ago"),
        ({"hours": 1}, "1 小时前", "1 hour ago"),
        ({"hours": 47}, "1 天前", "1 day ago"),
        ({"minutes": -5}, "5 分钟后", "in 5 minutes"),
        ({"hours": -3}, "3 小时后", "in 3 hours"),
        ({"days": -2}, "2 天后", "in 2 days"),
    ],
)
def test_how_long_ago(length: dict[str, float], chinese: str, english: str) -> None:
    assert formats.ago(before(**length)).striptags() == chinese
    with use("en"):
        assert formats.ago(before(**length)).striptags() == english


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (timedelta(seconds=59), "0 分", "0 min"),
        (timedelta(minutes=5), "5 分", "5 min"),
        (timedelta(hours=2), "2 小时", "2 h"),
        (timedelta(minutes=125), "2 小时 5 分", "2 h 5 min"),
        (timedelta(days=3, hours=2, minutes=9), "3 天 2 小时", "3 d 2 h"),
        (timedelta(days=3, minutes=9), "3 天", "3 d"),
    ],
)
def test_a_span_has_its_two_largest_units(length: timedelta, chinese: str, english: str) -> None:
    assert formats.span(length) == chinese
    with use("en"):
        assert formats.span(length) == english


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(minutes=5, seconds=59), "0:05"),
        (timedelta(0), "0:00"),
        (timedelta(seconds=-1), "\u22120:01"),
        (timedelta(minutes=-6), "\u22120:06"),
        (timedelta(hours=21, minutes=40), "21:40"),
        (timedelta(hours=24), "1 天"),
        (timedelta(days=-3, hours=-1), "\u22123 天"),
    ],
)
def test_a_countdown_runs_below_nothing(left: timedelta, text: str) -> None:
    assert formats.countdown(NOW + left).striptags() == text


def test_a_countdown_can_be_kept_running() -> None:
    assert formats.countdown(before(minutes=6)) == (
        '<time class="countdown countdown--late" datetime="2026-11-22T12:18:30+08:00" data-countdown="{days} 天">'
        "\u22120:06</time>"
    )


def test_a_day_is_that_of_the_place() -> None:
    assert formats.day(date(2026, 11, 22)) == '<time datetime="2026-11-22">2026年11月22日（周日）</time>'
    with formats.in_zone("America/New_York"), use("en"):
        assert formats.day(NOW) == '<time datetime="2026-11-21">Sat 21 Nov 2026</time>'


def test_figures_stay_readable_for_whoever_counts_along() -> None:
    assert formats.number(1234) == '<data value="1234">1,234</data>'
    assert formats.capped(99) == '<data value="99">99</data>'
    assert formats.capped(100) == '<data value="100">99+</data>'
