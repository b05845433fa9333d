"""Knowing people again by their phone, without changing what is known of them; what they let us keep; codes to a phone."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.customers import queries, rules
from portal.domain.customers.forms import Lifting, NewBlock
from portal.domain.customers.queries import PERSON, holder, proof_key
from portal.domain.customers.tables import Acquaintance, Block, Customer, Proof, Remembered
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import services as events
from portal.i18n.translations import _, language
from portal.ids import new_id, token_hash

PHONE = PERSON
EVERYWHERE = frozenset({Role.OWNER, Role.ADMIN})  # who decides for every site
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


async def block(site: Site, form: NewBlock, *, by: Staff) -> UUID:
    """Take somebody in no more, here or at every site; for whom it is, is kept as keyed indexes and masked words."""
    if form.everywhere and not EVERYWHERE & by.roles_at(site):
        raise Forbidden(_("Only the owner and administrators decide for every site."))
    row = new_id()
    shown = " · ".join(filter(None, (rules.masked_phone(form.phone), rules.masked_document(form.document))))
    keys = {
        "phone_index": sealing.index(form.phone, queries.PHONE),
        "document_index": sealing.index(form.document, queries.DOCUMENT),
    }
    until = datetime.combine(form.until + timedelta(days=1), time(), ZoneInfo(site.zone)) if form.until else None
    async with transaction():
        await database.insert(Block, {
            "id": row, "site": None if form.everywhere else site.id, **keys, "until": until, "by": by.id, "at": clock.now(),
            "shown": sealing.seal(shown, f"block.shown:{row}"), "reason": sealing.seal(form.reason, f"block.reason:{row}"),
        })  # fmt: skip
        await events.record("customer.blocked", site=site.id, subject=row, by=by, everywhere=form.everywhere)
    return row


async def lift(site: Site, found: UUID, form: Lifting, *, by: Staff) -> None:
    """Take somebody in again, with a reason; one for every site is lifted by who may decide for all."""
    mine = bool(EVERYWHERE & by.roles_at(site))
    async with transaction():
        there = await database.rows(
            "UPDATE block SET lifted_by = {}, lifted_at = {}, lifted_for = {} WHERE id = {} AND lifted_at IS NULL AND "
            f"(site = {{}}{' OR site IS NULL' if mine else ''}) RETURNING id",
            by.id, clock.now(), sealing.seal(form.reason, f"block.lifted_for:{found}"), found, site.id,
        )  # fmt: skip
        if not there:
            here, _reasons = await queries.block(site, found)
            if here.everywhere and not mine:
                raise Forbidden(_("Only the owner and administrators decide for every site."))
            raise Conflict(_("Somebody else has done this already."))
        await events.record("customer.unblocked", site=site.id, subject=found, by=by)


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
