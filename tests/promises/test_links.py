"""P35: a customer's link is a long secret of which the database keeps a hash, opens one complaint, and dies in time."""

import math
from datetime import timedelta

import pytest
from litestar import Litestar

from portal import clock, ids
from portal.domain.complaints.tables import Complaint, State
from tests import cast as actors
from tests import factories
from tests.ground import environment, processes
from tests.promises.stage import Record, Travel, differences, seat, stored
from tests.promises.ways import FILED, Ways

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
DEEDS = {"messages": {"body": "还有一件事"}, "acceptance": {}, "rejection": {"reason": "没修好"}, "rating": {"score": "5"}}


async def test_a_token_is_long_and_every_letter_of_it_is_chance(figure: Record) -> None:
    many = 20_000
    tokens = [ids.new_token() for _token in range(many)]
    letters = sorted({letter for token in tokens for letter in token})

    assert len(set(tokens)) == many
    assert len(letters) == 64
    for place in range(28):
        seen = [sum(token[place] == letter for token in tokens) for letter in letters]
        assert min(seen) > many / 64 * 0.6
    figure("a link's secret", len(tokens[0]) * math.log2(len(letters)), "bit", "P35")


async def test_the_database_has_the_hash_alone_and_the_log_has_nothing() -> None:
    await actors.enter()
    with processes.portal(environment.WORKER) as running:
        async with seat(running.url) as guest:
            filed = await guest.post("/s/hotel/complaints", FILED)
            link = filed.headers["location"]
            page = await guest.client.get(link)
            wrong = await guest.client.get(f"{link}x")
            headers = {"content-type": "multipart/form-data"}
            broken = await guest.client.post(f"{link}/messages", content=b"\xff", headers=headers)
        output = running.output
    token = link.removeprefix("/c/")
    rows = " ".join(row for rows in (await stored("form_use")).values() for row in rows)

    assert page.status_code == 200
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert wrong.status_code == 404
    assert broken.status_code in (400, 403)
    assert ids.token_hash(token) in rows
    assert token not in rows
    assert token not in output


async def test_reading_a_link_changes_nothing(app: Litestar) -> None:
    cast = await actors.enter()
    filed = await factories.make_complaint(cast.hotel)
    guest = await Ways(app, cast).guest()
    before = await stored()

    for path in (f"/c/{filed.token}", *(f"/c/{filed.token}/{deed}" for deed in DEEDS)):
        for method in ("GET", "HEAD"):
            await guest.client.request(method, path)

    assert differences(before, await stored()) == []


async def test_a_link_opens_one_complaint(app: Litestar) -> None:
    cast = await actors.enter()
    one, other = [await factories.make_complaint(cast.hotel) for _complaint in range(2)]
    guest = await Ways(app, cast).guest()

    page = await guest.client.get(f"/c/{one.token}")

    assert one.number in page.text
    assert other.number not in page.text
    assert other.token not in page.text


async def test_a_link_dies_thirty_days_after_closing(app: Litestar, travel: Travel, figure: Record) -> None:
    cast = await actors.enter()
    filed = await factories.make_complaint(cast.hotel)
    await factories.bring(filed, site=cast.hotel, by=cast.receptionist, to=State.CLOSED)
    closed, guest = clock.now(), await Ways(app, cast).guest()

    travel(closed + timedelta(days=30, minutes=-1))
    assert (await guest.client.get(f"/c/{filed.token}")).status_code == 200

    travel(closed + timedelta(days=30, minutes=1))
    before = await stored()
    assert (await guest.client.get(f"/c/{filed.token}")).status_code == 404
    for deed, fields in DEEDS.items():
        assert (await guest.post(f"/c/{filed.token}/{deed}", {"form_token": guest.token(), **fields})).status_code == 404
    assert differences(before, await stored()) == []
    assert await Complaint.count() == 1
    figure("a link is dead after closing", 30, "days", "P35")
