"""What somebody types who books a visit."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal import clock
from portal.domain.bookings.rules import slots
from portal.domain.bookings.tables import Channel, Salutation
from portal.domain.customers.forms import Phone, words
from portal.domain.sites.forms import Day
from portal.i18n import formats
from portal.i18n.translations import N_

STAFF_CHANNELS = tuple(channel for channel in Channel if channel is not Channel.PORTAL)


def given(number: str) -> str:
    """A phone that is there."""
    if not number:
        raise PydanticCustomError("missing", N_("Please fill this in"))
    return number


def _time(typed: str, info: ValidationInfo) -> str:
    """A time of that day at the site, still to come; the day's own error is told at the day."""
    day = info.data.get("day")
    at = slots.instant(formats.zone().key, day, typed) if day else clock.now()
    if at is None:
        raise PydanticCustomError("time", N_("Choose a time such as 14:30"))
    if at < clock.now():
        raise PydanticCustomError("past", N_("This time is over already"))
    return typed


def _party(people: int, info: ValidationInfo) -> int:
    most = (info.context or {}).get("most")
    if most is not None and people > most:
        raise PydanticCustomError("most", N_("At most %(most)s people; please ring us for more"), {"most": most})
    return people


def _staff_channel(channel: Channel) -> Channel:
    if channel not in STAFF_CHANNELS:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return channel


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest)


Time = Annotated[str, AfterValidator(_time), Field(title=N_("Time"))]
People = Annotated[int, Field(ge=1, le=10_000, title=N_("People")), AfterValidator(_party)]


class When(BaseModel):
    """A day of the site and a time on its wall."""

    day: Annotated[Day, Field(title=N_("Day"))]
    time: Time

    @property
    def begins_at(self) -> datetime:
        """The instant; the form has made sure that there is one."""
        at = slots.instant(formats.zone().key, self.day, self.time)
        if at is None:
            raise ValueError(self.time)
        return at


class NewBooking(When):
    """What a visitor types (VIS-02): name, contact and purpose at least, the wished time, how many people, special needs."""

    people: People = 1
    name: Annotated[str, words(60), Field(title=N_("Name"))]
    salutation: Annotated[Salutation, Field(title=N_("Form of address"))] = Salutation.NONE
    phone: Annotated[Phone, AfterValidator(given), Field(title=N_("Phone"))]
    purpose: Annotated[str, words(500), Field(title=N_("Purpose of the visit"))]
    needs: Annotated[str, _text(500), Field(title=N_("Special needs"))] = ""
    companions: Annotated[str, _text(300), Field(title=N_("Who comes along"))] = ""
    plate: Annotated[str, _text(20), Field(title=N_("Number plate"))] = ""
    company: Annotated[str, _text(100), Field(title=N_("Company or unit"))] = ""
    position: Annotated[str, _text(60), Field(title=N_("Position"))] = ""


class StaffBooking(NewBooking):
    """What staff take down (VIS-01); a time outside the rules needs a reason (VIS-03)."""

    channel: Annotated[Channel, AfterValidator(_staff_channel), Field(title=N_("How it came"))]
    language: Annotated[Literal["zh-CN", "en"], Field(title=N_("The guest's language"))] = "zh-CN"
    override_reason: Annotated[str, _text(500), Field(title=N_("Reason for the exception"))] = ""
