"""Keeping reports, and telling their people when it is time to look."""

from typing import Any
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.reports.forms.saving import Keeping
from portal.domain.reports.queries import saved
from portal.domain.reports.queries.saved import Saved
from portal.domain.reports.rules import saving
from portal.domain.reports.tables import Cadence, SavedReport
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, NotFound
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id


async def keep(site: Site, form: Keeping, *, by: Staff) -> UUID:
    """Keep a report under a name; its people are told when the next period's time comes."""
    report = new_id()
    row = {**_values(site, form), "id": report, "site": site.id, "created_by": by.id, "created_at": clock.now()}
    async with transaction():
        await database.insert(SavedReport, row)
        await events.record("report.saved", site=site.id, subject=report, by=by, role=form.role, cadence=form.cadence)
    return report


async def change(report: Saved, site: Site, form: Keeping, *, by: Staff, version: int | None = None) -> None:
    """Keep it otherwise; raises Conflict where somebody else changed it meanwhile."""
    values: dict[Any, Any] = {**_values(site, form), SavedReport.version: SavedReport.version + 1}
    seen = report.version if version is None else version
    async with transaction():
        this = (SavedReport.id == report.id) & (SavedReport.version == seen)
        if not await SavedReport.update(values).where(this).returning(SavedReport.id):
            raise Conflict(_("Somebody else changed this meanwhile."))
        await events.record("report.saved", site=site.id, subject=report.id, by=by, role=form.role, cadence=form.cadence)


async def remove(report: Saved, site: Site, *, by: Staff) -> None:
    """Keep it no longer."""
    async with transaction():
        if not await SavedReport.delete().where(SavedReport.id == report.id).returning(SavedReport.id):
            raise NotFound
        await events.record("report.removed", site=site.id, subject=report.id, by=by)


async def tell_due() -> int:
    """Tell everybody of a report's role that it is time to look, once in each period; how many reports that were.

    What is told is a link: whoever follows it sees what he may see, and who lost the role sees nothing.
    """
    told = 0
    here = {site.id: site for site in await sites.sites()}
    for row in await SavedReport.select().where(SavedReport.cadence != Cadence.NONE):
        now_for = _period(here[row["site"]], Cadence(row["cadence"]), row["hour"])
        if now_for != row["told_for"]:
            told += await _tell(row, now_for)
    return told


async def _tell(row: dict[str, Any], period: str) -> int:
    """One write a period lets one worker in, whoever else looks, also where the clock was set back."""
    news: dict[Any, Any] = {SavedReport.told_for: period}
    this = (SavedReport.id == row["id"]) & (SavedReport.told_for == row["told_for"]) & (SavedReport.told_for < period)
    async with transaction():
        if not await SavedReport.update(news).where(this, SavedReport.version == row["version"]).returning(SavedReport.id):
            return 0
        event = await events.record(saved.DUE, site=row["site"], subject=row["id"], by=None, period=period)
        await events.tell(event, await accounts.with_role(row["site"], Role(row["role"])))
    return 1


def _values(site: Site, form: Keeping) -> dict[str, Any]:
    return {
        "name": form.name, "path": form.path, "query": form.query, "role": form.role, "cadence": form.cadence.value,
        "hour": form.hour, "told_for": _period(site, form.cadence, form.hour),
    }  # fmt: skip


def _period(site: Site, cadence: Cadence, hour: int) -> str:
    return saving.period(cadence, hour, site.zone, now=clock.now())
