"""Exports and where they stand."""

from enum import StrEnum

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.sites.tables import Site


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class Stage(StrEnum):
    """Where an export stands; ASKED waits for a second person, WAITING for the worker."""

    ASKED = "asked"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Export(Table):
    """One export of one person; its file bears its id, is sealed, and goes with `expires_at`.

    `what` is a key of the makers, `query` what they are asked, in one form for equal questions. While it runs, whoever
    makes it holds it until `held_until`; `tries` tells one holder from the next. A `personal` one names guests: it has a
    `reason`, sealed, and somebody else (`decided_by`) let it pass.
    """

    id = key()
    site = ref(Site)
    person = ref(Account, index=False)
    what = Varchar(length=40)
    query = Varchar(length=600)
    format = Varchar(length=5)
    language = Varchar(length=10)
    personal = Boolean(default=False)
    stage = Varchar(length=10)
    rows = Integer(default=0)
    done = Integer(default=0)
    tries = Integer(default=0)
    held_until = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(default=None)
    reason = Text(default="")
    decided_by = ref(Account, null=True, index=False)
    decided_at = Timestamptz(null=True, default=None)
