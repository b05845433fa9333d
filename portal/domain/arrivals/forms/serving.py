"""What staff type who call and serve, and who need help."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.arrivals.rules import way
from portal.domain.queues.forms import Reason
from portal.i18n.translations import N_


def _one_of(word: str, info: ValidationInfo) -> str:
    """A code of the list that the form was made with: `windows`, or `ways` to send somebody on."""
    if word not in (info.context or {})["windows" if info.field_name == "window" else "ways"]:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return word


Window = Annotated[str, AfterValidator(_one_of), Field(title=N_("Window"))]


class AtWindow(BaseModel):
    """Which window somebody sits at, or calls to."""

    window: Window


class OutOfTurn(AtWindow):
    """A call that passes others over needs a reason."""

    reason: Reason


class Transfer(BaseModel):
    """Where somebody is sent on to: the code of a type or of a window, and in how many minutes."""

    to: Annotated[str, AfterValidator(_one_of), Field(title=N_("Send on to"))]
    after: Annotated[int, Field(ge=0, le=way.LONGEST_AFTER, title=N_("In minutes"))] = 0


class NewAlarm(BaseModel):
    """Where help is needed; nobody has to type who is in danger."""

    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), Field(title=N_("Where"))] = ""
    silent: Annotated[bool, Field(title=N_("Silent"))] = False
