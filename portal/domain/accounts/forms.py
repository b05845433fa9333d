"""What may be typed about an account."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from portal.domain.accounts import rules
from portal.i18n.translations import N_


def _email(typed: str) -> str:
    address = rules.email(typed) if typed.strip() else ""
    if address is None:
        raise PydanticCustomError("email", N_("Enter an e-mail address such as name@example.com"))
    return address


class Address(BaseModel):
    """Where notices also go by e-mail; empty for the desk alone."""

    email: Annotated[str, AfterValidator(_email), Field(title=N_("E-mail"))] = ""
