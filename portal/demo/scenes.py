"""What the demonstration is made of, read from the files beside this one: four houses, what happens there, and phrases."""

import tomllib
from pathlib import Path

from pydantic import BaseModel

from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.settings import NewTemplate
from portal.domain.complaints.tables import Kind
from portal.domain.sites.tables import PlaceKind, SiteKind

SLUGS = ("hotel", "restaurant", "tower", "showroom")
_HERE = Path(__file__).parent


class Series(BaseModel):
    """Places that are numbered through: every beginning with every end."""

    kind: PlaceKind
    first: list[str]
    then: list[str]
    zh: str
    en: str


class Spot(BaseModel):
    """A place, with its code and its names."""

    code: str
    kind: PlaceKind
    zh: str
    en: str


class Scene(BaseModel):
    """One thing that goes wrong in a house: what customers write, and what staff find, plan and answer.

    `where` names kinds of places, codes of places, or is free text; `picture` is what a photo of it would show, `remedy`
    what they get for it, worth `amount` yuan; `goods` is what a product complaint is checked against.
    """

    lang: str = "zh-CN"
    kind: Kind
    category: str
    severity: str
    where: list[str]
    picture: str = ""
    bodies: list[str]
    wish: str
    cause: str
    want: str
    plan: str
    reply: str
    remedy: str = ""
    amount: int = 0
    goods: dict[str, str] = {}


class Plot(Scene):
    """A scene that is played once, step by step: `by` handles it, `filer` takes it down (nobody: it came by the portal).

    `about` are staff it is about, by the last part of the user name; `party` is who else is in a dispute, and `heard` what
    that one writes; `note` is what the return note says.
    """

    minutes: int
    steps: list[str] = []
    filer: str = ""
    by: str = ""
    about: list[str] = []
    party: str = ""
    heard: str = ""
    note: dict[str, str] = {}


class Placard(BaseModel):
    """A notice for the customers of a quarter: this one, or the next."""

    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    changed_zh: str = ""
    changed_en: str = ""
    figures: str = ""


class House(BaseModel):
    """A site with everything that stands there, who works there, and what happens."""

    slug: str
    code: str
    kind: SiteKind
    name_zh: str
    name_en: str
    hotline: str
    mailbox: str
    opens: int
    closes: int
    staff: dict[str, str]
    categories: dict[str, tuple[Role, str, str]]
    places: dict[str, tuple[PlaceKind, str, str]]
    series: list[Series] = []
    scene: list[Scene]
    plot: list[Plot] = []
    notices: list[Placard] = []

    def spots(self) -> list[Spot]:
        """Every place of the house."""
        named = [Spot(code=code, kind=kind, zh=zh, en=en) for code, (kind, zh, en) in self.places.items()]
        for row in self.series:
            for start in row.first:
                for number in row.then:
                    code = f"{start}{number}"
                    shown = number if row.kind is PlaceKind.FLOOR else code
                    named.append(Spot(code=code, kind=row.kind, zh=row.zh.format(shown), en=row.en.format(shown)))
        return named


class Phrases(BaseModel):
    """What customers and staff say to each other in one language."""

    closers: list[str]
    thanks: list[str]
    told: list[str]
    replies: list[str]
    written: list[str]
    after: list[str]
    rejections: list[str]
    again: list[str]
    praise: list[str]
    middling: list[str]
    blame: list[str]


class Task(BaseModel):
    """What a department is asked to do, and what it says when that is done."""

    department: str
    words: str
    done: str


class Desk(BaseModel):
    """What staff say among themselves, and the names of guests."""

    notes: list[str]
    releases: list[str]
    handovers: list[str]
    assigned: list[str]
    tasks: list[Task]
    guests: list[str]
    visitors: list[str]


class Book(BaseModel):
    """All phrases, and the templates that every house has."""

    zh: Phrases
    en: Phrases
    desk: Desk
    template: list[NewTemplate]

    def of(self, lang: str) -> Phrases:
        """The phrases of a language."""
        return self.en if lang == "en" else self.zh


def houses() -> list[House]:
    """The four houses, in their order."""
    return [House.model_validate(_read(slug)) for slug in SLUGS]


def book() -> Book:
    """The phrases."""
    return Book.model_validate(_read("phrases"))


def _read(name: str) -> dict[str, object]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
