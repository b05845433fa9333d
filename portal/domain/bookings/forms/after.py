"""What staff write of a visitor who is here, or was."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.accounts.tables import Role
from portal.domain.bookings.forms.booking import People, When
from portal.domain.bookings.tables import Satisfied
from portal.domain.customers.forms import words
from portal.domain.queues import rules
from portal.domain.queues.forms import NewTask
from portal.i18n.translations import N_

NOTHING_SAID = N_("Write down a need, an opinion or a fact")
OUTCOMES = ("thanked", "opinion", "problem", "next-visit")


def _department(word: str) -> Role | None:
    if word and word not in {role.value for role in rules.DEPARTMENTS}:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return Role(word) if word else None


def _given(told: bool, info: ValidationInfo) -> bool:
    """Only a need is passed on, to the managers too."""
    if told and not info.data.get("needs"):
        raise PydanticCustomError("missing", N_("Say what the need is"))
    return told


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest)


Department = Annotated[Role | None, BeforeValidator(_department), Field(title=N_("Department"))]


class Note(BaseModel):
    """What came up during the visit, in three boxes (VIS-14); a need goes to a department, and up where need be (VIS-13)."""

    needs: Annotated[str, _text(2000), Field(title=N_("Special needs"))] = ""
    opinions: Annotated[str, _text(2000), Field(title=N_("Opinions"))] = ""
    facts: Annotated[str, _text(2000), Field(title=N_("Key facts"))] = ""
    department: Department = None
    upward: Annotated[bool, AfterValidator(_given), Field(title=N_("It is more than we can do"))] = False

    @model_validator(mode="after")
    def _something(self) -> "Note":
        if not (self.needs or self.opinions or self.facts):
            raise PydanticCustomError("nothing", NOTHING_SAID, {"field": "needs"})
        return self


class Arriving(BaseModel):
    """That the visitor has come, and the special need that was said with it (VIS-13)."""

    needs: Annotated[str, _text(1000), Field(title=N_("Special needs"))] = ""


class Background(BaseModel):
    """Who the visitor is, as far as we know before (VIS-10)."""

    company: Annotated[str, _text(100), Field(title=N_("Company or unit"))] = ""
    position: Annotated[str, _text(60), Field(title=N_("Position"))] = ""
    background: Annotated[str, _text(2000), Field(title=N_("Background"))] = ""


class FollowUp(NewTask):
    """A question that could not be answered at once: who answers it, and until when (VIS-15)."""

    owner: Annotated[str, words(60), Field(title=N_("Who does it"))]


class Negotiation(When):
    """When the visitor comes back to talk business (VIS-17); by default as many people as now."""

    people: People | None = None
    purpose: Annotated[str, _text(500), Field(title=N_("What it is about"))] = ""
    override_reason: Annotated[str, _text(500), Field(title=N_("Reason for the exception"))] = ""


class Satisfaction(BaseModel):
    """What the visitor said at the end; asked of everybody (VIS-18)."""

    satisfied: Annotated[Satisfied, Field(title=N_("Was the visitor satisfied?"))]
    opinions: Annotated[str, _text(2000), Field(title=N_("Opinions"))] = ""
    department: Department = None


class Summary(BaseModel):
    """What was talked about, and what comes of it (VIS-19)."""

    summary: Annotated[str, words(4000), Field(title=N_("Summary"))]


class Papers(BaseModel):
    """Which papers are missing; a second time needs a reason (HALL-02)."""

    missing: Annotated[str, words(1000), Field(title=N_("What is missing"))]
    reason: Annotated[str, _text(1000), Field(title=N_("Why it was not said the first time"))] = ""


class Done(BaseModel):
    """That a task is done; getting in touch afterwards says what came of it (VIS-20), a question what was answered."""

    outcome: Annotated[Literal["", "thanked", "opinion", "problem", "next-visit"], Field(title=N_("What came of it"))] = ""
    note: Annotated[str, _text(1000), Field(title=N_("Note"))] = ""


class Record(BaseModel):
    """What a service point writes of somebody (HALL-08): greeted first, the need, passed on, recommended."""

    greeted: Annotated[Literal["1"], Field(title=N_("Greeted first"))]
    need: Annotated[str, words(1000), Field(title=N_("What is needed"))]
    department: Department = None
    recommended: Annotated[str, _text(1000), Field(title=N_("What we recommended, with its papers"))] = ""
