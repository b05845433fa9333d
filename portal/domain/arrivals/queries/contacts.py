"""How those who wait are reached from the portal, without anybody looking at it."""

from dataclasses import dataclass
from uuid import UUID

from portal import database
from portal.domain.queues.queries.words import opened
from portal.domain.sites.tables import named

_CONTACTS = """
SELECT a.id, a.language, a.ticket, a.phone, a.token, a.ended_at, s.name_zh, s.name_en
FROM arrival a LEFT JOIN station s ON s.id = a.station WHERE a.id IN (%s)
"""


@dataclass(frozen=True)
class Contact:
    """What a message to somebody who was called needs; the phone is empty for who left none, or waits no more."""

    language: str
    ticket: str
    phone: str
    token: str
    names: tuple[str, str]

    @property
    def window(self) -> str:
        return named(*self.names)


async def contacts(ids: list[UUID]) -> dict[UUID, Contact]:
    """Some arrivals by their id."""
    if not ids:
        return {}
    rows = await database.rows(_CONTACTS % ", ".join("{}" for _id in ids), *ids)
    return {
        row["id"]: Contact(
            language=row["language"], ticket=row["ticket"],
            phone="" if row["ended_at"] else opened(row["phone"], "arrival.phone", row["id"]),
            token=opened(row["token"], "arrival.token", row["id"]), names=(row["name_zh"] or "", row["name_en"] or ""),
        )
        for row in rows
    }  # fmt: skip
