"""Taking a complaint in, from a phone or at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.filing import Intake, NewComplaint
from portal.domain.complaints.rules import promises, rights
from portal.domain.complaints.rules.promises import Facts
from portal.domain.complaints.services import confiding, copies, goods, mediating, promising
from portal.domain.complaints.tables import Channel, Complaint, Kind, State
from portal.domain.customers import rules as customer_rules
from portal.domain.customers import services as customers
from portal.domain.customers.services import Met
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import Clock, Entry, EntryKind, Severity, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Place, Site
from portal.errors import Forbidden
from portal.events import services as events
from portal.i18n.translations import _, language
from portal.ids import new_id, token_hash
from portal.photos import services as photos
from portal.photos.services import Stored

TITLE = 40


@dataclass(frozen=True)
class Filed:
    """What came of filing: the number people say aloud, and the token of the customer's link."""

    item: UUID
    number: str
    token: str


async def file(
    form: NewComplaint, *, site: Site, token: str, by: Staff | None = None, pictures: Sequence[Stored] = ()
) -> Filed:
    """File a complaint; it stands in the queue with its clocks running (CMP-01, CMP-02).

    `token` is new and opens the customer's page; `pictures` are already sealed on the disk. Filing links to a known
    person but never changes that record.
    """
    if by is not None and not rights.may_file(by.roles_at(site)):
        raise Forbidden(_("This is not among your tasks."))
    category, code = await _category(site, form)
    place = await sites.place(site.id, form.place)
    async with transaction():
        customer = None
        if form.phone:
            customer = await customers.meet(site, phone=form.phone, name=form.name, email=form.email)
        item = new_id()
        number = await deeds.next_number(site)
        await _insert(form, item=item, number=number, token=token, site=site, by=by, category=category, code=code,
                      place=place, customer=customer)  # fmt: skip
        event = await events.record("complaint.filed", site=site.id, subject=item, by=by, customer=by is None,
                                    channel=_channel(form), number=number)  # fmt: skip
        entry = new_id()
        rows = [deeds.sealed_entry(entry, item, event, EntryKind.FILING, form.body, by=by)]
        if form.wish:
            rows.append(deeds.sealed_entry(new_id(), item, event, EntryKind.ASKED, form.wish, by=by))
        await database.insert(Entry, *rows)
        await photos.attach(pictures, site=site.id, subject=item, entry=entry)
        if form.kind is Kind.PRODUCT:
            await goods.keep(item, form)
        if form.kind is Kind.DISPUTE and isinstance(form, Intake) and (form.party_name or form.party_phone):
            await mediating.keep(item, name=form.party_name, phone=form.party_phone)
        about = form.about if isinstance(form, Intake) else ()
        await confiding.confine(item, about, form.kind, site=site, by=by)
        await copies.tell(item, event, site=site)
    return Filed(item, number, token)


async def _insert(
    form: NewComplaint, *, item: UUID, number: str, token: str, site: Site, by: Staff | None, category: UUID, code: str,
    place: Place | None, customer: Met | None,
) -> None:  # fmt: skip
    now, who = clock.now(), by.id if by else None
    facts = Facts(form.kind, code, tier=customer.tier if customer else "", leaves_at=form.leaves_at)
    clocks = await promising.first_clocks(item, facts, site=site, now=now)
    await database.insert(WorkItem, {
        "id": item, "site": site.id, "kind": form.kind, "number": number, "state": State.RECEIVED, "category": category,
        "place": place.id if place else None, "severity": Severity.NORMAL, "due_at": min(row["due_at"] for row in clocks),
        "due_from": now, "arrived_at": now, "leaves_at": form.leaves_at,
        "tier": promises.weight(site, facts.tier, form.kind), "first_asked": who, "filed_by": who,
        "title": sealing.seal(title(form.body), f"work_item.title:{item}"),
        "who": sealing.seal(customer_rules.masked_name(form.name), f"work_item.who:{item}"),
        "spot": sealing.seal("" if place else customer_rules.without_numbers(form.place), f"work_item.spot:{item}"),
    })  # fmt: skip
    await database.insert(Complaint, {
        "id": item, "item": item, "customer": customer.id if customer else None, "tier": facts.tier,
        "token_hash": token_hash(token), "channel": _channel(form),
        "language": form.language if isinstance(form, Intake) else language(), "anonymous": form.anonymous,
        "email_index": sealing.index(form.email, "complaint.email"),
        **{
            name: sealing.seal(value, f"complaint.{name}:{item}")
            for name, value in (("token", token), ("name", form.name), ("phone", form.phone), ("email", form.email))
        },
    })  # fmt: skip
    await database.insert(Clock, *clocks)


def title(body: str) -> str:
    """What stands on the card: the first line, or as much of it as fits."""
    line = customer_rules.without_numbers(body.strip().splitlines()[0].strip())
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"


def _channel(form: NewComplaint) -> Channel:
    return form.channel if isinstance(form, Intake) else Channel.PORTAL


async def _category(site: Site, form: NewComplaint) -> tuple[UUID, str]:
    """Id and code of the subject named; else of the first in the unit that this kind belongs to (CMP-09); else "other"."""
    code = form.category or OTHER
    unit = None if form.category else site_rules.value(site, f"unit.{form.kind.value}") or None
    rows = await database.rows(
        "SELECT id, code FROM category WHERE site = {} AND (code = {} OR (unit = {} AND active)) "
        "ORDER BY code = {}, position, code LIMIT 1", site.id, code, unit, code,
    )  # fmt: skip
    if not rows:
        raise LookupError(f"site {site.slug} lacks its category {code!r}")
    return rows[0]["id"], rows[0]["code"]
