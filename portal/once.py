"""Form tokens: signed, bound to one browser and to the person signed in, used up in the record's own transaction."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from piccolo.columns import Timestamptz, Varchar
from piccolo.table import Table

from portal import clock, database, sealing, settings
from portal.errors import Conflict

LIFE = timedelta(days=7)
_BODY = 20  # bytes: 4 of time in seconds, 16 random


class FormUse(Table):
    """A token that was used up, what body it came with (keyed hash), and where its answer led, sealed."""

    token = Varchar(length=32, primary_key=True)
    body = Varchar(length=32)
    answer = Varchar(length=300)
    at = Timestamptz(default=None, index=True)


@dataclass(frozen=True)
class Token:
    """A token whose signature, age and browser were right."""

    id: str
    issued_at: datetime


def issue(*, browser: str, person: UUID | None) -> str:
    """A new token for one form."""
    body = int(clock.now().timestamp()).to_bytes(4, "big") + os.urandom(16)
    return base64.urlsafe_b64encode(body + _signature(body, browser, person)).decode()


def read(text: str, *, browser: str, person: UUID | None) -> Token | None:
    """The token, or None: forged, older than 7 days, another browser's or another person's."""
    try:
        raw = base64.urlsafe_b64decode(text)
    except ValueError:
        return None
    body, signature = raw[:_BODY], raw[_BODY:]
    if not browser or not hmac.compare_digest(signature, _signature(body, browser, person)):
        return None
    issued_at = datetime.fromtimestamp(int.from_bytes(body[:4], "big"), clock.now().tzinfo)
    if clock.now() - issued_at > LIFE:
        return None
    return Token(hashlib.sha256(raw).hexdigest()[:32], issued_at)


def fingerprint(path: str, fields: list[tuple[str, bytes]]) -> str:
    """What two posts of the same form with the same body share; keyed, so that the row tells nothing of the body."""
    digest = hmac.new(settings.current().secret_key, path.encode(), hashlib.sha256)
    for name, value in fields:
        digest.update(f"\0{name}\0{len(value)}\0".encode() + value)
    return digest.hexdigest()[:32]


async def used(token: Token, body: str, *, message: str) -> str | None:
    """Where the first answer led, or None if the token is fresh; raises Conflict(message) if it came with another body."""
    rows = await database.rows("SELECT body, answer FROM form_use WHERE token = {}", token.id)
    if not rows:
        return None
    row = rows[0]
    if not hmac.compare_digest(row["body"], body):
        raise Conflict(message)
    return sealing.unseal(row["answer"], _place(token))


async def use(token: Token, body: str, answer: str) -> None:
    """Use a token up, in the running transaction; a second one at the same time waits here and then is a duplicate."""
    row = {"token": token.id, "body": body, "answer": sealing.seal(answer, _place(token)), "at": clock.now()}
    await database.insert(FormUse, row)


async def answered(token: Token, answer: str) -> None:
    """Write where the answer of a used token leads, where that was not known before."""
    await FormUse.update({FormUse.answer: sealing.seal(answer, _place(token))}).where(FormUse.token == token.id)


async def forget_old() -> None:
    """Remove the tokens that are past their life."""
    await FormUse.delete().where(FormUse.at < clock.now() - LIFE - timedelta(days=1))


def _place(token: Token) -> str:
    # Sealed, because an answer may be a customer's link, and those stand nowhere in plain.
    return f"form_use.answer:{token.id}"


def _signature(body: bytes, browser: str, person: UUID | None) -> bytes:
    message = b"form\0" + body + browser.encode() + b"\0" + (person.bytes if person else b"")
    return hmac.new(settings.current().secret_key, message, hashlib.sha256).digest()[:16]
