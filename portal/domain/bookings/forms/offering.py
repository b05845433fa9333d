"""What may be typed about what a site offers: types of visit, their hours, and who and what receives."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.bookings.rules import asking, preparing, slots
from portal.domain.bookings.rules.asking import Ask, Kind, Option
from portal.domain.bookings.rules.way import RECEIVERS
from portal.domain.sites.forms import LONGEST, CodeWord, Day, Name, Times
from portal.i18n import formats
from portal.i18n.translations import N_, _

FEN = 100
FEE = re.compile(r"(\d{1,6})(?:\.(\d{1,2}))?")
ASK = ("zh", "en", "kind", "required", "options", "only")  # the inputs of a field that is asked


def _fen(typed: str) -> int:
    """An amount in yuan with at most two decimals, in fen."""
    found = FEE.fullmatch(re.sub(r"[¥￥,，\s]", "", typed))
    if not found:
        raise PydanticCustomError("fee", N_("Enter an amount such as 120 or 120.50"))
    return int(found[1]) * FEN + int((found[2] or "").ljust(2, "0"))


def _letter(typed: str) -> str:
    if not re.fullmatch(r"[A-Z]?", typed):
        raise PydanticCustomError("letter", N_("One letter from A to Z, or none"))
    return typed


def _free(code: str) -> str:
    if code == "new":
        raise PydanticCustomError("taken", N_("This word stands in an address of ours"))
    return code


def _party(most: int, info: ValidationInfo) -> int:
    people = info.data.get("people")
    if people is not None and most > people:
        raise PydanticCustomError("most", N_("Not more than the people at once"))
    return most


def _named(typed: str, info: ValidationInfo) -> str:
    if info.data.get("instant") and not typed:
        raise PydanticCustomError("unnamed", N_("A visit that confirms by itself names its place and who receives"))
    return typed


def _place(code: str, info: ValidationInfo) -> str:
    if code and code not in (info.context or {}).get("places", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return _named(code, info)


def _role(role: str, info: ValidationInfo) -> str:
    if role and role not in RECEIVERS:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return _named(role, info)


def _type(code: str, info: ValidationInfo) -> str:
    if code and code not in (info.context or {}).get("types", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return code


def _types(typed: str, info: ValidationInfo) -> str:
    return " ".join(_type(code, info) for code in dict.fromkeys(typed.split()))


def _checks(typed: str) -> str:
    chosen = set(typed.split())
    if not chosen <= set(preparing.ITEMS):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return " ".join(item for item in preparing.ITEMS if item in chosen)


def _receiver(name: str, info: ValidationInfo) -> str:
    if name not in (info.context or {}).get("people", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return name


def _room_or_person(name: str, info: ValidationInfo) -> str:
    if name and name not in (info.context or {}).get("people", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    if bool(name) == bool(info.data.get("place")):
        raise PydanticCustomError("one", N_("Either a room or a person"))
    return name


def _last(last: date | None, info: ValidationInfo) -> date | None:
    first = info.data.get("first")
    if last is None or first is None:
        return last
    if last < first:
        raise PydanticCustomError("before", N_("%(label)s: not before the first day"))
    if (last - first).days >= LONGEST:
        raise PydanticCustomError("far", N_("%(label)s: at most %(most)s days at once"), {"most": LONGEST})
    return last


def _clock(typed: str, info: ValidationInfo) -> str:
    day = info.data.get("first")
    if typed and day and slots.instant(formats.zone().key, day, typed) is None:
        raise PydanticCustomError("time", N_("Choose a time such as 14:30"))
    return typed


def _end(typed: str, info: ValidationInfo) -> str:
    first, last = info.data.get("first"), info.data.get("last")
    if first is None or "from_time" not in info.data:
        return typed
    end = _instant(last or first, typed, after=True)
    if end is None:
        raise PydanticCustomError("time", N_("Choose a time such as 14:30"))
    begin = _instant(first, info.data["from_time"], after=False)
    if begin is not None and end <= begin:
        raise PydanticCustomError("early", N_("It ends before it begins"))
    return typed


def _instant(day: date, time: str, *, after: bool) -> datetime | None:
    """The instant of a day and a time; without one the beginning of the day, or `after` it that of the next."""
    if time or not after:
        return slots.instant(formats.zone().key, day, time or "0:00")
    return slots.instant(formats.zone().key, day + timedelta(days=1), "0:00")


def _lines(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest)


PlaceCode = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True), AfterValidator(_place)]
Clock = StringConstraints(strip_whitespace=True, max_length=5)
Parties = Annotated[int, Field(ge=1, le=1_000, title=N_("Parties at once"))]


class TypeFacts(BaseModel):
    """A kind of visit: how long, how many, how far ahead, who receives, and what the visitor is told."""

    name_zh: Annotated[str, Name, Field(title=N_("Chinese name"))]
    name_en: Annotated[str, Name, Field(title=N_("English name"))]
    minutes: Annotated[int, Field(ge=5, le=1_440, title=N_("A visit lasts"))]
    buffer: Annotated[int, Field(ge=0, le=720, title=N_("Pause after a visit"))] = 0
    step: Annotated[int, Field(ge=5, le=1_440, title=N_("A visit may begin every"))]
    parties: Parties
    people: Annotated[int, Field(ge=1, le=10_000, title=N_("People at once"))]
    most: Annotated[int, Field(ge=1, le=10_000, title=N_("People of one party")), AfterValidator(_party)]
    lead_minutes: Annotated[int | None, Field(ge=0, le=43_200, title=N_("Booked at least so long before"))] = None
    horizon_days: Annotated[int, Field(ge=1, le=730, title=N_("Offered so far ahead"))]
    limit_hours: Annotated[int | None, Field(ge=0, le=720, title=N_("Cancelling is free until so long before"))] = None
    fee: Annotated[int, BeforeValidator(_fen), Field(title=N_("Fee for cancelling later"))] = 0
    instant: Annotated[bool, Field(title=N_("Confirmed by itself"))] = False
    place: Annotated[PlaceCode, Field(title=N_("Standing place"), validate_default=True)] = ""
    role: Annotated[str, AfterValidator(_role), Field(title=N_("Who receives"), validate_default=True)] = ""
    guided: Annotated[bool, Field(title=N_("With a guide"))] = False
    at_table: Annotated[bool, Field(title=N_("At a table"))] = False
    proven: Annotated[bool, Field(title=N_("Phone proven by a code"))] = False
    checks: Annotated[str, AfterValidator(_checks), Field(title=N_("What is prepared"))] = ""
    online: Annotated[bool, Field(title=N_("Offered online"))] = False
    active: Annotated[bool, Field(title=N_("Offered"))] = False
    letter: Annotated[
        str, StringConstraints(to_upper=True), AfterValidator(_letter), Field(title=N_("Letter of its numbers"))
    ] = ""
    papers_zh: Annotated[str, _lines(2_000), Field(title=N_("Papers to bring, in Chinese"))] = ""
    papers_en: Annotated[str, _lines(2_000), Field(title=N_("Papers to bring, in English"))] = ""
    notes_zh: Annotated[str, _lines(2_000), Field(title=N_("Notes for the visitor, in Chinese"))] = ""
    notes_en: Annotated[str, _lines(2_000), Field(title=N_("Notes for the visitor, in English"))] = ""
    position: Annotated[int, Field(ge=0, le=999, title=N_("Place in the order"))] = 0


class NewType(TypeFacts):
    """A kind of visit with the code that stands in addresses."""

    code: Annotated[CodeWord, AfterValidator(_free), Field(title=N_("Code"))]


class TypeDays(BaseModel):
    """Days, one or several in a row, on which a type has other hours than its weekday's, or none."""

    first: Annotated[Day, Field(title=N_("First day"), alias="from")]
    last: Annotated[Day | None, AfterValidator(_last), Field(title=N_("Last day"), alias="to")] = None
    hours: Annotated[Times, Field(title=N_("Times"))] = ()


