"""Who has come and waits: arrivals, the numbers they are called by, and where they are called to."""

from enum import StrEnum

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.bookings.tables import Booking, VisitType
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Door, Site, named


class State(StrEnum):
    """Where somebody stands between the door and the end of the visit."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    DONE = "done"
    NO_SHOW = "no-show"
    LEFT = "left"


class Station(Table):
    """A counter, room or table that people are called to, for some types (codes separated by blanks; none: all)."""

    id = key()
    site = ref(Site)
    code = Varchar(length=20)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)
    types = Text()
    position = Integer(default=0)
    active = Boolean(default=True)

    station_one_code = Unique([site, code])

    @property
    def name(self) -> str:
        return named(self.name_zh, self.name_en)


class Ticket(Table):
    """The last number of a type on a day of the house."""

    id = key()
    type = ref(VisitType, index=False)
    day = Date(default=None)
    last = Integer(default=0)

    ticket_once = Unique([type, day])  # noqa: A003  # a column, not the builtin


class Arrival(Table):
    """Somebody who came to a door; its id is that of its work item, whose owner serves.

    The item's `due_at` is the rank by which people are called (rules.ranking), `ticket` what is called (A017). Name and
    phone are sealed; `phone_index` finds who comes again, `browser` (a hash) whether on the same one. `not_before` is
    that of somebody who asked for five more minutes or was sent on with a delay. From `shown_from` to `shown_to` minutes
    after `came_at` is what the visitor was told (both 0: nothing), `alerted_at` when the managers were told of the wait.
    `station` is where somebody was called to; of one who waits, the only one that takes him (he was sent there).
    `called_at` is the first call there and `rung_at` the last, of `calls`; `papers_asked` counts how often papers were
    asked for.
    """

    id = key()
    item = ref(WorkItem, unique=True, index=False)
    site = ref(Site, index=False)
    type = ref(VisitType, index=False)
    booking = ref(Booking, null=True, index=False)
    door = ref(Door, null=True, index=False)
    token_hash = Varchar(length=64, unique=True)
    token = Text()
    language = Varchar(length=10)
    day = Date(default=None)
    ticket = Varchar(length=10)
    salutation = Varchar(length=5)
    name = Text()
    phone = Text()
    phone_index = Varchar(length=32)
    browser = Varchar(length=64)
    people = Integer(default=1)
    priority = Boolean(default=False)
    came_at = Timestamptz(default=None)
    station = ref(Station, null=True, index=False)
    not_before = Timestamptz(null=True, default=None)
    delayed = Boolean(default=False)
    host_contacted_at = Timestamptz(null=True, default=None)
    shown_from = Integer(default=0)
    shown_to = Integer(default=0)
    alerted_at = Timestamptz(null=True, default=None)
    calls = Integer(default=0)
    called_at = Timestamptz(null=True, default=None)
    rung_at = Timestamptz(null=True, default=None)
    served_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    papers_asked = Integer(default=0)


class Alarm(Table):
    """Somebody of the staff needs help somewhere (sealed) at once; who comes says so by name."""

    id = key()
    site = ref(Site)
    place = Text()
    silent = Boolean(default=False)
    raised_by = ref(Account, index=False)
    raised_at = Timestamptz(default=None)
    answered_by = ref(Account, null=True, index=False)
    answered_at = Timestamptz(null=True, default=None)
