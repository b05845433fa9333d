"""A booking as staff see it on its own page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import database, sealing
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.queries.agenda import Visit
from portal.domain.bookings.rules import asking
from portal.domain.bookings.tables import Booking
from portal.domain.customers import rules as customers
from portal.domain.queues.queries import people, words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import Words
from portal.domain.sites.tables import Site, named
from portal.events import queries as events
from portal.events.queries import Happening
from portal.i18n.labels import label
from portal.i18n.translations import _

OPENED = ("name", "plate", "answers")


@dataclass(frozen=True)
class Line:
    """One line of what happened: an event, with the words that came with it."""

    label: str
    who: str
    at: datetime
    kind: str
    words: list[tuple[str, str]] = field(default_factory=list)
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Whole:
    """A booking with everything that its staff page says; the phone is masked."""

    card: Card
    visit: Visit
    waits: bool
    name: str
    phone: str
    plate: str
    answers: list[tuple[str, str]]
    language: str
    filed_by: str
    asked_place: str
    asked_person: str
    series: list[tuple[str, datetime, str]]
    timeline: list[Line]
    sealed_phone: str

    def phone_in_full(self) -> str:
        """The phone, readable; the caller has logged it."""
        return customers.readable_phone(sealing.unseal(self.sealed_phone, f"booking.phone:{self.card.id}"))


async def whole(site: Site, card: Card) -> Whole:
    """What staff read about a booking."""
    row = (await Booking.select().where(Booking.id == card.id))[0]
    plain = {name: sealing.unseal(row[name], f"booking.{name}:{card.id}") for name in (*OPENED, "phone")}
    happened, said = await events.timeline(card.id), await words.written(card.id)
    ids = {one.by for one in happened} | {card.filed_by_id, row["asked_person"]}
    names = await people.named(site, [one for one in ids if one])
    return Whole(
        card=card,
        visit=await agenda.visit(site, card),
        waits=row["begins_at"] is None,
        phone=customers.masked_phone(plain["phone"]),
        name=plain["name"],
        plate=plain["plate"],
        answers=asking.told(plain["answers"]),
        language=row["language"],
        filed_by=_called(names, card.filed_by_id),
        asked_place=await _place(row["asked_place"]),
        asked_person=_called(names, row["asked_person"]),
        series=await series(row["recurrence"]) if row["recurrence"] else [],
        timeline=[_line(one, said, names) for one in happened],
        sealed_phone=row["phone"],
    )


async def series(recurrence: UUID) -> list[tuple[str, datetime, str]]:
    """The bookings that belong together, in their order: number, when, state."""
    rows = await database.rows(
        "SELECT i.number, i.state, b.begins_at FROM booking b JOIN work_item i ON i.id = b.item WHERE b.recurrence = {} "
        "ORDER BY b.begins_at, i.number", recurrence,
    )  # fmt: skip
    return [(row["number"], row["begins_at"], row["state"]) for row in rows]


async def _place(place: UUID | None) -> str:
    if place is None:
        return ""
    row = (await database.rows("SELECT name_zh, name_en FROM place WHERE id = {}", place))[0]
    return named(row["name_zh"], row["name_en"])


def _line(one: Happening, said: list[Words], names: dict[UUID, dict[str, Any]]) -> Line:
    who = _called(names, one.by) if one.by else {"customer": _("Customer")}.get(one.actor, _("Portal"))
    mine = [(label("entry", entry.kind), entry.body) for entry in said if entry.event == one.id and entry.body]
    kind = "note" if one.kind == "booking.noted" else "event"
    return Line(label("event", one.kind), who, one.at, kind, mine)


def _called(names: dict[UUID, dict[str, Any]], account: UUID | None) -> str:
    return str(names[account]["name"]) if account in names else ""
