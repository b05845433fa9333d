"""What is typed at the door."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.bookings.tables import Salutation, VisitType
from portal.domain.customers.forms import Phone
from portal.i18n.translations import N_


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest)


def _kind(info: ValidationInfo) -> VisitType | None:
    """The type that was chosen, if it is one of this door's."""
    kinds: dict[str, VisitType] = (info.context or {})["kinds"]
    return kinds.get(info.data.get("type", ""))


def _offered(typed: str, info: ValidationInfo) -> str:
    if typed not in (info.context or {})["kinds"]:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return typed


def _needed(typed: str, info: ValidationInfo) -> str:
    """At a table one is called by name, and can be reached (RES-01); at a counter the number is enough."""
    kind = _kind(info)
    if not typed and kind is not None and kind.at_table:
        raise PydanticCustomError("missing", N_("Please fill this in"))
    return typed


def _party(people: int, info: ValidationInfo) -> int:
    kind = _kind(info)
    if kind is not None and people > kind.most:
        said = N_("At most %(most)s people; please ask at the desk for more")
        raise PydanticCustomError("most", said, {"most": kind.most})
    return people


class CheckIn(BaseModel):
    """Somebody with a booking has come; it is found by its code or by the phone."""

    code: Annotated[str, _text(20), Field(title=N_("Code of the booking"))] = ""
    phone: Annotated[Phone, Field(title=N_("Phone"))] = ""

    @model_validator(mode="after")
    def one_of_both(self) -> "CheckIn":
        if not self.code and not self.phone:
            raise PydanticCustomError("neither", N_("Type the code of the booking, or your phone"), {"field": "code"})
        return self


class NewNumber(BaseModel):
    """Somebody without a booking takes a number (VIS-12, RES-01, HALL-01)."""

    type: Annotated[str, _text(40), AfterValidator(_offered), Field(title=N_("What brings you here?"))]
    name: Annotated[str, _text(60), AfterValidator(_needed), Field(title=N_("Name"), validate_default=True)] = ""
    salutation: Annotated[Salutation, Field(title=N_("Form of address"))] = Salutation.NONE
    phone: Annotated[Phone, AfterValidator(_needed), Field(title=N_("Phone"), validate_default=True)] = ""
    people: Annotated[int, Field(ge=1, le=10_000, title=N_("People")), AfterValidator(_party)] = 1
    needs: Annotated[str, _text(300), Field(title=N_("What we should know"))] = ""
    priority: Annotated[bool, Field(title=N_("Elderly, pregnant, or with a disability"))] = False
