"""What visitors hear of their bookings, by text message: a phone is all that is known of them."""

from datetime import datetime
from uuid import UUID

from portal import clock, settings
from portal.domain.bookings.queries import contacts
from portal.domain.bookings.queries.contacts import Contact
from portal.domain.bookings.rules import way
from portal.domain.customers import rules as customers
from portal.domain.sites.tables import Site
from portal.events.outbox import CUSTOMER, SMS, Addressed, Happened, Message
from portal.i18n import formats, translations
from portal.notifications import letters
from portal.notifications.channels import sms
from portal.notifications.letters import Letter

# The events that a visitor hears of, and the folder of their words.
TOLD = {
    "booking.made": "made",
    "booking.waits": "waiting",
    "booking.confirmed": "confirmed",
    "booking.declined": "declined",
    "booking.lapsed": "lapsed",
    "booking.proposed": "proposed",
    "booking.change-asked": "changed",
    "booking.withdrawn": "withdrawn",
    "booking.offered": "offered",
    "booking.reminded": "reminded",
}
# What is asked by a message, which is no longer true when something else stands open, or nothing.
ASKS = {"booking.proposed": "proposal", "booking.change-asked": "change", "booking.offered": "offer"}


async def addressed(events: list[Happened], sites: dict[UUID, Site]) -> list[Addressed]:
    """The visitors who are to hear of these events."""
    told = [event for event in events if event.kind in TOLD]
    at_once = {event.subject for event in told if event.kind == "booking.confirmed"}
    told = [event for event in told if event.kind != "booking.made" or event.subject not in at_once]
    known = await contacts.contacts([event.subject for event in told])
    return [
        Addressed(event, CUSTOMER, event.subject, SMS, sms.configured())
        for event in told
        if event.subject in known and known[event.subject].phone
    ]


async def written(messages: list[Message], sites: dict[UUID, Site], *, masked: bool) -> dict[UUID, Letter]:
    """The letters to visitors; `masked` for eyes that may see neither a phone nor the key in a link."""
    mine = [one for one in messages if one.audience == CUSTOMER and one.kind in TOLD]
    known = await contacts.contacts([one.recipient for one in mine])
    return {one.id: _letter(one, known[one.recipient], sites[one.site], masked=masked) for one in mine}


def _letter(message: Message, contact: Contact, site: Site, *, masked: bool) -> Letter:
    to = customers.masked_phone(contact.phone) if masked else "" if _too_late(message, contact) else contact.phone
    link = f"{settings.current().base_url}/b/{'…' if masked else contact.token}"
    asks = message.kind in ASKS
    with translations.use(contact.language), formats.in_zone(site.zone):
        return letters.written(
            f"bookings/{TOLD[message.kind]}", to=to, channel=message.channel, link=link, site=site.name,
            number=contact.number, place=contact.place, when=_moment(contact.asked_begins_at if asks else contact.begins_at),
            old=_moment(contact.begins_at), until=_moment(contact.asked_until),
            agreed="yes" if contact.state in way.AGREED else "",
        )  # fmt: skip


def _too_late(message: Message, contact: Contact) -> bool:
    """Whether a message would say what is not so any more: of a visit that has begun or is off, a question that is over."""
    if message.kind == "booking.reminded":
        begun = contact.begins_at is not None and contact.begins_at <= clock.now()
        return begun or contact.state not in way.AGREED
    over = contact.asked_until is None or contact.asked_until <= clock.now()
    return message.kind in ASKS and (contact.asked != ASKS[message.kind] or over)


def _moment(at: datetime | None) -> str:
    return formats.moment(at, full=True) if at else "…"
