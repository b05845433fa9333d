"""What may be typed about any work item."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal import clock
from portal.domain.accounts.tables import Role
from portal.domain.queues import rules
from portal.domain.queues.tables import PauseReason
from portal.domain.sites.forms import Day
from portal.i18n import formats
from portal.i18n.translations import N_

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), Field(title=N_("Reason"))
]

def _not_before(day: date, info: ValidationInfo) -> date:
    if day < info.data.get("from_on", day):
        raise PydanticCustomError("order", N_("The last day is before the first"))
    return day


def _rung(role: str) -> str:
    if role not in rules.HANDLERS:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return role


def _waits(minutes: int | None, info: ValidationInfo) -> int | None:
    """A rung that is there waits for the one before; the name of its role differs in the first part alone."""
    if minutes is None and info.data.get(f"role_{str(info.field_name)[-1]}"):
        raise PydanticCustomError("missing", N_("%(label)s: please fill this in"))
    return minutes


MOST = 100  # numbers of one bulk
FARTHEST = timedelta(days=366)


def _department(word: str) -> Role:
    if word not in {role.value for role in rules.DEPARTMENTS}:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return Role(word)


def _several(typed: str | list[str]) -> list[str]:
    """Numbers that stand one a line, or between commas; each once."""
    parts = typed if isinstance(typed, list) else re.split(r"[\s,，、]+", typed)
    numbers = list(dict.fromkeys(part for part in parts if part))
    if not numbers:
        raise PydanticCustomError("none", N_("Choose at least one item"))
    if len(numbers) > MOST:
        raise PydanticCustomError("many", N_("At most %(most)s items at once"), {"most": MOST})
    return numbers


def _of_handover(typed: str, info: ValidationInfo) -> str:
    if not typed and info.data.get("deed") == "handover":
        raise PydanticCustomError("missing", "missing")
    return typed


def _instant(typed: object) -> object:
    """What a field for day and time holds, as an instant; without an offset it is meant at the site."""
    if not isinstance(typed, str):
        return typed
    try:
        at = datetime.fromisoformat(typed)
        here = (at if at.tzinfo else at.replace(tzinfo=formats.zone())).astimezone(formats.zone())
        return here.astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant", N_("Enter a day and a time such as 2026-11-22 18:00")) from None


def _to_come(at: datetime) -> datetime:
    if at <= clock.now():
        raise PydanticCustomError("past", N_("This time is past already"))
    return at


def _within_a_year(at: datetime) -> datetime:
    if at > clock.now() + FARTHEST:
        raise PydanticCustomError("far", N_("Choose a time within a year"))
    return at


def _other_needs_words(body: str, info: ValidationInfo) -> str:
    if not body and info.data.get("reason") == PauseReason.OTHER:
        raise PydanticCustomError("needed", N_("Say what we are waiting for"))
    return body


Instant = Annotated[datetime, BeforeValidator(_instant)]
Future = Annotated[Instant, AfterValidator(_to_come)]
Near = Annotated[Instant, AfterValidator(_within_a_year)]
Soon = Annotated[Future, AfterValidator(_within_a_year)]
Rung = Annotated[str, AfterValidator(_rung)]
Minutes = Annotated[
    int | None, Field(ge=1, le=10_080, title=N_("Minutes"), validate_default=True), AfterValidator(_waits)
]
Username = StringConstraints(strip_whitespace=True, min_length=1, max_length=60)


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

    field: Literal["phone", "name", "email", "party_name", "party_phone"]
    reason: Reason


class Waiting(BaseModel):
    """What an item waits for, and perhaps until when; something other than the customer or parts needs words."""

    reason: Annotated[PauseReason, Field(title=N_("What are we waiting for"))]
    body: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_other_needs_words),
        Field(title=N_("In words"), validate_default=True),
    ] = ""  # fmt: skip
    until: Annotated[Future | None, Field(title=N_("Until"))] = None


class NewTask(BaseModel):
    """What a department is asked to do, by when, and by whom of it (DUTY-16)."""

    department: Annotated[Role, BeforeValidator(_department), Field(title=N_("Department"))]
    owner: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Field(title=N_("Who does it"))] = ""
    due_at: Annotated[Soon, Field(title=N_("Until when"))]
    body: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), Field(title=N_("What is to be done"))
    ]


class TaskDone(BaseModel):
    """That a task is done, with a word about it if there is one."""

    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Field(title=N_("Note"))] = ""


class TaskRefused(BaseModel):
    """Why a department does not do what it was asked."""

    reason: Reason


class Undo(BaseModel):
    """The deed that its doer takes back, by its event."""

    event: Annotated[UUID, Field(title=N_("What is undone"))]


class ManyItems(BaseModel):
    """One deed for many items; handing over says to whom, and why."""

    numbers: Annotated[list[str], BeforeValidator(_several), Field(title=N_("Items"), validate_default=True)] = []
    deed: Annotated[Literal["claim", "handover", "closure"], Field(title=N_("What to do with them"))]
    to: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=60),
        AfterValidator(_of_handover),
        Field(title=N_("Hand over to"), validate_default=True),
    ] = ""
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=1000),
        AfterValidator(_of_handover),
        Field(title=N_("Reason"), validate_default=True),
    ] = ""


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
