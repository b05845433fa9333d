"""E-mail, by the SMTP server of the installation."""

import asyncio
import ssl
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

import aiosmtplib

from portal import clock, settings
from portal.notifications.channels.results import SENT, Result, later, never, trouble

PLAIN = policy.SMTP.clone(cte_type="7bit")  # no server needs to know more than the oldest
LONGEST = 45  # seconds for one try
# The installation's own fault, not the message's: it is tried again, for whoever mends it.
OURS = (
    aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPHeloError,
    aiosmtplib.SMTPConnectResponseError,
)  # fmt: skip


def configured() -> bool:
    return settings.current().smtp is not None


async def send(key: UUID, *, to: str, subject: str, text: str) -> Result:
    """Hand one message to the server; a second try is the same message (Message-ID), so that a receiver may know it."""
    try:
        message = _message(key, to=to, subject=subject, text=text)
    except (ValueError, IndexError):  # what no header can hold
        return never("address")
    try:
        async with asyncio.timeout(LONGEST):
            return await _handed_over(message, to)
    except OURS as error:
        return trouble(f"smtp-{error.code}")
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _refused(error.recipients[0].code)
    except aiosmtplib.SMTPResponseException as error:
        return _refused(error.code)
    except (aiosmtplib.SMTPException, OSError) as error:
        return trouble("network" if isinstance(error, OSError) else "smtp")


async def _handed_over(message: EmailMessage, to: str) -> Result:
    server = settings.current().smtp
    assert server is not None  # noqa: S101  # nobody sends without one
    await aiosmtplib.send(
        message,
        sender=parseaddr(settings.current().mail_from)[1],
        recipients=[to],
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        use_tls=server.tls,
        start_tls=server.starttls,
        tls_context=_tls() if server.tls or server.starttls else None,
        timeout=LONGEST,
    )
    return SENT


def _message(key: UUID, *, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage(PLAIN)
    message["From"] = settings.current().mail_from
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{key}@{urlsplit(settings.current().base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _refused(code: int) -> Result:
    return never(f"smtp-{code}") if code >= 500 else later(f"smtp-{code}")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
