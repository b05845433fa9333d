"""What may be typed about a site's places and categories, and about when it is open."""

import re
import unicodedata
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.sites.rules.calendar import ALL_DAY, DAY, Interval, overlaps
from portal.domain.sites.rules.holidays import CHINA
from portal.domain.sites.tables import PlaceKind
from portal.i18n.translations import N_, gettext, ngettext

MOST, NAME = 500, 80
SHORT = N_("%(where)s: a code and a Chinese name, with a comma between them")
CODE = N_("%(where)s: a code has at most 40 letters A–Z, digits, dots, hyphens and underscores")
LONG = N_("%(where)s: a name has at most 80 characters")
TWICE = N_("%(where)s: this code stands further up already")
SHOWN = 12
ROUND = ("24h", "24小时", "全天")
CLOSED = ("closed", "休息", "不营业")
TIMES = re.compile(r"(\d{1,2})(?::(\d{2}))? ?(?:[-–—~〜至到]|to) ?(\d{1,2})(?::(\d{2}))?")
LONGEST = 366  # days that are written down at once


class NewPlace(NamedTuple):
    """A line of the list: a code in capitals, and what the place is called; the English name may be empty."""

    code: str
    name_zh: str
    name_en: str


def _places(typed: str) -> list[NewPlace]:
    """The places of a text, one a line; what cannot be read is told by the numbers of its lines, all at once."""
    found: dict[str, NewPlace] = {}
    wrong: dict[str, list[int]] = {}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", typed), start=1):
        if not line.strip():
            continue
        place = _place(line)
        fault = TWICE if place.code in found else _fault(place)
        if fault:
            wrong.setdefault(fault, []).append(number)
        else:
            found[place.code] = place
    if wrong:
        told = [gettext(fault) % {"where": _where(lines)} for fault, lines in wrong.items()]
        raise PydanticCustomError("lines", "; ".join(told))
    if len(found) > MOST:
        raise PydanticCustomError("many", N_("At most %(most)s places at once"), {"most": MOST})
    return list(found.values())


def _place(line: str) -> NewPlace:
    """What a line says. A table of figures is copied with tabs, and its names may hold commas."""
    parts = [part.strip() for part in re.split("\t" if "\t" in line.strip() else "[,，]", line.strip(), maxsplit=2)]
    code, chinese, english = (*parts, "", "")[:3]
    return NewPlace(code.upper(), chinese, english)


def _fault(place: NewPlace) -> str:
    if not place.code or not place.name_zh:
        return SHORT
    if not re.fullmatch(r"[A-Z0-9._-]{1,40}", place.code):
        return CODE
    return LONG if max(len(place.name_zh), len(place.name_en)) > NAME else ""


def _where(lines: list[int]) -> str:
    named = ", ".join(str(number) for number in lines[:SHOWN]) + (" …" if len(lines) > SHOWN else "")
    return ngettext("Line %(lines)s", "Lines %(lines)s", len(lines)) % {"lines": named}


