"""What a visitor sends from the pages of a booking."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, model_validator

from portal.domain.bookings.forms.booking import NewBooking, People, When
from portal.i18n.translations import N_

Short = StringConstraints(strip_whitespace=True, max_length=40)


class Nothing(BaseModel):
    """A form that only says yes."""


class Hold(When):
    """A time that is to be kept while somebody types."""

    type: Annotated[str, Short, Field(title=N_("What for"))] = ""
    people: People = 1


class Visiting(NewBooking):
    """A booking from a visitor's own phone: `slot` is another day and time ("2026-11-23 14:30") than those typed before.

    `code` proves the phone (`again`: send a new one), `kept` uses what was remembered, `remember` allows that.
    """

    type: Annotated[str, Short, Field(title=N_("What for"))] = ""
    slot: Annotated[str, Short] = ""
    code: Annotated[str, Short, Field(title=N_("Code"))] = ""
    again: bool = False
    kept: bool = False
    remember: bool = False

    @model_validator(mode="before")
    @classmethod
    def _chosen(cls, given: dict[str, Any]) -> dict[str, Any]:
        day, _, time = str(given.get("slot", "")).partition(" ")
        return given | {"day": day, "time": time} if day and time else given
