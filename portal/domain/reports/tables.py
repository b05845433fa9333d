"""Facts that figures are counted from, what has to be counted anew, and the reports that somebody keeps, for a role."""

from enum import StrEnum

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site


class BoardState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Cadence(StrEnum):
    """When those of the role are told that it is time to look."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Fact(Table):
    """What is counted of one round of an item; the first round counts the item itself, the others only their times.

    It follows from the item and can be made anew at any time (services.counting). `received` and `closed` are minutes of
    the site's local time since 1970, so that no question has to know about zones; `kept` says that it is restricted or
    about somebody, so that its readers are asked for one by one; a `merged` one counts where it was merged into.
    Of each clock stand here: the seconds of its own time, those of the wall, and whether it was late (none: not known yet).
    Yes is 1 and no 0: an engine's own kind of truth does not sum.
    """

    id = key()
    item = ref(WorkItem, index=False)
    round = Integer(default=1)
    site = ref(Site, index=False)
    kind = Varchar(length=20)
    received = Integer()
    closed = Integer(null=True, default=None)
    kept = Integer(default=0)
    merged = Integer(default=0)
    severity = Integer(default=1)
    category = Varchar(length=40)
    place = Varchar(length=40)
    cause = Varchar(length=40)
    clerk = Varchar(length=60)
    channel = Varchar(length=20)
    reopened = Integer(default=0)
    handoffs = Integer(default=0)
    fen = Integer(null=True, default=None)
    satisfied = Integer(null=True, default=None)
    rating = Integer(null=True, default=None)
    helped = Integer(default=0)
    unhelped = Integer(default=0)
    pending = Integer(default=0)
    acknowledge_own = Integer(null=True, default=None)
    acknowledge_wall = Integer(null=True, default=None)
    acknowledge_late = Integer(null=True, default=None)
    answer_own = Integer(null=True, default=None)
    answer_wall = Integer(null=True, default=None)
    answer_late = Integer(null=True, default=None)
    resolve_own = Integer(null=True, default=None)
    resolve_wall = Integer(null=True, default=None)
    resolve_late = Integer(null=True, default=None)

    fact_once = Unique([item, round])  # noqa: A003  # a column, not the builtin


class Uncounted(Table):
    """Something happened to `subject` since its facts were made; a trigger writes it with each event, whose id this is."""

    id = key()
    subject = UUID(default=None)


class Board(Table):
    """What a house tells its customers in a quarter, in an edition; of those for the same customers one is published.

    `tiers` are those it is for, with blanks between (none: everybody), `figures` the numbers that stand on it, and
    `numbers` what they were when it was published, as JSON, with nothing in it that nobody else may know (DUTY-25).
    """

    id = key()
    site = ref(Site, index=False)
    quarter = Varchar(length=6)
    tiers = Varchar(length=80)
    edition = Integer(default=1)
    state = Varchar(length=10)
    title_zh = Varchar(length=80)
    title_en = Varchar(length=80)
    body_zh = Text()
    body_en = Text()
    changed_zh = Text()
    changed_en = Text()
    figures = Varchar(length=80)
    numbers = Text()
    written_by = ref(Account, index=False)
    written_at = Timestamptz(default=None)
    published_by = ref(Account, null=True, index=False)
    published_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class BoardReading(Table):
    """A browser from which somebody said to have read a notice; nothing tells whose it is (CMP-31)."""

    id = key()
    board = ref(Board, index=False)
    reader = Varchar(length=64)
    at = Timestamptz(default=None)

    board_reading_once = Unique([board, reader])


class SavedReport(Table):
    """A report with its filters under a name: a path below /desk/{site}/reports/, and a query whose ranges stay relative.

    `told_for` is the period that its people were last told of ("2026-Q4"), and changes once in each.
    """

    id = key()
    site = ref(Site)
    name = Varchar(length=80)
    path = Varchar(length=60)
    query = Varchar(length=600)
    role = Varchar(length=20)
    cadence = Varchar(length=10)
    hour = Integer(default=8)
    told_for = Varchar(length=12)
    version = Integer(default=1)
    created_by = ref(Account, index=False)
    created_at = Timestamptz(default=None)
