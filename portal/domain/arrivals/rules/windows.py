"""Which windows take whom, and which of them stand idle while somebody waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True)
class Window:
    """A window as far as calling goes: the codes of the types it takes (none: all)."""

    id: UUID
    code: str
    name: str
    types: frozenset[str]

    def takes(self, waits: "Waits") -> bool:
        """Whether somebody may be called here who waits for a type, or was sent to one window."""
        return waits.station in (None, self.id) and (not self.types or waits.type in self.types)


@dataclass(frozen=True)
class Waits:
    """What decides where somebody who waits may be called to, and since when he waits."""

    type: str
    station: UUID | None
    since: datetime


def idle(windows: Sequence[Window], busy: Collection[UUID], waiting: Sequence[Waits]) -> list[Window]:
    """The windows at which nobody is, though somebody waits whom they take."""
    return [one for one in windows if one.id not in busy and any(one.takes(each) for each in waiting)]


def longest(waiting: Sequence[Waits], now: datetime) -> timedelta:
    """How long the first of those who wait has waited."""
    return max((now - one.since for one in waiting), default=timedelta())
