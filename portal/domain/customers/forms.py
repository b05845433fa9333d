"""What people type of themselves, wherever they do."""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal import clock
from portal.domain.customers import rules
from portal.domain.sites.forms import Day
from portal.i18n import formats
from portal.i18n.translations import N_


def words(longest: int) -> StringConstraints:
    """Some words, at least one character."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


def _phone(typed: str) -> str:
    number = rules.phone(typed) if typed else ""
    if number is None:
        raise PydanticCustomError("phone", N_("Enter a phone number such as 138 0013 8000"))
    return number


def _document(typed: str) -> str:
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    if number and not re.fullmatch(r"[A-Z0-9()]{5,30}", number):
        raise PydanticCustomError("document", N_("Letters and digits, at least five"))
    return number


def _either(number: str, info: ValidationInfo) -> str:
    if not number and info.data.get("phone") == "":
        raise PydanticCustomError("either", N_("Enter a phone or the number of a document"))
    return number


def _coming(day: date | None) -> date | None:
    if day is not None and day < clock.now().astimezone(formats.zone()).date():
        raise PydanticCustomError("past", N_("This day is over already"))
    return day


Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(_phone)]
Document = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=40), AfterValidator(_document)]


class NewBlock(BaseModel):
    """Whom a site takes in no more: known by a phone, or the number of a document; why, and until when."""

    phone: Annotated[Phone, Field(title=N_("Phone"))] = ""
    document: Annotated[
        Document, AfterValidator(_either), Field(title=N_("Number of a document"), validate_default=True)
    ] = ""
    reason: Annotated[str, words(500), Field(title=N_("Reason"))]
    until: Annotated[Day | None, AfterValidator(_coming), Field(title=N_("Last day"))] = None
    everywhere: Annotated[bool, Field(title=N_("At every site"))] = False


class Lifting(BaseModel):
    """Why somebody is taken in again."""

    reason: Annotated[str, words(500), Field(title=N_("Reason"))]
