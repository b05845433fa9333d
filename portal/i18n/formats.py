"""Dates, spans and figures as a reader of this language, at this site, writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from portal import clock
from portal.i18n.translations import language, ngettext, pgettext

DEFAULT_ZONE = "Asia/Shanghai"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Style:
    """How one language writes a date; str.format patterns, as Babel takes 30 times longer on a page of cards."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    time: str = "{0.hour:02}:{0.minute:02}"
    this_year: str = ""
    other_year: str = ""
    full: str = ""
    day: str = ""


STYLES = {
    "zh-CN": Style(
        weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        months=("",) * 13,
        this_year="{0.month}月{0.day}日 {0.hour:02}:{0.minute:02}",
        other_year="{0.year}年{0.month}月{0.day}日 {0.hour:02}:{0.minute:02}",
        full="{0.year}年{0.month}月{0.day}日（{weekday}）{0.hour:02}:{0.minute:02}",
        day="{0.year}年{0.month}月{0.day}日（{weekday}）",
    ),
    "en": Style(
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        months=("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        this_year="{0.day} {month}, {0.hour:02}:{0.minute:02}",
        other_year="{0.day} {month} {0.year}, {0.hour:02}:{0.minute:02}",
        full="{weekday} {0.day} {month} {0.year}, {0.hour:02}:{0.minute:02}",
        day="{weekday} {0.day} {month} {0.year}",
    ),
}

_zone: ContextVar[ZoneInfo] = ContextVar("zone", default=ZoneInfo(DEFAULT_ZONE))  # noqa: B039  # it cannot change


def zone() -> ZoneInfo:
    """The zone of the site whose page this is."""
    return _zone.get()


def set_zone(name: str) -> None:
    """Write times as clocks at this place show them, from here on."""
    _zone.set(ZoneInfo(name))


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Write times as clocks at this place show them, inside the block."""
    token = _zone.set(ZoneInfo(name))
    try:
        yield
    finally:
        _zone.reset(token)


def instant(at: datetime, full: bool = False) -> Markup:
    """A moment: the time today, the day and time else; `full` names year and weekday as well."""
    return _time(at, moment(at, full=full))


def moment(at: datetime, full: bool = False) -> str:
    """A moment as plain text, for subjects, messages and sentences."""
    here = _zone.get()
    local = at.astimezone(here)
    style = STYLES[language()]
    if full:
        pattern = style.full
    else:
        today = clock.now().astimezone(here)
        if local.date() == today.date():
            pattern = style.time
        else:
            pattern = style.this_year if local.year == today.year else style.other_year
    return pattern.format(local, month=style.months[local.month], weekday=style.weekdays[local.weekday()])


def ago(at: datetime) -> Markup:
    """How long since (or until) a moment, in its largest whole unit."""
    seconds = (clock.now() - at).total_seconds()
    count = abs(seconds)
    if count < 60:
        words = pgettext("ago", "just now")
    elif count < 3600:
        words = _past(int(count // 60), "min") if seconds > 0 else _future(int(count // 60), "min")
    elif count < 86400:
        words = _past(int(count // 3600), "h") if seconds > 0 else _future(int(count // 3600), "h")
    else:
        words = _past(int(count // 86400), "d") if seconds > 0 else _future(int(count // 86400), "d")
    return _time(at, words)


def span(length: timedelta) -> str:
    """A length of time in its two largest units: 2 h 5 min."""
    minutes = int(abs(length.total_seconds()) // 60)
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    if days:
        parts = [pgettext("span", "%d d") % days, pgettext("span", "%d h") % hours if hours else ""]
    elif hours:
        parts = [pgettext("span", "%d h") % hours, pgettext("span", "%d min") % minutes if minutes else ""]
    else:
        parts = [pgettext("span", "%d min") % minutes]
    return " ".join(part for part in parts if part)


def worked(length: timedelta) -> str:
    """Open time in hours and minutes: 72 h; days would say nothing where a day has eight hours."""
    hours, minutes = divmod(int(length.total_seconds() // 60), 60)
    parts = [pgettext("span", "%d h") % hours if hours else "", pgettext("span", "%d min") % minutes if minutes else ""]
    return " ".join(part for part in parts if part) or pgettext("span", "%d min") % 0


def local(at: datetime | None) -> str:
    """A moment as a field for day and time holds it: 2026-11-22T18:00 at this site; nothing for none."""
    return at.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if at else ""


def countdown(due: datetime) -> Markup:
    """The hours and minutes left until a due time, or passed since; the behaviour `countdown` keeps it running."""
    days = pgettext("countdown", "{days} d")
    minutes = int((due - clock.now()).total_seconds() // 60)
    sign = MINUS if minutes < 0 else ""
    minutes = abs(minutes)
    left = f"{minutes // 60}:{minutes % 60:02}" if minutes < 1440 else days.replace("{days}", str(minutes // 1440))
    late = " countdown--late" if sign else ""
    stamp = _stamp(due)
    return _html(f'<time class="countdown{late}" datetime="{stamp}" data-countdown="{days}">{sign}{left}</time>')


def day(on: date) -> Markup:
    """A day with its weekday; of a moment, the day it falls on at this site."""
    if isinstance(on, datetime):
        on = on.astimezone(_zone.get()).date()
    style = STYLES[language()]
    text = style.day.format(on, month=style.months[on.month], weekday=style.weekdays[on.weekday()])
    return _html(f'<time datetime="{on.isoformat()}">{text}</time>')


def weekday(number: int) -> str:
    """What a weekday is called, Monday is 0."""
    return STYLES[language()].weekdays[number]


def number(n: int) -> Markup:
    """A counted figure, grouped for reading, bare for whoever counts along."""
    return _html(f'<data value="{n}">{n:,}</data>')


def money(fen: int) -> str:
    """An amount in yuan, its decimals only where it has some."""
    yuan, rest = divmod(fen, 100)
    return f"¥{yuan:,}.{rest:02}" if rest else f"¥{yuan:,}"


def capped(n: int, cap: int = 99) -> Markup:
    """A counted figure that is only counted so far: 99+ means a hundred or more."""
    return _html(f'<data value="{n}">{cap}+</data>') if n > cap else number(n)


def _past(n: int, unit: str) -> str:
    if unit == "min":
        return ngettext("%d minute ago", "%d minutes ago", n) % n
    if unit == "h":
        return ngettext("%d hour ago", "%d hours ago", n) % n
    return ngettext("%d day ago", "%d days ago", n) % n


def _future(n: int, unit: str) -> str:
    if unit == "min":
        return ngettext("in %d minute", "in %d minutes", n) % n
    if unit == "h":
        return ngettext("in %d hour", "in %d hours", n) % n
    return ngettext("in %d day", "in %d days", n) % n


def _time(at: datetime, text: str) -> Markup:
    return _html(f'<time datetime="{_stamp(at)}">{text}</time>')


def _stamp(at: datetime) -> str:
    return at.astimezone(_zone.get()).isoformat(timespec="seconds")


def _html(text: str) -> Markup:
    return Markup(text)  # noqa: S704  # figures, and words of our own catalogues
