"""What may be typed about any work item."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from portal import clock
from portal.domain.queues.tables import PauseReason
from portal.i18n import formats
from portal.i18n.translations import N_

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), Field(title=N_("Reason"))
]


def _instant(typed: object) -> object:
    """What a field for day and time holds, as an instant; without an offset it is meant at the site."""
    if not isinstance(typed, str):
        return typed
    try:
        at = datetime.fromisoformat(typed)
        return (at if at.tzinfo else at.replace(tzinfo=formats.zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant", N_("Enter a day and a time such as 2026-11-22 18:00")) from None


def _to_come(at: datetime) -> datetime:
    if at <= clock.now():
        raise PydanticCustomError("past", N_("This time is past already"))
    return at


def _other_needs_words(body: str, info: ValidationInfo) -> str:
    if not body and info.data.get("reason") == PauseReason.OTHER:
        raise PydanticCustomError("needed", N_("Say what we are waiting for"))
    return body


Instant = Annotated[datetime, BeforeValidator(_instant)]
Future = Annotated[Instant, AfterValidator(_to_come)]


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

    field: Literal["phone", "name", "email", "party_name", "party_phone"]
    reason: Reason


class Waiting(BaseModel):
    """What an item waits for, and perhaps until when; something other than the customer or parts needs words."""

    reason: Annotated[PauseReason, Field(title=N_("What are we waiting for"))]
    body: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_other_needs_words),
        Field(title=N_("In words"), validate_default=True),
    ] = ""  # fmt: skip
    until: Annotated[Future | None, Field(title=N_("Until"))] = None
