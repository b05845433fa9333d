"""What a report on those who came says: how long they waited and were served, who left, and who might have helped sooner."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from portal.domain.arrivals.tables import State
from portal.domain.bookings.tables import State as Booked
from portal.domain.reports.rules.cuts import NONE
from portal.domain.reports.rules.numbers import Line, Measure, Number, Table, count, share
from portal.domain.reports.rules.ranges import Range
from portal.domain.reports.rules.tally import largest, quantile
from portal.errors import NotFound
from portal.i18n.labels import label
from portal.i18n.translations import _

MINUTE = 60
MOST_DAYS = 92  # a longer range is shown by month
Stretch = tuple[datetime, datetime]
Cut = Mapping[str, str]


@dataclass(frozen=True)
class Came:
    """Somebody who came, as far as figures know: no name and no word. Instants in UTC, `hour` that of the wall.

    `channel` is that of the booking ("" for who had none), `window` the code of the one where he was called to.
    """

    number: str
    ticket: str
    type: str
    channel: str
    day: date
    hour: int
    state: str
    window: str
    clerk: str
    came_at: datetime
    booked_at: datetime | None
    called_at: datetime | None
    served_at: datetime | None
    ended_at: datetime | None
    calls: int
    shown_from: int
    shown_to: int
    out_of_turn: bool

    @property
    def wait(self) -> int | None:
        """Seconds from the coming to the first call."""
        return _between(self.came_at, self.called_at)

    @property
    def over(self) -> int | None:
        """Seconds by which somebody was called after the booked time, or after his own coming where that was later."""
        if self.booked_at is None or self.called_at is None:
            return None
        return max(0, _seconds(self.called_at - max(self.booked_at, self.came_at)))

    @property
    def walk(self) -> int | None:
        """Seconds from the call to the beginning of the service."""
        return _between(self.called_at, self.served_at)

    @property
    def service(self) -> int | None:
        """Seconds from the beginning of the service to its end."""
        return _between(self.served_at, self.ended_at) if self.state == State.DONE else None

    @property
    def told(self) -> bool:
        """Whether a range was shown, and somebody was called, so that it can be looked at."""
        return self.shown_to > 0 and self.called_at is not None

    @property
    def inside(self) -> bool:
        """Whether somebody was called inside the range that he was shown, in minutes after his coming."""
        return self.told and self.shown_from * MINUTE <= (self.wait or 0) <= self.shown_to * MINUTE

    @property
    def error(self) -> int | None:
        """Seconds between the middle of the range and the call."""
        return abs((self.wait or 0) - (self.shown_from + self.shown_to) * MINUTE // 2) if self.told else None

    @property
    def away(self) -> bool:
        """Whether somebody left before he was called."""
        return self.state == State.LEFT and self.called_at is None


@dataclass(frozen=True)
class Place:
    """A window and the codes of the types it takes (none: all)."""

    code: str
    name: str
    types: frozenset[str]

    def takes(self, type_: str) -> bool:
        return not self.types or type_ in self.types


@dataclass(frozen=True)
class Found:
    """What a report is made of: who came, the windows, bookings of those days by state, and when one waits too long."""

    days: Range
    rows: Sequence[Came]
    places: Sequence[Place]
    bookings: Counter[str]
    alert: int
    names: Mapping[str, str]
    now: datetime


# The words of an address, each true of some of those who came; the value is what the address says.
CUTS: dict[str, Callable[[Came, str], bool]] = {
    "type": lambda one, said: one.type == said,
    "channel": lambda one, said: (one.channel or NONE) == said,
    "booked": lambda one, said: (one.booked_at is not None) == (said == "1"),
    "state": lambda one, said: one.state == said,
    "window": lambda one, said: (one.window or NONE) == said,
    "clerk": lambda one, said: (one.clerk or NONE) == said,
    "hour": lambda one, said: str(one.hour) == said,
    "called": lambda one, _said: one.called_at is not None,
    "served": lambda one, _said: one.walk is not None,
    "finished": lambda one, _said: one.service is not None,
    "away": lambda one, _said: one.away,
    "recalled": lambda one, _said: one.calls > 1,
    "turn": lambda one, _said: one.out_of_turn,
    "told": lambda one, _said: one.told,
    "inside": lambda one, _said: one.inside,
}

LONG = "long"  # waited longer than the site allows
RANGE = ("range", "from", "to")  # what an address says of the days
WORDS = (*RANGE, *CUTS, LONG)


def read(query: Mapping[str, str]) -> dict[str, str]:
    """What of an address says which of them are asked for."""
    return {name: value for name, value in query.items() if name in (*CUTS, LONG)}


def cut_down(found: Found, cut: Cut) -> list[Came]:
    """Those of whom all words of an address are true; raises NotFound for one that no address of ours says."""
    tests = [_test(found, name, value) for name, value in cut.items()]
    return [one for one in found.rows if all(test(one) for test in tests)]


def summary(found: Found) -> tuple[Line, ...]:
    """The numbers that stand first."""
    rows = found.rows
    return (
        Line(_("Came"), (count(len(rows), {}),)),
        Line(_("Half waited at most"), (_took(rows, "wait", 50, {"called": "1"}),)),
        Line(_("90% waited at most"), (_took(rows, "wait", 90, {"called": "1"}),)),
        Line(_("Left before they were called"), (_part(found, {"away": "1"}, {}),)),
        Line(_("Called and not there"), (_part(found, {"state": State.NO_SHOW}, {}),)),
        Line(_("Waited longer than %(n)d minutes") % {"n": found.alert}, (_part(found, {LONG: "1"}, {"called": "1"}),)),
        Line(_("Called when they were told"), (_part(found, {"inside": "1"}, {"told": "1"}),)),
        Line(_("Booked and did not come"), (_missed(found),)),
        Line(_("Idle windows while people waited"), (Number(Measure.SPAN, sum(idle(found).values()), {"called": "1"}),)),
    )


# Bookings that never were agreed, or were taken back in time: nobody could be missing there.
UNMET = (Booked.WAITING, Booked.DECLINED, Booked.CANCELLED, Booked.REQUESTED, Booked.PROPOSED)


def tables(found: Found) -> list[Table]:
    """All that the report says, in the order in which people ask."""
    return [
        _times(found), _by_day(found), _by_hour(found), _types(found), _ways(found), _windows(found), _clerks(found),
        _ends(found), _bookings(found),
    ]  # fmt: skip


def idle(found: Found) -> Counter[str]:
    """Seconds in which a window stood idle while somebody waited whom it takes, by its code.

    A window works on a day from its first call to the end of its last visit; it is busy from each call until that visit
    ends. Somebody waits from his coming until he is called, or leaves.
    """
    counted: Counter[str] = Counter()
    days: dict[date, list[Came]] = {}
    for one in found.rows:
        days.setdefault(one.day, []).append(one)
    for today in days.values():
        for place in found.places:
            busy = _united((one.called_at, one.ended_at or found.now) for one in today
                           if one.window == place.code and one.called_at)  # fmt: skip
            if not busy:
                continue
            works = (busy[0][0], busy[-1][1])
            waited = _united((one.came_at, one.called_at or one.ended_at or found.now) for one in today
                             if place.takes(one.type))  # fmt: skip
            counted[place.code] += _free(works, busy, waited)
    return counted


def _test(found: Found, name: str, value: str) -> Callable[[Came], bool]:
    if name == LONG:
        return lambda one: one.wait is not None and one.wait > found.alert * MINUTE
    if name not in CUTS:
        raise NotFound
    return lambda one: CUTS[name](one, value)


def _times(found: Found) -> Table:
    said = (
        (_("From coming to the call"), "wait", {"called": "1"}),
        (_("The same, with a booking: after its time"), "over", {"called": "1", "booked": "1"}),
        (_("From the call to the window"), "walk", {"served": "1"}),
        (_("At the window"), "service", {"finished": "1"}),
        (_("How far the time shown was off"), "error", {"told": "1"}),
    )
    lines = tuple(
        Line(word, (count(_known(found.rows, name).total(), where), _took(found.rows, name, 50, where),
                    _took(found.rows, name, 90, where)))
        for word, name, where in said
    )  # fmt: skip
    return Table("times", _("How long did it take?"), (_("What"), _("n"), _("Half within"), _("90% within")), lines)


def _by_day(found: Found) -> Table:
    by = Counter(one.day for one in found.rows)
    if found.days.days <= MOST_DAYS:
        parts = [(day, day) for day in (found.days.first + timedelta(n) for n in range(found.days.days))]
    else:
        starts = sorted({day.replace(day=1) for day in by} | {found.days.first})
        ends = [after - timedelta(1) for after in starts[1:]] + [found.days.last]
        parts = list(zip(starts, ends, strict=True))
    lines = tuple(Line(_days(first, last), (_on(found, by, first, last),)) for first, last in parts)
    return Table("days", _("When did visitors come?"), (_("Day"), _("How many")), lines, "days")


def _by_hour(found: Found) -> Table:
    lines = tuple(Line(f"{hour:02}:00", _of(found, {"hour": str(hour)})) for hour in range(24))
    columns = (_("Hour"), _("How many"), _("Half waited at most"), _("90% waited at most"))
    return Table("hours", _("At what hour?"), columns, lines, "columns")


def _types(found: Found) -> Table:
    lines = tuple(
        Line(found.names.get(code, code), (
            *_of(found, {"type": code}), _part(found, {"type": code, "away": "1"}, {"type": code}),
        ))
        for code, _many in largest(Counter(one.type for one in found.rows))
    )  # fmt: skip
    columns = (_("What for"), _("How many"), _("Half waited at most"), _("90% waited at most"), _("Left before the call"))
    return Table("types", _("What did they come for?"), columns, lines)


def _ways(found: Found) -> Table:
    by = largest(Counter(one.channel or NONE for one in found.rows))
    lines = tuple(
        Line(_("Without a booking") if code == NONE else label("channel", code), _of(found, {"channel": code}))
        for code, _many in by
    )
    columns = (_("Booked"), _("How many"), _("Half waited at most"), _("90% waited at most"))
    return Table("ways", _("With a booking, or without?"), columns, lines)


def _windows(found: Found) -> Table:
    unused = idle(found)
    lines = tuple(
        Line(place.name, (_number(found, {"window": place.code}), _number(found, {"window": place.code, "turn": "1"}),
                          Number(Measure.SPAN, unused[place.code], {"window": place.code})))
        for place in found.places
    )  # fmt: skip
    note = _("Idle counts from a window's first call of the day to the end of its last visit, while somebody waited whom it "
             "takes.")  # fmt: skip
    columns = (_("Window"), _("How many"), _("Out of turn"), _("Idle while people waited"))
    return Table("windows", _("How were the windows used?"), columns, lines, note=note)


def _clerks(found: Found) -> Table:
    by = largest(Counter(one.clerk for one in found.rows if one.clerk))
    lines = tuple(
        Line(found.names.get(f"clerk.{code}", code), (_number(found, {"clerk": code}), _took(
            cut_down(found, {"clerk": code}), "service", 50, {"clerk": code, "finished": "1"}
        )))
        for code, _many in by
    )  # fmt: skip
    return Table("clerks", _("Who served them?"), (_("Who"), _("How many"), _("Half took at most")), lines)


def _ends(found: Found) -> Table:
    lines = (
        *(Line(label("state", state), (_number(found, {"state": state}),)) for state in State),
        Line(_("Called more than once"), (_number(found, {"recalled": "1"}),)),
        Line(_("Called out of turn"), (_number(found, {"turn": "1"}),)),
    )
    return Table("ends", _("What became of them?"), (_("State"), _("How many")), lines, "bars")


def _bookings(found: Found) -> Table:
    lines = tuple(Line(label("state", code), (Number(Measure.COUNT, many),)) for code, many in largest(found.bookings))
    note = _("Of the days they were booked for; they stand in the agenda.")
    return Table("bookings", _("What became of the bookings?"), (_("State"), _("How many")), lines, "bars", note=note)


def _missed(found: Found) -> Number:
    """The part of the agreed bookings to which nobody came; they stand in the agenda, not among those who came."""
    agreed = found.bookings.total() - sum(found.bookings[state] for state in UNMET)
    return Number(Measure.SHARE, found.bookings[Booked.NO_SHOW] / agreed if agreed else None, n=agreed)


def _of(found: Found, where: Cut) -> tuple[Number, ...]:
    """How many there are of a part, and how long half and most of them waited."""
    rows, called = cut_down(found, where), {**where, "called": "1"}
    return count(len(rows), where), _took(rows, "wait", 50, called), _took(rows, "wait", 90, called)


def _number(found: Found, where: Cut) -> Number:
    return count(len(cut_down(found, where)), where)


def _part(found: Found, these: Cut, whole: Cut) -> Number:
    return share(len(cut_down(found, these)), len(cut_down(found, whole)), these)


def _took(rows: Iterable[Came], name: str, percent: int, where: Cut) -> Number:
    known = _known(rows, name)
    return Number(Measure.SPAN, quantile(known, percent), where, known.total())


def _known(rows: Iterable[Came], name: str) -> Counter[int]:
    return Counter(value for one in rows if (value := getattr(one, name)) is not None)


def _on(found: Found, by: Counter[date], first: date, last: date) -> Number:
    many = sum(by[day] for day in by if first <= day <= last)
    return count(many, {"from": first.isoformat(), "to": last.isoformat()}) if many else Number(Measure.COUNT, 0)


def _days(first: date, last: date) -> str:
    return first.isoformat() if first == last else first.isoformat()[:7]


def _free(works: Stretch, busy: list[Stretch], waited: list[Stretch]) -> int:
    """The seconds of a stretch that are not busy and in which somebody waited."""
    gaps = [(ended, began) for (_start, ended), (began, _end) in pairwise(busy) if began > ended]
    return sum(
        _seconds(min(ends, until, works[1]) - max(begins, since, works[0]))
        for begins, ends in gaps for since, until in waited
        if min(ends, until, works[1]) > max(begins, since, works[0])
    )  # fmt: skip


def _united(stretches: Iterable[tuple[datetime | None, datetime]]) -> list[Stretch]:
    """Stretches that overlap or touch, as one each, in order."""
    found: list[Stretch] = []
    for begins, ends in sorted((begins, ends) for begins, ends in stretches if begins is not None):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def _between(first: datetime | None, then: datetime | None) -> int | None:
    return None if first is None or then is None else max(0, _seconds(then - first))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
