"""The whole clock: what is looked for, how often, and who does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from portal import access_log, once
from portal.jobs import accounts, complaints, queues
from portal.photos import services as photos
from portal.security import rates


@dataclass(frozen=True)
class Job:
    """Work that comes round every so many seconds; it finds what is due by itself, and may find nothing."""

    what: str
    every: int
    work: Callable[[], Awaitable[object]]


SECONDS, MOMENTS, HOUR = 2, 5, 3600

TIMETABLE: tuple[Job, ...] = (
    Job("look at the clocks of work items", SECONDS, queues.look_at_clocks),
    Job("climb the ladders of escalations", SECONDS, queues.climb_ladders),
    Job("pass on the work of who has left", SECONDS, queues.pass_on_leavers),
    Job("begin absences", MOMENTS, queues.begin_absences),
    Job("make the daily digests", MOMENTS, queues.make_digests),
    Job("erase contacts past their time", HOUR, complaints.erase_contacts),
    Job("sweep photos that no row names", HOUR, photos.sweep),
    Job("remove the access log past its time", HOUR, access_log.forget_old),
    Job("forget sessions long over", HOUR, accounts.forget_sessions),
    Job("forget form tokens past their life", HOUR, once.forget_old),
    Job("forget counts of tries", HOUR, rates.forget_old),
)
