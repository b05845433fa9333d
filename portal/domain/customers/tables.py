"""Customers, and the sites that know them."""

from enum import StrEnum

from piccolo.columns import Text, Timestamptz, Varchar
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
