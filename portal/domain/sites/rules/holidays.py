"""China's public holidays as the State Council orders them: closed days, and weekend days worked in their place (调休).

The package `holidays` has the orders. The days of a weekend that adjoins a holiday belong to it, as the orders have it,
unless they are worked.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from holidays import country_holidays

CHINA = "CN"
SATURDAY = 5
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Break:
    """Days off in a row, and what is celebrated on them."""

    first: date
    last: date
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class _Year:
    """One year's order: its closed days, what is celebrated by language, and each make-up day with the day it is for."""

    closed: frozenset[date]
    feasts: dict[str, dict[date, str]]
    swaps: dict[date, date]


def published(country: str) -> frozenset[int]:
    """The years that have been ordered; any other is only reckoned."""
    return _published() if country == CHINA else frozenset()


def weekday(country: str, day: date) -> int | None:
    """The weekday whose hours hold on this day; None on a holiday. A make-up day has the hours of the day it is for."""
    if country != CHINA:
        return day.weekday()
    worked_for = _swaps(day.year).get(day)
    if worked_for is not None:
        return worked_for.weekday()
    return None if _is_off(day) else day.weekday()


def breaks(country: str, first: date, last: date) -> list[Break]:
    """The holidays of some days in order, each whole even where it begins before or ends after them."""
    if country != CHINA:
        return []
    found, day = [], first
    while day <= last:
        if _is_off(day):
            found.append(_break(day))
            day = found[-1].last
        day += ONE
    return found


def made_up(country: str, first: date, last: date) -> list[tuple[date, date]]:
    """The weekend days of some days that are worked, each with the day off it is for."""
    if country != CHINA:
        return []
    swaps = {day: off for year in range(first.year, last.year + 1) for day, off in _swaps(year).items()}
    return sorted((day, off) for day, off in swaps.items() if first <= day <= last)


def known(country: str) -> str:
    """A short word for what is known of a country's holidays; another one when an order has come or was corrected."""
    years = sorted(published(country))
    if not years:
        return ""
    orders = [(sorted(_year(year).closed), sorted(_year(year).swaps.items())) for year in years[-2:]]
    return f"{country} {years[-1]} {hashlib.sha256(repr(orders).encode()).hexdigest()[:8]}"


def _is_off(day: date) -> bool:
    """Whether the order closes a day, or it is a day of a weekend beside one that is closed."""
    if day in _year(day.year).closed:
        return True
    return _is_free(day) and any(_adjoins(day, step) for step in (-ONE, ONE))


def _adjoins(day: date, step: timedelta) -> bool:
    """Whether nothing but weekend lies between a weekend's day and a closed one."""
    while _is_free(day):
        day += step
    return day in _year(day.year).closed


def _is_free(day: date) -> bool:
    return day.weekday() >= SATURDAY and day not in _swaps(day.year) and day not in _year(day.year).closed


def _break(day: date) -> Break:
    first = last = day
    while _is_off(first - ONE):
        first -= ONE
    while _is_off(last + ONE):
        last += ONE
    return Break(first, last, "、".join(_feasts(first, last, "zh_CN")), ", ".join(_feasts(first, last, "en_US")))


def _feasts(first: date, last: date, language: str) -> Iterator[str]:
    """What is celebrated, each once, in order."""
    told = set()
    for number in range((last - first).days + 1):
        day = first + number * ONE
        for feast in _year(day.year).feasts[language].get(day, "").split("; "):
            if feast and feast not in told:
                told.add(feast)
                yield feast


@cache
def _swaps(year: int) -> dict[date, date]:
    """The make-up days that fall in a year; the next year's order may name some of its last days."""
    return {day: off for order in (year, year + 1) for day, off in _year(order).swaps.items() if day.year == year}


@cache
def _published() -> frozenset[int]:
    return frozenset(_china().special_public_holidays)


@cache
def _year(year: int) -> _Year:
    days = _china(years=year)
    swaps = {}
    for order in days.special_public_holidays.get(year, ()):
        if isinstance(order[2], int):  # (month, day) off for (month, day[, year]) worked; else a day off with its name
            worked = date(order[4] if len(order) > 4 else year, order[2], order[3])
            if worked.weekday() >= SATURDAY:
                swaps[worked] = date(year, order[0], order[1])
    feasts = {
        language: {
            day: name
            for day, name in _china(years=year, observed=False, language=language).items()
            if day not in swaps.values()
        }
        for language in ("zh_CN", "en_US")
    }
    return _Year(frozenset(days) - swaps.keys(), feasts, swaps)


def _china(**about: Any) -> Any:
    """The package's China; what it says of its orders stands in no type."""
    return country_holidays(CHINA, **about)
