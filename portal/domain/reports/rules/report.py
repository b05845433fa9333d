"""What a report on complaints says: its numbers with the records behind each, in tables that page and files share."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from portal.domain.complaints.rules.way import COMPLAINTS, GRUMBLES
from portal.domain.complaints.tables import Kind
from portal.domain.queues.tables import Severity
from portal.domain.reports.rules import wording
from portal.domain.reports.rules.cuts import CLOCKS, NONE, counted
from portal.domain.reports.rules.numbers import Line, Measure, Number, Table, count, in_time, share, span
from portal.domain.reports.rules.ranges import RECEIVED, Range
from portal.domain.reports.rules.tally import IN_TIME, NOT_DUE, TOO_LATE, Tally, largest
from portal.domain.reports.rules.wording import Names
from portal.domain.sites.rules.days import EPOCH
from portal.i18n.labels import label
from portal.i18n.translations import _

TIMELY = 2  # where the share that was answered in time stands in the summary
MOST_DAYS = 92  # a longer range is shown by month
WEEK = 7


def summary(found: Tally) -> tuple[Line, ...]:
    """The numbers that stand first."""
    grumbles = sum(found.others[kind] for kind in GRUMBLES)
    either = ",".join([*sorted(COMPLAINTS), *GRUMBLES])
    asked = found.sum["asked"]
    return (
        Line(_("Received") if found.days.by == RECEIVED else label("state", "closed"), (count(found.many, {}),)),
        Line(_("Still open"), (count(found.sum["open"], {"state": "open"}),)),
        Line(_("Answered in time"), (in_time(found, "resolve"),)),
        Line(_("Half were answered within"), (span(found, "resolve", "own", 50),)),
        Line(_("Reopened"), (count(found.sum["reopened"], {"reopened": "1"}),)),
        Line(_("Hand-offs"), (count(found.sum["handoffs"], {"handed": "1"}),)),
        Line(_("Compensation"), (Number(Measure.MONEY, found.sum["fen"], {"compensated": "1"}, found.sum["compensated"]),)),
        Line(_("Satisfied when asked"), (share(found.sum["satisfied"], asked, {"asked": "1"}),)),
        *([] if found.days.kinds else
          [Line(_("Grumbles among all displeasure"), (share(grumbles, grumbles + found.many, {"kind": either}),))]),
    )


def tables(found: Tally, names: Names) -> list[Table]:
    """All that the report says, in the order in which people ask (CMP-43, RPT-06)."""
    return [
        _times(found),
        _by_day(found),
        _by_hour(found),
        _by_weekday(found, names["weekday"]),
        _subjects(found, names["category"]),
        _subjects_by_weekday(found, names),
        _plain("kinds", _("Of what kind were they?"), _("Kind"), found, "kind", names["kind"]),
        _plain("places", _("Where did they happen?"), _("Place"), found, "place", names["place"]),
        _plain("channels", _("Which way did they come?"), _("Way"), found, "channel", names["channel"]),
        _severities(found),
        _plain("causes", _("What caused them?"), _("Cause"), found, "cause", names["cause"]),
        _actions(found),
        _clerks(found, names["clerk"]),
        _satisfaction(found),
        _others(found),
    ]


def _times(found: Tally) -> Table:
    """Each round of a clock counts by itself: what was reopened is promised anew."""
    called = wording.clocks()
    lines = tuple(
        Line(called[clock], (
            count(found.of[f"{clock}_own"].total(), {"took": clock}),
            span(found, clock, "own", 50), span(found, clock, "own", 90),
            span(found, clock, "wall", 50), span(found, clock, "wall", 90),
            count(found.sum[f"{clock}_intime"], {"intime": clock}), count(found.sum[f"{clock}_late"], {"late": clock}),
            in_time(found, clock),
        ))
        for clock in CLOCKS
    )  # fmt: skip
    columns = (_("Promise"), _("n"), _("Half within"), _("90% within"), _("Half within, by the clock on the wall"),
               _("90% within, by the clock on the wall"), _("In time"), _("Late"), _("Share in time"))  # fmt: skip
    note = _("In the house's own open time, without pauses. What was reopened is promised an answer anew: it counts again.")
    return Table("times", _("How quick were we?"), columns, lines, note=note)


def _by_day(found: Tally) -> Table:
    """Each day; of a long range each month."""
    counted, days = found.days_counted(), found.days
    if days.days <= MOST_DAYS:
        parts = [(one, one) for one in (days.first + timedelta(n) for n in range(days.days))]
    else:
        parts = _months(days)
    lines = tuple(
        Line(_day_word(first, last), (_of_days(_between(counted, first, last), first, last),)) for first, last in parts
    )
    title = _("When were they closed?") if days.by == "closed" else _("When did they come?")
    return Table("days", title, (_("Day") if days.days <= MOST_DAYS else _("Month"), _("How many")), lines, "days")


def _by_hour(found: Tally) -> Table:
    counted = found.hours_counted()
    lines = tuple(Line(f"{hour:02}:00", (count(counted[hour], {"hour": str(hour)}),)) for hour in range(24))
    return Table("hours", _("At what hour?"), (_("Hour"), _("How many")), lines, "columns")


def _by_weekday(found: Tally, names: Mapping[str, str]) -> Table:
    counted = found.by("weekday")
    lines = tuple(Line(names[str(day)], (count(counted[str(day)], {"weekday": str(day)}),)) for day in range(WEEK))
    return Table("weekdays", _("On which weekday?"), (_("Weekday"), _("How many")), lines, "columns")


def _subjects(found: Tally, names: Mapping[str, str]) -> Table:
    """Each subject, with how its answers came."""
    columns = (_("Subject"), _("How many"), _("In time"), _("Late"), _("Not due yet"))
    lines = _with_lateness(found, "category", names)
    return Table("subjects", _("What were they about?"), columns, lines, "stacked")


def _subjects_by_weekday(found: Tally, names: Names) -> Table:
    counted = found.by("category", "weekday")
    lines = tuple(
        Line(_named(code, names["category"]), tuple(
            count(counted[code, str(day)], {**_cut("category", code), "weekday": str(day)}) for day in range(WEEK)
        ))
        for code, _many in largest(found.by("category"))
    )  # fmt: skip
    columns = (_("Subject"), *(names["weekday"][str(day)] for day in range(WEEK)))
    return Table("week", _("What comes on which weekday?"), columns, lines, "multiples")


def _clerks(found: Tally, names: Mapping[str, str]) -> Table:
    columns = (_("Who has it"), _("How many"), _("In time"), _("Late"), _("Not due yet"))
    lines = _with_lateness(found, "clerk", names)
    return Table("clerks", _("Who handled them?"), columns, lines)


def _with_lateness(found: Tally, key: str, names: Mapping[str, str]) -> tuple[Line, ...]:
    split = found.by(key, "late")
    return tuple(
        Line(_named(code, names), (
            count(many, _cut(key, code)), count(split[code, IN_TIME], {**_cut(key, code), "first": "intime"}),
            count(split[code, TOO_LATE], {**_cut(key, code), "first": "late"}),
            count(split[code, NOT_DUE], {**_cut(key, code), "first": "open"}),
        ))
        for code, many in largest(found.by(key))
    )  # fmt: skip


def _plain(name: str, title: str, first: str, found: Tally, key: str, names: Mapping[str, str]) -> Table:
    lines = tuple(Line(_named(code, names), (count(many, _cut(key, code)),)) for code, many in largest(found.by(key)))
    return Table(name, title, (first, _("How many")), lines, "bars")


def _severities(found: Tally) -> Table:
    lines = tuple(
        Line(label("severity", one.word), (count(found.by("severity")[str(one.value)], {"severity": one.word}),))
        for one in Severity
    )
    return Table("severities", _("How bad were they?"), (_("Severity"), _("How many")), lines, "bars")


def _actions(found: Tally) -> Table:
    """What was done about causes, and whether it helped (CMP-34)."""
    words = {"helped": _("It helped"), "unhelped": _("It did not help"), "pending": _("Not looked at yet")}
    lines = tuple(
        Line(word, (count(found.sum[name], {name: "1"}), count(found.sum[f"{name}_some"], {name: "1"})))
        for name, word in words.items()
    )
    columns = (_("Effect"), _("Measures"), _("How many"))
    return Table("actions", _("Did it help, what we did about the causes?"), columns, lines)


def _satisfaction(found: Tally) -> Table:
    """What customers said, with how many did; never a mean without that number (SAT-05, RPT-13)."""
    asked, content, points = found.sum["asked"], found.sum["satisfied"], found.of["rating"]
    rated = points.total()
    mean = sum(value * many for value, many in points.items()) / rated if rated else None
    none = Number(Measure.MEAN, None)
    said = [
        (_("Satisfied on the return visit"), content, asked, {"satisfied": "1"}, {"asked": "1"}),
        (_("Not satisfied on the return visit"), asked - content, asked, {"satisfied": "0"}, {"asked": "1"}),
        *((wording.points(one), points[one], rated, {"rating": str(one)}, {"rated": "1"}) for one in range(5, 0, -1)),
    ]
    lines = (
        *(Line(word, (count(many, these), share(many, of, whole), none)) for word, many, of, these, whole in said),
        Line(_("Mean of the points"), (
            count(rated, {"rated": "1"}), Number(Measure.SHARE, None), Number(Measure.MEAN, mean, {"rated": "1"}, rated),
        )),
    )  # fmt: skip
    columns = (_("Said"), _("n"), _("Part"), _("Mean"))
    return Table("satisfaction", _("Were they content in the end?"), columns, lines)


def _others(found: Tally) -> Table:
    """What came by the same way and is no complaint (CMP-08, RPT-08)."""
    others = [kind for kind in Kind if kind not in counted(found.days)]
    lines = tuple(Line(label("kind", kind), (count(found.others[kind], {"kind": kind}),)) for kind in others)
    note = _("Not among the numbers above.")
    return Table("others", _("What else came in?"), (_("Kind"), _("Received")), lines, note=note)


def _cut(key: str, code: str) -> dict[str, str]:
    return {key: code or NONE}


def _named(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code) or _("Not said")


def _between(counted: Counter[int], first: date, last: date) -> int:
    low, high = (first - EPOCH).days, (last - EPOCH).days
    return sum(many for day, many in counted.items() if low <= day <= high)


def _months(days: Range) -> list[tuple[date, date]]:
    """The months of a range, the first and the last as far as they belong to it."""
    parts, first = [], days.first
    while first <= days.last:
        following = (first.replace(day=1) + timedelta(32)).replace(day=1)
        parts.append((first, min(following - timedelta(1), days.last)))
        first = following
    return parts


def _day_word(first: date, last: date) -> str:
    return first.isoformat() if first == last else first.isoformat()[:7]


def _of_days(many: int, first: date, last: date) -> Number:
    """How many there were on some days; nothing is there to open of none, and what lies in other years is refused."""
    if not many:
        return Number(Measure.COUNT, 0)
    return count(many, {"from": first.isoformat(), "to": last.isoformat()})
