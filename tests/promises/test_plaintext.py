"""P40: who people are stands nowhere in the clear: not in the database, its logs, photos, lists, streams or addresses."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from PIL import Image

from portal import clock, database, settings
from portal.domain.queues.tables import Task
from portal.engines import Sqlite
from tests import cast as actors
from tests.cast import Cast
from tests.ground import environment, processes
from tests.ground.processes import Running
from tests.promises.stage import Record, Seat, listening, seat

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
PHONE, NAME, EMAIL = "13977665544", "欧阳紫鹃", "zijuan.ouyang@ravine.example"
PERSON = (PHONE, f"+86{PHONE}", "139 7766 5544", NAME, EMAIL)
TYPED = {
    "body": f"玳瑁琉璃一号，请回电 {PHONE}", "wish": "玳瑁琉璃二号", "place": "玳瑁琉璃三号", "cause": "玳瑁琉璃四号",
    "plan": "玳瑁琉璃五号", "reply": "玳瑁琉璃六号", "note": "玳瑁琉璃七号", "reason": "玳瑁琉璃八号",
    "message": "玳瑁琉璃九号", "comment": "玳瑁琉璃十号", "task": "玳瑁琉璃十一号", "contact": "玳瑁琉璃十二号",
    "number": "玳瑁琉璃十三号", "split": "玳瑁琉璃十四号", "photo": "tortoise-shell-glass",
    "remedy": "玳瑁琉璃十五号", "action": "玳瑁琉璃十六号",
}  # fmt: skip
MARK = "玳瑁琉璃"
UNSEALED = "found@ravine.example"
PAGES = ("", "/queue", "/queue?state=closed", "/log", "/settings", "/staff", "/posters", "/outbox", "/ledger",
         "/today", "/reports", "/reports/boards", "/reports/complaints", "/reports/complaints/records", "/exports",
         "/reports/complaints.csv", "/reports/complaints/records.csv", "/ledger.csv", "/search", "/displays")  # fmt: skip
LISTS = ("/desk", *(f"/desk/hotel{page}" for page in PAGES))


@dataclass
class Trail:
    """Everything that a client was sent or asked for."""

    lists: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    stream: str = ""
    link: str = ""

    async def note(self, response: httpx.Response) -> None:
        self.addresses += [unquote(str(response.request.url)), unquote(response.headers.get("location", ""))]


async def test_a_person_stands_nowhere_in_the_clear(figure: Record) -> None:
    cast, trail = await actors.enter(), Trail()
    with processes.portal(environment.WORKER, PORTAL_WORKER="on") as running:
        await live_through(running, cast, trail)
        if not isinstance(database.engine(), Sqlite):
            await database.engine().run_ddl("CHECKPOINT")
        on_disk = dict(files_of_the_database())  # while it runs: the write-ahead log is there
        folder = Path(running.surroundings["PORTAL_FILES"])
        photos = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        output = running.output

    secrets = [word.encode() for word in (*PERSON, MARK, TYPED["photo"], trail.link.removeprefix("/c/"))]
    assert any(b"complaint" in body for body in on_disk.values())
    for place, body in {**on_disk, **photos}.items():
        found = [word.decode() for word in secrets if word in body]
        assert not found, f"{found} in {place}"
    assert len(photos) == 2
    assert not [path for path, body in photos.items() if body[:3] == b"\xff\xd8\xff"]
    assert not found_in(output, *PERSON, MARK, trail.link)
    for path, page in trail.lists.items():
        assert not found_in(page, *PERSON), f"{path}: {found_in(page, *PERSON)}"
    assert not found_in(trail.stream, *PERSON, MARK, "HT-")
    assert not [address for address in trail.addresses if found_in(address, *PERSON, MARK)]
    size = sum(len(body) for body in (*on_disk.values(), *photos.values()))
    figure("plaintext found on disk (database, its log, photos)", 0, f"in {size / 1e6:.1f} MB", "P40")
    figure("plaintext found in lists, stream, output and addresses", 0, f"in {len(trail.lists)} lists", "P40")


async def test_the_search_would_find_what_is_not_sealed() -> None:
    """With a word of its own: on PostgreSQL the log is that of all tests of the run."""
    await actors.enter()
    await database.engine().run_ddl(f"UPDATE site SET mailbox = '{UNSEALED}'")
    if not isinstance(database.engine(), Sqlite):
        await database.engine().run_ddl("CHECKPOINT")

    assert any(UNSEALED.encode() in body for _path, body in files_of_the_database())


async def live_through(running: Running, cast: Cast, trail: Trail) -> None:
    """File with every field filled in, handle it to its end, and look at every list on the way."""
    here = running.url
    async with seat(here) as guest, seat(here, cast.receptionist) as desk, seat(here, cast.manager) as boss:
        for one in (guest, desk, boss):
            one.client.event_hooks["response"].append(trail.note)
        async with listening(desk.client) as ear:
            fields = {"kind": "complaint", "category": "room", "name": NAME, "phone": PHONE, "email": EMAIL,
                      **{name: TYPED[name] for name in ("body", "wish", "place")}}  # fmt: skip
            filed = await guest.post("/s/hotel/complaints", fields, files=a_photo())
            trail.link = filed.headers["location"]
            number = (await guest.browser.get(trail.link)).one("[data-number]").get("data-number")
            await handle(desk, guest, number, trail)
            await misuse(guest)
            await ear.until(lambda: len(ear.events()) > 2, 10)
            trail.stream = "\n".join(line for _at, line in ear.heard)
        for who in (desk, boss):
            for path in LISTS:
                answer = await who.client.get(path)
                assert answer.status_code in (200, 303, 403), path
                trail.lists[f"{who.person} {path}"] = answer.text


async def handle(desk: Seat, guest: Seat, number: str, trail: Trail) -> None:
    """The whole way of the complaint."""
    item, complaint = f"/desk/hotel/items/{number}", f"/desk/hotel/complaints/{number}"
    triage = {"severity": "normal", "category": "room", "kind": "complaint", "cause": TYPED["cause"], "wish": TYPED["wish"]}
    steps: list[tuple[Seat, str, dict[str, str]]] = [
        (desk, f"{item}/claim", {}), (desk, f"{item}/notes", {"body": TYPED["note"]}), (desk, f"{complaint}/triage", triage),
        (desk, f"{complaint}/plan", {"plan": TYPED["plan"]}), (guest, f"{trail.link}/messages", {"body": TYPED["message"]}),
        *((desk, f"{item}/unmask", {"field": name, "reason": TYPED["reason"]}) for name in ("phone", "name", "email")),
        (desk, f"{complaint}/compensation", {"amount": "100", "remedy": TYPED["remedy"]}),
        (desk, f"{complaint}/actions", {"body": TYPED["action"], "owner": "hotel.floor", "due_on": "2099-12-31"}),
        (desk, f"{complaint}/reply", {"reply": TYPED["reply"]}), (guest, f"{trail.link}/acceptance", {}),
        (desk, f"{complaint}/closure", {}), (guest, f"{trail.link}/rating", {"score": "2", "comment": TYPED["comment"]}),
    ]  # fmt: skip
    for who, path, fields in steps:
        if path.endswith("/reply"):
            await share(desk, number)
        answer = await who.post(path, fields)
        assert answer.status_code == (200 if path.endswith("unmask") else 303), f"{path}: {answer.status_code}"
        if who is desk and "triage" in path:
            trail.lists["while open"] = (await desk.client.get("/desk/hotel/queue")).text


async def share(desk: Seat, number: str) -> None:
    """What several do for one complaint: a task and its end, a second contact, a second matter, a deed on many."""
    item, complaint = f"/desk/hotel/items/{number}", f"/desk/hotel/complaints/{number}"
    due_at = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    told = (await desk.browser.get(item)).css("#split [name=messages]")[0].get("value")
    steps: list[tuple[str, dict[str, str], int]] = [
        (f"{complaint}/tasks", {"department": "desk", "due_at": due_at, "body": TYPED["task"]}, 303),
        (f"{complaint}/contacts", {"channel": "phone", "body": TYPED["contact"]}, 303),
        (f"{complaint}/split", {"messages": told, "body": TYPED["split"]}, 303),
        ("/desk/hotel/queue/bulk", {"numbers": TYPED["number"], "deed": "claim"}, 200),
    ]
    for path, fields, status in steps:
        assert (await desk.post(path, fields)).status_code == status, path
    (task,) = await Task.select(Task.id)
    done = await desk.post(f"{complaint}/tasks/{task['id']}/done", {"note": TYPED["task"]})
    assert done.status_code == 303


async def misuse(guest: Seat) -> None:
    """Mistakes that would stand in a careless log: a phone as user name, a name in a wrong form, a failing request."""
    await guest.post("/sign-in", {"username": PHONE, "password": NAME})
    filing = "/s/hotel/complaints"
    await guest.post(filing, {"kind": "complaint", "body": "", "name": NAME, "phone": f"{PHONE}9", "email": EMAIL})
    await guest.post(filing, {"form_token": "forged", "name": NAME, "phone": PHONE})
    headers = {"content-type": "multipart/form-data"}
    await guest.client.post(filing, content=f"{NAME}{PHONE}".encode(), headers=headers)


def a_photo() -> list[tuple[str, tuple[str, bytes, str]]]:
    """A photo that says more than it shows, in a file that is named after a person."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = TYPED["photo"]
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG", exif=exif, comment=TYPED["photo"].encode())
    return [("photos", (f"{NAME}.jpg", out.getvalue(), "image/jpeg"))]


def files_of_the_database() -> Iterator[tuple[Path, bytes]]:
    """Every file that the database keeps, its logs with it."""
    path = settings.current().sqlite_path
    found = path.parent.glob(f"{path.name}*") if path else (environment.POSTGRES / "data").rglob("*")
    for file in found:
        if file.is_file():
            try:
                yield file, file.read_bytes()
            except FileNotFoundError:  # a server tidies up while one looks
                continue


def found_in(text: str, *words: str) -> list[str]:
    return [word for word in words if word and word in text]

