"""The displays of a site."""

from enum import StrEnum

from piccolo.columns import Text, Timestamptz, Varchar
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.sites.tables import Site


class Shows(StrEnum):
    QUEUE = "queue"
    CALLS = "calls"


class Display(Table):
    """A screen that shows a queue, or a part of it, to whoever stands before it, until it is revoked.

    `token_hash` finds it; the link itself is shown once and kept nowhere. `shows` is the queue, narrowed by `kind`,
    `category` (a code) and `unit`, or the calls of those who wait, for some `types` (codes separated by blanks; none: all).
    `seen_at` is when it last asked, to the minute.
    """

    id = key()
    site = ref(Site)
    name = Varchar(length=80)
    token_hash = Varchar(length=64, unique=True)
    kind = Varchar(length=20)
    category = Varchar(length=40)
    unit = Varchar(length=20)
    shows = Varchar(length=10, default=Shows.QUEUE)
    types = Text()
    made_by = ref(Account, index=False)
    made_at = Timestamptz(default=None)
    seen_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
