"""What a site offers to book, what is reserved of it, and the bookings."""

import json
from enum import StrEnum

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.customers.tables import Customer
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Place, Site, named


class State(StrEnum):
    """The way of a visit, and beside it what did not come to be."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    PREPARED = "prepared"
    READY = "desk-ready"
    ARRIVED = "arrived"
    RECEPTION = "in-reception"
    SEEN_OFF = "seen-off"
    SUMMARISED = "summarised"
    WAITING = "waiting"
    DECLINED = "declined"
    PROPOSED = "proposed"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"


class Channel(StrEnum):
    """The way a booking came (VIS-01)."""

    PORTAL = "portal"
    PHONE = "phone"
    EMAIL = "email"
    DESK = "desk"


class Satisfied(StrEnum):
    """What a visitor said when asked at the end; whoever says nothing was asked all the same (VIS-18)."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_GIVEN = "not-given"


class Salutation(StrEnum):
    MR = "mr"
    MS = "ms"
    NONE = ""


class VisitType(Table):
    """A kind of visit that a site offers; `parties` and `people` are how many it takes at once.

    A visit begins every `step` minutes, lasts `minutes`, and keeps its places for `buffer` more. `lead_minutes` and
    `limit_hours` (cancelling is free so long before) are None where the site's settings decide, for a visit `at_table`
    others; `fee` is in fen. `asks` is a JSON list of further fields (rules.asking), `checks` what is prepared (codes of
    rules.preparing; none: the usual). One that confirms by itself (`instant`) names its `place`; `role` receives, and a
    `guided` one needs somebody by name. `proven`: the phone is shown to be the visitor's by a code. It is open on public
    `holidays`, or else closed on them, and open on the days worked for them. `letter` begins its numbers at the door, ""
    where none are taken.
    """

    id = key()
    site = ref(Site)
    code = Varchar(length=40)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)
    position = Integer(default=0)
    active = Boolean(default=True)
    online = Boolean(default=True)
    minutes = Integer(default=60)
    buffer = Integer(default=0)
    step = Integer(default=30)
    parties = Integer(default=1)
    people = Integer(default=10)
    most = Integer(default=10)
    lead_minutes = Integer(null=True, default=None)
    horizon_days = Integer(default=60)
    limit_hours = Integer(null=True, default=None)
    fee = Integer(default=0)
    role = Varchar(length=20)
    instant = Boolean(default=False)
    place = ref(Place, null=True, index=False)
    guided = Boolean(default=False)
    at_table = Boolean(default=False)
    proven = Boolean(default=False)
    holidays = Boolean(default=True)
    letter = Varchar(length=1)
    asks = Text(default="[]")
    checks = Text()
    papers_zh = Text()
    papers_en = Text()
    notes_zh = Text()
    notes_en = Text()
    version = Integer(default=1)

    visit_type_one_code = Unique([site, code])

    @property
    def name(self) -> str:
        return named(self.name_zh, self.name_en)

    @property
    def papers(self) -> list[str]:
        """What to bring, all of it at once (HALL-02)."""
        return [line.strip() for line in named(self.papers_zh, self.papers_en).splitlines() if line.strip()]

    @property
    def notes(self) -> str:
        return named(self.notes_zh, self.notes_en)


class VisitHours(Table):
    """When visits of a type may be on a weekday (0 is Monday), in minutes from midnight; `closes` may lie beyond the day."""

    id = key()
    type = ref(VisitType)
    weekday = Integer(default=0)
    opens = Integer(default=0)
    closes = Integer(default=0)


class VisitDay(Table):
    """A day on which a type has other hours: a JSON list of intervals, an empty one where there are no visits."""

    id = key()
    type = ref(VisitType, index=False)
    day = Date(default=None)
    hours = Text(default="[]")

    visit_day_once = Unique([type, day])  # noqa: A003  # a column, not the builtin

    @property
    def times(self) -> tuple[tuple[int, int], ...]:
        return tuple((opens, closes) for opens, closes in json.loads(self.hours))


class Blackout(Table):
    """A stretch in which no visit of a type, or of any (`type` None), can be booked."""

    id = key()
    site = ref(Site)
    type = ref(VisitType, null=True, index=False)
    begins_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    reason = Varchar(length=200)
    by = ref(Account, null=True, index=False)


class Day(Table):
    """A day of a type's book: whoever reserves on it holds this row to the end of the transaction."""

    id = key()
    type = ref(VisitType, index=False)
    day = Date(default=None)
    turn = Integer(default=1)

    day_once = Unique([type, day])  # noqa: A003  # a column, not the builtin


class Recurrence(Table):
    """Why some bookings belong together: staff made them at once, `every` so many days or weeks (`unit`)."""

    id = key()
    site = ref(Site, index=False)
    every = Integer(default=1)
    unit = Varchar(length=10)
    by = ref(Account, index=False)
    made_at = Timestamptz(default=None)


