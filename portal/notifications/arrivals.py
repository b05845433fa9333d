"""What those who wait hear on their phone: that their number is called, by text message where that is set up."""

from uuid import UUID

from portal import settings
from portal.domain.arrivals.queries import contacts
from portal.domain.arrivals.queries.contacts import Contact
from portal.domain.customers import rules as customers
from portal.domain.sites.tables import Site
from portal.events.outbox import CUSTOMER, SMS, Addressed, Happened, Message
from portal.i18n import translations
from portal.notifications import letters
from portal.notifications.channels import sms
from portal.notifications.letters import Letter

# The events that somebody who waits hears of, and the folder of their words.
TOLD = {"arrival.called": "called"}


async def addressed(events: list[Happened]) -> list[Addressed]:
    """Whoever was called and left a phone; nobody where no text messages are set up."""
    told = [event for event in events if event.kind in TOLD] if sms.configured() else []
    known = await contacts.contacts([event.subject for event in told])
    return [
        Addressed(event, CUSTOMER, event.subject, SMS, True)
        for event in told
        if event.subject in known and known[event.subject].phone
    ]


async def written(messages: list[Message], sites: dict[UUID, Site], *, masked: bool) -> dict[UUID, Letter]:
    """The texts to those who were called; `masked` for eyes that may see neither a phone nor the key in a link."""
    mine = [one for one in messages if one.audience == CUSTOMER and one.kind in TOLD]
    known = await contacts.contacts([one.recipient for one in mine])
    return {one.id: _letter(one, known[one.recipient], sites[one.site], masked=masked) for one in mine}


def _letter(message: Message, contact: Contact, site: Site, *, masked: bool) -> Letter:
    link = f"{settings.current().base_url}/w/{'…' if masked else contact.token}"
    to = customers.masked_phone(contact.phone) if masked else contact.phone
    with translations.use(contact.language):
        return letters.written(f"arrivals/{TOLD[message.kind]}", to=to, channel=message.channel, link=link, site=site.name,
                               number=contact.ticket, window=contact.window)  # fmt: skip
