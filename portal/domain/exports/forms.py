"""What is typed to ask for a file with guests' contacts, and to decide about one."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.exports.tables import Format
from portal.domain.sites.forms import Day
from portal.i18n.translations import N_

OLDEST, YOUNGEST = date(1990, 1, 1), date(2999, 12, 31)
LONGEST = timedelta(days=5 * 366)


def _not_before(day: date, info: ValidationInfo) -> date:
    first = info.data.get("first", day)
    if day < first:
        raise PydanticCustomError("order", N_("The last day is before the first"))
    if day - first > LONGEST:
        raise PydanticCustomError("long", N_("At most five years at once"))
    return day


def _known(day: date) -> date:
    if not OLDEST <= day <= YOUNGEST:
        raise PydanticCustomError("year", N_("There is nothing from that year"))
    return day


class Contacts(BaseModel):
    """Which complaints, and why their guests' names and numbers are needed."""

    first: Annotated[Day, AfterValidator(_known), Field(alias="from", title=N_("First day"))]
    last: Annotated[Day, AfterValidator(_known), AfterValidator(_not_before), Field(alias="to", title=N_("Last day"))]
    by: Annotated[Literal["received", "closed"], Field(title=N_("Counted by"))] = "received"
    format: Annotated[Format, Field(title=N_("Format"))] = Format.XLSX
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), Field(title=N_("Reason"))
    ]


class Verdict(BaseModel):
    """Whether a colleague's file may be made."""

    decision: Annotated[Literal["approve", "refuse"], Field(title=N_("Decision"))]
