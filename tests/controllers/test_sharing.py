"""Tasks, second contacts, merging and splitting, as they are done on an item's page."""

from datetime import timedelta

import httpx
import pytest

from portal import clock
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import Split
from portal.domain.complaints.services import following, handling, sharing
from portal.domain.queues.queries import tasks, words
from portal.domain.queues.services import tasks as asking
from portal.domain.queues.tables import Task, WorkItem
from portal.ids import new_token
from portal.photos import services as photos
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.pages import Browser, Page
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")


async def english(client: httpx.AsyncClient) -> None:
    client.cookies.set("lang", "en", domain=client.base_url.host)


async def test_a_department_is_asked_on_the_page_and_answers_from_its_desk(cast: Cast, client: httpx.AsyncClient) -> None:
    """DUTY-16."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    await page.submit(f"{case.complaint}/tasks", department="guard", due_at="2027-01-01T10:00", body="查停车场录像")

    browser = await stories.enter(client, cast.guard)
    desk = await browser.get("/desk/hotel")
    (link,) = desk.css("#tasks a")
    assert "查停车场录像" in desk.text("#tasks")
    page = await browser.get(link.get("href").partition("#")[0])
    (task,) = await tasks.waiting_for(cast.guard, cast.hotel)
    done = await page.submit(f"{case.complaint}/tasks/{task.id}/done", note="录像已存")

    assert done.before is not None
    assert done.path.partition("?")[0] == "/desk/hotel/queue"  # it left the guard's sight with the task
    assert case.number in done.text(".notice")
    assert await tasks.waiting_for(cast.guard, cast.hotel) == []
    assert "录像已存" in (await (await stories.enter(client, cast.receptionist)).get(case.item)).text("#item")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"due_at": "2020-01-01T10:00"}, "due_at"),
        ({"due_at": "morgen"}, "due_at"),
        ({"due_at": ""}, "due_at"),
        ({"department": "finance"}, "department"),
        ({"department": ""}, "department"),
        ({"body": " "}, "body"),
        ({"owner": "hotel.desk"}, "owner"),
    ],
)
async def test_a_task_in_the_past_or_half_said_is_refused_at_its_field(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, str], field: str
) -> None:
    """Bad input: in words at its field, nothing typed lost."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(case.item)).form(f"{case.complaint}/tasks")
    whole = {"department": "floor", "due_at": "2027-01-01T10:00", "body": "换毛巾"} | typed

    page = await browser.post(f"{case.complaint}/tasks", sent | whole)

    assert (page.status, list(page.errors())) == (422, [field])
    assert page.form(f"{case.complaint}/tasks")["body"] == whole["body"]
    assert await Task.count() == 0


