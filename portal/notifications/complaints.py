"""What customers hear of their complaints: by e-mail where they gave an address, else by text message."""

from uuid import UUID

from portal import settings
from portal.domain.complaints.queries import contacts
from portal.domain.complaints.queries.contacts import Contact
from portal.domain.customers import rules as customers
from portal.domain.sites.tables import Site
from portal.events.outbox import CUSTOMER, EMAIL, SMS, Addressed, Happened, Message
from portal.i18n import translations
from portal.notifications import letters
from portal.notifications.channels import email, sms
from portal.notifications.letters import Letter

# The events that a customer hears of, and the folder of their words.
TOLD = {
    "complaint.filed": "filed",
    "complaint.told": "told",
    "complaint.answered": "answered",
    "complaint.extension-decided": "extended",
    "complaint.reminded": "reminded",
    "complaint.closed": "closed",
}


async def addressed(events: list[Happened], sites: dict[UUID, Site]) -> list[Addressed]:
    """The customers who are to hear of these events, each by one channel."""
    told = [event for event in events if event.kind in TOLD]
    known = await contacts.contacts([event.subject for event in told], sites)
    return [
        Addressed(event, CUSTOMER, event.subject, channel, {EMAIL: email, SMS: sms}[channel].configured())
        for event in told
        if event.subject in known and (channel := _channel(known[event.subject]))
    ]


async def written(messages: list[Message], sites: dict[UUID, Site], *, masked: bool) -> dict[UUID, Letter]:
    """The letters to customers; `masked` for eyes that may see neither an address nor the key in a link."""
    mine = [one for one in messages if one.audience == CUSTOMER and one.kind in TOLD]
    known = await contacts.contacts([one.recipient for one in mine], sites)
    return {one.id: _letter(one, known[one.recipient], sites[one.site], masked=masked) for one in mine}


def _channel(contact: Contact) -> str:
    """E-mail before text messages, unless only these are set up."""
    if contact.email and (email.configured() or not (contact.phone and sms.configured())):
        return EMAIL
    return SMS if contact.phone else ""


def _letter(message: Message, contact: Contact, site: Site, *, masked: bool) -> Letter:
    mail = message.channel == EMAIL
    to = contact.email if mail else contact.phone
    if masked:
        to = customers.masked_email(to) if mail else customers.masked_phone(to)
    link = f"{settings.current().base_url}/c/{'…' if masked else contact.token}"
    with translations.use(contact.language):
        return letters.written(f"complaints/{TOLD[message.kind]}", to=to, channel=message.channel, link=link,
                               site=site.name, number=contact.number)  # fmt: skip
