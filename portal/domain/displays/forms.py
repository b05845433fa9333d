"""What may be typed about a display."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.complaints.tables import Kind
from portal.domain.queues.rules import UNITS
from portal.i18n.translations import N_


def _kind(word: str) -> str:
    return _one_of(word, list(Kind))


def _category(word: str, info: ValidationInfo) -> str:
    return _one_of(word, list((info.context or {})["categories"]))


def _unit(word: str) -> str:
    return _one_of(word, [role.value for role in UNITS])


def _one_of(word: str, known: list[str]) -> str:
    if word and word not in known:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return word


class NewDisplay(BaseModel):
    """What a display is called, and which part of the queue it shows; the whole of it where nothing is chosen."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), Field(title=N_("Name of the display"))
    ]
    kind: Annotated[str, AfterValidator(_kind), Field(title=N_("Kind"))] = ""
    category: Annotated[str, AfterValidator(_category), Field(title=N_("Subject"))] = ""
    unit: Annotated[str, AfterValidator(_unit), Field(title=N_("Unit"))] = ""
