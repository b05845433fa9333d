"""What staff type when somebody asks them for a visit."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.bookings.forms.agreeing import Code
from portal.domain.bookings.forms.booking import StaffBooking
from portal.domain.bookings.rules import recurring
from portal.domain.customers.forms import words
from portal.domain.sites.forms import Day
from portal.i18n.translations import N_


def _after_the_first(until: Day | None, info: ValidationInfo) -> Day | None:
    if until and info.data.get("day") and until < info.data["day"]:
        raise PydanticCustomError("order", N_("The last day is before the first"))
    return until


class TakenDown(StaffBooking):
    """A visit that staff take down, whichever way it came (VIS-01); with place and person it is agreed on at once.

    `other` is a time beside those that are offered. With a `unit` it is the first of a series, which ends at a day or after
    so many times; `which` of them are made is said when their conflicts have been seen.
    """

    type: Annotated[str, words(40), Field(title=N_("Kind of visit"))]
    other: Annotated[str, Field(title=N_("Another time"))] = ""
    place: Annotated[Code, Field(title=N_("Place"))] = ""
    person: Annotated[Code, Field(title=N_("Person"))] = ""
    unit: Annotated[Literal["", "day", "week"], Field(title=N_("Repeat"))] = ""
    every: Annotated[int, Field(ge=1, le=52, title=N_("Every"))] = 1
    until: Annotated[Day | None, AfterValidator(_after_the_first), Field(title=N_("Until"))] = None
    times: Annotated[int | None, Field(ge=2, le=recurring.MOST, title=N_("How many times"))] = None
    which: Literal["", "free", "all"] = ""

    @model_validator(mode="before")
    @classmethod
    def _another_time(cls, typed: dict[str, Any]) -> dict[str, Any]:
        return {**typed, "time": typed["other"]} if typed.get("other") else typed

    @model_validator(mode="after")
    def _has_an_end(self) -> "TakenDown":
        if self.unit and not self.until and not self.times:
            raise PydanticCustomError("end", N_("Say until when, or how many times"), {"field": "times"})
        return self
