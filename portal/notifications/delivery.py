"""The way out: each event gets its messages once, and each message is tried until it is sent or given up."""

import logging
from uuid import UUID

from portal.domain.sites import queries
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import outbox
from portal.events.outbox import EMAIL, SMS, Happened, Message
from portal.events.tables import DEAD, OFF, SENT
from portal.notifications import accounts, arrivals, bookings, complaints, customers
from portal.notifications.channels import email, sms
from portal.notifications.channels.results import Result, later, never
from portal.notifications.letters import Letter

BATCH = 100

log = logging.getLogger(__name__)


async def spread() -> None:
    """Put the messages of every new event into the outbox, once whoever else looks at the same time (P09)."""
    while events := await outbox.unheard(most=BATCH):
        try:
            await _spread(events)
        except Conflict:  # another worker was faster with some of them
            continue
        except Exception:
            await _one_by_one(events)
            return


async def send_mail() -> None:
    """Send the e-mail that is due."""
    await _send(EMAIL)


async def send_texts() -> None:
    """Send the text messages that are due."""
    await _send(SMS)


async def letters(messages: list[Message], *, masked: bool = False) -> dict[UUID, Letter]:
    """What these messages say and to whom; made anew each time, so that no copy of an address or a link is kept."""
    sites = await _sites()
    return {
        **await complaints.written(messages, sites, masked=masked),
        **await arrivals.written(messages, sites, masked=masked),
        **await bookings.written(messages, sites, masked=masked),
        **await accounts.written(messages, sites, masked=masked),
        **await customers.written(messages, sites, masked=masked),
    }


async def _spread(events: list[Happened]) -> None:
    here = [event for event in events if event.site is not None]
    sites = await _sites()
    outside = [
        *await complaints.addressed(here, sites), *await bookings.addressed(here, sites), *await arrivals.addressed(here),
        *customers.addressed(here),
    ]  # fmt: skip
    await outbox.hear(events, [*outside, *await accounts.addressed(here)])


async def _one_by_one(events: list[Happened]) -> None:
    """One event that cannot be told must not keep the others."""
    for event in events:
        try:
            await _spread([event])
        except Exception as error:
            log.error("event %s is not told: %s", event.id, type(error).__name__)


async def _send(channel: str) -> None:
    """Send what is due, one after the other, with no transaction open; a channel in trouble ends the round."""
    while message := await outbox.claimed(channel):
        if not {EMAIL: email, SMS: sms}[channel].configured():
            await outbox.ended(message, OFF)
            continue
        result = await _tried(message)
        if result.sent or result.final:
            await outbox.ended(message, SENT if result.sent else DEAD, result.outcome)
        else:
            await outbox.failed(message, result.outcome)
        if result.trouble:
            return


async def _tried(message: Message) -> Result:
    try:
        letter = (await letters([message]))[message.id]
        if not letter.to:
            return never("no-address")
        if message.channel == SMS:
            return await sms.send(message.id, to=letter.to, text=letter.text)
        return await email.send(message.id, to=letter.to, subject=letter.subject, text=letter.text)
    except Exception as error:
        log.error("message %s: %s", message.id, type(error).__name__)
        return later("error")


async def _sites() -> dict[UUID, Site]:
    return {site.id: site for site in await queries.sites()}
