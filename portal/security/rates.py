"""Rate limits, counted in the database so that they hold across processes and restarts (P36)."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from piccolo.columns import Integer, Timestamptz, Varchar
from piccolo.table import Table

from portal import clock, database, settings
from portal.errors import TooMany
from portal.i18n.translations import _


class Rate(Table):
    """Tries under one key since the first of its window."""

    key = Varchar(length=64, primary_key=True)
    since = Timestamptz(default=None, index=True)
    hits = Integer(default=0)


class Try(NamedTuple):
    """A try of `subject` at what `name` says, of which the limit takes so many in so many seconds; `weight` of them."""

    name: str
    subject: str
    limit: tuple[int, int]
    weight: int = 1


_COUNT = """
INSERT INTO rate (key, since, hits) VALUES ({}, {}, {}) ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN rate.since <= {} THEN excluded.hits ELSE rate.hits + excluded.hits END,
  since = CASE WHEN rate.since <= {} THEN excluded.since ELSE rate.since END
RETURNING hits, since
"""


async def check(*tries: Try) -> None:
    """Count a try under each of these limits, and raise TooMany when one of them is passed.

    The counts commit by themselves, in one transaction: a refused or failed deed was a try all the same.
    """
    if not settings.current().rate_limits:
        return

    async def count() -> tuple[int, bool]:
        # In their order: what one's own limit refuses must not use up what others share.
        for one in tries:
            # What weighs nothing is no try: a spent quota of photos must not refuse words alone.
            wait, first = await _wait(one) if one.weight else (0, False)
            if wait:
                return wait, first
        return 0, False

    wait, first = await database.retried(count)
    if wait:
        raise TooMany(_("Too many tries. Please wait a little and try again."), retry_after=wait, first=first)


async def forget_old() -> None:
    """Remove counts whose window is long over."""
    await Rate.delete().where(Rate.since < clock.now() - timedelta(days=1))


async def _wait(one: Try) -> tuple[int, bool]:
    """Count one try; 0 if it is within its limit, else the seconds until the next is taken, and whether it is the first."""
    (most, seconds), now = one.limit, clock.now()
    key = hashlib.sha256(f"{one.name}\0{one.subject}".encode()).hexdigest()
    before = now - timedelta(seconds=seconds)
    row = (await Rate.raw(_COUNT, key, now, one.weight, before, before))[0]
    if row["hits"] <= most:
        return 0, False
    return max(1, seconds - int((now - row["since"]).total_seconds())), row["hits"] - one.weight <= most
