"""Sites and what stands in them."""

import json
from enum import StrEnum

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
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
    """One house. `choices` holds, as JSON, the settings that differ from their defaults (rules.SETTINGS).

    `edition` rises when what due times are reckoned by has changed. `holidays` is the country whose public holidays it
    keeps ("" none), `holiday_data` what was known of them when the edition was made (rules.holidays.known).
    """

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
    edition = Integer(default=1)
    holidays = Varchar(length=2)
    holiday_data = Varchar(length=40)
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


class Door(Table):
    """A door or gate with a poster, whose address and short code bring a visitor to the site's page for those who come."""

    id = key()
    site = ref(Site)
    slug = Varchar(length=40, unique=True)
    code = Varchar(length=8, unique=True)
    place = ref(Place, null=True, index=False)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)
    active = Boolean(default=True)

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


class Hours(Table):
    """Open time on a weekday (0 is Monday), in minutes from midnight; `closes` may lie beyond the day.

    A site that has none never closes.
    """

    id = key()
    site = ref(Site)
    weekday = Integer(default=0)
    opens = Integer(default=0)
    closes = Integer(default=0)


class SpecialDay(Table):
    """A day of the site's own; `hours` is a JSON list of its intervals, an empty one where it is closed."""

    id = key()
    site = ref(Site)
    on = Date(default=None)
    name_zh = Varchar(length=80)
    name_en = Varchar(length=80)
    hours = Text()

    special_day_once = Unique([site, on])

    @property
    def name(self) -> str:
        return named(self.name_zh, self.name_en)

    @property
    def times(self) -> tuple[tuple[int, int], ...]:
        return tuple((opens, closes) for opens, closes in json.loads(self.hours))


def named(chinese: str, english: str) -> str:
    """A name in the reader's language; the other one where it has none."""
    first, second = (english, chinese) if language() == "en" else (chinese, english)
    return first or second
