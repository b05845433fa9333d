"""Figures and records as files: the same numbers as on the page, without a name and without a word of anybody."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import parse_qsl, urlencode

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.reports.queries import figures, records
from portal.domain.reports.queries.names import names
from portal.domain.reports.queries.records import Record
from portal.domain.reports.rules import cuts, ranges, report, wording
from portal.domain.reports.rules.cuts import CLOCKS, Cut
from portal.domain.reports.rules.numbers import Line, Measure, Table
from portal.domain.reports.rules.ranges import Range
from portal.domain.reports.rules.wording import Names
from portal.domain.sites.rules.days import EPOCH
from portal.domain.sites.tables import Site
from portal.i18n import formats
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.sheets.sheet import Column, Kind, Sheet, Sheets

REPORT, RECORDS = "complaints", "complaint-records"
KINDS = {Measure.COUNT: Kind.NUMBER, Measure.SHARE: Kind.SHARE, Measure.SPAN: Kind.MINUTES, Measure.MONEY: Kind.MONEY,
         Measure.MEAN: Kind.NUMBER}  # fmt: skip


def asked(days: Range, cut: Cut | None = None) -> str:
    """A question, in one form."""
    return urlencode({**days.query, **(cut or {})})


async def report_sheets(staff: Staff, site: Site, query: str) -> Sheets:
    """The whole report: what stands first, then a sheet for each question."""
    days = _days(site, query)
    found = await figures.tally(staff, site, days)
    called = {**await names(site, clerks=[]), "clerk": {}}  # staff by their user names
    first = lines_sheet(label("export", REPORT), _notes(site, days), report.summary(found))
    return [first, *(table_sheet(table) for table in report.tables(found, called) if table.lines)]


async def record_sheets(staff: Staff, site: Site, query: str) -> Sheets:
    """Each record of a cut, the newest first, with all that is measured of it."""
    days, cut = _days(site, query), cuts.read(dict(parse_qsl(query)))
    cuts.condition(cut, days)
    called = {**await names(site, clerks=[]), "clerk": {}}
    clocks = wording.clocks()
    parts = ((_("own time, minutes"), Kind.MINUTES), (_("by the wall, minutes"), Kind.MINUTES), (_("Late"), Kind.YES))
    times = [Column(f"{clocks[clock]}: {word}", kind) for clock in CLOCKS for word, kind in parts]
    heads = (
        Column(_("Number")), Column(_("Round"), Kind.NUMBER), Column(_("State")), Column(_("Received"), Kind.INSTANT),
        Column(_("Closed"), Kind.INSTANT), Column(_("Kind")), Column(_("Subject")), Column(_("Place")),
        Column(_("Severity")), Column(_("Cause")), Column(_("Way")), Column(_("Who has it")), *times,
        Column(_("Reopened"), Kind.YES),
        Column(_("Hand-offs"), Kind.NUMBER), Column(_("Compensation"), Kind.MONEY), Column(_("Satisfied"), Kind.YES),
        Column(_("Points"), Kind.NUMBER), Column(_("Measures that helped"), Kind.NUMBER),
        Column(_("Measures that did not"), Kind.NUMBER), Column(_("Measures not looked at"), Kind.NUMBER),
    )  # fmt: skip
    said = (", ".join(wording.words(cut, called)),) if cut else ()
    rows = _records(records.every(staff, site, days, cut), called)
    return [Sheet(label("export", RECORDS), (*said, *_notes(site, days)), heads, rows)]


def _days(site: Site, query: str) -> Range:
    """The days of a question that was asked before: its own, whatever there is to count now."""
    said = dict(parse_qsl(query))
    return ranges.asked(said, site, now=clock.now(), known_from=EPOCH)


def _notes(site: Site, days: Range) -> tuple[str, ...]:
    by = _("by the day of closing") if days.by == ranges.CLOSED else _("by the day of receipt")
    first, *rest = notes(site, days, wording.counted(days))
    return (first, _("Counted %(by)s") % {"by": by}, *rest)


def notes(site: Site, days: Range, what: str) -> tuple[str, ...]:
    """What stands above a table: whose it is, of which days, and when it was made."""
    return (
        _("%(site)s, from %(first)s to %(last)s, both days included: %(what)s")
        % {"site": site.name, "first": days.first.isoformat(), "last": days.last.isoformat(), "what": what},
        _("Days begin at %(time)s, times of %(zone)s") % {"time": days.begin, "zone": days.zone},
        _("Made at %(at)s") % {"at": formats.moment(clock.now(), full=True)},
    )  # fmt: skip


def lines_sheet(title: str, above: tuple[str, ...], lines: Sequence[Line]) -> Sheet:
    """The numbers that stand first, each under its measure, with n."""
    rows = [
        (line.label, *(number.shown if number.measure is measure else None for measure in KINDS), number.n)
        for line in lines for number in line.numbers
    ]  # fmt: skip
    heads = (Column(_("Figure")), Column(_("Number"), Kind.NUMBER), Column(_("Share"), Kind.SHARE),
             Column(_("Minutes"), Kind.MINUTES), Column(_("Amount"), Kind.MONEY), Column(_("Mean"), Kind.NUMBER),
             Column(_("n"), Kind.NUMBER))  # fmt: skip
    return Sheet(title, above, heads, _each(rows))


def table_sheet(table: Table) -> Sheet:
    """A question with its lines."""
    kinds = [KINDS[number.measure] for number in table.lines[0].numbers]
    first, *rest = table.columns
    heads = (Column(first), *(Column(word, kind) for word, kind in zip(rest, kinds, strict=True)))
    rows = [(line.label, *(number.shown for number in line.numbers)) for line in table.lines]
    return Sheet(table.title, (), heads, _each(rows))


async def _each(rows: Sequence[Sequence[object]]) -> AsyncIterator[Sequence[object]]:
    for row in rows:
        yield row


async def _records(found: AsyncIterator[Record], called: Names) -> AsyncIterator[Sequence[object]]:
    severities = wording.severities()
    async for one in found:
        of = one.measured
        times = [value for clock in CLOCKS for value in (
            _minutes(of[f"{clock}_own"]), _minutes(of[f"{clock}_wall"]), of[f"{clock}_late"])]  # fmt: skip
        yield (
            one.number, of["round"], label("state", one.state), one.received_at, one.closed_at, called["kind"][of["kind"]],
            *(called[name].get(of[name], of[name]) for name in ("category", "place")), severities[of["severity"]],
            called["cause"].get(of["cause"], of["cause"]), called["channel"][of["channel"]], of["clerk"], *times,
            of["reopened"], of["handoffs"], of["fen"], of["satisfied"], of["rating"], of["helped"], of["unhelped"],
            of["pending"],
        )  # fmt: skip


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // 60
