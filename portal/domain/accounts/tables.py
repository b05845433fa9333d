"""Staff accounts, their roles at sites, and their sessions."""

from enum import StrEnum

from piccolo.columns import Boolean, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.domain.sites.tables import Site


class Role(StrEnum):
    DESK = "desk"
    GUARD = "guard"
    FLOOR = "floor"
    SALES = "sales"
    KITCHEN = "kitchen"
    MANAGER = "manager"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMIN = "admin"
    OWNER = "owner"


class Account(Table):
    """A member of staff. `demo` accounts may not exist in production. `email`, where there is one, is sealed."""

    id = key()
    username = Varchar(length=60, unique=True)
    name = Varchar(length=60)
    surname = Varchar(length=30)
    language = Varchar(length=10, default="zh-CN")
    password_hash = Varchar(length=200)
    demo = Boolean(default=False)
    disabled_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    email = Text(default="")


class Membership(Table):
    """A role of an account at a site; without a site it holds for the organisation (admin, owner)."""

    id = key()
    account = ref(Account)
    site = ref(Site, null=True)
    role = Varchar(length=20)

    membership_one_role = Unique([account, site, role])


class Session(Table):
    """A sign-in on one browser; the cookie holds the token, the row only its hash."""

    id = key()
    token_hash = Varchar(length=64, unique=True)
    account = ref(Account)
    created_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
