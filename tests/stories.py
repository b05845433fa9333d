"""Complaints on their way: each story is told from its beginning, by the services that people use."""

import io
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from portal import clock, database, ids, settings
from portal.domain.accounts import services as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role, Session
from portal.domain.complaints.forms.ending import Action, Promise
from portal.domain.complaints.forms.handling import Triage
from portal.domain.complaints.queries import customer
from portal.domain.complaints.queries.customer import CustomerView
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, handling, learning, redress
from portal.domain.complaints.tables import Kind
from portal.domain.queues.queries import items, people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import Absence, Clock, ClockKind, Escalation
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site, SiteKind
from portal.web.browser import cookie_name
from tests import factories
from tests.pages import Browser

BODY = "空调整夜滴水，地毯湿了"
NAME, PHONE = "张小龙", "13800138000"


@dataclass(frozen=True)
class Case:
    """A complaint that was filed, and the addresses it has."""

    site: Site
    id: UUID
    number: str
    token: str

    @property
    def link(self) -> str:
        """The customer's page."""
        return f"/c/{self.token}"

    @property
    def item(self) -> str:
        """The page on the desk."""
        return f"/desk/{self.site.slug}/items/{self.number}"

    @property
    def complaint(self) -> str:
        """Where the deeds that only a complaint has are posted."""
        return f"/desk/{self.site.slug}/complaints/{self.number}"

    async def card(self) -> Card:
        """The item as it stands now."""
        return await items.item_by_id(self.id)

    async def view(self) -> CustomerView:
        """The complaint as its customer sees it now."""
        return (await customer.by_token(self.token))[0]


def house(decided: dict[str, Any] | None = None, *, kind: str = SiteKind.HOTEL) -> Site:
    """A site that stands in no database, with what it has decided: for rules."""
    return Site(
        id=ids.new_id(), slug="house", code="HS", kind=kind, name_zh="", name_en="", hotline="", mailbox="",
        choices=json.dumps(decided) if decided else "", created_at=clock.now(),
    )  # fmt: skip


async def filed(site: Site, *, taken_by: Staff | None = None, **typed: Any) -> Case:
    """Filed on a phone, or taken down by somebody."""
    given = {"category": "service", "body": BODY, "name": NAME, "phone": PHONE} | typed
    made = await factories.make_complaint(site, by=taken_by, **given)
    return Case(site, made.item, made.number, made.token)


async def claimed(site: Site, *, by: Staff, **typed: Any) -> Case:
    """Somebody has it."""
    case = await filed(site, **typed)
    await deeds.claim(await case.card(), DEEDS["claim"], site=site, by=by)
    return case


async def triaged(site: Site, *, by: Staff, severity: str = "normal", **typed: Any) -> Case:
    """It is known what it really is."""
    case = await claimed(site, by=by, **typed)
    await triage(case, by=by, severity=severity)
    return case


async def planned(site: Site, *, by: Staff, **typed: Any) -> Case:
    """It is known how it will be put right."""
    case = await triaged(site, by=by, **typed)
    await handling.plan(await case.card(), "今晚换房，明早维修", site=site, by=by)
    return case


async def answered(site: Site, *, by: Staff, **typed: Any) -> Case:
    """The customer has an answer."""
    case = await planned(site, by=by, **typed)
    await handling.answer(await case.card(), "已为您换到 1301 房", site=site, by=by)
    return case


async def accepted(site: Site, *, by: Staff, **typed: Any) -> Case:
    """The customer has taken the answer."""
    case = await answered(site, by=by, **typed)
    await following.accept(await case.card(), site=site)
    return case


async def rejected(site: Site, *, by: Staff, **typed: Any) -> Case:
    """The customer has sent the answer back."""
    case = await answered(site, by=by, **typed)
    await following.reject(await case.card(), "地毯还是湿的", site=site)
    return case


async def closed(site: Site, *, by: Staff, **typed: Any) -> Case:
    """All is done."""
    case = await accepted(site, by=by, **typed)
    if typed.get("kind") == Kind.POLICY_GRUMBLE:
        await handling.forward(await case.card(), "没看懂新的返利政策", site=site, by=by)
    await handling.close(await case.card(), site=site, by=by)
    return case


