"""Rate limits, counted in the database so that they hold across processes and restarts (P36)."""

import hashlib
from datetime import timedelta

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


_COUNT = """
INSERT INTO rate (key, since, hits) VALUES ({}, {}, 1) ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN rate.since <= {} THEN 1 ELSE rate.hits + 1 END,
  since = CASE WHEN rate.since <= {} THEN excluded.since ELSE rate.since END
RETURNING hits, since
"""


async def check(name: str, subject: str, limit: tuple[int, int]) -> None:
    """Count one try of `subject` and raise TooMany when it is over the limit (tries, seconds).

    The count commits by itself: a refused or failed deed was a try all the same.
    """
    if not settings.current().rate_limits:
        return
    tries, seconds = limit
    hits, wait = await _hit(_key(name, subject), seconds)
    if hits > tries:
        raise TooMany(_("Too many tries. Please wait a little and try again."), retry_after=wait)


async def spent(name: str, subject: str, limit: tuple[int, int]) -> bool:
    """Whether the tries are used up, without counting one."""
    tries, seconds = limit
    row = await Rate.select(Rate.hits, Rate.since).where(Rate.key == _key(name, subject)).first()
    return bool(
        settings.current().rate_limits
        and row is not None
        and row["hits"] >= tries
        and row["since"] > clock.now() - timedelta(seconds=seconds)
    )


async def forget_old() -> None:
    """Remove counts whose window is long over."""
    await Rate.delete().where(Rate.since < clock.now() - timedelta(days=1))


async def _hit(key: str, seconds: int) -> tuple[int, int]:
    now = clock.now()
    before = now - timedelta(seconds=seconds)

    async def count() -> tuple[int, int]:
        row = (await Rate.raw(_COUNT, key, now, before, before))[0]
        since = row["since"]
        return int(row["hits"]), max(1, seconds - int((now - since).total_seconds()))

    return await database.retried(count)


def _key(name: str, subject: str) -> str:
    return hashlib.sha256(f"{name}\0{subject}".encode()).hexdigest()
