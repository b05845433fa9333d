"""Who may ask what: every staff route × every role against a literal table, and not a byte of another site (P31, P32)."""

import re
from collections.abc import Callable

import httpx
import pytest
from litestar import Litestar

from portal import once
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Membership, Role
from portal.domain.complaints.queries import staff
from portal.domain.complaints.services import handling
from portal.domain.queues.queries import words
from portal.domain.queues.tables import WorkItem
from portal.i18n.labels import LABELS
from portal.ids import new_id
from portal.notifications import delivery
from portal.security import policies
from tests import factories, stories
from tests.cast import Cast
from tests.house.test_routes import ROUTES
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
WHO = ("receptionist", "guard", "floor", "sales", "kitchen", "manager", "finance", "auditor", "admin", "owner", "stranger",
       "strange_manager")  # fmt: skip
# y: may; n: never (403); -: does not exist for this person (404). A door that is not named opens to the roles that
# tests/house/test_routes.py says, if what is behind it is there (a). The item is one of the floor's category that the guard
# filed, the kitchen owns, and in which there is money: whoever sees anything but what he filed himself sees it.
TABLE = {
    #                                                 de gu fl sa ki ma fi au ad ow st sm
    ("GET", "/desk"):                                "y  y  y  y  y  y  y  y  y  y  y  y",
    ("GET", "/desk/alive"):                          "y  y  y  y  y  y  y  y  y  y  y  y",
    ("GET", "/desk/{slug}"):                         "y  y  y  y  y  y  y  y  y  y  -  -",
    ("GET", "/desk/{slug}/live"):                    "s  s  s  s  s  s  s  s  s  s  -  -",
    ("POST", "/desk/{slug}/notices"):                "y  y  y  y  y  y  y  y  y  y  -  -",
    ("GET", "/desk/{slug}/queue"):                   "y  y  y  y  y  y  y  y  n  y  -  -",
    ("GET", "/desk/{slug}/items/{number}"):          "y  y  y  -  y  y  y  y  n  -  -  -",
    ("GET", "/desk/{slug}/photos/{photo}"):          "-  n  -  n  -  -  n  -  n  -  -  -",
    ("POST", "/desk/{slug}/items/{number}/claim"):   "y  n  y  n  y  y  n  n  n  -  -  -",
    ("POST", "/desk/{slug}/items/{number}/release"): "y  n  y  n  y  y  n  n  n  -  -  -",
    ("POST", "/desk/{slug}/items/{number}/handover"): "y n  y  n  y  y  n  n  n  -  -  -",
    ("POST", "/desk/{slug}/items/{number}/notes"):   "y  n  y  n  y  y  n  n  n  -  -  -",
    ("POST", "/desk/{slug}/items/{number}/escalation"): "y n y n y y n  n  n  -  -  -",
    ("POST", "/desk/{slug}/items/{number}/unmask"):  "y  n  n  n  n  y  n  n  n  -  -  -",
    ("GET", "/desk/{slug}/complaints/new"):          "y  y  y  y  n  y  n  n  n  n  -  -",
    ("POST", "/desk/{slug}/complaints"):             "y  y  y  y  n  y  n  n  n  n  -  -",
    ("POST", "/desk/{slug}/complaints/{number}/messages"): "y n y n y y n  n  n  -  -  -",
    ("POST", "/desk/{slug}/complaints/{number}/triage"): "y n y n  y  y n  n  n  -  -  -",
    ("POST", "/desk/{slug}/complaints/{number}/plan"): "y n  y  n  y  y n  n  n  -  -  -",
    ("POST", "/desk/{slug}/complaints/{number}/reply"): "y n y  n  y  y n  n  n  -  -  -",
    ("POST", "/desk/{slug}/complaints/{number}/link"): "y n  y  n  y  y  n  n  n  -  -  -",
    ("POST", "/desk/{slug}/complaints/{number}/closure"): "y n y n y  y n  n  n  -  -  -",
    ("GET", "/desk/{slug}/log"):                     "n  n  n  n  n  y  n  y  y  n  -  -",
    ("GET", "/desk/{slug}/posters"):                 "y  n  n  n  n  y  n  n  y  n  -  -",
    ("GET", "/desk/{slug}/settings"):                "n  n  n  n  n  y  n  n  y  n  -  -",
    ("GET", "/desk/keys"):                           "y  y  y  y  y  y  y  y  y  y  y  y",
    ("GET", "/desk/password"):                       "y  y  y  y  y  y  y  y  y  y  y  y",
    ("POST", "/desk/password"):                      "y  y  y  y  y  y  y  y  y  y  y  y",
    ("POST", "/desk/{slug}/settings"):               "n  n  n  n  n  y  n  n  y  n  -  -",
    ("GET", "/desk/{slug}/staff"):                   "n  n  n  n  n  y  n  y  y  n  -  -",
    ("POST", "/desk/{slug}/staff/{username}/disabling"): "n n n n  n  n n  n  y  n  -  -",
    ("POST", "/desk/{slug}/staff/{username}/enabling"): "n n n  n  n  n n  n  y  n  -  -",
    ("GET", "/desk/{slug}/complaints/{number}/clock"): "y y  y  -  y  y y  y  n  -  -  -",
}  # fmt: skip
MAY, NEVER, ABSENT = {200, 204, 303, 409, 422}, {403}, {404}


