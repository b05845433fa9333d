"""What staff type towards the end: liability, promises, causes, actions, return visits."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.complaints.rules import redress
from portal.domain.complaints.tables import Liability
from portal.domain.customers.forms import words
from portal.domain.sites.forms import Day
from portal.i18n.translations import N_


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


YesNo = Annotated[bool, BeforeValidator(_yes)]


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
