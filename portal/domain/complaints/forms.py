"""What may be typed about a complaint."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.complaints.rules.way import INTAKE_CHANNELS
from portal.domain.complaints.tables import Channel, Kind
from portal.domain.customers import rules as customers
from portal.domain.customers.tables import Tier
from portal.domain.queues.forms import Future, Instant, Reason
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


def _refusal_says_why(reason: str, info: ValidationInfo) -> str:
    if not reason and info.data.get("decision") == "refuse":
        raise PydanticCustomError("needed", N_("Say why"))
    return reason


def _many(typed: object) -> object:
    """The ticked values of a list, which come with blanks between them."""
    return frozenset(typed.split()) if isinstance(typed, str) else typed


def _people(typed: object) -> object:
    """User names with commas or blanks between them."""
    if not isinstance(typed, str):
        return typed
    return tuple(dict.fromkeys(typed.lower().replace(",", " ").replace("，", " ").split()))


def _known(names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    unknown = [name for name in names if name not in (info.context or {}).get("people", ())]
    if unknown:
        raise PydanticCustomError("people", N_("Nobody here has the user name %(name)s"), {"name": unknown[0]})
    return names


CategoryCode = Annotated[str, AfterValidator(_category)]


About = Annotated[
    tuple[str, ...], BeforeValidator(_people), AfterValidator(_known), Field(title=N_("Whom it is about"))
]


class NewComplaint(BaseModel):
    """What a customer files (CMP-02)."""

    kind: Annotated[Kind, Field(title=N_("What is it about"))]
    category: Annotated[CategoryCode | None, Field(title=N_("Area"))] = None
    body: Annotated[str, words(4000), Field(title=N_("What happened"))]
    wish: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Field(title=N_("Your wish"))] = ""
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), Field(title=N_("Room or place"))] = ""
    leaves_at: Annotated[Future | None, Field(title=N_("When do you leave"))] = None
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
    about: About = ()


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
    leaves_at: Annotated[Instant | None, Field(title=N_("When the guest leaves"))] = None
    about: About = ()


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


class Decision(BaseModel):
    """Yes or no to what somebody else asked for; a no says why."""

    decision: Annotated[Literal["approve", "refuse"], Field(title=N_("Decision"))]
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_refusal_says_why),
        Field(title=N_("Reason"), validate_default=True),
    ] = ""  # fmt: skip


class NewPolicy(BaseModel):
    """Whom a policy is for, and how much time it gives; an empty condition is everybody, an empty time says nothing."""

    name: Annotated[str, words(80), Field(title=N_("What this policy is called"))]
    kinds: Annotated[frozenset[Kind], BeforeValidator(_many), Field(title=N_("Kind"))] = frozenset()
    categories: Annotated[frozenset[CategoryCode], BeforeValidator(_many), Field(title=N_("Area"))] = frozenset()
    severities: Annotated[
        frozenset[Annotated[str, AfterValidator(_severity)]], BeforeValidator(_many), Field(title=N_("Severity"))
    ] = frozenset()
    tiers: Annotated[frozenset[Tier], BeforeValidator(_many), Field(title=N_("Tier"))] = frozenset()
    acknowledge_minutes: Annotated[int | None, Field(ge=1, le=10_080, title=N_("Take up within (minutes)"))] = None
    answer_minutes: Annotated[int | None, Field(ge=1, le=43_200, title=N_("First answer within (minutes)"))] = None
    resolve_hours: Annotated[int | None, Field(ge=1, le=2_160, title=N_("Answer within (hours)"))] = None
    always: bool = False
    pauses_in: Annotated[
        frozenset[Literal["triaged", "planned"]],
        BeforeValidator(_many),
        Field(title=N_("The time stands still while it is")),
    ] = frozenset()
    position: Annotated[int, Field(ge=0, le=999, title=N_("Place in the order"))] = 0


class Nothing(BaseModel):
    """A deed that needs no words."""
