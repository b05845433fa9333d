"""What people type of themselves, wherever they do."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from portal.domain.customers import rules
from portal.i18n.translations import N_


def words(longest: int) -> StringConstraints:
    """Some words, at least one character."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


def _phone(typed: str) -> str:
    number = rules.phone(typed) if typed else ""
    if number is None:
        raise PydanticCustomError("phone", N_("Enter a phone number such as 138 0013 8000"))
    return number


Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(_phone)]
