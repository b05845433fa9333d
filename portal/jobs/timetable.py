"""The whole clock: what is looked for, how often, and who does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from portal import access_log, once
from portal.events import outbox
from portal.jobs import accounts, arrivals, bookings, complaints, customers, exports, queues, reports, search, sites
from portal.notifications import delivery
from portal.photos import services as photos
from portal.security import rates


@dataclass(frozen=True)
class Job:
    """Work that comes round every so many seconds; it finds what is due by itself, and may find nothing."""

    what: str
    every: int
    work: Callable[[], Awaitable[object]]


SECONDS, MOMENTS, MINUTE, HOUR = 2, 5, 60, 3600

TIMETABLE: tuple[Job, ...] = (
    Job("look at the clocks of work items", SECONDS, queues.look_at_clocks),
    Job("climb the ladders of escalations", SECONDS, queues.climb_ladders),
    Job("pass on the work of who has left", SECONDS, queues.pass_on_leavers),
    Job("begin absences", MOMENTS, queues.begin_absences),
    Job("make the daily digests", MOMENTS, queues.make_digests),
    Job("let go on what was paused until now", SECONDS, queues.end_pauses),
    Job("compute due times anew", SECONDS, complaints.renew_due_times),
    Job("put the messages of new events into the outbox", SECONDS, delivery.spread),
    Job("send e-mail", SECONDS, delivery.send_mail),
    Job("send text messages", SECONDS, delivery.send_texts),
    Job("tell managers of long waits", MOMENTS, arrivals.tell_of_long_waits),
    Job("end the numbers of the days before", MINUTE, arrivals.end_the_day),
    Job("end what no visitor answered, offer what became free", SECONDS, bookings.serve_waiting),
    Job("mind visits that are near or past", MOMENTS, bookings.mind_visits),
    Job("make exports", SECONDS, exports.make_exports),
    Job("tell of reports to look at", MINUTE, reports.tell_due),
    Job("let go of exports past their day", MINUTE, exports.expire),
    Job("index what was written", MINUTE, search.catch_up),
    Job("remind of answers, take silence for acceptance", MINUTE, complaints.mind_answers),
    Job("count what happened", MINUTE, reports.count),
    Job("erase contacts past their time", HOUR, complaints.erase_contacts),
    Job("erase who came past their time", HOUR, arrivals.erase),
    Job("sweep photos that no row names", HOUR, photos.sweep),
    Job("remove the access log past its time", HOUR, access_log.forget_old),
    Job("forget sessions long over", HOUR, accounts.forget_sessions),
    Job("forget form tokens past their life", HOUR, once.forget_old),
    Job("forget who was at which item", HOUR, queues.forget_presences),
    Job("forget what came of deeds on many items", HOUR, complaints.forget_bulks),
    Job("forget counts of tries", HOUR, rates.forget_old),
    Job("forget codes to phones, and what was remembered", HOUR, customers.forget_old),
    Job("take new holidays into account", HOUR, sites.take_new_holidays),
    Job("forget which events were gone through", HOUR, outbox.forget_old),
)
