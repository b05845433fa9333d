"""Work items, their clocks, what was said about them, and the series their numbers come from."""

from enum import IntEnum, StrEnum

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.sites.tables import Category, Place, Site
from portal.events.tables import Event


class Severity(IntEnum):
    """Ranked as the queue sorts: the lower, the sooner (X-47)."""

    SEVERE = 0
    NORMAL = 1
    MINOR = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class ClockKind(StrEnum):
    """Taken up; a first word of a person to the customer; the answer; the answer before the guest leaves."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    RESOLVE = "resolve"
    LEAVE = "leave"


class PauseReason(StrEnum):
    """What a clock waits for while it stands still."""

    CUSTOMER = "customer"
    PARTS = "parts"
    OTHER = "other"


class EntryKind(StrEnum):
    """What somebody wrote. The customer reads only those of PUBLIC."""

    FILING = "filing"
    ASKED = "asked"
    MESSAGE_IN = "message-in"
    MESSAGE_OUT = "message-out"
    NOTE = "note"
    CAUSE = "cause"
    WISH = "wish"
    PLAN = "plan"
    REPLY = "reply"
    REASON = "reason"
    REJECTION = "rejection"
    COMMENT = "comment"


PUBLIC = frozenset({
    EntryKind.FILING, EntryKind.ASKED, EntryKind.MESSAGE_IN, EntryKind.MESSAGE_OUT, EntryKind.REPLY,
    EntryKind.REJECTION, EntryKind.COMMENT,
})  # fmt: skip


class WorkItem(Table):
    """One thing that waits for a person. State, owner, version and due times stand here and nowhere else.

    The queue's order (X-47) is that of the columns on_time, severity, tier, due_at, arrived_at, id, each ascending.
    `title`, `who` and `spot` are sealed: what the card shows of typed words. Who sees a `restricted` one, and one that is
    about somebody (Named), says queries.items; `circle` rises whenever that changes.
    """

    id = key()
    site = ref(Site)
    kind = Varchar(length=20)
    number = Varchar(length=20, unique=True)
    state = Varchar(length=20)
    category = ref(Category)
    place = ref(Place, null=True, index=False)
    title = Text()
    who = Text()
    spot = Text()
    on_time = Boolean(default=True)
    severity = Integer(default=1)
    tier = Integer(default=9)
    due_at = Timestamptz(default=None)
    due_from = Timestamptz(default=None)
    arrived_at = Timestamptz(default=None)
    leaves_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    soon = Boolean(default=False)
    escalated = Boolean(default=False)
    paused = Boolean(default=False)
    managers_only = Boolean(default=False)
    money = Boolean(default=False)
    restricted = Boolean(default=False)
    circle = Integer(default=0)
    owner = ref(Account, null=True, index=False)
    giver = ref(Account, null=True, index=False)
    first_asked = ref(Account, null=True, index=False)
    filed_by = ref(Account, null=True, index=False)
    handoffs = Integer(default=0)
    round = Integer(default=1)
    version = Integer(default=1)


class Named(Table):
    """Somebody whom an item is about: for this account it does not exist."""

    id = key()
    item = ref(WorkItem, index=False)
    account = ref(Account, index=False)

    named_once = Unique([item, account])


class Clock(Table):
    """A promise of time on an item: it runs from `started_at`, warns, is missed at `due_at`, and stops with the deed.

    What was promised stands here too: `minutes` of the site's open time (`always`: round the clock), or calendar `days`,
    by which `policy` (none: the site's default). `edition` is the site's when the due time was computed; `provisional`
    says that it lies behind holidays nobody has published yet. While `paused_at` is set it neither warns nor is missed.
    """

    id = key()
    item = ref(WorkItem)
    kind = Varchar(length=20)
    round = Integer(default=1)
    minutes = Integer(default=0)
    days = Integer(default=0)
    always = Boolean(default=False)
    policy = UUID(null=True, default=None)
    edition = Integer(default=0)
    provisional = Boolean(default=False)
    started_at = Timestamptz(default=None)
    warn_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    warned_at = Timestamptz(null=True, default=None)
    missed_at = Timestamptz(null=True, default=None)
    paused_at = Timestamptz(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)

    clock_once = Unique([item, kind, round])  # noqa: A003  # a column, not the builtin


class Pause(Table):
    """The time in which the first answer and the answer of an item wait for somebody else; one at a time."""

    id = key()
    item = ref(WorkItem)
    reason = Varchar(length=20)
    began_at = Timestamptz(default=None)
    began_by = ref(Account, null=True, index=False)
    until = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = ref(Account, null=True, index=False)


class Escalation(Table):
    """A missed clock was taken one level up; each level once."""

    id = key()
    clock = ref(Clock)
    level = Integer(default=1)
    at = Timestamptz(default=None)

    escalation_once = Unique([clock, level])


class Entry(Table):
    """Words that somebody wrote about an item, sealed; appended, never edited (CMP-27)."""

    id = key()
    item = ref(WorkItem)
    event = ref(Event)
    kind = Varchar(length=20)
    author = ref(Account, null=True, index=False)
    at = Timestamptz(default=None)
    body = Text()


class Series(Table):
    """The last number given out at a site in a year of its zone."""

    id = key()
    site = ref(Site)
    year = Integer()
    last = Integer(default=0)

    series_once = Unique([site, year])