class NewBlackout(BaseModel):
    """A stretch without visits of a type, or of any; whole days where no times are said."""

    type: Annotated[str, AfterValidator(_type), Field(title=N_("Kind of visit"))] = ""
    first: Annotated[Day, Field(title=N_("First day"), alias="from")]
    from_time: Annotated[str, Clock, AfterValidator(_clock), Field(title=N_("From what time"))] = ""
    last: Annotated[Day | None, AfterValidator(_last), Field(title=N_("Last day"), alias="to")] = None
    to_time: Annotated[str, Clock, AfterValidator(_end), Field(title=N_("Until what time"), validate_default=True)] = ""
    reason: Annotated[str, _lines(200), Field(title=N_("Reason"))] = ""

    @property
    def stretch(self) -> tuple[datetime, datetime]:
        """From when until when; the form has made sure that both are there."""
        begins, ends = (
            _instant(self.first, self.from_time, after=False),
            _instant(self.last or self.first, self.to_time, after=True),
        )
        if begins is None or ends is None:
            raise ValueError(self.from_time)
        return begins, ends


class NewReceiving(BaseModel):
    """How many parties a room or a person receives at once; one that is there already gets the new number."""

    place: Annotated[PlaceCode, Field(title=N_("Room"))] = ""
    person: Annotated[str, AfterValidator(_room_or_person), Field(title=N_("Person"), validate_default=True)] = ""
    parties: Parties


