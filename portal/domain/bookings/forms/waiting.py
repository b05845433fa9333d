"""What somebody types who waits for a place."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from portal import clock
from portal.domain.bookings.forms.booking import People, given
from portal.domain.bookings.rules import slots
from portal.domain.bookings.tables import Salutation
from portal.domain.customers.forms import Phone, words
from portal.domain.sites.forms import Day
from portal.i18n import formats
from portal.i18n.translations import N_


def _wall(typed: str, info: ValidationInfo) -> str:
    """A time of that day at the site; the day's own error is told at the day."""
    if _at(typed, info) is None and "day" in info.data:
        raise PydanticCustomError("time", N_("Choose a time such as 14:30"))
    return typed


def _later(typed: str, info: ValidationInfo) -> str:
    """A time that is still to come, and not before the other."""
    until, first = _at(typed, info), _at(info.data.get("from_time", ""), info)
    if until is not None and until < clock.now():
        raise PydanticCustomError("past", N_("This time is over already"))
    if until is not None and first is not None and until < first:
        raise PydanticCustomError("order", N_("This is before the first time"))
    return typed


def _at(typed: str, info: ValidationInfo) -> datetime | None:
    day = info.data.get("day")
    return slots.instant(formats.zone().key, day, typed) if day else None


class NewWaiting(BaseModel):
    """A day, the first and the last time at which the visit may begin, how many come, and how to reach them.

    `code` proves the phone (`again`: send a new one).
    """

    type: Annotated[str, Field(max_length=40, title=N_("Kind of visit"))] = ""
    day: Annotated[Day, Field(title=N_("Day"))]
    from_time: Annotated[str, AfterValidator(_wall), Field(alias="from", title=N_("Begins at the earliest"))]
    to_time: Annotated[
        str, AfterValidator(_wall), AfterValidator(_later), Field(alias="to", title=N_("Begins at the latest"))
    ]
    people: People = 1
    name: Annotated[str, words(60), Field(title=N_("Name"))]
    salutation: Annotated[Salutation, Field(title=N_("Form of address"))] = Salutation.NONE
    phone: Annotated[Phone, AfterValidator(given), Field(title=N_("Phone"))]
    code: Annotated[str, Field(max_length=40, title=N_("Code"))] = ""
    again: bool = False

    @property
    def begins_at(self) -> datetime:
        """The instant of the first time; the form has made sure that there is one."""
        return self._instant(self.from_time)

    @property
    def ends_at(self) -> datetime:
        """The instant of the last time at which the visit may begin."""
        return self._instant(self.to_time)

    def _instant(self, time: str) -> datetime:
        at = slots.instant(formats.zone().key, self.day, time)
        if at is None:
            raise ValueError(time)
        return at
