"""The cast: whom a test may be. Two sites, everybody who works there, and a stranger who works next door."""

from dataclasses import dataclass

import httpx

from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
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

    async def at(site: Site, role: Role, surname: str, username: str = "") -> Staff:
        return await factories.make_staff((site, role), username=username or f"{site.slug}.{role}", surname=surname)

    return Cast(
        hotel=hotel,
        tower=tower,
        categories=await _categories(hotel, tower),
        places=await _places(hotel, tower),
        manager=await at(hotel, Role.MANAGER, "陈"),
        receptionist=await at(hotel, Role.DESK, "王"),
        second=await at(hotel, Role.DESK, "李", "hotel.desk2"),
        floor=await at(hotel, Role.FLOOR, "赵"),
        kitchen=await at(hotel, Role.KITCHEN, "钱"),
        guard=await at(hotel, Role.GUARD, "孙"),
        sales=await at(hotel, Role.SALES, "周"),
        finance=await at(hotel, Role.FINANCE, "吴"),
        auditor=await at(hotel, Role.AUDITOR, "郑"),
        admin=await factories.make_staff((None, Role.ADMIN), username="admin", surname="冯"),
        owner=await factories.make_staff((None, Role.OWNER), username="owner", surname="褚"),
        stranger=await at(tower, Role.DESK, "卫"),
        strange_manager=await at(tower, Role.MANAGER, "蒋"),
    )


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
