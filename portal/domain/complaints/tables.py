"""Complaints: the facts of a work item that a customer filed."""

from enum import StrEnum

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.customers.tables import Customer
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site


class Kind(StrEnum):
    """What is taken in the one intake (CMP-04, CMP-05, CMP-06, CMP-08, CMP-30, CMP-33, CMP-46)."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    ENQUIRY = "enquiry"
    DISPUTE = "dispute"
    REPORT = "report"
    REQUEST = "request"
    RECEPTION = "reception"
    PRODUCT = "product"
    RECHARGE = "recharge"
    GRUMBLE = "grumble"
    POLICY_GRUMBLE = "policy-grumble"


class Channel(StrEnum):
    """The way it came (CMP-01)."""

    PORTAL = "portal"
    DESK = "desk"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    MAILBOX = "mailbox"
    SOCIAL = "social"
    VISIT = "visit"


class State(StrEnum):
    RECEIVED = "received"
    TRIAGED = "triaged"
    PLANNED = "planned"
    ANSWERED = "answered"
    CLOSED = "closed"


class Liability(StrEnum):
    """Whose fault it was; nobody knows as long as it is open (CMP-22)."""

    OPEN = "open"
    OURS = "ours"
    SHARED = "shared"
    NOT_OURS = "not_ours"


class Award(StrEnum):
    """Where a compensation stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class Returned(StrEnum):
    """Where the goods of a return note stand (CMP-35 to CMP-37)."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    SHIPPED = "shipped"
    AWAITING = "awaiting-instruction"
    RECEIVED = "received"


class Complaint(Table):
    """The facts of a complaint; its id is that of its work item.

    Name, phone and e-mail are as filed, sealed. `token` opens the customer's page: its hash finds it, the sealed copy
    shows it again to a repeated post. `visited_at` (the return visit), `satisfied` and `verified_at` are those of the
    answer that stands; `cause` is a code of the site's list.
    """

    id = key()
    item = ref(WorkItem, unique=True, index=False)
    customer = ref(Customer, null=True)
    token_hash = Varchar(length=64, unique=True)
    token = Text()
    channel = Varchar(length=20)
    language = Varchar(length=10)
    anonymous = Boolean(default=False)
    tier = Varchar(length=20)
    extended_days = Integer(default=0)
    name = Text()
    phone = Text()
    email = Text()
    email_index = Varchar(length=32)
    answered_at = Timestamptz(null=True, default=None)
    silent_from = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    by_silence = Boolean(default=False)
    reminded_at = Timestamptz(null=True, default=None)
    liability = Varchar(length=10, default=Liability.OPEN.value)
    cause = Varchar(length=40)
    visited_at = Timestamptz(null=True, default=None)
    satisfied = Boolean(null=True, default=None)
    verified_at = Timestamptz(null=True, default=None)
    rejections = Integer(default=0)
    rating = Integer(null=True, default=None)
    forwarded_at = Timestamptz(null=True, default=None)


class Policy(Table):
    """How much time some complaints have, by kind, category, severity and tier; the first that says a time decides it.

    The conditions are words separated by blanks; an empty one is fulfilled by every complaint. A time of 0 says nothing:
    the next policy does, and after the last one the site's default.
    """

    id = key()
    site = ref(Site)
    name = Varchar(length=80)
    position = Integer(default=0)
    kinds = Text()
    categories = Text()
    severities = Text()
    tiers = Text()
    acknowledge_minutes = Integer(default=0)
    answer_minutes = Integer(default=0)
    resolve_hours = Integer(default=0)
    always = Boolean(default=False)
    pauses_in = Text()
    version = Integer(default=1)
    created_at = Timestamptz(default=None)


class Extension(Table):
    """More days for an answer where days are counted: asked for by one person, decided by another."""

    id = key()
    item = ref(WorkItem)
    number = Integer(default=1)
    days = Integer()
    asked_by = ref(Account, index=False)
    asked_at = Timestamptz(default=None)
    decision = Varchar(length=10)
    decided_by = ref(Account, null=True, index=False)
    decided_at = Timestamptz(null=True, default=None)

    extension_once = Unique([item, number])


class Compensation(Table):
    """What a customer gets for it: an amount in fen (0 is one), and the remedy in words, sealed (CMP-28, CMP-29)."""

    id = key()
    item = ref(WorkItem)
    site = ref(Site, index=False)
    amount = Integer(default=0)
    remedy = Text()
    state = Varchar(length=10)
    proposer = ref(Account, index=False)
    proposed_at = Timestamptz(default=None)
    decider = ref(Account, null=True, index=False)
    decided_at = Timestamptz(null=True, default=None)


class Cause(Table):
    """A cause that a site added to the usual ones, or renamed, or offers no longer (rules.learning.CAUSES)."""

    id = key()
    site = ref(Site, index=False)
    code = Varchar(length=40)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)
    active = Boolean(default=True)

    cause_one_code = Unique([site, code])


class Template(Table):
    """Words to begin an answer with; `apology` says that they apologise, whatever words they use (CMP-22)."""

    id = key()
    site = ref(Site, index=False)
    name = Varchar(length=80)
    language = Varchar(length=10)
    body = Text()
    apology = Boolean(default=False)

    template_one_name = Unique([site, language, name])


class Phrases(Table):
    """What nobody says to a customer of this site, one a line; without a row the usual ones (rules.wording.PHRASES)."""

    id = key()
    site = ref(Site, unique=True, index=False)
    words = Text()
    version = Integer(default=1)


class Product(Table):
    """What a product complaint is checked against before it is investigated; its id is that of its item.

    `order_no` and `part_no` are sealed.
    """

    id = key()
    item = ref(WorkItem, unique=True, index=False)
    order_no = Text()
    part_no = Text()
    quantity = Integer()
    shipped_on = Date(default=None)


class ReturnNote(Table):
    """Goods that come back (退货单): asked for, approved by another person, shipped, counted, signed for.

    All that was typed is sealed. `lines` is what the note says, `arrived` what was counted, one part a line.
    """

    id = key()
    item = ref(WorkItem)
    number = Integer(default=1)
    state = Varchar(length=20)
    reason = Text()
    treatment = Text()
    basis = Text()
    lines = Text()
    arrived = Text()
    refusal = Text()
    instruction = Text()
    issued_by = ref(Account, index=False)
    issued_at = Timestamptz(default=None)
    decided_by = ref(Account, null=True, index=False)
    decided_at = Timestamptz(null=True, default=None)
    shipped_at = Timestamptz(null=True, default=None)
    instructed_by = ref(Account, null=True, index=False)
    received_by = ref(Account, null=True, index=False)
    received_at = Timestamptz(null=True, default=None)

    return_note_once = Unique([item, number])


class Party(Table):
    """The other side of a dispute, with a link of its own to its own words; its id is that of the item.

    Name, phone and link are sealed, as the customer's are.
    """

    id = key()
    item = ref(WorkItem, unique=True, index=False)
    token_hash = Varchar(length=64, unique=True)
    token = Text()
    name = Text()
    phone = Text()
