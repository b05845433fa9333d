"""The houses of the demonstration as sites in the database, with everybody who works there."""

from dataclasses import dataclass

from portal import clock, passwords, sealing
from portal.demo.scenes import Book, House, Spot
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Membership, Role
from portal.domain.complaints.services import wording
from portal.domain.sites import services as sites
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.ids import new_id

PASSWORD = "portal-demo"  # noqa: S105  # printed at the start, and refused in production
ORGANISATION = {Role.ADMIN: "冯宁", Role.OWNER: "褚怀远"}
ROLES = {"desk2": Role.DESK}


@dataclass(frozen=True)
class Ground:
    """A site of the demonstration: its staff by the last part of their user names, its categories' codes."""

    site: Site
    staff: dict[str, Staff]
    categories: tuple[str, ...]


async def make(houses: list[House], book: Book) -> dict[str, Ground]:
    """Make the sites and all accounts; by the site's slug."""
    stored = await passwords.hashed(PASSWORD)  # once: each takes 25 ms, and all are the same
    made = {house.slug: await _site(house, book, stored) for house in houses}
    for role, name in ORGANISATION.items():
        await _person(role.value, name, role, site=None, stored=stored)
    return made


async def _site(house: House, book: Book, stored: str) -> Ground:
    site = await sites.create(
        slug=house.slug, code=house.code, kind=house.kind, name_zh=house.name_zh, name_en=house.name_en,
        hotline=house.hotline, mailbox=house.mailbox,
    )  # fmt: skip
    for position, (code, (unit, zh, en)) in enumerate(house.categories.items(), start=1):
        await sites.add_category(site, code=code, unit=unit, name_zh=zh, name_en=en, position=position)
    for spot in house.spots():
        await _place(site, spot)
    for template in book.template:
        await wording.write_template(site, template, by=None)
    staff = {
        word: await _person(f"{house.slug}.{word}", name, ROLES.get(word) or Role(word), site=site, stored=stored)
        for word, name in house.staff.items()
    }
    return Ground(site, staff, (*house.categories, OTHER))


async def _place(site: Site, spot: Spot) -> None:
    await sites.add_place(site, code=spot.code, kind=spot.kind, name_zh=spot.zh, name_en=spot.en)


async def _person(username: str, name: str, role: Role, *, site: Site | None, stored: str) -> Staff:
    now, key = clock.now(), new_id()
    address = sealing.seal(f"{username}@example.com", f"account.email:{key}") if role is Role.MANAGER else ""
    account = Account(
        id=key, username=username, name=name, surname=name[0], password_hash=stored, demo=True, created_at=now,
        email=address,
    )  # fmt: skip
    await Account.insert(account)
    await Membership.insert(Membership(id=new_id(), account=account.id, site=site.id if site else None, role=role))
    await events.record("account.created", site=None, subject=account.id, by=None)
    return Staff(
        id=account.id, username=username, name=name, surname=name[0], language=account.language, session=new_id(),
        seen_at=now, roles={site.id: frozenset({role})} if site else {},
        organisation=frozenset() if site else frozenset({role}), sites=(site,) if site else (),
    )  # fmt: skip
