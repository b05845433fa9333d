"""Figures on a page, and the records behind each."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from portal.domain.accounts.queries import Staff
from portal.domain.complaints.tables import Kind
from portal.domain.exports import rules
from portal.jobs import exports as jobs
from tests import month, reports, stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.month import Travel
from tests.pages import Browser, Page
from tests.sheets import reading

pytestmark = pytest.mark.usefixtures("db")
REPORT = "/desk/hotel/reports/complaints"
NOVEMBER = "from=2026-11-01&to=2026-11-30"
YEAR = "from=2026-01-01&to=2026-11-30"
MONEY, SUMMED = "fen", "handoffs"


def links(page: Page) -> list[tuple[str, str]]:
    """Every number of a report with the address of its records."""
    return [(str(one.get("href")), "".join(one.itertext()).strip()) for one in page.css("main a[href*='/records?']")]


def total(page: Page) -> int:
    return int(str(page.one("[data-total]").get("data-total")))


async def number(browser: Browser, query: str) -> int:
    return total(await browser.get(f"{REPORT}/records?{query}"))


@pytest.mark.parametrize("by", ["received", "closed"])
async def test_every_number_is_that_of_its_records(client: httpx.AsyncClient, cast: Cast, travel: Travel, by: str) -> None:
    """CMP-43, RPT-06: for every tile and every cell the records that its link opens are as many as it says."""
    await month.lived(cast, travel)
    await month.at_the_edges(cast, travel)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?{NOVEMBER}&by={by}")
    checked = 0

    for href, word in links(page):
        found = await manager.get(href)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
        if "handed" in asked:
            assert f"{word}" in found.text("dl") if word != "0" else total(found) == 0
        elif "compensated" in asked:
            assert word in found.text("dl") if total(found) else word == "¥0"
        elif word.replace(",", "").isdigit():
            assert total(found) == int(word.replace(",", "")), href
        else:
            of = _n_of(page, href)
            assert of is None or total(found) == of, href
        assert len(found.css("tbody tr")) == min(total(found), 50)
        checked += 1

    assert checked > 60


@pytest.mark.parametrize("query", ["from=2024-11-01&to=2027-02-28", "from=2025-12-20&to=2026-01-10"])
async def test_no_part_of_a_range_leads_where_nothing_is(
    client: httpx.AsyncClient, cast: Cast, travel: Travel, query: str
) -> None:
    """Months, or days, before the first record and after today: a number is there, and no records that one could open."""
    travel("2026-01-05T02:00:00Z")
    await stories.filed(cast.hotel)
    await stories.filed(cast.hotel)
    travel(month.NOW)
    manager = await stories.enter(client, cast.manager)

    page = await manager.get(f"{REPORT}?{query}")

    rows = page.css("#days tbody tr")
    found = {str(one.get("href")) for one in page.css("#days a[href]")}
    assert len(rows) > 20
    assert [total(await manager.get(href)) for href in found] == [2]


def _n_of(page: Page, href: str) -> int | None:
    """What a tile says its share or its median is of."""
    for tile in page.css(".report__tile"):
        if tile.xpath(".//a/@href")[0] == href and (of := tile.xpath(".//*[@class='report__of']/text()")):
            return int(of[0].removeprefix("n = "))
    return None


async def test_days_are_those_of_the_site_both_included(client: httpx.AsyncClient, cast: Cast, travel: Travel) -> None:
    """A complaint of 03:59 belongs to the day before, one of 04:00 and one of 23:59 to the day."""
    await month.at_the_edges(cast, travel)
    manager = await stories.enter(client, cast.manager)

    days = (month.DAY_BEFORE, month.DAY, month.DAY_AFTER)
    assert [await number(manager, f"from={day}&to={day}") for day in days] == [1, 2, 1]
    assert await number(manager, f"from={month.DAY_BEFORE}&to={month.DAY_AFTER}") == 4
    assert await number(manager, f"from={month.DAY}&to={month.DAY}&hour=4") == 1
    assert await number(manager, f"from={month.DAY_BEFORE}&to={month.DAY_BEFORE}&hour=3") == 1
    assert await number(manager, f"from={month.DAY}&to={month.DAY}&weekday=1") == 2


async def test_grumbles_do_not_count_and_a_merged_complaint_counts_once(
    client: httpx.AsyncClient, cast: Cast, travel: Travel
) -> None:
    """CMP-08, RPT-06: grumbles stand beside it, with their rate."""
    lived = await month.lived(cast, travel)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?{NOVEMBER}")
    whole = await manager.get(f"{REPORT}/records?{NOVEMBER}")

    numbers = [row.text_content() for row in whole.css("tbody th")]
    assert not any(lived[name].number in said for said in numbers for name in ("grumble", "enquiry", "merged"))
    assert any(lived["target"].number in said for said in numbers)
    assert "1" in page.text("#others")
    assert await number(manager, f"{NOVEMBER}&kind=grumble") == 1


async def test_each_counts_what_he_may_open(client: httpx.AsyncClient, cast: Cast, travel: Travel) -> None:
    """Nobody counts what is kept from him: what is about him, and what is restricted."""
    lived = await month.lived(cast, travel)

    async def seen(staff: Staff, query: str = NOVEMBER) -> set[str]:
        found = await (await stories.enter(client, staff)).get(f"{REPORT}/records?{query}")
        assert len(found.css("tbody tr")) == total(found)
        return {name for name, case in lived.items() if case.number in found.text()}

    everything = {"answered", "closed", "reopened", "handed", "learned", "target", "late", "about", "about the manager"}
    assert await seen(cast.manager) == everything - {"about the manager"}
    assert await seen(cast.auditor) == everything
    assert await seen(cast.finance) == {"learned"}
    assert await seen(cast.sales) == set()
    assert await seen(cast.owner) == {"about the manager"}
    assert await seen(cast.manager, f"{NOVEMBER}&kind=report") == {"report"}
    assert await seen(cast.auditor, f"{NOVEMBER}&kind=report") == set()


async def test_another_sites_figures_are_not_there(client: httpx.AsyncClient, cast: Cast) -> None:
    """P32."""
    stranger = await stories.enter(client, cast.strange_manager)

    await stranger.get(REPORT, status=404)
    await stranger.get(f"{REPORT}/records", status=404)


@pytest.mark.parametrize("role", ["receptionist", "floor", "kitchen", "guard", "admin"])
async def test_who_reads_no_reports_is_told_so(client: httpx.AsyncClient, cast: Cast, role: str) -> None:
    staff = await stories.enter(client, getattr(cast, role))

    await staff.get(REPORT, status=403)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-11-11&to=2026-11-10", "早于开始日期"),
        ("from=2020-11-11&to=2026-11-10", "5 年"),
        ("from=1999-01-01&to=1999-12-31", "那一年没有数据"),
        ("from=2026-02-30&to=2026-03-01", "请填写日期"),
        ("from=soon&to=later", "请填写日期"),
    ],
)
async def test_a_range_that_cannot_be_is_refused_in_words(
    client: httpx.AsyncClient, cast: Cast, query: str, words: str
) -> None:
    await stories.filed(cast.hotel)
    manager = await stories.enter(client, cast.manager)

    for address in (f"{REPORT}?{query}", f"{REPORT}/records?{query}"):
        page = await manager.get(address, status=422)
        assert words in page.text("[role=alert]")


async def test_a_word_that_no_link_of_ours_says_leads_nowhere(client: httpx.AsyncClient, cast: Cast) -> None:
    manager = await stories.enter(client, cast.manager)

    await manager.get(f"{REPORT}/records?{NOVEMBER}&kind=everything", status=404)


async def test_a_site_without_complaints_says_so(client: httpx.AsyncClient, cast: Cast) -> None:
    manager = await stories.enter(client, cast.manager)

    page = await manager.get(REPORT)

    assert page.css(".empty")


async def test_a_long_list_of_records_goes_on(client: httpx.AsyncClient, cast: Cast) -> None:
    for _number in range(51):
        await stories.filed(cast.hotel)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}/records")
    first = {row.text_content() for row in page.css("tbody th")}

    rest = await manager.get(str(page.one("a[rel=next]").get("href")))

    assert (total(page), len(first), total(rest)) == (51, 50, 51)
    assert len({row.text_content() for row in rest.css("tbody th")} - first) == 1


async def test_a_page_asks_as_often_for_one_complaint_as_for_three(client: httpx.AsyncClient, cast: Cast) -> None:
    manager = await stories.enter(client, cast.manager)
    asked: list[int] = []

    for _number in range(2):
        await stories.answered(cast.hotel, by=cast.receptionist)
        await stories.filed(cast.hotel)
        await manager.get(REPORT)  # counts what is new
        with statements() as seen:
            await manager.get(REPORT)
            await manager.get(f"{REPORT}/records")
        asked.append(len(seen))

    assert asked[0] == asked[1]


async def test_what_changed_is_said_in_words(client: httpx.AsyncClient, cast: Cast, travel: Travel) -> None:
    await month.at_the_edges(cast, travel)
    manager = await stories.enter(client, cast.manager)

    page = await manager.get(f"{REPORT}?from={month.DAY}&to={month.DAY}")

    assert "投诉 2 件，比上一个相同时段（1 件）多 1 件。" in page.text()


async def file(browser: Browser, query: str, shape: str, *, records: bool = False) -> bytes:
    answer = await browser.client.get(f"{REPORT}{'/records' if records else ''}.{shape}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_page_csv_and_xlsx_say_the_same(client: httpx.AsyncClient, cast: Cast, travel: Travel) -> None:
    """CMP-43: every cell of every table."""
    await month.lived(cast, travel)
    await month.at_the_edges(cast, travel)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?{NOVEMBER}")
    comma, book = await file(manager, NOVEMBER, "csv"), await file(manager, NOVEMBER, "xlsx")

    assert reports.compared(page, comma, book, by_name=("由谁处理？",)) > 150


async def test_what_is_taken_away_says_its_days_and_names_nobody(
    client: httpx.AsyncClient, cast: Cast, travel: Travel
) -> None:
    """P40: no name, no phone, no word; range, zone and beginning of the day stand on it."""
    await month.lived(cast, travel)
    manager = await stories.enter(client, cast.manager)
    book = await file(manager, NOVEMBER, "xlsx", records=True)
    files = [(await file(manager, NOVEMBER, "csv", records=records)).decode("utf-8-sig") for records in (False, True)]
    files.append(str([reading.xlsx_rows(book, number) for number in (1, 2)]))

    for text in files:
        assert all(word in text for word in ("2026-11-01", "2026-11-30", "Asia/Shanghai", "04:00"))
        assert not any(word in text for word in ("陈静", "13800138000", "13900139000", stories.BODY, cast.receptionist.name))


@pytest.mark.parametrize(
    "query", [NOVEMBER, f"{NOVEMBER}&took=resolve", f"{NOVEMBER}&by=closed", "from=2026-11-10&to=2026-11-10"]
)
async def test_the_files_of_records_hold_exactly_them(
    client: httpx.AsyncClient, cast: Cast, travel: Travel, query: str
) -> None:
    await month.lived(cast, travel)
    await month.at_the_edges(cast, travel)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}/records?{query}")
    listed = ["".join(one.itertext()).strip()[:14] for one in page.css("tbody th a")]

    rows = reading.csv_rows(await file(manager, query, "csv", records=True))
    commas = [row[0] for row in rows if row[0].startswith("HT-")]
    book = [row[0] for row in reading.xlsx_rows(await file(manager, query, "xlsx", records=True))[1:]]

    assert commas == book == listed
    assert len(listed) == total(page)


async def test_a_file_of_days_that_cannot_be_is_refused_in_words(client: httpx.AsyncClient, cast: Cast) -> None:
    manager = await stories.enter(client, cast.manager)

    for path in (".csv", ".xlsx", "/records.csv", "/records.xlsx"):
        page = await manager.get(f"{REPORT}{path}?from=2026-11-11&to=2026-11-10", status=422)
        assert "早于开始日期" in page.text("[role=alert]")


async def test_many_records_are_written_in_the_background(
    client: httpx.AsyncClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "AT_ONCE", 2)
    for _number in range(3):
        await stories.filed(cast.hotel)
    manager = await stories.enter(client, cast.manager)

    answer = await client.get(f"{REPORT}/records.csv?range=month")
    again = await client.get(f"{REPORT}/records.csv?range=month")
    await jobs.make_exports()

    assert answer.status_code == 303
    assert answer.headers["location"] == again.headers["location"]
    made = await client.get(f"{answer.headers['location']}/file")
    assert len([row for row in reading.csv_rows(made.content) if row[0].startswith("HT-")]) == 3
    assert "3" in (await manager.get(answer.headers["location"])).text()


async def test_a_kind_that_is_no_complaint_has_figures_of_its_own(
    client: httpx.AsyncClient, cast: Cast, travel: Travel
) -> None:
    """RPT-08, DUTY-24: the enquiries of a quarter are summed up as complaints are, each number with its records."""
    await month.lived(cast, travel)
    travel("2026-11-08T02:00:00Z")
    await stories.filed(cast.hotel, kind=Kind.ENQUIRY, category="food")
    travel(month.NOW)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?range=quarter&kind=enquiry")

    assert page.text("h1") == "咨询处理得怎么样？"
    assert page.css(".report__figure")[0].text_content() == "2"
    for href, word in links(page):
        assert not word.isdigit() or total(await manager.get(href)) == int(word)


async def test_satisfaction_stands_with_the_number_of_those_who_said_so(
    client: httpx.AsyncClient, cast: Cast, travel: Travel
) -> None:
    """SAT-05, RPT-13: no mean without its n."""
    await month.lived(cast, travel)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?{NOVEMBER}")

    rows = {row.xpath("th/text()")[0]: [cell.text_content().strip() for cell in row.xpath("td")]
            for row in page.css("#satisfaction tbody tr")}  # fmt: skip
    assert rows["回访表示满意"] == ["1", "100%", "–"]
    assert rows["平均分"] == ["1", "–", "4.0"]


async def test_who_handled_how_many_and_how_late_is_counted_by_person(
    client: httpx.AsyncClient, cast: Cast, travel: Travel
) -> None:
    """RPT-21: complaints of each clerk."""
    await month.lived(cast, travel)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?{NOVEMBER}")

    rows = {row.xpath("th/text()")[0]: row.xpath("td")[0].text_content() for row in page.css("#clerks tbody tr")}
    assert rows[cast.receptionist.name] == "4"
    assert sum(int(many) for many in rows.values()) == int(page.css(".report__figure")[0].text_content())


async def test_every_kind_that_an_address_says_is_counted(client: httpx.AsyncClient, cast: Cast) -> None:
    """CMP-43: none is left out because the others have long names."""
    kinds = [Kind.COMPLAINT, Kind.DISPUTE, Kind.GRUMBLE, Kind.POLICY_GRUMBLE, Kind.ENQUIRY]
    await stories.filed(cast.hotel, kind=Kind.ENQUIRY)
    manager = await stories.enter(client, cast.manager)

    page = await manager.get(f"{REPORT}?kind={','.join(kinds)}")

    assert page.css(".report__figure")[0].text_content() == "1"
