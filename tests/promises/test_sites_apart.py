"""P32: of another site not one byte: not in lists, items, streams, photos, counts or settings, nor by a guessed number."""

import asyncio
import io
from dataclasses import dataclass

import pytest
from PIL import Image

from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import State
from portal.i18n.translations import set_language
from portal.ids import new_id
from portal.photos.tables import Photo
from tests import cast as actors
from tests import factories
from tests.cast import Cast
from tests.ground import environment, processes
from tests.promises.stage import Record, Seat, differences, listening, seat, stored

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
MARK = "独角兽"
PAGES = (
    "", "/queue", "/queue?state=closed", "/queue?owner=none", "/queue?category=service", "/complaints/new", "/posters",
    "/today", "/reports", "/reports/boards", "/reports/complaints", "/reports/complaints/records", "/exports", "/log",
    "/settings", "/staff", "/outbox", "/search", "/displays", "/exports/contacts", "/ledger.csv", "/reports/complaints.csv",
    "/reports/complaints/records.csv",
)  # fmt: skip


@dataclass
class Next:
    """What happened next door, and what of it must not be seen here."""

    number: str
    photo: str
    words: list[str]


async def test_not_a_byte_of_the_site_next_door(figure: Record) -> None:
    cast = await actors.enter()
    answers = 0
    with processes.portal(environment.WORKER) as running:
        door = await next_door(cast, running.url)
        for staff in (cast.receptionist, cast.manager, cast.auditor, cast.floor, cast.finance, cast.guard):
            async with seat(running.url, staff) as here:
                bodies = await everything(here, door)
                answers += len(bodies)
                for path, body in bodies.items():
                    found = [word for word in door.words if word in body]
                    assert not found, f"{staff.username} reads {found} at {path}"
        async with seat(running.url, cast.receptionist) as here:
            shown = await here.browser.get("/desk/hotel/queue")
            assert {data.get("value") for data in shown.css("data[value]")} <= {"0"}

    figure("answers that were searched for the site next door, bytes of it found", 0, f"in {answers}", "P32")


async def test_no_deed_reaches_the_site_next_door(figure: Record) -> None:
    cast = await actors.enter()
    tried = 0
    with processes.portal(environment.WORKER) as running:
        door = await next_door(cast, running.url)
        for staff in (cast.manager, cast.receptionist):
            async with seat(running.url, staff) as here:
                before = await stored("session", "access_entry")  # there it stands that it was tried
                for path, fields in deeds(door.number).items():
                    for site in ("hotel", "tower"):
                        answer = await here.post(f"/desk/{site}/{path}", fields)
                        assert answer.status_code == 404, f"{site}/{path}: {answer.status_code}"
                        assert not [word for word in door.words if word in answer.text]
                        tried += 1
                assert differences(before, await stored("session", "access_entry")) == []

    figure("deeds tried on an item next door, all of them 404", tried, "", "P32")


async def test_a_stream_hears_nothing_of_the_site_next_door(figure: Record) -> None:
    cast = await actors.enter()
    with processes.portal(environment.WORKER) as running:
        async with seat(running.url, cast.receptionist) as here, seat(running.url, cast.strange_manager) as there:
            async with listening(here.client) as ear, listening(there.client, "tower") as theirs:
                await ear.until(lambda: bool(ear.events() and theirs.events()), 5)
                door = await next_door(cast, running.url)
                await theirs.until(lambda: len(theirs.events()) > 1, 5)
                await asyncio.sleep(0.5)
            forbidden = await here.client.get("/desk/tower/live")

    assert len(ear.events()) == 1
    assert not [line for _at, line in ear.heard if any(word in line for word in door.words)]
    assert forbidden.status_code == 404
    figure("signals of another site on a stream", len(ear.events()) - 1, f"of {len(theirs.events()) - 1}", "P32")


async def everything(here: Seat, door: Next) -> dict[str, str]:
    """Whatever somebody gets who asks for everything, also for what one must guess."""
    guessed = [f"/desk/{site}/{path}" for site in ("hotel", "tower") for path in
               (f"items/{door.number}", f"photos/{door.photo}", f"photos/{door.photo}?size=thumb")]  # fmt: skip
    own = [f"/desk/hotel{page}" for page in PAGES]
    theirs = [f"/desk/tower{page}" for page in PAGES]
    bodies = {}
    for path in (*own, *theirs, *guessed, "/desk"):
        for headers in ({}, {"hx-request": "true", "hx-request-type": "partial"}):
            answer = await here.client.get(path, headers=headers)
            if path.startswith("/desk/tower") or path in guessed:
                refused = {403, 404} if "/hotel/photos/" in path else {404}  # 403: who sees no photo at all, of any site
                assert answer.status_code in refused, f"{path}: {answer.status_code}"
            # What was asked for stands on the page that does not have it: that is the asker's own word.
            bodies[f"{path} {headers}"] = answer.text.replace(path, "")
    return bodies


async def next_door(cast: Cast, url: str) -> Next:
    """A complaint with a photo at the tower, answered by its manager."""
    set_language("zh-CN")
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    async with seat(url) as guest:
        fields = {"kind": "complaint", "category": "service", "body": f"{MARK}在大堂", "place": "F8", "name": f"{MARK}先生",
                  "phone": "13912345678"}  # fmt: skip
        answer = await guest.post("/s/tower/complaints", fields, files=[("photos", ("a.png", out.getvalue(), "image/png"))])
        assert answer.status_code == 303
        page = await guest.browser.get(answer.headers["location"])
    number = page.one("[data-number]").get("data-number")
    filed = Filed(item=(await Photo.select(Photo.subject).first() or {})["subject"], number=number, token="")
    await factories.bring(filed, site=cast.tower, by=cast.strange_manager, to=State.PLANNED)
    photo = str((await Photo.select(Photo.id).first() or {})["id"])
    words = [MARK, number, photo, str(filed.item), "139****5678", cast.strange_manager.name, cast.stranger.username,
             cast.tower.name_zh, str(cast.tower.id)]  # fmt: skip
    return Next(number, photo, words)


def deeds(number: str) -> dict[str, dict[str, str]]:
    """Every deed on an item, filled in so that only the site forbids it."""
    item, complaint = f"items/{number}", f"complaints/{number}"
    return {
        f"{item}/claim": {}, f"{item}/release": {"reason": "x"}, f"{item}/handover": {"to": "hotel.desk2", "reason": "x"},
        f"{item}/notes": {"body": "x"}, f"{item}/unmask": {"field": "phone", "reason": "x"},
        f"{complaint}/messages": {"body": "x"}, f"{complaint}/plan": {"plan": "x"}, f"{complaint}/reply": {"reply": "x"},
        f"{complaint}/closure": {}, f"{complaint}/contacts": {"channel": "phone"}, f"{complaint}/merge": {"into": "x"},
        f"{complaint}/split": {"messages": str(new_id()), "body": "x"}, f"{complaint}/tasks/{new_id()}/done": {},
        f"{complaint}/tasks": {"department": "desk", "due_at": "2099-01-01T10:00", "body": "x"},
        f"{complaint}/tasks/{new_id()}/refusal": {"reason": "x"},
        f"{complaint}/triage": {"severity": "minor", "category": "service", "kind": "complaint", "cause": "x", "wish": "x"},
    }  # fmt: skip