async def test_the_table_knows_every_door_of_the_staff(app: Litestar) -> None:
    """P31."""
    doors = {
        (method, re.sub(r":\w+}", "}", path))
        for method, path, names in policies.table(app)
        if names not in ("public", "link")
    }

    assert set(TABLE) <= doors
    assert doors == {(method, path) for method, path, names in ROUTES if names not in ("public", "link")}


async def token_of(browser: Browser) -> str:
    """A form token of this browser and this person."""
    page = await browser.get("/desk/hotel" if await _opens(browser, "/desk/hotel") else "/desk/tower" if await _opens(
        browser, "/desk/tower") else "/desk")  # fmt: skip
    return page.form("/sign-out")["form_token"]


async def _opens(browser: Browser, path: str) -> bool:
    return (await browser.client.get(path)).status_code == 200


def meant(door: tuple[str, str], column: int) -> str:
    """What the tables say of a door to one person."""
    if door in TABLE:
        return TABLE[door].split()[column]
    if WHO[column] in ("stranger", "strange_manager"):
        return "-"
    names = next(names for method, path, names in ROUTES if (method, path) == door)
    return "a" if {"receptionist": "desk"}.get(WHO[column], WHO[column]) in names.split() else "n"


async def answers(browser: Browser, case: stories.Case, token: Callable[[], str]) -> dict[tuple[str, str], int]:
    """The status of every door to one person. A stream that opens does not end, so it is not opened here ("s")."""
    found = {}
    known = {"slug": case.site.slug, "number": case.number, "username": "hotel.third", "code": "food", "on": "2030-01-01"}
    for method, path in sorted((method, path) for method, path, names in ROUTES if names not in ("public", "link")):
        address = re.sub(r"{(\w+)}", lambda part: known.get(part[1]) or str(new_id()), path)
        if method == "POST":
            found[method, path] = (await browser.post(address, {"form_token": token()}, follow=False)).status
        elif not path.endswith("/live"):
            found[method, path] = (await browser.client.get(address)).status_code
    return found


@pytest.mark.parametrize("column", range(len(WHO)), ids=WHO)
async def test_every_door_opens_to_whom_the_table_says(cast: Cast, client: httpx.AsyncClient, column: int) -> None:
    """P31: 0 wrong answers; P32: nothing of this site exists for another's staff."""
    await factories.make_account(username="hotel.third", roles=[(cast.hotel, Role.SALES)])
    case = await stories.filed(cast.hotel, category="room", taken_by=cast.guard)
    await WorkItem.update({WorkItem.owner: cast.kitchen.id, WorkItem.money: True}).where(WorkItem.id == case.id)
    staff: Staff = getattr(cast, WHO[column])
    browser = await stories.enter(client, staff)

    await token_of(browser)
    identity = client.cookies["browser"].partition(".")[0]
    found = await answers(browser, case, lambda: once.issue(browser=identity, person=staff.id))

    allowed = {"y": MAY, "n": NEVER, "-": ABSENT, "a": MAY | ABSENT}
    told = {door: (status, meant(door, column)) for door, status in found.items()}
    wrong = {door: (status, mark) for door, (status, mark) in told.items() if status not in allowed[mark]}
    assert wrong == {}


