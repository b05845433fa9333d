"""What managers type to decide how complaints are handled: policies, causes, templates, phrases."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from portal.domain.complaints.forms.fields import CategoryCode, SeverityWord
from portal.domain.complaints.rules import wording
from portal.domain.complaints.tables import Kind
from portal.domain.customers.forms import words
from portal.domain.customers.tables import Tier
from portal.domain.sites.forms import CodeWord, Name
from portal.i18n.translations import LANGUAGES, N_, gettext


def _many(typed: object) -> object:
    """The ticked values of a list, which come with blanks between them."""
    return frozenset(typed.split()) if isinstance(typed, str) else typed


def _lines(typed: str) -> list[str]:
    """Phrases, one a line, each once."""
    found = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if any(not wording.folded(line) or len(line) > PHRASE for line in found) or len(found) > PHRASES:
        raise PydanticCustomError("lines", N_("At most %(most)s phrases, each of at most %(longest)s characters"),
                                  {"most": PHRASES, "longest": PHRASE})  # fmt: skip
    return found


def _template(body: str) -> str:
    strange = wording.unknown(body)
    if strange:
        raise PydanticCustomError("placeholder", gettext(N_("%(strange)s means nothing here; use %(known)s")) % {
            "strange": ", ".join(f"{{{name}}}" for name in strange),
            "known": ", ".join(f"{{{name}}}" for name in wording.PLACEHOLDERS),
        })  # fmt: skip
    return body


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return code


PHRASES, PHRASE = 200, 60


class NewPolicy(BaseModel):
    """Whom a policy is for, and how much time it gives; an empty condition is everybody, an empty time says nothing."""

    name: Annotated[str, words(80), Field(title=N_("What this policy is called"))]
    kinds: Annotated[frozenset[Kind], BeforeValidator(_many), Field(title=N_("Kind"))] = frozenset()
    categories: Annotated[frozenset[CategoryCode], BeforeValidator(_many), Field(title=N_("Area"))] = frozenset()
    severities: Annotated[
        frozenset[SeverityWord], BeforeValidator(_many), Field(title=N_("Severity"))
    ] = frozenset()
    tiers: Annotated[frozenset[Tier], BeforeValidator(_many), Field(title=N_("Tier"))] = frozenset()
    acknowledge_minutes: Annotated[int | None, Field(ge=1, le=10_080, title=N_("Take up within (minutes)"))] = None
    answer_minutes: Annotated[int | None, Field(ge=1, le=43_200, title=N_("First answer within (minutes)"))] = None
    resolve_hours: Annotated[int | None, Field(ge=1, le=2_160, title=N_("Answer within (hours)"))] = None
    always: bool = False
    pauses_in: Annotated[
        frozenset[Literal["triaged", "planned"]],
        BeforeValidator(_many),
        Field(title=N_("The time stands still while it is")),
    ] = frozenset()
    position: Annotated[int, Field(ge=0, le=999, title=N_("Place in the order"))] = 0


class NewCause(BaseModel):
    """A cause of the site's list, or new names for it."""

    code: Annotated[CodeWord, Field(title=N_("Code"))]
    name_zh: Annotated[str, Name, Field(title=N_("Chinese name"))]
    name_en: Annotated[str, Name, Field(title=N_("English name"))]


class NewTemplate(BaseModel):
    """Words to begin an answer with; a name that is there already in this language gets the new words."""

    name: Annotated[str, Name, Field(title=N_("What it is called"))]
    language: Annotated[str, AfterValidator(_language), Field(title=N_("Language"))]
    body: Annotated[str, words(2000), AfterValidator(_template), Field(title=N_("Words"))]
    apology: bool = False


class NewPhrases(BaseModel):
    """What nobody says to a customer, one a line; an empty list forbids nothing."""

    phrases: Annotated[list[str], BeforeValidator(_lines), Field(title=N_("Phrases"))] = []
