"""The report on complaints, and the records behind each of its numbers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from portal import clock
from portal.controllers import exports
from portal.domain.complaints.rules.way import COMPLAINTS
from portal.domain.complaints.tables import Kind
from portal.domain.exports.tables import Format
from portal.domain.reports.queries import figures as queries
from portal.domain.reports.queries import records, sheets
from portal.domain.reports.queries.names import names
from portal.domain.reports.rules import cuts, ranges, report, wording
from portal.domain.reports.rules.numbers import Number
from portal.domain.reports.rules.ranges import Range
from portal.domain.reports.services import counting
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.security.policies import roles
from portal.web import figures
from portal.web.client import StaffRequest
from portal.web.forms import Form
from portal.web.page import Page
from portal.web.rooms import REPORTS
from portal.web.shown import shown_site

READS = roles(*REPORTS)
PATH = "/desk/{slug:str}/reports/complaints"
BEHIND = 3_000  # marks that are worked off while somebody waits for the page; a new version may bring more


class Complaints(Controller):
    @get(PATH, name="reports:complaints", opt=READS)
    async def show(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """How complaints went in a range, each number with the way to its records."""
        days, form = await asked(request, site)
        base = f"/desk/{site.slug}/reports/complaints"
        if days is None:
            return _refused(site, form)
        found = await queries.tally(request.user, site, days)
        before = await queries.before(request.user, site, days)
        called = await names(site, clerks=list(found.by("clerk")))
        to, first = _to(f"{base}/records", days), report.summary(found)
        in_time = first[report.TIMELY].numbers[0].value
        return Page(
            "reports/complaints.html", days=days, many=found.many, tiles=[figures.tile(line, to) for line in first],
            question=wording.question(days), kinds=_kinds(days),
            changed=wording.changed(days, (found.many, in_time), (before.many, before.share)),
            tables=[figures.drawn(table, to) for table in report.tables(found, called)], query=urlencode(days.query),
            site=shown_site(site), base=base, form=form, presets=ranges.PRESETS, behind=await counting.backlog(most=BEHIND),
        )  # fmt: skip

    @get(f"{PATH}/records", name="reports:records", opt=READS)
    async def records(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """The records that a number stands for."""
        days, form = await asked(request, site)
        base = f"/desk/{site.slug}/reports/complaints"
        if days is None:
            return Page("reports/records.html", status_code=422, site=shown_site(site), base=base, form=form, days=None)
        cut = cuts.read(request.query_params)
        totals = await records.totals(request.user, site, days, cut)
        found, after = await records.page(request.user, site, days, cut, after=request.query_params.get("after", ""))
        called = await names(site, clerks=[record.measured["clerk"] for record in found])
        query = {**days.query, **cut}
        return Page(
            "reports/records.html", site=shown_site(site), base=base, form=form, days=days, totals=totals, records=found,
            names=called, cut=wording.words(cut, called), query=urlencode(query),
            more=urlencode({**query, "after": after}) if after else "",
        )  # fmt: skip

    @get([f"{PATH}.csv", f"{PATH}.xlsx"], name="reports:complaints-file", opt=READS)
    async def file(self, request: StaffRequest, site: NamedDependency[Site]) -> Page | Response[Any]:
        """The report to take away."""
        days, form = await asked(request, site)
        if days is None:
            return _refused(site, form)
        query = sheets.asked(days)
        made = await sheets.report_sheets(request.user, site, query)
        return await exports.answer(request, site, sheets.REPORT, query, made, len(made), _shape(request))

    @get([f"{PATH}/records.csv", f"{PATH}/records.xlsx"], name="reports:records-file", opt=READS)
    async def records_file(self, request: StaffRequest, site: NamedDependency[Site]) -> Page | Response[Any]:
        """The records of a number to take away; many of them are written in the background."""
        days, form = await asked(request, site)
        if days is None:
            return _refused(site, form)
        cut = cuts.read(request.query_params)
        query, many = sheets.asked(days, cut), (await records.totals(request.user, site, days, cut)).many
        made = await sheets.record_sheets(request.user, site, query)
        return await exports.answer(request, site, sheets.RECORDS, query, made, many, _shape(request))


def _kinds(days: Range) -> list[tuple[str, str]]:
    """What else there are figures of: complaints as a whole, and each kind that is none."""
    others = [(kind.value, label("kind", kind)) for kind in Kind if kind not in COMPLAINTS]
    return [one for one in [("", _("Complaints")), *others] if one[0] != ",".join(days.kinds)]


def _shape(request: StaffRequest) -> Format:
    return Format(request.url.path.rpartition(".")[2])


def _refused(site: Site, form: Form[Any]) -> Page:
    """The page of the report, with what is wrong with the days at their fields."""
    return Page(
        "reports/complaints.html", status_code=422, site=shown_site(site), base=f"/desk/{site.slug}/reports/complaints",
        form=form, presets=ranges.PRESETS, behind=0, days=None, question=_("How are complaints going?"),
    )  # fmt: skip


async def asked(request: StaffRequest, site: Site) -> tuple[Range | None, Form[Any]]:
    """The range that an address asks for, of facts that are true now; None where it cannot be, and the form says why."""
    await counting.catch_up(most=BEHIND)
    query = {name: text[:200].replace("\0", "") for name, text in request.query_params.items()}
    form = Form[Any](query)
    try:
        days = ranges.asked(query, site, now=clock.now(), known_from=await queries.oldest(site))
    except Invalid as invalid:
        form.refuse(invalid)
        return None, form
    form.values |= days.query
    return days, form


def _to(records_at: str, days: Range) -> Any:
    """The way from a number to its records."""

    def href(number: Number) -> str:
        where: Mapping[str, str] = number.where or {}
        return f"{records_at}?{urlencode({**days.query, **where})}"

    return href
