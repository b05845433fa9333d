"""Text messages, by the one webhook that the installation names; no other address is ever called (P38)."""

import ssl
from functools import cache
from uuid import UUID

import httpx2

from portal import settings
from portal.notifications.channels.results import SENT, Result, never, trouble

LONGEST = 20.0  # seconds for each step of one try
# A key that is refused is the installation's fault, not the message's; the others ask for patience.
AGAIN = frozenset({401, 403, 408, 425, 429})


def configured() -> bool:
    return bool(settings.current().sms_url)


async def send(key: UUID, *, to: str, text: str) -> Result:
    """Post one message; a second try bears the same id. The answer counts by its status alone, and nothing of it is read."""
    chosen = settings.current()
    headers = {"Idempotency-Key": str(key), **({"Authorization": f"Bearer {chosen.sms_key}"} if chosen.sms_key else {})}
    body = {"id": str(key), "to": to, "text": text}
    try:
        async with (
            httpx2.AsyncClient(timeout=LONGEST, follow_redirects=False, trust_env=False, verify=_tls()) as client,
            client.stream("POST", chosen.sms_url, json=body, headers=headers) as response,
        ):
            status = response.status_code
    except httpx2.HTTPError:
        return trouble("network")
    if 200 <= status < 300:
        return SENT
    if 300 <= status < 500 and status not in AGAIN:
        return never(f"http-{status}")
    return trouble(f"http-{status}")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
