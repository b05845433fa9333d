"""The cast: whom a test may be. Two sites, everybody who works there, and a stranger who works next door."""

from dataclasses import dataclass

import httpx

from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Membership, Role
from portal.domain.sites.tables import Category, Place, PlaceKind, Site, SiteKind
from tests import factories
from tests.pages import Browser, Page


@dataclass(frozen=True)
class Cast:
    """Everybody by what they are; the user name is `<site>.<role>`, the password factories.PASSWORD."""

    hotel: Site
    tower: Site
    categories: dict[str, Category]
    places: dict[str, Place]
    manager: Staff
    receptionist: Staff
    second: Staff
    floor: Staff
    kitchen: Staff
    guard: Staff
    sales: Staff
    finance: Staff
    auditor: Staff
    admin: Staff
    owner: Staff
    stranger: Staff
    strange_manager: Staff


async def enter() -> Cast:
    """Put the cast on the stage."""
    hotel = await factories.make_site(slug="hotel", code="HT")
    tower = await factories.make_site(
        slug="tower", code="TW", kind=SiteKind.TOWER, name_zh="中环大厦", name_en="Central Tower"
    )

    accounts: list[Account] = []
    memberships: list[Membership] = []

    def at(site: Site | None, role: Role, surname: str, username: str = "") -> Staff:
        username = username or (f"{site.slug}.{role}" if site else role.value)
        account, roles = factories.new_account(username=username, surname=surname, roles=[(site, role)])
        accounts.append(account)
        memberships.extend(roles)
        return factories.staff(account, (site, role))

    cast = Cast(
        hotel=hotel,
        tower=tower,
        categories=await _categories(hotel, tower),
        places=await _places(hotel, tower),
        manager=at(hotel, Role.MANAGER, "陈"),
        receptionist=at(hotel, Role.DESK, "王"),
        second=at(hotel, Role.DESK, "李", "hotel.desk2"),
        floor=at(hotel, Role.FLOOR, "赵"),
        kitchen=at(hotel, Role.KITCHEN, "钱"),
        guard=at(hotel, Role.GUARD, "孙"),
        sales=at(hotel, Role.SALES, "周"),
        finance=at(hotel, Role.FINANCE, "吴"),
        auditor=at(hotel, Role.AUDITOR, "郑"),
        admin=at(None, Role.ADMIN, "冯"),
        owner=at(None, Role.OWNER, "褚"),
        stranger=at(tower, Role.DESK, "卫"),
        strange_manager=at(tower, Role.MANAGER, "蒋"),
    )
    await Account.insert(*accounts)
    await Membership.insert(*memberships)
    return cast


async def sign_in(client: httpx.AsyncClient, username: str, password: str = factories.PASSWORD) -> Page:
    """Sign in as people do, by the form; the page one comes to."""
    page = await Browser(client).get("/sign-in")
    page = await page.submit("/sign-in", username=username, password=password)
    assert page.status == 200, f"{username} could not sign in: {page.text()}"
    return page


async def _categories(hotel: Site, tower: Site) -> dict[str, Category]:
    """By code; those of the tower by `tower:<code>`."""
    return {
        "service": await factories.make_category(hotel, code="service", unit=Role.DESK),
        "room": await factories.make_category(hotel, code="room", unit=Role.FLOOR, name_zh="客房", name_en="Room"),
        "food": await factories.make_category(hotel, code="food", unit=Role.KITCHEN, name_zh="餐饮", name_en="Food"),
        "tower:service": await factories.make_category(tower, code="service", unit=Role.DESK),
    }


async def _places(hotel: Site, tower: Site) -> dict[str, Place]:
    return {
        "1203": await factories.make_place(hotel, code="1203"),
        "1204": await factories.make_place(hotel, code="1204"),
        "tower:F8": await factories.make_place(tower, code="F8", kind=PlaceKind.FLOOR, name_zh="8 层", name_en="Floor 8"),
    }
