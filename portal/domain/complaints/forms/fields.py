"""Fields that several forms of a complaint have."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal import clock
from portal.domain.complaints.rules import goods
from portal.domain.complaints.rules.way import INTAKE_CHANNELS
from portal.domain.complaints.tables import Channel
from portal.domain.customers.forms import Phone
from portal.domain.queues.tables import Severity
from portal.domain.sites.forms import Day
from portal.i18n import formats
from portal.i18n.translations import N_


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


def _over(day: date | None) -> date | None:
    if day is not None and day > clock.now().astimezone(formats.zone()).date():
        raise PydanticCustomError("future", N_("This day is still to come"))
    return day


OrderNo = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Field(title=N_("Order number"))]
PartNo = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Field(title=N_("Part or material number"))]
Quantity = Annotated[int | None, Field(ge=1, le=goods.MOST_PIECES, title=N_("Quantity"))]
ShippedOn = Annotated[Day | None, AfterValidator(_over), Field(title=N_("Shipped on"))]
PARTY = N_("The other party")
PartyPhone = Annotated[Phone, Field(title=N_("Phone of the other party"))]
SeverityWord = Annotated[str, AfterValidator(_severity)]
IntakeChannel = Annotated[Channel, AfterValidator(_intake_channel)]


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
