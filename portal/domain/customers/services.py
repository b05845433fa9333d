"""Knowing people again by their phone, without changing what is known of them; what they let us keep; codes to a phone."""

import hmac
import secrets
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.customers import rules
from portal.domain.customers.queries import PERSON, holder, proof_key
from portal.domain.customers.tables import Acquaintance, Customer, Proof, Remembered
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.events import services as events
from portal.i18n.translations import _, language
from portal.ids import new_id, token_hash

PHONE = PERSON
_TRY = """
UPDATE proof SET tries = tries + 1 WHERE browser = {} AND phone_index = {} AND proven_at IS NULL AND expires_at > {}
  AND tries < {} RETURNING id, code, tries
"""


class Met(NamedTuple):
    """Somebody the house knows, and what he means to it (empty: no more than anybody)."""

    id: UUID
    tier: str


async def meet(site: Site, *, phone: str, name: str, email: str) -> Met:
    """The person of this phone (E.164), made if nobody has it; what is known of a known one stays as it is."""
    found, person = sealing.index(phone, PHONE), Met(new_id(), "")
    made = await database.insert(
        Customer,
        {
            "id": person.id, "phone": sealing.seal(phone, f"{PHONE}:{person.id}"), "phone_index": found,
            "name": sealing.seal(name, f"customer.name:{person.id}"),
            "email": sealing.seal(email, f"customer.email:{person.id}"), "created_at": clock.now(),
        },
        unless_there=True,
    )  # fmt: skip
    if not made:  # whoever was first has committed: the insert waited for it
        row = (await database.rows("SELECT id, tier FROM customer WHERE phone_index = {}", found))[0]
        person = Met(row["id"], row["tier"])
    since = {"id": new_id(), "customer": person.id, "site": site.id, "since": clock.now()}
    await database.insert(Acquaintance, since, unless_there=True)
    return person


async def rank(person: UUID, tier: str) -> None:
    """What somebody means to the house from now on."""
    await Customer.update({Customer.tier: tier}).where(Customer.id == person)


async def hold(person: UUID) -> None:
    """Hold somebody's row to the end of the transaction: what is decided by what he has already comes one by one."""
    await Customer.update({Customer.tier: Customer.tier}).where(Customer.id == person)


async def remember(person: UUID, details: Mapping[str, str], *, token: str, subject: UUID) -> None:
    """Keep what somebody allowed for the next time, for the browser that has the token; what it had before is gone."""
    row = {"id": new_id(), "customer": person, "token_hash": token_hash(token), "subject": subject, "language": language(),
           "agreed_at": clock.now()}  # fmt: skip
    sealed = {name: sealing.seal(details[name], f"remembered.{name}:{row['id']}") for name in rules.KEPT}
    await database.insert(Remembered, row | sealed)


async def forget(*, token: str, person: UUID | None = None, subject: UUID | None = None) -> bool:
    """Keep no more for the browser that has a token, nor what `person` allowed with a subject; whether there was any."""
    mine = Remembered.token_hash == token_hash(token)
    these = mine | (Remembered.subject == subject) if subject is not None else mine
    whose = Remembered.customer == person if person is not None else mine
    return bool(await Remembered.delete().where(these, whose).returning(Remembered.id))


async def send_code(site: Site, *, phone: str, browser: str) -> None:
    """Send a new code to a phone; the one before is worth nothing any more."""
    key, code = new_id(), f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    row = {
        "id": key, "site": site.id, "browser": holder(browser), "phone": sealing.seal(phone, f"proof.phone:{key}"),
        "phone_index": proof_key(phone), "code": sealing.seal(code, f"proof.code:{key}"),
        "language": language(), "tries": 0, "expires_at": clock.now() + rules.CODE_LIFE, "proven_at": None,
    }  # fmt: skip
    async with transaction():
        await Proof.delete().where(Proof.browser == row["browser"], Proof.phone_index == row["phone_index"])
        if await database.insert(Proof, row, unless_there=True):  # else the same form at the same moment was first
            await events.record("phone.code-asked", site=site.id, subject=key, by=None, customer=True)


async def prove(*, phone: str, browser: str, code: str) -> None:
    """A phone is somebody's who knows its code: six digits, ten minutes, five tries (P36). Raises Invalid; a try counts."""

    async def tried() -> tuple[bool, int]:
        known = (holder(browser), proof_key(phone))
        rows = await database.rows(_TRY, *known, clock.now(), rules.CODE_TRIES)
        if not rows:
            return False, 0
        row = rows[0]
        right = hmac.compare_digest(sealing.unseal(row["code"], f"proof.code:{row['id']}").encode(), code.encode())
        if right:
            until = clock.now() + rules.PROVEN_FOR
            await Proof.update({Proof.proven_at: clock.now(), Proof.expires_at: until}).where(Proof.id == row["id"])
        return right, rules.CODE_TRIES - int(row["tries"])

    right, left = await database.retried(tried)
    if not right:
        said = _("This is not the code.") if left else _("This code is worth nothing any more. Ask for a new one.")
        raise Invalid({"code": said})


async def forget_old() -> None:
    """Remove the codes that are past their time, and what was remembered longer than its cookie lives."""
    await Proof.delete().where(Proof.expires_at < clock.now())
    await Remembered.delete().where(Remembered.agreed_at < clock.now() - rules.KEPT_FOR)
