"""Work items, their clocks, what was said about them, and the series their numbers come from."""

from enum import IntEnum, StrEnum

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Timestamptz, Varchar
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
    """Taken up; a first word of a person to the customer; the answer; the answer before the guest leaves.

    `tracking` is the daily note on a severe case, `superior` a look at what was escalated by hand, `colleague` the answer
    of somebody who was asked.
    """

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    RESOLVE = "resolve"
    LEAVE = "leave"
    TRACKING = "tracking"
    SUPERIOR = "superior"
    COLLEAGUE = "colleague"


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
    VISIT = "visit"
    CONTACT = "contact"
    MERGED = "merged"
    QUESTION = "question"
    PARTY_IN = "party-in"
    PARTY_OUT = "party-out"
    NEEDS = "needs"
    OPINION = "opinion"
    FACTS = "facts"
    SUMMARY = "summary"
    PAPERS = "papers"
    RECOMMENDED = "recommended"


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class TaskKind(StrEnum):
    """Where a task comes from: a colleague asks another department, or a guest was not satisfied (CMP-42).

    Of a visitor: a special need, a question that could not be answered at once, an opinion, getting in touch afterwards.
    """

    DEPARTMENT = "department"
    DISSATISFIED = "dissatisfied"
    NEED = "need"
    QUESTION = "question"
    OPINION = "opinion"
    CONTACT = "contact"


PUBLIC = frozenset({
    EntryKind.FILING, EntryKind.ASKED, EntryKind.MESSAGE_IN, EntryKind.MESSAGE_OUT, EntryKind.REPLY,
    EntryKind.REJECTION, EntryKind.COMMENT,
})  # fmt: skip
# What the customer said, and may belong to another matter.
TOLD = frozenset({EntryKind.FILING, EntryKind.MESSAGE_IN, EntryKind.REJECTION})


USUAL_TIER = 9  # of guests who come after all tiers
COMMON = "complaints"  # the line that all units share; every other has a list of its own


class WorkItem(Table):
    """One thing that waits for a person. State, owner, version and due times stand here and nowhere else.

    The queue's order (X-47) is that of the columns on_time, severity, tier, due_at, arrived_at, id, each ascending.
    `title`, `who` and `spot` are sealed: what the card shows of typed words. One that was merged into another is closed,
    and `merged_into` names the one that goes on; `contacts` counts how often a customer had to come back to it (DUTY-20).
    `line` is the domain in whose list it stands. Who sees a `restricted` one, and one that is about somebody (Named),
    says queries.items; `circle` rises whenever that changes.
    """

    id = key()
    site = ref(Site)
    line = Varchar(length=20, default=COMMON)
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
    tier = Integer(default=USUAL_TIER)
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
    merged_into = ref("self", null=True, index=False)
    split_from = ref("self", null=True, index=False)
    contacts = Integer(default=0)


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
    """A missed clock was taken one level up, to a role; each level once.

    `next_at` is when the next level is told, unless somebody acknowledges or the clock stops before (none: no further).
    """

    id = key()
    clock = ref(Clock)
    level = Integer(default=1)
    at = Timestamptz(default=None)
    role = Varchar(length=20, default="manager")
    next_at = Timestamptz(null=True, default=None, index=True)
    acknowledged_at = Timestamptz(null=True, default=None)
    acknowledged_by = ref(Account, null=True, index=False)

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


class Task(Table):
    """What a department, or somebody of it, is asked to do for an item; it ends once. `body` is sealed."""

    id = key()
    item = ref(WorkItem)
    site = ref(Site, index=False)
    kind = Varchar(length=20)
    department = Varchar(length=20)
    owner = ref(Account, null=True, index=False)
    due_at = Timestamptz(default=None)
    body = Text()
    state = Varchar(length=20, default=TaskState.OPEN)
    asked_by = ref(Account, null=True, index=False)
    asked_at = Timestamptz(default=None)
    ended_by = ref(Account, null=True, index=False)
    ended_at = Timestamptz(null=True, default=None)


class CorrectiveAction(Table):
    """What is done so that it does not happen again, by whom, until when, and whether that helped (CMP-34)."""

    id = key()
    item = ref(WorkItem)
    body = Text()
    owner = ref(Account, index=False)
    due_on = Date(default=None)
    effect = Boolean(null=True, default=None)
    checker = ref(Account, null=True, index=False)
    checked_at = Timestamptz(null=True, default=None)


class Presence(Table):
    """Somebody has the page of an item open, and was there a moment ago."""

    id = key()
    item = ref(WorkItem, index=False)
    account = ref(Account, index=False)
    seen_at = Timestamptz(default=None, index=True)

    presence_once = Unique([item, account])


class Bulk(Table):
    """One deed asked for many items at once; `outcome` is sealed: what came of each number, in its words."""

    id = key()
    site = ref(Site, index=False)
    by = ref(Account, index=False)
    deed = Varchar(length=20)
    outcome = Text()
    at = Timestamptz(default=None, index=True)


class Absence(Table):
    """Somebody is away from a site from one of its days to another, both included; a deputy stands in."""

    id = key()
    site = ref(Site)
    account = ref(Account, index=False)
    deputy = ref(Account, index=False)
    from_on = Date(default=None)
    to_on = Date(default=None)
    begun_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)


class Digest(Table):
    """The oldest matters of a site were put before its people, once on each of its days."""

    id = key()
    site = ref(Site, index=False)
    made_on = Date(default=None)
    at = Timestamptz(default=None)

    digest_once = Unique([site, made_on])