async def test_a_task_is_refused_with_a_reason_told_at_its_own_form(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    ids = [
        await asking.add(case.id, body, site=cast.hotel, department=Role.KITCHEN, due_at=clock.now(), by=None)
        for body in ("果盘", "蛋糕")
    ]
    page = await (await stories.enter(client, cast.kitchen)).get(case.item)

    page = await page.submit(f"{case.complaint}/tasks/{ids[1]}/refusal", reason="")

    assert page.status == 422
    assert [field.get("id") for field in page.css('[aria-invalid="true"]')] == [f"refusal-{ids[1]}-reason"]


async def test_closing_over_an_open_task_is_refused_and_says_which(cast: Cast, client: httpx.AsyncClient) -> None:
    """No closing over an open one."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(case.item)).form(f"{case.complaint}/closure")
    await asking.add(case.id, "送果盘", site=cast.hotel, department=Role.KITCHEN, due_at=clock.now(), by=None)

    page = await browser.post(f"{case.complaint}/closure", sent)

    assert page.status == 409
    assert "送果盘" in page.text("#flash")
    assert f"{case.complaint}/closure" not in page.forms()


async def test_somebody_elses_task_is_no_business_of_other_departments(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist, category="food")
    task = await asking.add(case.id, "换毛巾", site=cast.hotel, department=Role.FLOOR, due_at=clock.now(), by=None)
    browser = await stories.enter(client, cast.kitchen)
    page = await browser.get(case.item)
    assert [form for form in page.forms() if "/tasks/" in form] == []
    sent = page.form(f"{case.item}/notes")

    assert (await browser.post(f"{case.complaint}/tasks/{task}/done", sent)).status == 403
    assert (await browser.post(f"{case.complaint}/tasks/{case.id}/done", {**sent, "form_token": fresh(page)})).status == 404


def fresh(page: Page) -> str:
    """Another token of the same page."""
    return page.form("/sign-out")["form_token"]


async def test_the_later_one_offers_to_merge_and_the_guests_see_only_their_own(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """Same phone, same place, same day is suggested at intake."""
    first = await stories.claimed(cast.hotel, by=cast.receptionist, place="1203")
    browser = await stories.enter(client, cast.second)
    await english(client)
    form = await browser.get("/desk/hotel/complaints/new")
    page = await form.submit(
        "/desk/hotel/complaints", channel="phone", kind="complaint", body="还是滴水", place="1203", phone=stories.PHONE
    )
    assert first.number in page.text(".notice")
    assert "1 earlier matter" in page.text("#item")
    number = page.one("#item").get("data-number")
    action = f"/desk/hotel/complaints/{number}/merge"
    sent = {name: page.one(f"#merge-{first.number} [name={name}]").get("value") for name in ("form_token", "into")}

    page = await browser.post(action, sent)

    assert (page.one("#item").get("data-state"), page.status) == ("closed", 200)
    assert first.number in page.text(".facts")
    assert (await first.card()).contacts == 1


async def test_merging_wrongly_is_told_at_the_field_or_as_a_conflict(cast: Cast, client: httpx.AsyncClient) -> None:
    """Into itself 422; into an already merged one 409, naming its target."""
    goal, merged, case = [await stories.filed(cast.hotel) for _each in range(3)]
    await sharing.merge(await merged.card(), goal.number, site=cast.hotel, by=cast.manager)
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(case.item)).form(f"{case.complaint}/merge")

    itself = await browser.post(f"{case.complaint}/merge", sent | {"into": case.number.lower()})
    nowhere = await browser.post(f"{case.complaint}/merge", sent | {"into": "HT-2026-999999"})
    already = await browser.post(f"{case.complaint}/merge", sent | {"into": merged.number})

    assert [(page.status, list(page.errors())) for page in (itself, nowhere)] == [(422, ["into"])] * 2
    assert (already.status, goal.number in already.text("#flash")) == (409, True)
    assert (await case.card()).state == "received"


async def test_the_page_of_a_merged_one_follows_the_answer_of_the_other(cast: Cast, browser: Browser) -> None:
    """CMP-38, CMP-45: words, photos and messages of the other guest stay his."""
    first = await stories.planned(cast.hotel, by=cast.receptionist, body="停电了")
    second = await stories.filed(cast.hotel, body="房间没有电", phone="13900139000")
    await following.write(await first.card(), Message(body="孩子怕黑"), site=cast.hotel)
    await sharing.merge(await second.card(), first.number, site=cast.hotel, by=cast.manager)
    page = await browser.get(second.link)
    page = await page.submit(f"{second.link}/messages", body="冰箱里有药")
    await handling.answer(await first.card(), "已恢复供电", site=cast.hotel, by=cast.receptionist)

    mine, theirs = await browser.get(second.link), await browser.get(first.link)

    assert mine.one("#complaint-follow").get("data-state") == "answered"
    assert "已恢复供电" in mine.text("#answer")
    assert "已恢复供电" in theirs.text("#answer")
    assert [word for word in ("停电了", "孩子怕黑", first.number) if word in mine.response.text] == []
    assert [word for word in ("房间没有电", "冰箱里有药", second.number) if word in theirs.response.text] == []
    assert f"{second.link}/acceptance" not in mine.forms()


async def test_what_the_merged_guest_writes_is_read_where_the_matter_goes_on(cast: Cast, client: httpx.AsyncClient) -> None:
    first, second = await stories.claimed(cast.hotel, by=cast.receptionist), await stories.filed(cast.hotel)
    await sharing.merge(await second.card(), first.number, site=cast.hotel, by=cast.manager)
    await following.write(await second.card(), Message(body="冰箱里有药"), site=cast.hotel)

    page = await (await stories.enter(client, cast.receptionist)).get(first.item)

    (line,) = [said for said in page.css("#item .told") if "冰箱里有药" in said.text_content()]
    assert second.number in line.text_content()


async def test_a_second_contact_is_one_tap_and_stands_on_the_item(cast: Cast, client: httpx.AsyncClient) -> None:
    """DUTY-20."""
    case = await stories.claimed(cast.hotel, by=cast.second)
    browser = await stories.enter(client, cast.receptionist)
    await english(client)
    page = await browser.get(case.item)

    page = await page.submit(f"{case.complaint}/contacts")

    assert "Asked again 1 time" in page.text(".item__head")
    last = page.text("#item section:last-of-type .story__step:last-child .story__label")
    assert last == "Customer came back to it: By phone"


async def test_two_matters_are_split_on_the_page(cast: Cast, client: httpx.AsyncClient) -> None:
    """The second has its own number, and its link is made on its own page."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await following.write(await case.card(), Message(body="早餐也太咸"), site=cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    boxes = [box.get("value") for box in page.css("#split [name=messages]")]
    assert len(boxes) == 2
    sent = page.form(f"{case.complaint}/split") | {"body": "早餐太咸"}

    refused = await browser.post(f"{case.complaint}/split", sent)
    assert (refused.status, len(refused.css('[role="alert"] a[href="#split-messages"]'))) == (422, 1)
    page = await browser.post(f"{case.complaint}/split", sent | {"messages": boxes})

    row = await WorkItem.select(WorkItem.id, WorkItem.number).where(WorkItem.split_from == case.id).first()
    assert row is not None
    assert row["number"] in page.text(".facts")
    assert [one.body for one in await words.written(row["id"])] == [stories.BODY, "早餐也太咸", "早餐太咸"]
    new = await browser.get(f"/desk/hotel/items/{row['number']}")
    assert f"/desk/hotel/complaints/{row['number']}/link" not in new.forms()  # whoever takes it hands the link out


async def test_an_items_page_costs_the_same_however_much_is_shared(cast: Cast, client: httpx.AsyncClient) -> None:
    """House, section 10."""
    case = await stories.claimed(cast.hotel, by=cast.manager)
    await stories.enter(client, cast.manager)
    costs = []
    for _more in range(3):
        await asking.add(case.id, "果盘", site=cast.hotel, department=Role.KITCHEN, due_at=clock.now(), by=cast.manager)
        other = await stories.filed(cast.hotel)
        await sharing.merge(await other.card(), case.number, site=cast.hotel, by=cast.manager)
        with statements() as asked:
            assert (await client.get(case.item)).status_code == 200
        costs.append(len(asked))

    assert costs == [costs[0]] * 3


async def test_the_page_of_a_merged_one_costs_the_same_however_much_was_said(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    first, second = await stories.claimed(cast.hotel, by=cast.manager), await stories.filed(cast.hotel)
    await sharing.merge(await second.card(), first.number, site=cast.hotel, by=cast.manager)
    costs = []
    for _more in range(3):
        await following.write(await second.card(), Message(body="还在等"), site=cast.hotel)
        with statements() as asked:
            assert (await client.get(second.link)).status_code == 200
        costs.append(len(asked))

    assert costs == [costs[0]] * 3


async def test_the_desk_costs_the_same_however_much_is_asked(cast: Cast, client: httpx.AsyncClient) -> None:
    case: Case = await stories.filed(cast.hotel)
    await stories.enter(client, cast.kitchen)
    costs = []
    for _more in range(3):
        await asking.add(case.id, "果盘", site=cast.hotel, department=Role.KITCHEN, due_at=clock.now(), by=None)
        with statements() as asked:
            assert (await client.get("/desk/hotel")).status_code == 200
        costs.append(len(asked))

    assert costs == [costs[0]] * 3


async def test_photos_of_a_split_matter_outlive_the_first_and_its_files_stay(
    cast: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    """P27: the sweep leaves what any row still names."""
    case = await stories.filed(cast.hotel)
    page = await browser.get(case.link)
    await page.submit(f"{case.link}/messages", files=[("photos", stories.photo())], body="看照片")
    (told,) = [one.id for one in await words.written(case.id) if one.body == "看照片"]
    form = Split.model_validate({"messages": str(told), "body": "另一件"})
    made = await sharing.split(await case.card(), form, site=cast.hotel, by=cast.manager, token=new_token())

    await photos.forget(case.id)
    await photos.sweep(timedelta(seconds=-1))

    (shown,) = (await browser.get(f"/c/{made.token}")).css("#words img")
    assert (await client.get(shown.get("src"))).status_code == 200
    desk = await (await stories.enter(client, cast.manager)).get(f"/desk/hotel/items/{made.number}")
    assert [(await client.get(image.get("src"))).status_code for image in desk.css("#item .photos__image")] == [200, 200]
    await photos.forget(made.item)
    await photos.sweep(timedelta(seconds=-1))
    assert (await client.get(shown.get("src"))).status_code == 404
