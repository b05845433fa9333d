"""Things for tests to stand on: one plain function each, with a default for whatever a test does not care about."""

import itertools
from functools import cache
from uuid import UUID

from portal import clock, ids, passwords, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Membership, Role
from portal.domain.complaints.forms.filing import Intake, NewComplaint
from portal.domain.complaints.forms.handling import Triage
from portal.domain.complaints.rules import way
from portal.domain.complaints.services import filing, following, handling
from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import Channel, Kind, Returned, ReturnNote, State
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Category, Place, PlaceKind, Site, SiteKind

PASSWORD = "portal-tests"
LAST = "ABCDEFGHIJKLMNOPQRSUVXYZ"  # of a site's code; the cast's houses are HT and TW
_count = itertools.count(1)

GOODS: dict[str, object] = {"order_no": "SO-2026-118", "part_no": "M-100", "quantity": 12, "shipped_on": "2026-11-02"}


async def make_site(
    *,
    slug: str = "",
    code: str = "",
    kind: SiteKind = SiteKind.HOTEL,
    name_zh: str = "海湾酒店",
    name_en: str = "Bay Hotel",
    zone: str = "Asia/Shanghai",
    hotline: str = "0532-8888-6666",
    mailbox: str = "care@bay.example",
    choices: str = "",
) -> Site:
    """A site with nothing in it but the category that every site has."""
    number = next(_count)
    site = Site(
        id=ids.new_id(), slug=slug or f"site-{number}", code=code or _code(number), kind=kind, name_zh=name_zh,
        name_en=name_en, zone=zone, hotline=hotline, mailbox=mailbox, choices=choices, created_at=clock.now(),
    )  # fmt: skip
    await Site.insert(site)
    await make_category(site, code=OTHER, name_zh="其他", name_en="Something else")
    return site


async def make_category(
    site: Site,
    *,
    code: str = "",
    unit: Role = Role.DESK,
    name_zh: str = "服务",
    name_en: str = "Service",
    active: bool = True,
) -> Category:
    """Something a complaint may be about."""
    code = code or f"category-{next(_count)}"
    category = Category(
        id=ids.new_id(), site=site.id, code=code, unit=unit, name_zh=name_zh, name_en=name_en, active=active
    )
    await Category.insert(category)
    return category


async def make_place(
    site: Site, *, code: str = "", kind: PlaceKind = PlaceKind.ROOM, name_zh: str = "", name_en: str = ""
) -> Place:
    """A room, table, floor, gate or area."""
    code = code or str(10_000 + next(_count))
    place = Place(
        id=ids.new_id(), site=site.id, code=code, kind=kind,
        name_zh=name_zh or f"{code} 房", name_en=name_en or f"Room {code}",
    )  # fmt: skip
    await Place.insert(place)
    return place


async def make_account(
    *,
    username: str = "",
    name: str = "",
    surname: str = "王",
    language: str = "zh-CN",
    roles: list[tuple[Site | None, Role]] | None = None,
    demo: bool = False,
) -> Account:
    """An account that signs in with PASSWORD; without roles it sees nothing."""
    account, memberships = new_account(
        username=username, name=name, surname=surname, language=language, roles=roles or [], demo=demo
    )
    await Account.insert(account)
    if memberships:
        await Membership.insert(*memberships)
    return account


def new_account(
    *,
    roles: list[tuple[Site | None, Role]],
    username: str = "",
    name: str = "",
    surname: str = "王",
    language: str = "zh-CN",
    demo: bool = False,
) -> tuple[Account, list[Membership]]:
    """An account and what it may do, not written down yet: many go in at once."""
    username = username or f"person{next(_count)}"
    account = Account(
        id=ids.new_id(), username=username, name=name or f"{surname}{username}", surname=surname, language=language,
        password_hash=_stored(), demo=demo, created_at=clock.now(),
    )  # fmt: skip
    memberships = [
        Membership(id=ids.new_id(), account=account.id, site=site.id if site else None, role=role) for site, role in roles
    ]
    return account, memberships


