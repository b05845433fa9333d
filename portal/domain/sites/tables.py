"""Sites and what stands in them."""

from enum import StrEnum

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from portal.columns import key, ref
from portal.i18n.translations import language


class SiteKind(StrEnum):
    HOTEL = "hotel"
    RESTAURANT = "restaurant"
    TOWER = "tower"
    SHOWROOM = "showroom"


class PlaceKind(StrEnum):
    ROOM = "room"
    TABLE = "table"
    FLOOR = "floor"
    GATE = "gate"
    AREA = "area"


class Site(Table):
    """One house. `choices` holds, as JSON, the settings that differ from their defaults (rules.SETTINGS)."""

    id = key()
    slug = Varchar(length=40, unique=True)
    code = Varchar(length=2, unique=True)
    kind = Varchar(length=20)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)
    zone = Varchar(length=40, default="Asia/Shanghai")
    hotline = Varchar(length=40)
    mailbox = Varchar(length=120)
    choices = Text()
    version = Integer(default=1)
    created_at = Timestamptz(default=None)

    @property
    def name(self) -> str:
        return named(self.name_zh, self.name_en)


class Place(Table):
    """A room, table, floor, gate or area; its code stands on the poster there."""

    id = key()
    site = ref(Site)
    code = Varchar(length=40)
    kind = Varchar(length=20)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)

    place_one_code = Unique([site, code])

    @property
    def name(self) -> str:
        return named(self.name_zh, self.name_en)


class Category(Table):
    """What a complaint is about; `unit` is the role whose business it is (floor, kitchen, desk …)."""

    id = key()
    site = ref(Site)
    code = Varchar(length=40)
    unit = Varchar(length=20)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)
    position = Integer(default=0)
    active = Boolean(default=True)

    category_one_code = Unique([site, code])

    @property
    def name(self) -> str:
        return named(self.name_zh, self.name_en)


def named(chinese: str, english: str) -> str:
    """A name in the reader's language; the other one where it has none."""
    first, second = (english, chinese) if language() == "en" else (chinese, english)
    return first or second
