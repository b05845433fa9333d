"""What may be typed about a display."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.complaints.tables import Kind
from portal.domain.displays.tables import Shows
from portal.domain.queues.rules import UNITS
from portal.i18n.translations import N_


def _kind(word: str) -> str:
    return _one_of(word, list(Kind))


def _category(word: str, info: ValidationInfo) -> str:
    return _one_of(word, list((info.context or {})["categories"]))


def _unit(word: str) -> str:
    return _one_of(word, [role.value for role in UNITS])


def _types(typed: str, info: ValidationInfo) -> str:
    """Codes of the site's types, one a line or between blanks."""
    for word in (words := list(dict.fromkeys(typed.split()))):
        _one_of(word, list((info.context or {}).get("types", ())))
    return " ".join(words)


def _one_of(word: str, known: list[str]) -> str:
    if word and word not in known:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return word


class NewDisplay(BaseModel):
    """What a display is called, and which part of the queue, or of the calls, it shows; all where nothing is chosen."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), Field(title=N_("Name of the display"))
    ]
    kind: Annotated[str, AfterValidator(_kind), Field(title=N_("Kind"))] = ""
    category: Annotated[str, AfterValidator(_category), Field(title=N_("Subject"))] = ""
    unit: Annotated[str, AfterValidator(_unit), Field(title=N_("Unit"))] = ""
    shows: Annotated[Shows, Field(title=N_("What it shows"))] = Shows.QUEUE
    types: Annotated[str, AfterValidator(_types), Field(title=N_("Kinds of visit"))] = ""