async def learned(case: Case, *, by: Staff, fen: int = 0) -> None:
    """What a severe one asks for before its end: its cause, an action, a compensation."""
    site, due_on = case.site, clock.now().date() + timedelta(days=7)
    await learning.name_cause(await case.card(), "equipment", site=site, by=by)
    action = Action.model_construct(body="每周检查冷凝管", owner=by.username, due_on=due_on)
    await learning.plan_action(await case.card(), action, site=site, by=by)
    promise = Promise.model_construct(amount=fen, remedy="免一晚房费" if fen else "")
    await redress.propose(await case.card(), promise, site=site, by=by)


async def escalated(case: Case, *roles: Role) -> None:
    """Somebody above is waited for: a rung for each of these roles, none of them acknowledged."""
    now, clock_id = clock.now(), ids.new_id()
    await database.insert(Clock, {
        "id": clock_id, "item": case.id, "kind": ClockKind.SUPERIOR, "round": 1, "started_at": now, "warn_at": now,
        "due_at": now, "warned_at": now, "missed_at": now,
    })  # fmt: skip
    rows = [
        {"id": ids.new_id(), "clock": clock_id, "level": level, "at": now, "role": role}
        for level, role in enumerate(roles, 1)
    ]
    await database.insert(Escalation, *rows)


async def away(staff: Staff, *, deputy: Staff, site: Site, first: int = 0, last: int = 0) -> None:
    """Somebody is away between two days, counted from today; nobody has looked yet."""
    today = clock.today(site.zone)
    await database.insert(Absence, {
        "id": ids.new_id(), "site": site.id, "account": staff.id, "deputy": deputy.id,
        "from_on": today + timedelta(days=first), "to_on": today + timedelta(days=last),
    })  # fmt: skip


async def triage(case: Case, *, by: Staff, **typed: Any) -> None:
    """Say what it really is; by default what the customer said it was."""
    card = await case.card()
    given: dict[str, Any] = {"severity": "normal", "category": card.category_code, "kind": card.kind,
                             "cause": "冷凝管堵塞", "wish": "换一间安静的房"}  # fmt: skip
    context = {"categories": {one.code for one in await sites.categories(case.site.id)},
               "people": [username for username, _name in await people.workers(case.site)]}  # fmt: skip
    form = Triage.model_validate(given | typed, context=context)
    await handling.triage(card, form, site=case.site, by=by)


async def hand_over(case: Case, *, by: Staff, to: Staff, reason: str = "他懂空调") -> None:
    """Give it to somebody else."""
    await deeds.hand_over(await case.card(), DEEDS["handover"], site=case.site, by=by, to=to.username, reason=reason)


async def enter(client: httpx.AsyncClient, staff: Staff) -> Browser:
    """Have somebody signed in on this browser, without the time that a password takes."""
    token, now = ids.new_token(), clock.now()
    await Session.insert(
        Session(id=ids.new_id(), token_hash=ids.token_hash(token), account=staff.id, created_at=now, seen_at=now)
    )
    client.cookies.set(cookie_name("session"), token, domain=client.base_url.host)
    return Browser(client)


def limited(monkeypatch: pytest.MonkeyPatch, **limits: tuple[int, int]) -> None:
    """Count tries in this test, as everywhere outside the tests; these limits (tries, seconds) instead of the usual ones."""
    usual = settings.current()
    strict = replace(usual, rate_limits=True, limits=replace(usual.limits, **limits))
    monkeypatch.setattr(settings, "current", lambda: strict)


async def decided(site: Site, **choices: int | str) -> None:
    """The site decides: decided(site, limit__filings_device=1)."""
    text = json.dumps({name.replace("__", "."): value for name, value in choices.items()})
    await Site.update({Site.choices: text, Site.version: Site.version + 1}).where(Site.id == site.id)


async def anew(site: Site) -> Site:
    """The site as it stands now, with what it has decided."""
    return await sites.site(site.slug)


async def disabled(staff: Staff) -> None:
    """Somebody has left the house."""
    await accounts.disable(staff.username, site=None, by=None)


def photo(colour: str = "teal", *, side: int = 64, exif: bytes = b"") -> tuple[str, bytes, str]:
    """A photo as a phone sends it, with what it says of itself."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "JPEG", exif=exif)
    return "照片.jpg", out.getvalue(), "image/jpeg"