async def make_staff(
    *roles: tuple[Site | None, Role], username: str = "", surname: str = "王", language: str = "zh-CN"
) -> Staff:
    """A member of staff as services and queries take one: an account with these roles, and who it is when signed in."""
    account = await make_account(username=username, surname=surname, language=language, roles=list(roles))
    return staff(account, *roles)


def staff(account: Account, *roles: tuple[Site | None, Role]) -> Staff:
    """Who an account is when it is signed in."""
    sites = {site.id: site for site, _role in roles if site}
    return Staff(
        id=account.id, username=account.username, name=account.name, surname=account.surname, language=account.language,
        session=ids.new_id(), seen_at=clock.now(),
        roles={key: frozenset(role for site, role in roles if site and site.id == key) for key in sites},
        organisation=frozenset(role for site, role in roles if site is None),
        sites=tuple(sites.values()),
    )  # fmt: skip


async def make_complaint(
    site: Site,
    *,
    by: Staff | None = None,
    kind: Kind = Kind.COMPLAINT,
    category: str = OTHER,
    body: str = "电梯等了二十分钟，没有人来。",
    wish: str = "",
    place: str = "",
    name: str = "陈静",
    phone: str = "13800138000",
    email: str = "",
    anonymous: bool = False,
    channel: Channel = Channel.PHONE,
    leaves_at: str | None = None,
    about: str = "",
    **goods: object,
) -> Filed:
    """A complaint as it was filed: on a phone, or by a member of staff (`by`, `channel`)."""
    if kind == Kind.PRODUCT:
        goods = GOODS | goods
    typed = {
        "kind": kind, "category": category, "body": body, "wish": wish, "place": place, "name": name, "phone": phone,
        "email": email, "anonymous": anonymous, "leaves_at": leaves_at, **goods,
    }  # fmt: skip
    context = {"categories": [category], "kinds": list(Kind), "people": about.split()}
    if by is None:
        form = NewComplaint.model_validate(typed, context=context)
    else:
        form = Intake.model_validate({**typed, "channel": channel, "about": about}, context=context)
    return await filing.file(form, site=site, token=ids.new_token(), by=by)


async def make_note(item: UUID, *, issued_by: UUID, state: Returned = Returned.REQUESTED, lines: str = "M-100, 12") -> UUID:
    """A return note of a product complaint, as it stands."""
    note = ids.new_id()
    await ReturnNote.insert(ReturnNote(
        id=note, item=item, number=1, state=state, lines=sealing.seal(lines, f"return_note.lines:{note}"),
        issued_by=issued_by, issued_at=clock.now(),
    ))  # fmt: skip
    return note


async def bring(filed: Filed, *, site: Site, by: Staff, to: State, severity: str = "normal", category: str = OTHER) -> Card:
    """Lead a complaint by its own deeds to a state (closing with the customer's acceptance); the item as it then stands."""

    async def item() -> Card:
        return await queues.item(by, site, filed.number)

    if (await item()).owner_id != by.id:
        await deeds.claim(await item(), way.DEEDS["claim"], site=site, by=by)
    states = list(State)
    for state in states[states.index(State((await item()).state)) + 1 : states.index(to) + 1]:
        match state:
            case State.TRIAGED:
                typed = {"severity": severity, "category": category, "kind": (await item()).kind}
                words = {"cause": "设备故障", "wish": "当面致歉"}
                form = Triage.model_validate(typed | words, context={"categories": [category]})
                await handling.triage(await item(), form, site=site, by=by)
            case State.PLANNED:
                await handling.plan(await item(), "检修电梯，安排专人致歉。", site=site, by=by)
            case State.ANSWERED:
                await handling.answer(await item(), "电梯已修好，感谢您的提醒。", site=site, by=by)
            case State.CLOSED:
                await following.accept(await item(), site=site)
                await handling.close(await item(), site=site, by=by)
    return await item()


@cache
def _stored() -> str:
    """One hash for everybody: a true one takes 25 ms."""
    return passwords._hasher.hash(PASSWORD)


def _code(number: int) -> str:
    return chr(65 + number // len(LAST) % 26) + LAST[number % len(LAST)]
