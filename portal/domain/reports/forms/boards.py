"""What a director types for the notice board."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.customers.tables import Tier
from portal.domain.reports.rules.boards import FIGURES
from portal.i18n.translations import N_

TITLE, BODY, CHANGED = 80, 2000, 1000


def _many(typed: object) -> object:
    return tuple(typed.split()) if isinstance(typed, str) else typed


def _quarter(code: str, info: ValidationInfo) -> str:
    if code not in (info.context or {}).get("quarters", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return code


def _figures(names: tuple[str, ...]) -> tuple[str, ...]:
    known = [name for name, _word in FIGURES]
    if not set(names) <= set(known):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return tuple(name for name in known if name in names)


def _tiers(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    return tuple(tier for tier in Tier if tier in tiers)


def _words(longest: int, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=longest)


class Notice(BaseModel):
    """A notice for the customers of a quarter; where the English words are empty, the Chinese ones stand there."""

    quarter: Annotated[str, AfterValidator(_quarter), Field(title=N_("Quarter"))]
    tiers: Annotated[
        tuple[Tier, ...], BeforeValidator(_many), AfterValidator(_tiers), Field(title=N_("For whom"))
    ] = ()
    title_zh: Annotated[str, _words(TITLE, 1), Field(title=N_("Title in Chinese"))]
    title_en: Annotated[str, _words(TITLE), Field(title=N_("Title in English"))] = ""
    body_zh: Annotated[str, _words(BODY, 1), Field(title=N_("Words in Chinese"))]
    body_en: Annotated[str, _words(BODY), Field(title=N_("Words in English"))] = ""
    figures: Annotated[
        tuple[str, ...], BeforeValidator(_many), AfterValidator(_figures), Field(title=N_("Figures"))
    ] = ()
    changed_zh: Annotated[str, _words(CHANGED), Field(title=N_("What was changed, in Chinese"))] = ""
    changed_en: Annotated[str, _words(CHANGED), Field(title=N_("What was changed, in English"))] = ""
