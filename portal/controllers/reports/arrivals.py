"""The report on those who came, and the records behind each of its numbers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from portal import clock
from portal.controllers import exports
from portal.domain.exports.tables import Format
from portal.domain.reports.queries import coming as queries
from portal.domain.reports.queries import sheets
from portal.domain.reports.rules import coming as rules
from portal.domain.reports.rules import ranges
from portal.domain.reports.rules.numbers import Number
from portal.domain.reports.rules.ranges import Range
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.security.policies import roles
from portal.web import figures
from portal.web.client import StaffRequest
from portal.web.forms import Form
from portal.web.page import Page
from portal.web.rooms import REPORTS
from portal.web.shown import shown_site

READS = roles(*REPORTS)
PATH = "/desk/{slug:str}/reports/arrivals"
PAGE = 50


class Arrivals(Controller):
    opt = READS

    @get(PATH, name="reports:arrivals")
    async def show(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """How it went with those who came in a range, each number with the way to its records."""
        days, form = await _asked(request, site)
        base = _base(site)
        shown: dict[str, Any] = {"site": shown_site(site), "base": base, "form": form, "presets": ranges.PRESETS}
        if days is None:
            return Page("reports/arrivals.html", status_code=422, days=None, **shown)
        found = await queries.found(site, days)
        to = _to(f"{base}/records", days)
        return Page(
            "reports/arrivals.html", days=days, many=len(found.rows) + found.bookings.total(), query=urlencode(days.query),
            tiles=[figures.tile(line, to) for line in rules.summary(found)],
            tables=[figures.drawn(table, to) for table in rules.tables(found)], **shown,
        )  # fmt: skip

    @get(f"{PATH}/records", name="reports:arrival-records")
    async def records(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """Those a number counts, the newest first."""
        days, form = await _asked(request, site)
        base = _base(site)
        if days is None:
            shown: dict[str, Any] = {"site": shown_site(site), "base": base, "form": form}
            return Page("reports/arrival_records.html", status_code=422, days=None, **shown)
        cut, found = rules.read(request.query_params), await queries.found(site, days)
        rows, query = rules.cut_down(found, cut), {**days.query, **cut}
        start = _start(request.query_params.get("after", ""))
        following = start + PAGE
        return Page(
            "reports/arrival_records.html", site=shown_site(site), base=base, form=form, days=days, many=len(rows),
            records=rows[start:following], names=found.names, query=urlencode(query),
            more=urlencode({**query, "after": str(following)}) if following < len(rows) else "",
        )  # fmt: skip

    @get([f"{PATH}.csv", f"{PATH}.xlsx"], name="reports:arrivals-file")
    async def file(self, request: StaffRequest, site: NamedDependency[Site]) -> Page | Response[Any]:
        """The report to take away."""
        days, form = await _asked(request, site)
        if days is None:
            return _refused(site, form)
        query = sheets.asked(days)
        made = await queries.report_sheets(request.user, site, query)
        return await exports.answer(request, site, queries.REPORT, query, made, len(made), _shape(request))

    @get([f"{PATH}/records.csv", f"{PATH}/records.xlsx"], name="reports:arrival-records-file")
    async def records_file(self, request: StaffRequest, site: NamedDependency[Site]) -> Page | Response[Any]:
        """The records of a number to take away; many of them are written in the background."""
        days, form = await _asked(request, site)
        if days is None:
            return _refused(site, form)
        cut = rules.read(request.query_params)
        query, many = sheets.asked(days, cut), len(rules.cut_down(await queries.found(site, days), cut))
        made = await queries.record_sheets(request.user, site, query)
        return await exports.answer(request, site, queries.RECORDS, query, made, many, _shape(request))


async def _asked(request: StaffRequest, site: Site) -> tuple[Range | None, Form[Any]]:
    """The range that an address asks for; None where it cannot be, and the form says why."""
    known = request.query_params
    query = {name: known[name][:200].replace("\0", "") for name in rules.RANGE if name in known}
    form = Form[Any](query)
    try:
        days = queries.within(ranges.asked(query, site, now=clock.now(), known_from=await queries.oldest(site)))
    except Invalid as invalid:
        form.refuse(invalid)
        return None, form
    form.values |= days.query
    return days, form


def _refused(site: Site, form: Form[Any]) -> Page:
    return Page("reports/arrivals.html", status_code=422, site=shown_site(site), base=_base(site), form=form,
                presets=ranges.PRESETS, days=None)  # fmt: skip


def _to(records_at: str, days: Range) -> Any:
    def href(number: Number) -> str:
        where: Mapping[str, str] = number.where or {}
        return f"{records_at}?{urlencode({**days.query, **where})}"

    return href


def _base(site: Site) -> str:
    return f"/desk/{site.slug}/reports/arrivals"


def _shape(request: StaffRequest) -> Format:
    return Format(request.url.path.rpartition(".")[2])


def _start(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
