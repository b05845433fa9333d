"""Reports that somebody keeps, for a role."""

from enum import StrEnum

from piccolo.columns import Integer, Timestamptz, Varchar
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.sites.tables import Site


class Cadence(StrEnum):
    """When those of the role are told that it is time to look."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class SavedReport(Table):
    """A report with its filters under a name: a path below /desk/{site}/reports/, and a query whose ranges stay relative.

    `told_for` is the period that its people were last told of ("2026-Q4"), and changes once in each.
    """

    id = key()
    site = ref(Site)
    name = Varchar(length=80)
    path = Varchar(length=60)
    query = Varchar(length=600)
    role = Varchar(length=20)
    cadence = Varchar(length=10)
    hour = Integer(default=8)
    told_for = Varchar(length=12)
    version = Integer(default=1)
    created_by = ref(Account, index=False)
    created_at = Timestamptz(default=None)