class Booking(Table):
    """A visit that was asked for; its id is that of its work item, whose owner is the receiving person.

    `day` is its day at the site; `begins_at` is None while it waits for a place. Name, phone, purpose, needs, companions,
    plate and answers are sealed; `code` is said at the door. `asked` is what stands open until `asked_until` (offer,
    proposal, change; "" nothing): another time, place and person that the visitor takes or not, whose reservation is made
    already. `sequence` is that of the calendar file, which rises with each change. `ready` and `arrived` say when, and who
    of the staff saw to it.

    The visitor's `company`, `position` there and `background` are sealed too. `papers_asked` counts how often papers were
    asked for; `received_by` led the visitor in, `satisfied` is what was said at the end. It `follows` the visit on which
    it was agreed. Who waits for a place wants one that begins between `wanted_from` and `wanted_to`, and has stood in the
    line since `lined_up_at`; `passed` are the times he let pass, and when. `reminded_first` and `reminded_last` are the
    beginning of which he was reminded.
    """

    id = key()
    item = ref(WorkItem, unique=True, index=False)
    site = ref(Site, index=False)
    type = ref(VisitType, index=False)
    customer = ref(Customer, null=True)
    token_hash = Varchar(length=64, unique=True)
    token = Text()
    channel = Varchar(length=20)
    language = Varchar(length=10)
    salutation = Varchar(length=5)
    name = Text()
    phone = Text()
    purpose = Text()
    needs = Text()
    companions = Text()
    plate = Text()
    answers = Text()
    day = Date(default=None)
    begins_at = Timestamptz(null=True, default=None)
    ends_at = Timestamptz(null=True, default=None)
    people = Integer(default=1)
    place = ref(Place, null=True, index=False)
    confirmed_at = Timestamptz(null=True, default=None)
    asked = Varchar(length=10)
    asked_begins_at = Timestamptz(null=True, default=None)
    asked_place = ref(Place, null=True, index=False)
    asked_person = ref(Account, null=True, index=False)
    asked_until = Timestamptz(null=True, default=None)
    sequence = Integer(default=0)
    code = Varchar(length=6)
    ready_at = Timestamptz(null=True, default=None)
    ready_by = ref(Account, null=True, index=False)
    arrived_at = Timestamptz(null=True, default=None)
    arrived_by = ref(Account, null=True, index=False)
    recurrence = ref(Recurrence, null=True)
    company = Text()
    position = Text()
    background = Text()
    papers_asked = Integer(default=0)
    received_at = Timestamptz(null=True, default=None)
    received_by = ref(Account, null=True, index=False)
    satisfied = Varchar(length=10)
    seen_off_at = Timestamptz(null=True, default=None)
    follows = ref("self", null=True)
    wanted_from = Timestamptz(null=True, default=None)
    wanted_to = Timestamptz(null=True, default=None)
    lined_up_at = Timestamptz(null=True, default=None)
    passed = Text(default="{}")
    reminded_first = Timestamptz(null=True, default=None)
    reminded_last = Timestamptz(null=True, default=None)


class Preparation(Table):
    """Something that is ready for a visit (rules.preparing says what there is), and who saw to it."""

    id = key()
    booking = ref(Booking, index=False)
    code = Varchar(length=20)
    done_at = Timestamptz(default=None)
    done_by = ref(Account, index=False)

    preparation_once = Unique([booking, code])


class Reservation(Table):
    """Room for a party of a type from `begins_at` until just before `free_at`, for a hold or a booking.

    One with `expires_at` is worth nothing from then on. A hold belongs to a browser, which has one at a time.
    """

    id = key()
    type = ref(VisitType, index=False)
    day = Date(default=None)
    begins_at = Timestamptz(default=None)
    free_at = Timestamptz(default=None)
    people = Integer(default=1)
    booking = ref(Booking, null=True)
    browser = Varchar(length=64, null=True, default=None, unique=True)
    expires_at = Timestamptz(null=True, default=None)


class Resource(Table):
    """A room or a person that receives visitors, so many `parties` at once; its row is held by whoever engages it."""

    id = key()
    site = ref(Site, index=False)
    place = ref(Place, null=True, index=False, unique=True)
    account = ref(Account, null=True, index=False)
    parties = Integer(default=1)
    turn = Integer(default=1)

    resource_one_person = Unique([site, account])


class Officer(Table):
    """Somebody of the staff who receives visitors by name, with what he has to do and may decide (VIS-28)."""

    id = key()
    site = ref(Site, index=False)
    account = ref(Account, index=False)
    duties = Text()

    officer_once = Unique([site, account])


class Engagement(Table):
    """A room or a person is there for a booking, from one instant until just before another.

    `standby` is that of a time which stands open for the visitor; it is worth nothing from `expires_at` on.
    """

    id = key()
    resource = ref(Resource, index=False)
    booking = ref(Booking)
    begins_at = Timestamptz(default=None)
    free_at = Timestamptz(default=None)
    expires_at = Timestamptz(null=True, default=None)
