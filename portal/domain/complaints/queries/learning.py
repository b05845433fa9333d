"""What complaints came from, as a site names it."""

from typing import NamedTuple
from uuid import UUID

from portal.domain.complaints.rules.learning import CAUSES
from portal.domain.complaints.tables import Cause
from portal.domain.sites.tables import named


class Known(NamedTuple):
    """A cause of a site's list."""

    code: str
    name_zh: str
    name_en: str
    active: bool = True

    @property
    def name(self) -> str:
        return named(self.name_zh, self.name_en)


async def causes(site: UUID, *, all_of_them: bool = False) -> list[Known]:
    """The usual causes as this site names them, and its own; `all_of_them` with those no longer offered."""
    asked = Cause.select(Cause.code, Cause.name_zh, Cause.name_en, Cause.active).where(Cause.site == site)
    rows = {row["code"]: Known(**row) for row in await asked.order_by(Cause.code)}
    *first, last = [rows.pop(code, Known(code, zh, en)) for code, zh, en in CAUSES]
    return [one for one in (*first, *rows.values(), last) if one.active or all_of_them]
