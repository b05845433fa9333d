"""What a page offers to take back: the deed that was just done there, for ten seconds."""

from datetime import datetime
from types import SimpleNamespace

from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules
from portal.domain.queues.queries import undos
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events import queries as events
from portal.i18n.labels import label


async def offered(person: Staff, site: Site, item: Card) -> SimpleNamespace | None:
    """What this person has just done to an item, with the way back if nothing happened to it since."""
    done = (await undos.just_done(person, [item.id])).get(item.id)
    if done is None:
        return None
    words = label("event", done.kind)
    if done.kind == undos.UNDONE:
        return SimpleNamespace(words=words, action="")
    as_left = (item.version, item.circle) == (done.particulars["version"], done.particulars["circle"])
    if not as_left or await events.touched(item.id, done):
        return None
    return offer(words, f"/desk/{site.slug}/items/{item.number}/undo", done.at, event=str(done.id))


async def offered_after(person: Staff, site: Site, number: str) -> SimpleNamespace | None:
    """The same of an item that the deed took out of this person's reach."""
    try:
        return await offered(person, site, await undos.item(person, site, number))
    except NotFound:
        return None


def offer(words: str, action: str, done_at: datetime, **fields: str) -> SimpleNamespace:
    """A sentence, and the form that takes it back until its time is over."""
    return SimpleNamespace(words=words, action=action, fields=fields, until=done_at + rules.UNDO_WITHIN)
