"""What the words of an address mean, for the top of a list of records."""

from collections.abc import Mapping

from portal.domain.queues.tables import Severity
from portal.domain.reports.rules.cuts import NONE
from portal.domain.reports.rules.ranges import Range
from portal.i18n.labels import label
from portal.i18n.translations import _

Names = Mapping[str, Mapping[str, str]]


def words(cut: Mapping[str, str], names: Names) -> list[str]:
    """What a cut says of its records."""
    whole, known, before = _whole(), {**names, **_choices()}, _before()
    return [before.get(name, "%s") % (whole.get(name) or _said(name, value, known.get(name, {})))
            for name, value in cut.items()]  # fmt: skip


def clocks() -> dict[str, str]:
    """What each promise of time is called."""
    return {
        "acknowledge": _("Until somebody took it up"), "answer": _("Until a first word"), "resolve": _("Until the answer"),
    }  # fmt: skip


def question(days: Range) -> str:
    """What a report on these kinds answers."""
    if not days.kinds:
        return _("How are complaints going?")
    return _("How is it going with these: %(kinds)s?") % {"kinds": _kinds(days)}


def changed(days: Range, now: tuple[int, float | None], before: tuple[int, float | None]) -> list[str]:
    """What is different from the time before, as sentences: how many there are, and the part that was answered in time."""
    words = {"what": counted(days), "many": now[0], "was": before[0],
             "more": abs(now[0] - before[0])}  # fmt: skip
    if now[0] == before[0]:
        said = [_("%(what)s: %(many)d, as many as in the same time before.") % words]
    elif now[0] > before[0]:
        said = [_("%(what)s: %(many)d, %(more)d more than in the same time before (%(was)d).") % words]
    else:
        said = [_("%(what)s: %(many)d, %(more)d fewer than in the same time before (%(was)d).") % words]
    if now[1] is not None and before[1] is not None:
        share, then = round(now[1] * 100), round(before[1] * 100)
        said.append(_("Answered in time: %(share)d%%, before %(then)d%%.") % {"share": share, "then": then})
    return said


def counted(days: Range) -> str:
    """What kinds a range counts."""
    return _kinds(days) if days.kinds else _("Complaints")


def _kinds(days: Range) -> str:
    return ", ".join(label("kind", kind) for kind in days.kinds)


def severities() -> dict[int, str]:
    """What each rank of severity is called."""
    return {one.value: label("severity", one.word) for one in Severity}


def points(number: int) -> str:
    return _("%(points)d points") % {"points": number}


def _said(name: str, value: str, known: Mapping[str, str]) -> str:
    if name == "rating":
        return points(int(value))
    if name == "hour":
        return f"{int(value):02}:00–{int(value):02}:59"
    return ", ".join(_("Not said") if one == NONE else known.get(one, one) for one in value.split(","))


def _whole() -> dict[str, str]:
    """Words that need no value."""
    return {
        "reopened": _("Reopened"), "handed": _("Hand-offs"), "compensated": _("Compensation"),
        "asked": _("Asked on the return visit"), "rated": _("With points"), "helped": _("It helped"),
        "unhelped": _("It did not help"), "pending": _("Not looked at yet"),
    }  # fmt: skip


def _choices() -> Names:
    first = {"intime": _("Answered in time"), "late": _("Answered late, or missed"), "open": _("Not due yet")}
    return {
        "state": {"open": _("Still open"), "closed": label("state", "closed")}, "first": first,
        "severity": {one.word: label("severity", one.word) for one in Severity},
        "satisfied": {"1": _("Satisfied on the return visit"), "0": _("Not satisfied on the return visit")},
        **dict.fromkeys(("took", "late", "intime", "due"), clocks()),
    }  # fmt: skip


def _before() -> dict[str, str]:
    return {"took": _("Done: %s"), "late": _("Late: %s"), "intime": _("In time: %s"), "due": _("Done or late: %s")}
