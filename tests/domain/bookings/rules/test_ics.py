"""The calendar file: octets, zones, words of any language, and two parsers that have never heard of each other."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.bookings.rules import ics

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def entry(at: datetime = NOW, *, zone: str = "Asia/Shanghai", summary: str = "参观", description: str = "") -> ics.Entry:
    return ics.Entry(
        "visit@example", 3, ics.CONFIRMED, at, at + timedelta(hours=1), zone, summary, "大堂, 海湾酒店", description,
        "https://care.example/b/x",
    )  # fmt: skip


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ,;\\中\n"), min_size=1, max_size=300))
def test_any_words_come_back_from_lines_of_75_octets(words: str) -> None:
    text = ics.written(entry(description=words.strip() or "x"), now=NOW)

    lines = text.encode().split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert [line.decode() for line in lines]
    read = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    assert str(read["DESCRIPTION"]) == (words.strip() or "x")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("month", range(1, 13))
def test_both_parsers_read_the_instant_by_the_zone_that_the_file_brings(zone: str, month: int) -> None:
    at = datetime(2026, month, 28, 9, 30, tzinfo=UTC)

    text = ics.written(entry(at, zone=zone), now=NOW)

    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    assert event.decoded("DTSTART") == at
    other = vobject.readOne(text)
    assert other.vevent.dtstart.value == at
    offsets = set(re.findall(r"TZOFFSETTO:(\S+)", text))
    assert len(offsets) == (1 if zone == "Asia/Shanghai" else 2)
    assert event["DTSTART"].params["TZID"] == zone


def test_a_line_of_exactly_75_octets_is_not_folded() -> None:
    assert list(ics.folded("x" * 75)) == ["x" * 75]
    assert list(ics.folded("x" * 76)) == ["x" * 75, " x"]
    assert list(ics.folded("中" * 26)) == ["中" * 25, " 中"]
