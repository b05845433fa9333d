"""What may be typed about any work item."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.queues import rules
from portal.i18n.translations import N_

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), Field(title=N_("Reason"))
]

Username = StringConstraints(strip_whitespace=True, min_length=1, max_length=60)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise PydanticCustomError("day", N_("Enter a day such as 2026-11-25")) from error


def _not_before(day: date, info: ValidationInfo) -> date:
    if day < info.data.get("from_on", day):
        raise PydanticCustomError("order", N_("The last day is before the first"))
    return day


def _rung(role: str) -> str:
    if role not in rules.SUPERIORS:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return role


def _waits(minutes: int | None, info: ValidationInfo) -> int | None:
    """A rung that is there waits for the one before; the name of its role differs in the first part alone."""
    if minutes is None and info.data.get(f"role_{str(info.field_name)[-1]}"):
        raise PydanticCustomError("missing", N_("%(label)s: please fill this in"))
    return minutes


Day = Annotated[date, BeforeValidator(_day)]
Rung = Annotated[str, AfterValidator(_rung)]
Minutes = Annotated[
    int | None, Field(ge=1, le=10_080, title=N_("Minutes"), validate_default=True), AfterValidator(_waits)
]


class Release(BaseModel):
    """Why an item goes back into the queue."""

    reason: Reason


class HandOver(BaseModel):
    """Who gets an item, and why (CMP-07)."""

    to: Annotated[str, Username, Field(title=N_("Hand over to"))]
    reason: Reason


class Escalation(BaseModel):
    """Why a superior is needed (CMP-19)."""

    reason: Reason


class Acknowledgement(BaseModel):
    """That notice was taken; a word with it is not needed."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Field(title=N_("Note"))] = ""


class Note(BaseModel):
    """Words for colleagues."""

    body: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Field(title=N_("Note"))
    ]


class Unmask(BaseModel):
    """Which one field somebody needs to see, and why (P41)."""

    field: Literal["phone", "name", "email"]
    reason: Reason


class NewAbsence(BaseModel):
    """Who is away from which day to which, both included, and who stands in."""

    account: Annotated[str, Username, Field(title=N_("Who is away"))]
    from_on: Annotated[Day, Field(alias="from", title=N_("First day"))]
    to_on: Annotated[Day, AfterValidator(_not_before), Field(alias="to", title=N_("Last day"))]
    deputy: Annotated[str, Username, Field(title=N_("Who stands in"))]


class Ladder(BaseModel):
    """Who is told of a missed deadline at once, and who next if nobody acknowledges for so many minutes."""

    role_1: Annotated[Rung, Field(title=N_("At once"))]
    role_2: Rung = ""
    minutes_2: Minutes = None
    role_3: Rung = ""
    minutes_3: Minutes = None
    role_4: Rung = ""
    minutes_4: Minutes = None

    def text(self) -> str:
        """As the site's setting says it; a step left out is none."""
        above = ((self.role_2, self.minutes_2), (self.role_3, self.minutes_3), (self.role_4, self.minutes_4))
        return ", ".join([self.role_1, *(f"{role} {minutes}" for role, minutes in above if role)])
