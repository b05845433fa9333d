"""What staff type while they handle a complaint."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints
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
    SeverityWord,
    ShippedOn,
)
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.tables import Kind
from portal.domain.customers.forms import words
from portal.domain.customers.tables import Tier
from portal.domain.queues.forms import Near, Reason
from portal.i18n.translations import N_


def _messages(typed: str | list[str]) -> list[UUID]:
    parts = typed if isinstance(typed, list) else typed.replace(",", " ").split()
    try:
        ids = [UUID(part) for part in dict.fromkeys(parts)]
    except ValueError:
        ids = []
    if not ids:
        raise PydanticCustomError("none", N_("Choose what belongs to the other matter"))
    return ids


class Telling(Message):
    """A message of the staff; in a dispute each side reads only what is written to it (CMP-32)."""

    side: Annotated[Literal["customer", "party"], Field(title=N_("Who reads it"))] = "customer"


class NamedParty(BaseModel):
    """Who the other side of a dispute is (CMP-32)."""

    party_name: Annotated[str, words(60), Field(title=PARTY)]
    party_phone: PartyPhone = ""


class Triage(BaseModel):
    """What it really is (CMP-03, CMP-10)."""

    severity: Annotated[SeverityWord, Field(title=N_("Severity"))]
    category: Annotated[CategoryCode, Field(title=N_("Area"))]
    kind: Annotated[Kind, Field(title=N_("Kind"))]
    cause: Annotated[str, words(2000), Field(title=N_("Cause as understood"))]
    wish: Annotated[str, words(2000), Field(title=N_("What the customer wants"))]
    leaves_at: Annotated[Near | None, Field(title=N_("When the guest leaves"))] = None
    stays: bool = False
    order_no: OrderNo = ""
    part_no: PartNo = ""
    quantity: Quantity = None
    shipped_on: ShippedOn = None
    about: About = ()


class Plan(BaseModel):
    """How it will be put right (CMP-13)."""

    plan: Annotated[str, words(4000), Field(title=N_("Plan"))]


class Reply(BaseModel):
    """The answer that the customer reads (CMP-38)."""

    reply: Annotated[str, words(4000), Field(title=N_("Answer"))]


class Ranking(BaseModel):
    """What the customer means to the house; empty: no more than anybody."""

    tier: Annotated[Tier | Literal[""], Field(title=N_("Tier"))] = ""


class Restriction(BaseModel):
    """Whom it is about, as a whole list, and why that is said."""

    about: About = ()
    reason: Reason


class MoreTime(BaseModel):
    """More days for an answer, and why."""

    days: Annotated[int, Field(ge=1, le=30, title=N_("More days"))]
    reason: Reason


class Forwarding(BaseModel):
    """Why a grumble goes on to the head of sales (CMP-30)."""

    reason: Reason


class Asking(BaseModel):
    """Which colleague knows the answer to an enquiry, and what he is asked (DUTY-22)."""

    to: Annotated[str, words(60), Field(title=N_("Whom to ask"))]
    body: Annotated[str, words(2000), Field(title=N_("Question"))]


class Merge(BaseModel):
    """The number of the one that goes on."""

    into: Annotated[str, words(40), Field(title=N_("Number of the other"))]


class Split(BaseModel):
    """Which of the customer's words belong to another matter, and what that is."""

    messages: Annotated[list[UUID], BeforeValidator(_messages), Field(title=N_("Messages"), validate_default=True)] = []
    body: Annotated[str, words(4000), Field(title=N_("What the other matter is"))]


class Contact(BaseModel):
    """The customer had to come back to it (DUTY-20)."""

    channel: Annotated[IntakeChannel, Field(title=N_("How it came"))]
    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Field(title=N_("What was said"))] = ""


class Nothing(BaseModel):
    """A deed that needs no words."""
