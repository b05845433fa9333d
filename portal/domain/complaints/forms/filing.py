"""What a customer types: the complaint itself, messages, a rejection, a rating."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.complaints.forms.fields import (
    PARTY,
    About,
    CategoryCode,
    IntakeChannel,
    OrderNo,
    PartNo,
    PartyPhone,
    Quantity,
    ShippedOn,
)
from portal.domain.complaints.rules.way import OFFERED
from portal.domain.complaints.tables import Kind
from portal.domain.customers import rules as customers
from portal.domain.customers.forms import Phone, words
from portal.domain.queues.forms import Soon
from portal.i18n.translations import N_


def _email(typed: str) -> str:
    address = customers.email(typed) if typed else ""
    if address is None:
        raise PydanticCustomError("email", N_("Enter an e-mail address such as name@example.com"))
    return address


def _reachable(email: str, info: ValidationInfo) -> str:
    """Some way to answer, unless anonymous; told at the phone, with all other errors (a refused phone is told there)."""
    if not email and info.data.get("phone") == "" and not info.data.get("anonymous"):
        ours = N_("Fill in the guest's phone number or e-mail address, or mark it as anonymous")
        theirs = N_("We need a phone number or an e-mail address to answer you, or file anonymously")
        raise PydanticCustomError("at", ours if (info.context or {}).get("people") else theirs, {"field": "phone"})
    return email


def _offered(kind: Kind, info: ValidationInfo) -> Kind:
    """A kind that the public form offers at this site; grumbles are the staff's own."""
    if kind not in (info.context or {}).get("kinds", OFFERED):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return kind


def _for_products(value: object, info: ValidationInfo) -> object:
    """What a product complaint is checked against has to be there for one (CMP-06)."""
    if not value and info.data.get("kind") == Kind.PRODUCT:
        raise PydanticCustomError("missing", N_("Please fill this in"))
    return value


Needed = AfterValidator(_for_products)
Checked = Field(validate_default=True)


class NewComplaint(BaseModel):
    """What a customer files (CMP-02)."""

    kind: Annotated[Kind, AfterValidator(_offered), Field(title=N_("What is it about"))]
    category: Annotated[CategoryCode | None, Field(title=N_("Area"))] = None
    body: Annotated[str, words(4000), Field(title=N_("What happened"))]
    wish: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Field(title=N_("Your wish"))] = ""
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), Field(title=N_("Room or place"))] = ""
    order_no: Annotated[OrderNo, Needed, Checked] = ""
    part_no: Annotated[PartNo, Needed, Checked] = ""
    quantity: Annotated[Quantity, Needed, Checked] = None
    shipped_on: Annotated[ShippedOn, Needed, Checked] = None
    leaves_at: Annotated[Soon | None, Field(title=N_("When do you leave"))] = None
    anonymous: bool = False
    phone: Annotated[Phone, Field(title=N_("Phone"))] = ""
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Field(title=N_("Name"))] = ""
    email: Annotated[
        str,
        StringConstraints(max_length=254),
        AfterValidator(_email),
        AfterValidator(_reachable),
        Field(title=N_("E-mail"), validate_default=True),
    ] = ""

    @model_validator(mode="after")
    def _unnamed(self) -> "NewComplaint":
        if self.anonymous:
            self.name = self.phone = self.email = ""
        return self


class Intake(NewComplaint):
    """What staff take down for a customer, of every kind; the way it came must be said (CMP-01)."""

    kind: Annotated[Kind, Field(title=N_("What is it about"))]
    language: Annotated[Literal["zh-CN", "en"], Field(title=N_("The guest's language"))] = "zh-CN"
    channel: Annotated[IntakeChannel, Field(title=N_("How it came"))]
    party_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Field(title=PARTY)] = ""
    party_phone: PartyPhone = ""
    about: About = ()


class Message(BaseModel):
    """A message, from either side; photos may stand without words."""

    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), Field(title=N_("Message"))] = ""

    @model_validator(mode="after")
    def _something(self, info: ValidationInfo) -> "Message":
        if not self.body and not (info.context or {}).get("photos"):
            raise PydanticCustomError("at", N_("Write something, or add a photo"), {"field": "body"})
        return self


class Rejection(BaseModel):
    """Why the answer does not do."""

    reason: Annotated[str, words(2000), Field(title=N_("Why not"))]


class Rating(BaseModel):
    """One to five, once."""

    score: Annotated[int, Field(ge=1, le=5, title=N_("Rating"))]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Field(title=N_("Comment"))] = ""
