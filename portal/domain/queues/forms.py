"""What may be typed about any work item."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from portal.i18n.translations import N_

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), Field(title=N_("Reason"))
]


class Release(BaseModel):
    """Why an item goes back into the queue."""

    reason: Reason


class HandOver(BaseModel):
    """Who gets an item, and why (CMP-07)."""

    to: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), Field(title=N_("Hand over to"))
    ]
    reason: Reason


class Note(BaseModel):
    """Words for colleagues."""

    body: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Field(title=N_("Note"))
    ]


class Unmask(BaseModel):
    """Which one field somebody needs to see, and why (P41)."""

    field: Literal["phone", "name", "email"]
    reason: Reason
