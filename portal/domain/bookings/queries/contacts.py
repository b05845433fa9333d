"""How visitors are reached from the portal, without anybody looking at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.queues.queries.words import opened
from portal.domain.sites.tables import named

LINK_LIVES = timedelta(hours=24)  # after the end of a visit, or of the day one waited for
_CONTACTS = """
SELECT b.id, b.language, b.phone, b.token, b.begins_at, b.ends_at, b.wanted_to, b.asked, b.asked_begins_at, b.asked_until,
  i.number, i.state, i.closed_at, p.name_zh AS place_zh, p.name_en AS place_en
FROM booking b JOIN work_item i ON i.id = b.id LEFT JOIN place p ON p.id = b.place WHERE b.id IN (%s)
"""


@dataclass(frozen=True)
class Contact:
    """What a message to a visitor needs, and no more; phone and token are empty once the link has ended."""

    number: str
    language: str
    phone: str
    token: str
    state: str
    begins_at: datetime | None
    place_zh: str
    place_en: str
    asked: str
    asked_begins_at: datetime | None
    asked_until: datetime | None

    @property
    def place(self) -> str:
        """What the place is called, in the language set."""
        return named(self.place_zh, self.place_en)


async def contacts(ids: list[UUID]) -> dict[UUID, Contact]:
    """The visitors of some bookings, by the booking's id."""
    marks = ", ".join("{}" for _id in ids)
    rows = await database.rows(_CONTACTS % marks, *ids) if ids else []
    return {row["id"]: _contact(row) for row in rows}


def _contact(row: dict[str, Any]) -> Contact:
    ends = row["ends_at"] or row["wanted_to"]
    over = ends is not None and clock.now() > ends + LINK_LIVES
    cells = {name: "" if over else opened(row[name], f"booking.{name}", row["id"]) for name in ("phone", "token")}
    return Contact(
        number=row["number"], language=row["language"], state=row["state"], begins_at=row["begins_at"],
        place_zh=row["place_zh"] or "", place_en=row["place_en"] or "", asked=row["asked"],
        asked_begins_at=row["asked_begins_at"], asked_until=row["asked_until"], **cells,
    )  # fmt: skip
