"""Customers, and the sites that know them."""

from enum import StrEnum

from piccolo.columns import Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
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


class Acquaintance(Table):
    """A customer has had to do with a site."""

    id = key()
    customer = ref(Customer)
    site = ref(Site)
    since = Timestamptz(default=None)

    acquaintance_once = Unique([customer, site])
