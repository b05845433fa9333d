"""What may be typed about a site's places and categories."""

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal.domain.sites.tables import PlaceKind
from portal.i18n.translations import N_, gettext, ngettext

MOST, NAME = 500, 80
SHORT = N_("%(where)s: a code and a Chinese name, with a comma between them")
CODE = N_("%(where)s: a code has at most 40 letters A–Z, digits, dots, hyphens and underscores")
LONG = N_("%(where)s: a name has at most 80 characters")
TWICE = N_("%(where)s: this code stands further up already")
SHOWN = 12


class NewPlace(NamedTuple):
    """A line of the list: a code in capitals, and what the place is called; the English name may be empty."""

    code: str
    name_zh: str
    name_en: str


def _places(typed: str) -> list[NewPlace]:
    """The places of a text, one a line; what cannot be read is told by the numbers of its lines, all at once."""
    found: dict[str, NewPlace] = {}
    wrong: dict[str, list[int]] = {}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", typed), start=1):
        if not line.strip():
            continue
        place = _place(line)
        fault = TWICE if place.code in found else _fault(place)
        if fault:
            wrong.setdefault(fault, []).append(number)
        else:
            found[place.code] = place
    if wrong:
        told = [gettext(fault) % {"where": _where(lines)} for fault, lines in wrong.items()]
        raise PydanticCustomError("lines", "; ".join(told))
    if len(found) > MOST:
        raise PydanticCustomError("many", N_("At most %(most)s places at once"), {"most": MOST})
    return list(found.values())


def _place(line: str) -> NewPlace:
    """What a line says. A table of figures is copied with tabs, and its names may hold commas."""
    parts = [part.strip() for part in re.split("\t" if "\t" in line.strip() else "[,，]", line.strip(), maxsplit=2)]
    code, chinese, english = (*parts, "", "")[:3]
    return NewPlace(code.upper(), chinese, english)


def _fault(place: NewPlace) -> str:
    if not place.code or not place.name_zh:
        return SHORT
    if not re.fullmatch(r"[A-Z0-9._-]{1,40}", place.code):
        return CODE
    return LONG if max(len(place.name_zh), len(place.name_en)) > NAME else ""


def _where(lines: list[int]) -> str:
    named = ", ".join(str(number) for number in lines[:SHOWN]) + (" …" if len(lines) > SHOWN else "")
    return ngettext("Line %(lines)s", "Lines %(lines)s", len(lines)) % {"lines": named}


def _code_word(code: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", code):
        raise PydanticCustomError("code", N_("Small letters, digits and hyphens, beginning with a letter; at most 40"))
    return code


def _unit(role: str, info: ValidationInfo) -> str:
    if role not in (info.context or {}).get("units", ()):
        raise PydanticCustomError("choice", N_("Choose one of these"))
    return role


CodeWord = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True), AfterValidator(_code_word)]
Name = StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME)


class NewPlaces(BaseModel):
    """Many places of one kind, one a line."""

    kind: Annotated[PlaceKind, Field(title=N_("What they are"))]
    places: Annotated[list[NewPlace], BeforeValidator(_places), Field(title=N_("Places"))]


class NewCategory(BaseModel):
    """Something a complaint may be about, or new names for it; the units that may look after it are in the context."""

    code: Annotated[CodeWord, Field(title=N_("Code"))]
    name_zh: Annotated[str, Name, Field(title=N_("Chinese name"))]
    name_en: Annotated[str, Name, Field(title=N_("English name"))]
    unit: Annotated[str, AfterValidator(_unit), Field(title=N_("Whose business it is"))]
