"""Who looked at whom: one row per view of personal data, insert-only, written in the transaction of what it records."""

import contextlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.columns.combination import WhereRaw
from piccolo.table import Table

from portal import clock
from portal.columns import key
from portal.ids import new_id


class AccessEntry(Table):
    """Somebody saw, searched, unmasked or was refused. Never the value: ids and codes; `entry` are
    the words of the reason, sealed where they stand."""

    id = key()
    at = Timestamptz(default=None, index=True)
    site = UUID(null=True, default=None, index=True)
    account = UUID(null=True, default=None)
    role = Varchar(length=60)
    action = Varchar(length=30)
    subject = UUID(null=True, default=None)
    field = Varchar(length=60)
    entry = UUID(null=True, default=None)
    address = Varchar(length=60)
    result = Varchar(length=20)


PAGE = 50
LOOKS = 50
KEPT = timedelta(days=3 * 365)


async def entries(site: uuid.UUID, *, configuration: bool, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """A page of a site's log, newest first, and the cursor of the next (empty: the last).

    `configuration`: the sign-ins and the changes of settings alone, without what was seen of people.
    """
    query = AccessEntry.select().order_by(AccessEntry.id, ascending=False).limit(PAGE + 1)
    here = AccessEntry.site == site
    if configuration:
        query = query.where(AccessEntry.site.is_null() | (here & (AccessEntry.action == "settings")))
    else:
        query = query.where(here)
    with contextlib.suppress(ValueError):
        query = query.where(AccessEntry.id < uuid.UUID(after))
    rows = await query
    return rows[:PAGE], str(rows[PAGE - 1]["id"]) if len(rows) > PAGE else ""


async def looks(subject: uuid.UUID) -> list[tuple[uuid.UUID, datetime]]:
    """Who has looked at a thing, latest first: each person once a minute, the last of them."""
    opened = (AccessEntry.subject == subject) & WhereRaw("action = 'open' AND result = 'done'")
    rows = await AccessEntry.select(AccessEntry.account, AccessEntry.at).where(opened).order_by(
        AccessEntry.id, ascending=False).limit(LOOKS)  # fmt: skip
    minutes = {(row["account"], row["at"].replace(second=0, microsecond=0)): row["at"] for row in reversed(rows)}
    return sorted(((account, at) for (account, _minute), at in minutes.items()), key=lambda one: one[1], reverse=True)


async def forget_old() -> None:
    """Remove what is older than it is kept: the one way a row ever leaves."""
    await AccessEntry.delete().where(AccessEntry.at < clock.now() - KEPT)


async def record(
    action: str,
    *,
    site: uuid.UUID | None,
    account: uuid.UUID | None,
    role: str,
    subject: uuid.UUID | None = None,
    field: str = "",
    entry: uuid.UUID | None = None,
    address: str = "",
    result: str = "done",
) -> None:
    """Write one row; it joins the running transaction, so that what cannot be logged does not happen (P41)."""
    await AccessEntry.insert(
        AccessEntry(
            id=new_id(), at=clock.now(), site=site, account=account, role=role, action=action, subject=subject,
            field=field, entry=entry, address=address, result=result,
        )
    )  # fmt: skip
