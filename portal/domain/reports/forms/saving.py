"""What is typed to keep a report."""

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import COMPLAINTS
from portal.domain.complaints.tables import Kind
from portal.domain.reports.rules import saving
from portal.domain.reports.tables import Cadence
from portal.domain.sites.forms import Day
from portal.i18n.translations import N_


def _report(path: str) -> str:
    if path not in saving.PATHS:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return path


def _kind(word: str) -> str:
    if word and word not in set(Kind) - COMPLAINTS:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return word


def _reader(word: str) -> Role:
    if word not in {role.value for role in saving.READERS}:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return Role(word)


def _not_before(day: date | None, info: ValidationInfo) -> date | None:
    first = info.data.get("first")
    if day is not None and first is not None and day < first:
        raise PydanticCustomError("order", N_("The last day is before the first"))
    return day


class Keeping(BaseModel):
    """A report under a name, for a role: a range that moves along with the days, or days of one's own."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), Field(title=N_("What it is called"))
    ]
    path: Annotated[str, AfterValidator(_report), Field(title=N_("Report"))]
    range: Annotated[Literal["today", "week", "month", "quarter", "own"], Field(title=N_("Range"))]
    first: Annotated[Day | None, Field(alias="from", title=N_("First day"))] = None
    last: Annotated[Day | None, AfterValidator(_not_before), Field(alias="to", title=N_("Last day"))] = None
    kind: Annotated[str, AfterValidator(_kind), Field(title=N_("Kind"))] = ""
    by: Annotated[Literal["received", "closed"], Field(title=N_("Counted by"))] = "received"
    role: Annotated[str, AfterValidator(_reader), Field(title=N_("For whom"))]
    cadence: Annotated[Cadence, Field(title=N_("When to look"))] = Cadence.NONE
    hour: Annotated[int, Field(ge=0, le=23, title=N_("At what hour"))] = 8

    @model_validator(mode="after")
    def _days(self) -> "Keeping":
        if self.range == "own" and (self.first is None or self.last is None):
            raise PydanticCustomError("missing", N_("%(label)s: please fill this in"), {
                "field": "from" if self.first is None else "to"})  # fmt: skip
        return self

    @property
    def query(self) -> str:
        """What the report's address says; a named range stays its name, so that it moves along."""
        kind = {"kind": self.kind} if self.kind else {}
        if self.range != "own" or self.first is None or self.last is None:
            return urlencode({"range": self.range, "by": self.by, **kind})
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat(), "by": self.by, **kind})
