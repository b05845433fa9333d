"""What may be typed about a complaint."""

import re
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal import clock
from portal.domain.complaints.rules import goods, redress, wording
from portal.domain.complaints.rules.goods import Line
from portal.domain.complaints.rules.way import INTAKE_CHANNELS, OFFERED
from portal.domain.complaints.tables import Channel, Kind, Liability
from portal.domain.customers import rules as customers
from portal.domain.customers.tables import Tier
from portal.domain.queues.forms import Near, Reason, Soon
from portal.domain.queues.tables import Severity
from portal.domain.sites.forms import CodeWord, Day, Name
from portal.i18n import formats
from portal.i18n.translations import LANGUAGES, N_, _, gettext, ngettext


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


def _offered(kind: Kind, info: ValidationInfo) -> Kind:
    """A kind that the public form offers at this site; grumbles are the staff's own."""
    if kind not in (info.context or {}).get("kinds", OFFERED):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return kind


def _over(day: date | None) -> date | None:
    if day is not None and day > clock.now().astimezone(formats.zone()).date():
        raise PydanticCustomError("future", N_("This day is still to come"))
    return day


def _for_products(value: object, info: ValidationInfo) -> object:
    """What a product complaint is checked against has to be there for one (CMP-06)."""
    if not value and info.data.get("kind") == Kind.PRODUCT:
        raise PydanticCustomError("missing", N_("Please fill this in"))
    return value


def _parts(typed: object, least: int) -> list[Line]:
    """Parts and quantities, one a line; what cannot be read is told by the numbers of its lines, all at once."""
    rows = [(number, row) for number, row in enumerate(str(typed).splitlines(), start=1) if row.strip()]
    found = [(number, goods.line(row)) for number, row in rows]
    wrong = [str(number) for number, one in found if one is None or one.quantity < least]
    if wrong:
        where = ngettext("Line %(lines)s", "Lines %(lines)s", len(wrong)) % {"lines": ", ".join(wrong[:12])}
        told = _("%(where)s: a part and a quantity, such as M-100, 12") % {"where": where}
        raise PydanticCustomError("lines", "{told}", {"told": told})
    if len(found) > goods.MOST_LINES:
        raise PydanticCustomError("many", N_("At most %(most)s lines"), {"most": goods.MOST_LINES})
    return [one for _number, one in found if one]


def _many(typed: object) -> object:
    """The ticked values of a list, which come with blanks between them."""
    return frozenset(typed.split()) if isinstance(typed, str) else typed


def _fen(typed: str) -> int:
    """An amount in yuan with at most two decimals, in fen."""
    plain = re.sub(r"[¥￥,，\s]", "", typed).replace("．", ".")
    found = re.fullmatch(r"(\d{1,7})(?:\.(\d{1,2}))?", plain)
    if not found:
        raise PydanticCustomError("amount", N_("Enter an amount such as 120 or 120.50; 0 is one, too"))
    return int(found[1]) * redress.FEN + int((found[2] or "").ljust(2, "0"))


def _cause(code: str, info: ValidationInfo) -> str:
    if code not in (info.context or {}).get("causes", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return code


def _not_past(day: date, info: ValidationInfo) -> date:
    if day < (info.context or {})["today"]:
        raise PydanticCustomError("past", N_("This day is over already"))
    return day


def _yes(word: str) -> bool:
    if word not in ("yes", "no"):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return word == "yes"


def _lines(typed: str) -> list[str]:
    """Phrases, one a line, each once."""
    found = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if any(not wording.folded(line) or len(line) > PHRASE for line in found) or len(found) > PHRASES:
        raise PydanticCustomError("lines", N_("At most %(most)s phrases, each of at most %(longest)s characters"),
                                  {"most": PHRASES, "longest": PHRASE})  # fmt: skip
    return found


def _template(body: str) -> str:
    strange = wording.unknown(body)
    if strange:
        raise PydanticCustomError("placeholder", gettext(N_("%(strange)s means nothing here; use %(known)s")) % {
            "strange": ", ".join(f"{{{name}}}" for name in strange),
            "known": ", ".join(f"{{{name}}}" for name in wording.PLACEHOLDERS),
        })  # fmt: skip
    return body


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return code


PHRASES, PHRASE = 200, 60
YesNo = Annotated[bool, BeforeValidator(_yes)]


def _messages(typed: str | list[str]) -> list[UUID]:
    parts = typed if isinstance(typed, list) else typed.replace(",", " ").split()
    try:
        ids = [UUID(part) for part in dict.fromkeys(parts)]
    except ValueError:
        ids = []
    if not ids:
        raise PydanticCustomError("none", N_("Choose what belongs to the other matter"))
    return ids


OrderNo = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Field(title=N_("Order number"))]
PartNo = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Field(title=N_("Part or material number"))]
Quantity = Annotated[int | None, Field(ge=1, le=goods.MOST_PIECES, title=N_("Quantity"))]
ShippedOn = Annotated[Day | None, AfterValidator(_over), Field(title=N_("Shipped on"))]
PARTY = N_("The other party")
PartyPhone = Annotated[
    str, StringConstraints(max_length=40), AfterValidator(_phone), Field(title=N_("Phone of the other party"))
]
Needed = AfterValidator(_for_products)
Checked = Field(validate_default=True)


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
    """What staff take down for a customer, of every kind; the way it came must be said (CMP-01)."""

    kind: Annotated[Kind, Field(title=N_("What is it about"))]
    channel: Annotated[Channel, AfterValidator(_intake_channel), Field(title=N_("How it came"))]
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


