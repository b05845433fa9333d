"""What staff type when somebody asks them for a visit."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from portal.domain.bookings.forms.agreeing import Code
from portal.domain.bookings.forms.booking import StaffBooking
from portal.domain.customers.forms import words
from portal.i18n.translations import N_


class TakenDown(StaffBooking):
    """A visit that staff take down, whichever way it came (VIS-01); with place and person it is agreed on at once.

    `other` is a time beside those that are offered.
    """

    type: Annotated[str, words(40), Field(title=N_("Kind of visit"))]
    other: Annotated[str, Field(title=N_("Another time"))] = ""
    place: Annotated[Code, Field(title=N_("Place"))] = ""
    person: Annotated[Code, Field(title=N_("Person"))] = ""

    @model_validator(mode="before")
    @classmethod
    def _another_time(cls, typed: dict[str, Any]) -> dict[str, Any]:
        return {**typed, "time": typed["other"]} if typed.get("other") else typed
