"""The other party of a dispute: what it may read, and how staff see it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal import clock
from portal.domain.complaints.queries.customer import Said, called
from portal.domain.complaints.rules import promises
from portal.domain.complaints.tables import Kind, Party
from portal.domain.customers import rules as customers
from portal.domain.queues.queries import items, people, words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.queues.tables import EntryKind
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import PlaceKind, Site, named
from portal.errors import NotFound
from portal.i18n.translations import _
from portal.ids import token_hash
from portal.photos import queries as photos

THEIRS = (EntryKind.PARTY_IN, EntryKind.PARTY_OUT)


@dataclass(frozen=True)
class PartyView:
    """The page of the other party: number, state, where it was, and the words between it and the house.

    Nothing of the customer: no place that he typed himself, and no room, which would say where he lives.
    """

    item: Card
    place: str
    talk: list[Said]


@dataclass(frozen=True)
class Known:
    """Who the other party is, masked; `sealed` are the cells for who may open one."""

    name: str
    phone: str
    sealed: dict[str, str]


async def by_token(token: str) -> tuple[PartyView, Site]:
    """The dispute behind the other party's link; raises NotFound for a wrong, erased or expired one."""
    about: Any = Party.item  # Piccolo follows references at run time
    columns = (about.site.slug, about.place.kind, about.place.name_zh, about.place.name_en)
    row = await Party.select(Party.id, Party.token, *columns).where(Party.token_hash == token_hash(token)).first()
    if row is None or not row["token"]:
        raise NotFound
    site, item = await sites.site(row["item.site.slug"]), await items.item_by_id(row["id"])
    over = item.closed_at and clock.now() > promises.link_ends_at(site, item.closed_at)
    if item.kind != Kind.DISPUTE or over:
        raise NotFound
    room = row["item.place.kind"] in (None, PlaceKind.ROOM)
    place = "" if room else named(row["item.place.name_zh"], row["item.place.name_en"])
    return PartyView(item, place, await _talk(item, site)), site


async def known(item: Card) -> Known | None:
    """Who the other party of a dispute is, if anybody was named."""
    row = await Party.select(Party.name, Party.phone).where(Party.id == item.id).first()
    if row is None:
        return None
    name, phone = (opened(row[cell], f"party.{cell}", item.id) for cell in ("name", "phone"))
    sealed = {f"party_{cell}": row[cell] for cell in ("name", "phone")}
    return Known(customers.masked_name(name), customers.masked_phone(phone), sealed)


async def _talk(item: Card, site: Site) -> list[Said]:
    said = [one for one in await words.written(item.id) if one.kind in THEIRS]
    pictures = await photos.by_entry(item.id)
    named: dict[UUID, dict[str, Any]] = await people.named(site, [one.author for one in said if one.author])
    return [
        Said(one.author is None, called(named[one.author]) if one.author else _("You"), one.at, one.body,
             pictures.get(one.id, []), one.kind)
        for one in said
    ]  # fmt: skip