class NewOfficer(BaseModel):
    """Somebody who receives visitors by name, with duties and rights (VIS-28)."""

    person: Annotated[str, AfterValidator(_receiver), Field(title=N_("Person"))]
    duties: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000),
                      Field(title=N_("Duties and rights"))]  # fmt: skip


class DoorFacts(BaseModel):
    """A door with a poster."""

    name_zh: Annotated[str, Name, Field(title=N_("Chinese name"))]
    name_en: Annotated[str, Name, Field(title=N_("English name"))]
    place: Annotated[PlaceCode, Field(title=N_("Place"))] = ""
    active: Annotated[bool, Field(title=N_("Open"))] = False


class NewDoor(DoorFacts):
    """A door with the word that stands in its address."""

    slug: Annotated[CodeWord, Field(title=N_("Word in the address"))]


class StationFacts(BaseModel):
    """A window, room or table that people are called to, and for which types; none: for all."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"[A-Za-z0-9-]{1,20}"),
                    Field(title=N_("Number or code"))]  # fmt: skip
    name_zh: Annotated[str, Name, Field(title=N_("Chinese name"))]
    name_en: Annotated[str, Name, Field(title=N_("English name"))]
    types: Annotated[str, AfterValidator(_types), Field(title=N_("For these kinds of visit"))] = ""
    active: Annotated[bool, Field(title=N_("Open"))] = False


def asked(typed: Mapping[str, str], before: Sequence[Ask]) -> tuple[tuple[Ask, ...], dict[str, str]]:
    """The fields that somebody wrote down, and what is wrong by input. One that was there keeps its key and its values."""
    known = {ask.key: ask for ask in before}
    found: list[Ask] = []
    wrong: dict[str, str] = {}
    used = [int(key[1:]) for key in known if re.fullmatch(r"a\d+", key)]
    number = max(used, default=0)
    for place in range(asking.MOST):
        given = {name: typed.get(f"{name}_{place}", "").strip() for name in ASK}
        if not given["zh"] and not given["en"]:
            continue
        old = known.get(typed.get(f"key_{place}", ""))
        if old is None:
            number += 1
        ask, errors = _ask(given, old.key if old else f"a{number}", old, found)
        wrong |= {f"{name}_{place}": message for name, message in errors.items()}
        found.append(ask)
    return tuple(found), wrong


def _ask(given: Mapping[str, str], key: str, old: Ask | None, earlier: Sequence[Ask]) -> tuple[Ask, dict[str, str]]:
    kind = Kind(given["kind"]) if given["kind"] in tuple(Kind) else Kind.TEXT
    options = tuple(_options(given["options"], old.options if old else ())) if kind == Kind.CHOICE else ()
    only_key, _sep, only_value = given["only"].partition("=")
    ask = Ask(key, given["zh"][:80], given["en"][:80], kind, bool(given["required"]), options, only_key, only_value)
    return ask, dict(_wrong(ask, given, earlier))


def _options(typed: str, before: Sequence[Option]) -> Iterator[Option]:
    """One option a line, the Chinese word and the English one with a comma between; a known word keeps its value."""
    values = {option.zh: option.value for option in before}
    for line in dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()):
        chinese, english = (*(part.strip() for part in re.split("[,，]", line, maxsplit=1)), "")[:2]
        yield Option(values.get(chinese, chinese)[:60], chinese[:60], english[:60])


def _wrong(ask: Ask, given: Mapping[str, str], earlier: Sequence[Ask]) -> Iterator[tuple[str, str]]:
    if not ask.zh:
        yield "zh", _("Please fill this in")
    if max(len(given["zh"]), len(given["en"])) > 80:
        yield "zh", _("At most 80 characters")
    values = [option.value for option in ask.options]
    if ask.kind == Kind.CHOICE and not 2 <= len(values) <= asking.MOST:
        yield "options", _("From two to %(most)d answers, one a line") % {"most": asking.MOST}
    elif len(set(values)) < len(values):
        yield "options", _("Each answer once")
    if ask.only_key and not any(one.key == ask.only_key and ask.only_value in dict(one.choices) for one in earlier):
        yield "only", _("Choose an answer of a field that stands further up")
