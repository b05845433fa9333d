"""Customers, and the sites that know them."""

from enum import StrEnum

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.accounts.tables import Account
from portal.domain.sites.tables import Site


class Tier(StrEnum):
    """How much a customer means to the house, the most important first; set by hand."""

    IMPORTANT = "important"
    KEY = "key"
    QUALITY = "quality"
    A = "a"


class Customer(Table):
    """One person per phone (E.164). Name, phone and e-mail are sealed; the index finds an equal phone."""

    id = key()
    phone = Text()
    phone_index = Varchar(length=32, unique=True)
    name = Text()
    email = Text()
    tier = Varchar(length=20)
    created_at = Timestamptz(default=None)


class Block(Table):
    """Somebody, known by phone or document, whom a site (none: every site) takes in no more, until it ends or is lifted.

    The indexes are keyed (sealing.index). `shown` is what a list says of phone or document; it is sealed, as are the
    reasons.
    """

    id = key()
    site = ref(Site, null=True)
    phone_index = Varchar(length=32, index=True)
    document_index = Varchar(length=32, index=True)
    shown = Text()
    reason = Text()
    until = Timestamptz(null=True, default=None)
    by = ref(Account, index=False)
    at = Timestamptz(default=None)
    lifted_by = ref(Account, null=True, index=False)
    lifted_at = Timestamptz(null=True, default=None)
    lifted_for = Text()


class Acquaintance(Table):
    """A customer has had to do with a site."""

    id = key()
    customer = ref(Customer)
    site = ref(Site)
    since = Timestamptz(default=None)

    acquaintance_once = Unique([customer, site])


class Remembered(Table):
    """What somebody let the house keep for the next time, known again by a cookie of that browser alone (its hash).

    Sealed; `agreed_at` is when it was allowed, `subject` with what.
    """

    id = key()
    customer = ref(Customer)
    token_hash = Varchar(length=64, unique=True)
    subject = UUID(index=True, default=None)
    language = Varchar(length=10)
    companions = Text()
    needs = Text()
    plate = Text()
    agreed_at = Timestamptz(default=None)


class Proof(Table):
    """A code on its way to a phone, which shows that it is in the hand of whoever asks in a browser (its hash)."""

    id = key()
    site = ref(Site, index=False)
    browser = Varchar(length=64)
    phone = Text()
    phone_index = Varchar(length=32)
    code = Text()
    language = Varchar(length=10)
    tries = Integer(default=0)
    expires_at = Timestamptz(default=None, index=True)
    proven_at = Timestamptz(null=True, default=None)

    proof_once = Unique([browser, phone_index])
