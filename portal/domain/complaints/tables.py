"""Complaints: the facts of a work item that a customer filed."""

from enum import StrEnum

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.customers.tables import Customer
from portal.domain.queues.tables import WorkItem


class Kind(StrEnum):
    """What is taken in the one intake (CMP-04, CMP-05, CMP-46)."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    ENQUIRY = "enquiry"
    DISPUTE = "dispute"
    REPORT = "report"
    REQUEST = "request"
    RECEPTION = "reception"


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


class Complaint(Table):
    """The facts of a complaint; its id is that of its work item.

    Name, phone and e-mail are as filed, sealed. `token` opens the customer's page: its hash finds it, the sealed copy
    shows it again to a repeated post.
    """

    id = key()
    item = ref(WorkItem, unique=True, index=False)
    customer = ref(Customer, null=True)
    token_hash = Varchar(length=64, unique=True)
    token = Text()
    channel = Varchar(length=20)
    language = Varchar(length=10)
    anonymous = Boolean(default=False)
    name = Text()
    phone = Text()
    email = Text()
    email_index = Varchar(length=32)
    answered_at = Timestamptz(null=True, default=None)
    silent_from = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    rejections = Integer(default=0)
    rating = Integer(null=True, default=None)