class Telling(Message):
    """A message of the staff; in a dispute each side reads only what is written to it (CMP-32)."""

    side: Annotated[Literal["customer", "party"], Field(title=N_("Who reads it"))] = "customer"


class NamedParty(BaseModel):
    """Who the other side of a dispute is (CMP-32)."""

    party_name: Annotated[str, words(60), Field(title=PARTY)]
    party_phone: PartyPhone = ""


class Triage(BaseModel):
    """What it really is (CMP-03, CMP-10)."""

    severity: Annotated[str, AfterValidator(_severity), Field(title=N_("Severity"))]
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


class NewReturn(BaseModel):
    """What a return note must say before anybody can approve it (CMP-35)."""

    reason: Annotated[str, words(1000), Field(title=N_("Why they come back"))]
    treatment: Annotated[str, words(1000), Field(title=N_("What is done with them"))]
    basis: Annotated[str, words(1000), Field(title=N_("The basis for returning them"))]
    lines: Annotated[
        list[Line], BeforeValidator(lambda typed: _parts(typed, least=1)), Field(title=N_("Parts and quantities"))
    ]


class Receipt(BaseModel):
    """What really arrived; a quantity may be 0 (CMP-37)."""

    lines: Annotated[list[Line], BeforeValidator(lambda typed: _parts(typed, least=0)), Field(title=N_("What arrived"))]


class Instruction(BaseModel):
    """What is to be done with goods that are not what their note says."""

    body: Annotated[str, words(1000), Field(title=N_("Instruction"))]


class Forwarding(BaseModel):
    """Why a grumble goes on to the head of sales (CMP-30)."""

    reason: Reason


class Asking(BaseModel):
    """Which colleague knows the answer to an enquiry, and what he is asked (DUTY-22)."""

    to: Annotated[str, words(60), Field(title=N_("Whom to ask"))]
    body: Annotated[str, words(2000), Field(title=N_("Question"))]


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


class Fault(BaseModel):
    """Whose fault it was (CMP-22)."""

    liability: Annotated[Liability, Field(title=N_("Liability"))]


class Promise(BaseModel):
    """What the customer shall get for it (CMP-28); for nothing there may be no words."""

    amount: Annotated[int, BeforeValidator(_fen), Field(title=N_("Amount in yuan"))]
    remedy: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Field(title=N_("Remedy"))] = ""

    @model_validator(mode="after")
    def _named(self) -> "Promise":
        if self.amount and not self.remedy:
            raise PydanticCustomError("at", N_("Say what it is for: the customer reads it"), {"field": "remedy"})
        return self


class Decision(BaseModel):
    """Yes or no to what another person asked for or proposed (CMP-29); a no has its reason."""

    decision: Annotated[Literal["approve", "refuse"], Field(title=N_("Decision"))]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Field(title=N_("Reason"))] = ""

    @model_validator(mode="after")
    def _why(self) -> "Decision":
        if self.decision == "refuse" and not self.reason:
            raise PydanticCustomError("at", N_("Say why"), {"field": "reason"})
        return self


class Found(BaseModel):
    """The cause, one of the site's list (CMP-34)."""

    cause: Annotated[str, AfterValidator(_cause), Field(title=N_("Cause"))]


class Action(BaseModel):
    """What is done about the cause, by whom, until when (CMP-34)."""

    body: Annotated[str, words(2000), Field(title=N_("What is done"))]
    owner: Annotated[str, words(60), Field(title=N_("Who does it"))]
    due_on: Annotated[Day, AfterValidator(_not_past), Field(title=N_("Until when"))]


class Effect(BaseModel):
    """Whether a corrective action helped (CMP-34)."""

    confirmed: Annotated[YesNo, Field(title=N_("Did it help?"))]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Field(title=N_("Note"))] = ""


class Visit(BaseModel):
    """What the customer said when asked afterwards (CMP-41, CMP-42)."""

    satisfied: Annotated[YesNo, Field(title=N_("Is the customer satisfied?"))]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Field(title=N_("Comment"))] = ""


class Rectification(BaseModel):
    """That it was really put right (CMP-40)."""

    note: Annotated[str, words(2000), Field(title=N_("What was seen"))]


class NewCause(BaseModel):
    """A cause of the site's list, or new names for it."""

    code: Annotated[CodeWord, Field(title=N_("Code"))]
    name_zh: Annotated[str, Name, Field(title=N_("Chinese name"))]
    name_en: Annotated[str, Name, Field(title=N_("English name"))]


class NewTemplate(BaseModel):
    """Words to begin an answer with; a name that is there already in this language gets the new words."""

    name: Annotated[str, Name, Field(title=N_("What it is called"))]
    language: Annotated[str, AfterValidator(_language), Field(title=N_("Language"))]
    body: Annotated[str, words(2000), AfterValidator(_template), Field(title=N_("Words"))]
    apology: bool = False


class NewPhrases(BaseModel):
    """What nobody says to a customer, one a line; an empty list forbids nothing."""

    phrases: Annotated[list[str], BeforeValidator(_lines), Field(title=N_("Phrases"))] = []
