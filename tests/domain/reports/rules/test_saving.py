"""When it is time to look at a report again."""

from datetime import datetime

import pytest

from portal.domain.accounts.tables import Role
from portal.domain.reports.rules import saving
from portal.domain.reports.tables import Cadence

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(("cadence", "at", "period"), [
    (Cadence.NONE, "2026-11-22T12:00+08:00", ""),
    (Cadence.DAILY, "2026-11-22T07:59+08:00", "2026-11-21"),
    (Cadence.DAILY, "2026-11-22T08:00+08:00", "2026-11-22"),
    (Cadence.DAILY, "2026-11-22T00:00+00:00", "2026-11-22"),
    (Cadence.WEEKLY, "2026-11-23T07:59+08:00", "2026-W47"),
    (Cadence.WEEKLY, "2026-11-23T08:00+08:00", "2026-W48"),
    (Cadence.WEEKLY, "2027-01-01T12:00+08:00", "2026-W53"),
    (Cadence.MONTHLY, "2026-12-01T07:59+08:00", "2026-11"),
    (Cadence.MONTHLY, "2026-12-01T08:00+08:00", "2026-12"),
    (Cadence.QUARTERLY, "2026-12-31T07:59+08:00", "2026-Q3"),
    (Cadence.QUARTERLY, "2026-12-31T08:00+08:00", "2026-Q4"),
    (Cadence.QUARTERLY, "2027-01-01T12:00+08:00", "2026-Q4"),
    (Cadence.QUARTERLY, "2027-03-31T08:00+08:00", "2027-Q1"),
])  # fmt: skip
def test_a_period_begins_at_its_hour_a_quarter_is_looked_at_on_its_last_day(cadence: Cadence, at: str, period: str) -> None:
    """DUTY-24: the quarter's summary is due on the last day of the quarter."""
    assert saving.period(cadence, 8, ZONE, now=datetime.fromisoformat(at)) == period


@pytest.mark.parametrize("role", list(Role))
def test_managers_and_the_owner_keep_reports(role: Role) -> None:
    assert saving.keeps(frozenset({role})) == (role in (Role.MANAGER, Role.OWNER))
