"""What may be typed about a complaint."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.complaints.rules.way import INTAKE_CHANNELS
from portal.domain.complaints.tables import Channel, Kind
from portal.domain.customers import rules as customers
from portal.domain.queues.tables import Severity
from portal.i18n.translations import N_


def words(longest: int) -> StringConstraints:
    """Some words, at least one character."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


def _phone(typed: str) -> str:
    number = customers.phone(typed) if typed else ""
    if number is None:
        raise PydanticCustomError("phone", N_("Enter a phone number such as 138 0013 8000"))
    return number


def _email(typed: str) -> str:
    address = customers.email(typed) if typed else ""
    if address is None:
        raise PydanticCustomError("email", N_("Enter an e-mail address such as name@example.com"))
    return address


def _reachable(email: str, info: ValidationInfo) -> str:
    """Some way to answer, unless anonymous; told at the phone, with all other errors (a refused phone is told there)."""
    if not email and info.data.get("phone") == "" and not info.data.get("anonymous"):
        raise PydanticCustomError(
            "at",
            N_("We need a phone number or an e-mail address to answer you, or file anonymously"),
            {"field": "phone"},
        )
    return email


def _category(code: str, info: ValidationInfo) -> str:
    if code not in (info.context or {}).get("categories", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return code


def _severity(word: str) -> str:
    if word not in (severity.word for severity in Severity):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return word


def _intake_channel(channel: Channel) -> Channel:
    if channel not in INTAKE_CHANNELS:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return channel


def _messages(typed: str | list[str]) -> list[UUID]:
    parts = typed if isinstance(typed, list) else typed.replace(",", " ").split()
    try:
        ids = [UUID(part) for part in dict.fromkeys(parts)]
    except ValueError:
        ids = []
    if not ids:
        raise PydanticCustomError("none", N_("Choose what belongs to the other matter"))
    return ids


CategoryCode = Annotated[str, AfterValidator(_category)]


class NewComplaint(BaseModel):
    """What a customer files (CMP-02)."""

    kind: Annotated[Kind, Field(title=N_("What is it about"))]
    category: Annotated[CategoryCode | None, Field(title=N_("Area"))] = None
    body: Annotated[str, words(4000), Field(title=N_("What happened"))]
    wish: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Field(title=N_("Your wish"))] = ""
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), Field(title=N_("Room or place"))] = ""
    anonymous: bool = False
    phone: Annotated[str, StringConstraints(max_length=40), AfterValidator(_phone), Field(title=N_("Phone"))] = ""
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
    """What staff take down for a customer; the way it came must be said (CMP-01)."""

    channel: Annotated[Channel, AfterValidator(_intake_channel), Field(title=N_("How it came"))]


class Message(BaseModel):
    """A message, from either side; photos may stand without words."""

    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), Field(title=N_("Message"))] = ""

    @model_validator(mode="after")
    def _something(self, info: ValidationInfo) -> "Message":
        if not self.body and not (info.context or {}).get("photos"):
            raise PydanticCustomError("at", N_("Write something, or add a photo"), {"field": "body"})
        return self


class Triage(BaseModel):
    """What it really is (CMP-03, CMP-10)."""

    severity: Annotated[str, AfterValidator(_severity), Field(title=N_("Severity"))]
    category: Annotated[CategoryCode, Field(title=N_("Area"))]
    kind: Annotated[Kind, Field(title=N_("Kind"))]
    cause: Annotated[str, words(2000), Field(title=N_("Cause as understood"))]
    wish: Annotated[str, words(2000), Field(title=N_("What the customer wants"))]


class Plan(BaseModel):
    """How it will be put right (CMP-13)."""

    plan: Annotated[str, words(4000), Field(title=N_("Plan"))]


class Reply(BaseModel):
    """The answer that the customer reads (CMP-38)."""

    reply: Annotated[str, words(4000), Field(title=N_("Answer"))]


class Rejection(BaseModel):
    """Why the answer does not do."""

    reason: Annotated[str, words(2000), Field(title=N_("Why not"))]


class Rating(BaseModel):
    """One to five, once."""

    score: Annotated[int, Field(ge=1, le=5, title=N_("Rating"))]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Field(title=N_("Comment"))] = ""


class Merge(BaseModel):
    """The number of the one that goes on."""

    into: Annotated[str, words(40), Field(title=N_("Number of the other"))]


class Split(BaseModel):
    """Which of the customer's words belong to another matter, and what that is."""

    messages: Annotated[list[UUID], BeforeValidator(_messages), Field(title=N_("Messages"), validate_default=True)] = []
    body: Annotated[str, words(4000), Field(title=N_("What the other matter is"))]


class Contact(BaseModel):
    """The customer had to come back to it (DUTY-20)."""

    channel: Annotated[Channel, AfterValidator(_intake_channel), Field(title=N_("How it came"))]
    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Field(title=N_("What was said"))] = ""


class Nothing(BaseModel):
    """A deed that needs no words."""
