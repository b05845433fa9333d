"""What staff hear by e-mail: that there is a notice on their desk, where their account has an address."""

from datetime import timedelta
from uuid import UUID

from portal import settings
from portal.domain.accounts import queries
from portal.domain.accounts.queries import Mailbox
from portal.domain.customers import rules as customers
from portal.domain.queues import rules
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Numbered
from portal.domain.reports.queries import saved
from portal.domain.sites.tables import Site
from portal.events import outbox
from portal.events.outbox import EMAIL, STAFF, Addressed, Happened, Message
from portal.i18n import translations
from portal.i18n.labels import label
from portal.notifications import letters
from portal.notifications.channels import email
from portal.notifications.letters import Letter
from portal.web.shown import item_at, place_of

AT_ONCE = timedelta()
NO_ITEM = Numbered("", "")
GONE = Mailbox("", translations.DEFAULT)  # somebody who was disabled, or has no address any more


async def addressed(events: list[Happened]) -> list[Addressed]:
    """Whoever has a notice of one of these events, and an address."""
    noticed = await outbox.noticed(events)
    boxes = await queries.mailboxes([recipient for _event, recipient in noticed])
    on = email.configured()
    return [
        Addressed(event, STAFF, recipient, EMAIL, on, wait=rules.UNDO_WITHIN if event.kind in rules.UNDOABLE else AT_ONCE)
        for event, recipient in noticed
        if recipient in boxes
    ]


async def written(messages: list[Message], sites: dict[UUID, Site], *, masked: bool) -> dict[UUID, Letter]:
    """The letters to staff: what happened, the number, and the way to it; `masked` for other people's eyes."""
    mine = [one for one in messages if one.audience == STAFF]
    boxes = await queries.mailboxes([one.recipient for one in mine])
    numbers = await items.numbers([one.subject for one in mine])
    lost = await saved.without_role([(one.subject, one.recipient) for one in mine if one.kind == saved.DUE])
    return {
        one.id: _letter(one, GONE if (one.subject, one.recipient) in lost else boxes.get(one.recipient, GONE),
                        sites[one.site], numbers.get(one.subject, NO_ITEM), masked=masked)
        for one in mine
    }  # fmt: skip


def _letter(message: Message, box: Mailbox, site: Site, item: Numbered, *, masked: bool) -> Letter:
    desk = f"{settings.current().base_url}/desk/{site.slug}"
    with translations.use(box.language):
        return letters.written(
            "accounts/noticed", to=customers.masked_email(box.email) if masked else box.email, channel=message.channel,
            link=_link(message, desk, item), site=site.name, number=item.number,
            what=label("event", message.kind),
        )  # fmt: skip


def _link(message: Message, desk: str, item: Numbered) -> str:
    """To the item; of a file or a report to its page, never the thing itself."""
    if item.number:
        return f"{desk}/{item_at(*item)}"
    elsewhere = message.kind.startswith(("export.", "report.", "arrival."))
    return f"{desk}/{place_of(message.kind, message.subject)}" if elsewhere else desk