def _code_word(code: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", code):
        raise PydanticCustomError("code", N_("Small letters, digits and hyphens, beginning with a letter; at most 40"))
    return code


def _unit(role: str, info: ValidationInfo) -> str:
    if role not in (info.context or {}).get("units", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return role


def _intervals(typed: str) -> tuple[Interval, ...]:
    """The times of a day, as they are written in either language; nothing where it is closed."""
    said = " ".join(unicodedata.normalize("NFKC", typed[:400]).lower().split())
    if said in ROUND:
        return ALL_DAY
    if said in CLOSED:
        return ()
    found = tuple(sorted(_interval(part.strip()) for part in re.split("[,、;]", said) if part.strip()))
    if overlaps([found, *[()] * 6]):
        raise PydanticCustomError("overlap", N_("%(label)s: two of these times overlap"))
    return found


def _interval(said: str) -> Interval:
    """A stretch of a day in minutes; one that ends earlier than it begins goes over midnight."""
    read = TIMES.fullmatch(said)
    hour, minute, until, past = (int(part or 0) for part in read.groups()) if read else (99, 0, 0, 0)
    if hour > 23 or until > 47 or max(minute, past) > 59:
        raise PydanticCustomError("times", N_("%(label)s: times such as 09:00–12:00, 13:30–18:00, or 24h"))
    opens, closes = hour * 60 + minute, until * 60 + past
    if opens == closes:
        raise PydanticCustomError("empty", N_("%(label)s: a time ends when it begins; for the whole day write 24h"))
    closes += DAY if closes < opens else 0
    if closes > opens + DAY:
        raise PydanticCustomError("long", N_("%(label)s: a time is longer than 24 hours"))
    return opens, closes


def _day(typed: str) -> date:
    said = re.fullmatch(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D?", unicodedata.normalize("NFKC", typed))
    try:
        return date(*(int(part) for part in said.groups())) if said else date.fromisoformat(typed)
    except ValueError:
        raise PydanticCustomError("day", N_("%(label)s: a day such as 2026-12-24")) from None


def _last_day(last: date, info: ValidationInfo) -> date:
    first = info.data.get("first", last)
    if last < first:
        raise PydanticCustomError("before", N_("%(label)s: not before the first day"))
    if (last - first).days >= LONGEST:
        raise PydanticCustomError("far", N_("%(label)s: at most %(most)s days at once"), {"most": LONGEST})
    return last


CodeWord = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True), AfterValidator(_code_word)]
Name = StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME)


class NewPlaces(BaseModel):
    """Many places of one kind, one a line."""

    kind: Annotated[PlaceKind, Field(title=N_("What they are"))]
    places: Annotated[list[NewPlace], BeforeValidator(_places), Field(title=N_("Places"))]


class NewCategory(BaseModel):
    """Something a complaint may be about, or new names for it; the units that may look after it are in the context."""

    code: Annotated[CodeWord, Field(title=N_("Code"))]
    name_zh: Annotated[str, Name, Field(title=N_("Chinese name"))]
    name_en: Annotated[str, Name, Field(title=N_("English name"))]
    unit: Annotated[str, AfterValidator(_unit), Field(title=N_("Whose business it is"))]


Day = Annotated[date, BeforeValidator(_day)]
Times = Annotated[tuple[Interval, ...], BeforeValidator(_intervals)]


class Week(BaseModel):
    """When a site is open: the times of each weekday, and whether it keeps China's holidays."""

    monday: Annotated[Times, Field(title=N_("Monday"))] = ()
    tuesday: Annotated[Times, Field(title=N_("Tuesday"))] = ()
    wednesday: Annotated[Times, Field(title=N_("Wednesday"))] = ()
    thursday: Annotated[Times, Field(title=N_("Thursday"))] = ()
    friday: Annotated[Times, Field(title=N_("Friday"))] = ()
    saturday: Annotated[Times, Field(title=N_("Saturday"))] = ()
    sunday: Annotated[Times, Field(title=N_("Sunday"))] = ()
    holidays: bool = False

    @property
    def times(self) -> tuple[tuple[Interval, ...], ...]:
        """The week from Monday."""
        return tuple(getattr(self, weekday) for weekday in WEEKDAYS)

    @property
    def country(self) -> str:
        """Whose holidays are kept."""
        return CHINA if self.holidays else ""


class OwnDays(BaseModel):
    """Days of the site's own, one or several in a row, with other times than their weekday's or none."""

    first: Annotated[Day, Field(title=N_("First day"), alias="from")]
    last: Annotated[Day | None, AfterValidator(_last_day), Field(title=N_("Last day"), alias="to")] = None
    name: Annotated[str, Name, Field(title=N_("What day it is"))]
    hours: Annotated[Times, Field(title=N_("Times"))] = ()


class Removal(BaseModel):
    """Until which day the site's own days are taken away."""

    to: Day | None = None


WEEKDAYS = {name: str(field.title) for name, field in Week.model_fields.items() if name.endswith("day")}
