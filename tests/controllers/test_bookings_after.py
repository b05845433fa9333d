"""A visitor who is here, as the desk writes of him: the briefing, the note, the end, and what others are asked."""

from typing import Any

import httpx
import pytest

from portal.domain.bookings.forms.after import Note
from portal.domain.bookings.queries import briefing
from portal.domain.bookings.services import after
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, State
from portal.domain.queues.queries import items, tasks
from tests import factories, receptions, stories, visits
from tests.cast import Cast
from tests.ground.probes import statements
from tests.sheets.reading import csv_rows, xlsx_rows

pytestmark = pytest.mark.usefixtures("db")
PHONE = "+8613800138000"


async def come(cast: Cast, *, to: State = State.RECEPTION, **typed: object) -> tuple[Booked, str]:
    """Somebody who has come as far as this, and the address of the booking."""
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel), **typed)  # type: ignore[arg-type]
    if to is not State.CONFIRMED:
        await receptions.bring(cast.receptionist, cast.hotel, booked, to=to)
    return booked, f"/desk/hotel/bookings/{booked.number}"


async def test_the_whole_end_of_a_visit_on_its_page(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-13, VIS-14, VIS-18, VIS-19: note, seeing off, summary, each from the form where one looks for it."""
    booked, base = await come(cast)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(base)

    done = await page.submit(f"{base}/note", needs="需要轮椅", opinions="很好", facts="有三个工厂", follow=False)
    assert (done.status, done.location) == (303, base)
    page = await browser.get(base)
    assert "有三个工厂" in page.text("#after") and "需要轮椅" in page.text(".tasks")
    await page.submit(f"{base}/satisfaction", satisfied="not-given", follow=False)
    page = await browser.get(base)
    assert "需要轮椅" in page.text("#summary-open")  # VIS-19: what is still open stands on the form
    await page.submit(f"{base}/summary", summary="谈了合作", follow=False)

    card = await items.item_by_id(booked.item)
    assert (card.state, card.closed_at is not None) == (State.SUMMARISED, True)


@pytest.mark.parametrize(
    ("to", "deed", "typed", "field"),
    [
        (State.RECEPTION, "note", {"needs": " "}, "needs"),
        (State.RECEPTION, "note", {"facts": "扩产", "upward": "1"}, "upward"),
        (State.SEEN_OFF, "summary", {"summary": " "}, "summary"),
        (State.RECEPTION, "follow-ups", {"body": "价格？", "department": "sales", "due_at": "2030-01-01T10:00"}, "owner"),
        (State.RECEPTION, "papers", {"missing": ""}, "missing"),
    ],
)
async def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, client: httpx.AsyncClient, to: State, deed: str, typed: dict[str, Any], field: str
) -> None:
    """VIS-18, VIS-19: never skipped."""
    _booked, base = await come(cast, to=to)
    page = await (await stories.enter(client, cast.receptionist)).get(base)

    answer = await page.submit(f"{base}/{deed}", **typed)

    assert (answer.status, field in answer.errors()) == (422, True)
    for name, text in typed.items():
        if text.strip():
            assert answer.form(f"{base}/{deed}")[name] == text


async def test_satisfaction_without_an_answer_is_refused_in_words(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-18: asked, and never skipped."""
    booked, base = await come(cast)
    page = await (await stories.enter(client, cast.receptionist)).get(base)

    answer = await page.submit(f"{base}/satisfaction", opinions="还行")

    assert answer.status == 422 and "满意" in answer.text("#satisfaction .field__message")
    assert answer.form(f"{base}/satisfaction")["opinions"] == "还行"
    assert (await items.item_by_id(booked.item)).state == State.RECEPTION


async def test_a_deed_whose_time_is_over_keeps_what_was_typed(cast: Cast, client: httpx.AsyncClient) -> None:
    booked, base = await come(cast)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(base)
    await receptions.bring(cast.second, cast.hotel, booked, to=State.SEEN_OFF)

    answer = await page.submit(f"{base}/satisfaction", satisfied="yes", opinions="讲得好")

    assert answer.status == 409


async def test_a_negotiation_says_what_is_missing_and_what_is_free(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-17: 422 in words where the site has none; 409 with the next free times where the time is full."""
    _booked, base = await come(cast)
    browser = await stories.enter(client, cast.receptionist)
    day = visits.on(cast.hotel, 3).date().isoformat()
    page = await browser.get(base)
    token = page.form(f"{base}/note")["form_token"]
    none = await browser.post(f"{base}/negotiation", {"form_token": token, "day": day, "time": "10:00"})
    kind = await visits.make_type(cast.hotel, code="negotiation", parties=1)
    await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, 3), phone="+8613900139000")

    page = await browser.get(base)
    full = await page.submit(f"{base}/negotiation", day=day, time="10:00")
    made = await full.submit(f"{base}/negotiation", time="11:00", follow=False)

    assert none.status == 422 and "洽谈" in none.text("#negotiation")
    assert full.status == 409 and "11:00" in full.text("#negotiation")
    assert full.form(f"{base}/negotiation")["day"] == day
    assert (made.status, await Booking.count().where(Booking.follows.is_not_null())) == (303, 1)


async def test_the_briefing_names_complaints_to_those_who_see_them(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-10: counted by what somebody sees; sales sees none of the desk's."""
    _booked, base = await come(cast, company="海蓝科技")
    complaint = await factories.make_complaint(cast.hotel, phone=PHONE)

    desk = await (await stories.enter(client, cast.receptionist)).get(base)
    sales = await (await stories.enter(client, cast.sales)).get(base)

    assert "海蓝科技" in desk.text("#briefing") and complaint.number in desk.text("#briefing")
    assert "海蓝科技" in sales.text("#briefing") and complaint.number not in sales.text("#briefing")


async def test_an_auditor_reads_and_others_do_not(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32, P33."""
    _booked, base = await come(cast)

    page = await (await stories.enter(client, cast.auditor)).get(base)
    assert [action for action in page.forms() if action.startswith(base)] == []
    await (await stories.enter(client, cast.floor)).get(base, status=403)
    await (await stories.enter(client, cast.stranger)).get(base, status=404)


async def test_a_need_said_on_arrival_goes_to_the_department_with_the_same_tap(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """VIS-13: and without a word the arrival stays one tap."""
    booked, base = await come(cast, to=State.CONFIRMED)
    browser = await stories.enter(client, cast.receptionist)

    await (await browser.get(base)).submit(f"{base}/arrival", needs="需要轮椅")

    (task,) = await tasks.waiting_for(cast.floor, cast.hotel)
    assert (task.body, (await items.item_by_id(booked.item)).state) == ("需要轮椅", State.ARRIVED)


async def test_a_department_sees_its_task_and_nothing_else_of_the_visit(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-13, P40: the task leads to itself from the desk, and is ended there."""
    booked, base = await come(cast)
    item = await items.item_by_id(booked.item)
    await after.note(item, Note(needs="需要轮椅", facts="绝密"), site=cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.floor)

    (link,) = (await browser.get("/desk/hotel")).css("#tasks a")
    page = await browser.get(link.get("href"))
    done = await page.submit(f"{page.path}/done", note="已送到大堂", follow=False)

    assert "需要轮椅" in page.text() and booked.number in page.text()
    assert [word for word in ("绝密", "李雷", "13800138000") if word in page.response.text] == []
    assert (done.status, done.location) == (303, "/desk/hotel")
    (task,) = await tasks.of_item(booked.item, cast.manager, cast.hotel, whole=True)
    assert task.state == "done"
    await browser.get(f"/desk/hotel/tasks/{task.id}")
    await (await stories.enter(client, cast.guard)).get(f"/desk/hotel/tasks/{task.id}", status=404)
    (mine,) = (await (await stories.enter(client, cast.manager)).get(base)).css(".tasks__one")
    assert mine.get("data-state") == "done"


async def test_those_who_receive_come_from_the_task_to_the_visit(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-20: the follow-up stands on the desk, and leads to the booking; ending it asks what came of it."""
    booked, base = await come(cast, to=State.SUMMARISED)
    browser = await stories.enter(client, cast.receptionist)
    (link,) = (await browser.get("/desk/hotel")).css("#tasks a")
    (task,) = await tasks.waiting_for(cast.receptionist, cast.hotel)

    page = await browser.get(f"/desk/hotel/tasks/{task.id}")
    wrong = await page.submit(f"/desk/hotel/tasks/{task.id}/done", note="打过电话")
    done = await wrong.submit(f"/desk/hotel/tasks/{task.id}/done", outcome="next-visit", follow=False)

    assert link.get("href") == f"{base}#task-{task.id}"
    assert wrong.status == 422 and "打过电话" in wrong.form(f"/desk/hotel/tasks/{task.id}/done")["note"]
    assert (done.status, done.location) == (303, base)
    assert (await briefing.booking(cast.receptionist, cast.hotel, booked.number)).state == State.SUMMARISED


async def test_a_task_that_is_refused_says_why(cast: Cast, client: httpx.AsyncClient) -> None:
    booked, _base = await come(cast)
    item = await items.item_by_id(booked.item)
    await after.note(item, Note(needs="需要轮椅"), site=cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.floor)
    (task,) = await tasks.waiting_for(cast.floor, cast.hotel)
    page = await browser.get(f"/desk/hotel/tasks/{task.id}")

    wrong = await page.submit(f"/desk/hotel/tasks/{task.id}/refusal", reason=" ")
    done = await wrong.submit(f"/desk/hotel/tasks/{task.id}/refusal", reason="都借出去了", follow=False)

    assert (wrong.status, done.status) == (422, 303)
    assert await tasks.waiting_for(cast.floor, cast.hotel) == []


async def test_the_page_takes_as_many_questions_for_one_task_as_for_three(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    booked, base = await come(cast)
    browser = await stories.enter(client, cast.receptionist)
    many = []
    for _time in range(3):
        item = await items.item_by_id(booked.item)
        await after.note(item, Note(needs="茶"), site=cast.hotel, by=cast.receptionist)
        with statements() as heard:
            await browser.get(base)
        many.append(len(heard))

    assert len(set(many)) == 1


async def test_the_register_is_a_list_without_names_and_a_file_without_words(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """VIS-06, VIS-23, P40: the day, narrowed; a phone, a full name, typed words stand in neither."""
    booked, base = await come(cast, to=State.SUMMARISED)
    browser = await stories.enter(client, cast.manager)
    day = visits.on(cast.hotel).date().isoformat()

    empty = await browser.get("/desk/hotel/receptions")
    page = await browser.get(f"/desk/hotel/receptions?from={day}&to={day}")
    narrowed = await page.submit("/desk/hotel/receptions", state="confirmed")
    csv = await browser.client.get(f"/desk/hotel/receptions.csv?from={day}&to={day}")
    xlsx = await browser.client.get(f"/desk/hotel/receptions.xlsx?from={day}&to={day}")

    assert page.one(".table__row").get("data-number") == booked.number
    assert page.one(".table__row a").get("href") == base
    assert "李先生" in page.text(".table") and "海湾" not in page.text(".table")
    assert [row.get("data-number") for row in (*empty.css(".table__row"), *narrowed.css(".table__row"))] == []
    (line,) = csv_rows(csv.content)[5:]
    assert (line[0], line[8]) == (booked.number, "hotel.desk")
    assert xlsx_rows(xlsx.content)[1][0] == booked.number
    for text in (page.response.text, csv.text):
        assert [word for word in ("李雷", "13800138000", "参观展厅", "谈了合作") if word in text] == []


async def test_the_record_of_a_service_is_written_at_the_counter(cast: Cast, client: httpx.AsyncClient) -> None:
    """HALL-08, HALL-02."""
    kind = await visits.make_type(cast.hotel, code="counter", papers_zh="身份证\n合同")
    item = await receptions.make_served(cast.hotel, kind, by=cast.receptionist)
    base = f"/desk/hotel/arrivals/{item.number}"
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(f"{base}/record")
    assert "合同" in page.text("main")

    wrong = await page.submit(f"{base}/record", need="停车证")
    page = await wrong.submit(f"{base}/record", greeted="1", department="guard", recommended="月卡")
    first = await page.submit(f"{base}/papers", missing="合同")
    second = await first.submit(f"{base}/papers", missing="身份证")

    assert (wrong.status, "greeted" in wrong.errors()) == (422, True)
    assert "停车证" in page.text(".tasks")
    assert (second.status, "reason" in second.errors()) == (422, True)
    assert second.form(f"{base}/papers")["missing"] == "身份证"
    await (await stories.enter(client, cast.stranger)).get(f"{base}/record", status=404)
