"""What staff type to agree on a visit, and to prepare it."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from portal.domain.bookings.forms.booking import When
from portal.domain.bookings.rules import preparing, slots
from portal.domain.customers.forms import words
from portal.domain.queues.forms import Reason
from portal.domain.sites.forms import Day
from portal.i18n import formats
from portal.i18n.translations import N_

Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


def _clock(typed: str) -> str:
    if typed and slots.instant(formats.zone().key, date(2000, 1, 1), typed) is None:
        raise PydanticCustomError("time", N_("Choose a time such as 14:30"))
    return typed


def _known(typed: str) -> tuple[str, ...]:
    codes = set(typed.replace(",", " ").split())
    if not codes <= set(preparing.ITEMS):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return tuple(item for item in preparing.ITEMS if item in codes)


class OfSeries(BaseModel):
    """Which of the bookings that belong together is meant."""

    scope: Annotated[Literal["one", "following", "all"], Field(title=N_("Which of the series"))] = "one"


class Confirmation(OfSeries):
    """Where and by whom a visitor is received (VIS-04); for a guided visit the person is the guide (VIS-16)."""

    place: Annotated[str, words(80), Field(title=N_("Place"))]
    person: Annotated[str, words(80), Field(title=N_("Person"))]


class Decline(BaseModel):
    """Why a visit cannot be; the visitor reads it."""

    reason: Reason


class Withdrawal(OfSeries, Decline):
    """Why the house calls a visit off; the visitor reads it."""


class Proposal(When):
    """Another time than the one that was asked for (VIS-26)."""


class Change(OfSeries):
    """What is different from what was agreed, and why; what is empty stays (VIS-25)."""

    day: Annotated[Day | None, Field(title=N_("Day"))] = None
    time: Annotated[str, AfterValidator(_clock), Field(title=N_("Time"))] = ""
    place: Annotated[Code, Field(title=N_("Place"))] = ""
    person: Annotated[Code, Field(title=N_("Person"))] = ""
    reason: Reason

    def begins_at(self, was: datetime) -> datetime | None:
        """The instant that is wanted instead; None for one that is no time."""
        local = was.astimezone(formats.zone())
        return slots.instant(formats.zone().key, self.day or local.date(), self.time or local.strftime("%H:%M"))


class Ticks(BaseModel):
    """What is ready; what is not in it is not (any more)."""

    items: Annotated[tuple[str, ...], BeforeValidator(_known), Field(title=N_("What is ready"))] = ()


class BookingField(BaseModel):
    """Which field of a booking somebody wants to see in full, and why."""

    field: Literal["phone"] = "phone"
    reason: Reason
