"""Between the two sides of a dispute: each has a link of its own, and reads only its own words (CMP-32)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import NamedParty
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import wording
from portal.domain.complaints.tables import Kind, Party
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, telling
from portal.domain.queues.tables import EntryKind
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_token, token_hash
from portal.photos import services as photos
from portal.photos.services import Stored


async def name(item: Card, form: NamedParty, *, site: Site, by: Staff) -> None:
    """Say who the other party is, or correct it; the first time it gets a link, which staff hand out."""
    async with transaction():
        await deeds.move(item, DEEDS["party"], site=site, by=by, kind=Kind.DISPUTE)
        await keep(item.id, name=form.party_name, phone=form.party_phone)
        await events.record("complaint.party-named", site=site.id, subject=item.id, by=by)


async def keep(item: UUID, *, name: str, phone: str) -> None:
    """Keep name and phone of the other party, sealed; what is not said again stays. Part of another deed, which holds
    the item's row."""
    token, typed = new_token(), {"name": name, "phone": phone}
    sealed = {cell: sealing.seal(text, f"party.{cell}:{item}") for cell, text in typed.items()}
    first = {"id": item, "item": item, "token_hash": token_hash(token), "token": sealing.seal(token, f"party.token:{item}")}
    await database.insert(Party, {**first, **sealed}, unless_there=True)
    said: dict[Column | str, Any] = {cell: sealed[cell] for cell, text in typed.items() if text}
    if said:
        await Party.update(said).where(Party.id == item)


async def renew_link(item: Card, token: str, *, site: Site, by: Staff) -> None:
    """Give the other party a new link; the one before is dead from now on."""
    async with transaction():
        await deeds.move(item, DEEDS["party link"], site=site, by=by, kind=Kind.DISPUTE)
        rows = await (
            Party.update({Party.token_hash: token_hash(token), Party.token: sealing.seal(token, f"party.token:{item.id}")})
            .where(Party.id == item.id, Party.token != "")
            .returning(Party.id)
        )
        if not rows:
            raise Conflict(_("Nobody is named as the other party."))
        await events.record("complaint.party-link-renewed", site=site.id, subject=item.id, by=by)


async def tell(item: Card, form: Message, *, site: Site, by: Staff, pictures: Sequence[Stored] = ()) -> None:
    """A message to the other party; the customer never reads it, and still waits for a word."""
    async with transaction():
        await deeds.move(item, DEEDS["messages"], site=site, by=by, kind=Kind.DISPUTE)
        if not await Party.exists().where(Party.id == item.id, Party.token != ""):
            raise Conflict(_("Nobody is named as the other party."))
        await wording.look_at(form.body, field="body", item=item, site=site)
        event = await events.record("complaint.party-told", site=site.id, subject=item.id, by=by)
        entry = await deeds.write(item.id, event, EntryKind.PARTY_OUT, form.body, by=by, pictured=bool(pictures))
        await photos.attach(pictures, site=site.id, subject=item.id, entry=entry)


async def hear(item: Card, form: Message, *, site: Site, pictures: Sequence[Stored] = ()) -> None:
    """A message of the other party; it ends no pause and no silence of the customer."""
    async with transaction():
        await deeds.move(item, DEEDS["message of the party"], site=site, by=None, kind=Kind.DISPUTE)
        event = await events.record("complaint.party-wrote", site=site.id, subject=item.id, by=None, customer=True)
        entry = await deeds.write(item.id, event, EntryKind.PARTY_IN, form.body, by=None, pictured=bool(pictures))
        await photos.attach(pictures, site=site.id, subject=item.id, entry=entry)
        await telling.tell(item.id, event, [item.owner_id] if item.owner_id else [])
