"""The ground itself: the cast signs in, factories make what the services would, and pages are looked at."""

from collections.abc import Callable

import httpx
import pytest
from lxml import html

from portal.domain.accounts import queries as accounts
from portal.domain.complaints.tables import State
from portal.domain.queues.tables import WorkItem
from portal.security.sessions import COOKIE
from tests import factories
from tests.cast import Cast, sign_in
from tests.pages import Browser, inspect


@pytest.mark.parametrize("state", list(State))
@pytest.mark.usefixtures("db")
async def test_a_complaint_is_led_to_every_state(cast: Cast, state: State) -> None:
    filed = await factories.make_complaint(cast.hotel, category="service", place="1203")

    item = await factories.bring(filed, site=cast.hotel, by=cast.manager, to=state)

    assert item.state == state
    assert item.place == "1203 房"


@pytest.mark.usefixtures("db")
async def test_nothing_of_the_last_test_is_left(cast: Cast) -> None:
    assert await WorkItem.count() == 0
    await factories.make_complaint(cast.hotel, by=cast.receptionist)
    assert await WorkItem.count() == 1


@pytest.mark.usefixtures("committed")
async def test_true_commits_are_cleared_away_too(cast: Cast) -> None:
    assert await WorkItem.count() == 0
    await factories.make_complaint(cast.hotel)
    assert await WorkItem.count() == 1


@pytest.mark.usefixtures("db")
async def test_the_cast_is_who_it_says_when_it_signs_in(cast: Cast, clients: Callable[[], httpx.AsyncClient]) -> None:
    for actor in (cast.receptionist, cast.manager, cast.admin, cast.stranger):
        client = clients()
        await sign_in(client, actor.username)
        staff = await accounts.signed_in(client.cookies[COOKIE])
        assert staff is not None
        assert (staff.id, staff.roles, staff.organisation) == (actor.id, actor.roles, actor.organisation)


@pytest.mark.usefixtures("db")
async def test_a_person_goes_from_the_first_page_to_a_filed_complaint(cast: Cast, browser: Browser) -> None:
    page = await browser.get("/s/hotel/complaints/new?place=1203")
    assert page.form("/s/hotel/complaints")["place"] == "1203 房"

    refused = await page.submit("/s/hotel/complaints", body="")
    assert refused.status == 422
    assert refused.errors()["body"]

    page = await refused.submit("/s/hotel/complaints", body="电梯坏了，等了二十分钟。", phone="13800138000")
    assert page.before is not None
    assert page.before.status_code == 303
    assert page.path.startswith("/c/")
    assert "HT-" in page.text("h1") or "HT-" in page.text()


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (lambda page: page.replace("<title>", "<title hidden></title><title>"), "no title"),
        (lambda page: page.replace("</main>", "<h1>again</h1></main>"), "2 h1"),
        (lambda page: page.replace("</main>", '<input name="x"></main>'), "no label"),
        (lambda page: page.replace("</main>", '<form method="post" action="/x"></form></main>'), "0 form_token"),
        (lambda page: page.replace("</main>", '<p id="main"></p></main>'), "is there 2 times"),
        (lambda page: page.replace("</main>", '<p style="color: red"></p></main>'), "<p style=…>"),
        (lambda page: page.replace("</main>", '<p onclick="x()"></p></main>'), "<p onclick=…>"),
        (lambda page: page.replace("</main>", "<script>x()</script></main>"), "inline script"),
        (lambda page: page.replace("</main>", '<a href="https://example.com/">x</a></main>'), "another host"),
        (lambda page: page.replace("</main>", '<img src="/x.png"></main>'), "without alt"),
    ],
)
@pytest.mark.usefixtures("db")
async def test_the_checking_client_sees_what_is_wrong(
    cast: Cast, client: httpx.AsyncClient, spoiled: Callable[[str], str], words: str
) -> None:
    response = await client.get("/s/hotel")
    tree = html.document_fromstring(spoiled(response.text))

    with pytest.raises(AssertionError, match=words):
        inspect(tree, response)
