"""What may be typed into the field."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from portal.domain.search import rules
from portal.i18n.translations import N_


def _enough(text: str) -> str:
    if len(rules.folded(text)) < rules.SHORTEST:
        raise PydanticCustomError("short", N_("One character finds too much. Type two, or three letters of a word."))
    return text


class Search(BaseModel):
    """What somebody looks for."""

    q: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=rules.LONGEST),
        AfterValidator(_enough),
        Field(title=N_("Search")),
    ]
