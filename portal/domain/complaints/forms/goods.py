"""What is typed about goods that come back."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from portal.domain.complaints.rules import goods
from portal.domain.complaints.rules.goods import Line
from portal.domain.customers.forms import words
from portal.i18n.translations import N_, _, ngettext


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


class NewReturn(BaseModel):
    """What a return note must say before anybody can approve it (CMP-35)."""

    reason: Annotated[str, words(1000), Field(title=N_("Reason"))]
    treatment: Annotated[str, words(1000), Field(title=N_("Treatment"))]
    basis: Annotated[str, words(1000), Field(title=N_("Basis"))]
    lines: Annotated[
        list[Line], BeforeValidator(lambda typed: _parts(typed, least=1)), Field(title=N_("Parts and quantities"))
    ]


class Receipt(BaseModel):
    """What really arrived; a quantity may be 0 (CMP-37)."""

    lines: Annotated[list[Line], BeforeValidator(lambda typed: _parts(typed, least=0)), Field(title=N_("What arrived"))]


class Instruction(BaseModel):
    """What is to be done with goods that are not what their note says."""

    body: Annotated[str, words(1000), Field(title=N_("Instruction"))]