@pytest.mark.parametrize("who", ["stranger", "strange_manager"])
async def test_nobody_of_another_site_opens_a_stream(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    await (await stories.enter(client, getattr(cast, who))).get("/desk/hotel/live", status=404)


async def test_signed_out_no_door_opens(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)

    found = await answers(Browser(client), case, lambda: "x")

    assert set(found.values()) == {303}


async def test_not_a_byte_of_another_site_is_on_any_page(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32: lists, counts, choices and the like."""
    await factories.make_category(cast.tower, code="ndcode", name_zh="隔壁类", name_en="NEXTDOORS")
    await factories.make_place(cast.tower, code="NDPLACE", name_zh="隔壁处", name_en="NDPLACE")
    await factories.make_staff((cast.tower, Role.FLOOR), username="nduser", surname="标")
    theirs = await stories.planned(cast.tower, by=cast.strange_manager, body="隔壁投诉", category="ndcode", place="NDPLACE")
    view = await staff.for_staff(await theirs.card(), cast.tower)
    await handling.unmask(view, "phone", site=cast.tower, by=cast.stranger, reason="隔壁原因", address="")
    mine = await stories.claimed(cast.hotel, by=cast.manager)
    await delivery.spread()
    browser = await stories.enter(client, cast.manager)

    rooms = ("", "/queue", "/queue?state=planned", "/log", "/settings", "/staff", "/posters", "/outbox",
             "/complaints/new", f"/items/{mine.number}")  # fmt: skip
    pages = [(await browser.get(f"/desk/hotel{room}")).response.text for room in rooms]

    marks = ("隔壁", "NEXTDOORS", "NDPLACE", "ndcode", "nduser", theirs.number, "中环", cast.strange_manager.name)
    assert {mark for mark in marks for page in pages if mark in page} == set()


async def test_the_auditor_changes_nothing(app: Litestar) -> None:
    """Table 2.2: no unsafe method but his own: sign-out, password, notices, searching, and giving up a file he asked for."""
    doors = {path for method, path, names in policies.table(app) if method == "POST" and "auditor" in names.split(",")}

    desk = "/desk/{slug:str}"
    assert doors == {f"{desk}/notices", f"{desk}/notices/return", f"{desk}/search",
                     f"{desk}/exports/{{export:uuid}}/cancellation", "/desk/password"}  # fmt: skip


async def test_a_role_that_is_given_or_taken_counts_from_the_next_request(cast: Cast, client: httpx.AsyncClient) -> None:
    """P33."""
    browser = await stories.enter(client, cast.guard)
    await browser.get("/desk/hotel/settings", status=403)
    membership = Membership
    await membership.update({membership.role: "manager"}).where(membership.account == cast.guard.id)
    await browser.get("/desk/hotel/settings")

    await membership.delete().where(membership.account == cast.guard.id)

    await browser.get("/desk/hotel/settings", status=404)


async def test_a_door_that_is_open_to_no_deed_leaves_the_item_as_it_was(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel, taken_by=cast.guard)
    browser = await stories.enter(client, cast.guard)
    token = await token_of(browser)

    refused = await browser.post(f"{case.item}/claim", {"form_token": token})

    assert refused.status == 403
    assert ((await case.card()).owner_id, (await case.card()).version) == (None, 1)
    assert await words.written(case.id) != []


async def test_every_door_of_the_staff_has_a_name_in_the_log(app: Litestar) -> None:
    """P41: what was asked stands there in words."""
    names = {
        str(handler.name)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if handler.name and handler.opt.get(policies.ROLES)
    }

    assert names - set(LABELS["door"]) == set()
