"""Which days a report is about, in the days of its site, each of which begins when the house's day begins."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from portal.domain.sites.rules import days as site_days
from portal.domain.sites.rules.calendar import DAY
from portal.domain.sites.rules.days import EPOCH
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.i18n.translations import _

RECEIVED, CLOSED = "received", "closed"
TODAY, WEEK, MONTH, QUARTER, OWN = "today", "week", "month", "quarter", "own"
WORDS = ("range", "from", "to", "by", "kind")  # an address says a range with
PRESETS = (TODAY, WEEK, MONTH, QUARTER)
YEARS = 5
SLICE = 31  # days that are read at once
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Range:
    """From one day of a site to another, both included; `by` says which instant counts, the receipt or the closing.

    A day begins `begins` minutes after midnight in the site's zone. `preset` is the name it was asked for by, if it was;
    `kinds` are those that are counted (none: what counts as a complaint).
    """

    by: str
    first: date
    last: date
    zone: str
    begins: int = 0
    preset: str = OWN
    kinds: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def low(self) -> int:
        """The first minute of it, counted as facts count (tables.Fact)."""
        return (self.first - EPOCH).days * DAY + self.begins

    @property
    def high(self) -> int:
        """The first minute after it."""
        return ((self.last - EPOCH).days + 1) * DAY + self.begins

    @property
    def begin(self) -> str:
        """When its days begin, by the clock on the wall."""
        return site_days.shown(self.begins)

    @property
    def before(self) -> "Range":
        """As many days, just before."""
        return replace(self, first=self.first - timedelta(self.days), last=self.first - A_DAY, preset=OWN)

    @property
    def query(self) -> dict[str, str]:
        """What an address says to ask for it; its days, whatever name it was asked for by."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), **self._what}

    @property
    def moving(self) -> dict[str, str]:
        """What an address says to ask for it on another day: its name, which moves along, if it was asked for by one."""
        return self.query if self.preset == OWN else {"range": self.preset, **self._what}

    def slices(self) -> list[tuple[int, int]]:
        """Its minutes in parts of a month at most, each without its end."""
        marks = [*range(self.low, self.high, SLICE * DAY), self.high]
        return list(pairwise(marks))

    @property
    def _what(self) -> dict[str, str]:
        return {"by": self.by, **({"kind": ",".join(self.kinds)} if self.kinds else {})}


def named(preset: str, site: Site, *, now: datetime, by: str = RECEIVED, kinds: tuple[str, ...] = ()) -> Range:
    """Today, or what has passed of this week, month or quarter."""
    last = site_days.today(site, now)
    first = {
        TODAY: last, WEEK: last - timedelta(last.weekday()), MONTH: last.replace(day=1),
        QUARTER: last.replace(month=(last.month - 1) // 3 * 3 + 1, day=1),
    }[preset]  # fmt: skip
    return Range(by, first, last, site.zone, site_days.begins(site), preset, kinds)


def asked(query: Mapping[str, str], site: Site, *, now: datetime, known_from: date | None) -> Range:
    """The range that an address asks for, this month where it asks for none; raises Invalid with words for each field.

    `known_from` is the day of the oldest record (none: there is none yet): a year before it, or after this one, holds
    nothing that could be counted.
    """
    by = CLOSED if query.get("by", "").strip() == CLOSED else RECEIVED
    kinds = tuple(query["kind"].split(",")) if query.get("kind") else ()
    start, end = query.get("from", "").strip(), query.get("to", "").strip()
    if not start and not end:
        preset = query.get("range", "").strip()
        return named(preset if preset in PRESETS else MONTH, site, now=now, by=by, kinds=kinds)
    here = site_days.today(site, now)
    first, last = _day(start), _day(end) if end else here
    wrong = {name: _("Give a day such as %(day)s.") % {"day": here.isoformat()}
             for name, day in (("from", first), ("to", last)) if day is None}  # fmt: skip
    if wrong or first is None or last is None:
        raise Invalid(wrong)
    if last < first:
        raise Invalid({"to": _("The last day lies before the first.")})
    if last >= _years_after(first):
        raise Invalid({"to": _("At most %(years)d years at once.") % {"years": YEARS}})
    oldest = min(known_from or here, here)
    if last.year < oldest.year or first.year > here.year:
        words = _("There is nothing from that year: the first record is of %(day)s.") % {"day": oldest.isoformat()}
        raise Invalid({"from": words})
    return Range(by, first, last, site.zone, site_days.begins(site), kinds=kinds)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(1900, 1, 1) < found < date(9000, 1, 1) else None


def _years_after(first: date) -> date:
    try:
        return first.replace(year=first.year + YEARS)
    except ValueError:  # the 29th of February
        return first.replace(year=first.year + YEARS, month=3, day=1)
