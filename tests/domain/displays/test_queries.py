"""What a display shows: the queue in its order, and nothing that a passer-by must not read."""

import pytest

from portal import clock, ids
from portal.domain.arrivals.queries import line
from portal.domain.arrivals.services import serving
from portal.domain.displays import queries, services
from portal.domain.displays.forms import NewDisplay
from portal.domain.displays.queries import Wall
from portal.domain.displays.tables import Display
from portal.domain.queues.services import keeping
from portal.domain.queues.tables import WorkItem
from portal.errors import NotFound
from tests import stories, visits
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")


async def shown(cast: Cast, **narrowed: str) -> Wall:
    """What a display of the hotel shows that is narrowed so."""
    token = ids.new_token()
    form = NewDisplay.model_validate({"name": "前台", **narrowed}, context={"categories": {"room", "food"}})
    await services.make(cast.hotel, form, token=token, by=cast.manager)
    display, _site = await queries.by_token(token)
    return await queries.wall(display)


async def test_it_shows_what_is_open_in_the_queues_order_and_counts_it(cast: Cast) -> None:
    """X-47."""
    first = await stories.filed(cast.hotel, place="1203")
    severe = await stories.triaged(cast.hotel, by=cast.receptionist, severity="severe")
    late = await stories.filed(cast.hotel)
    await WorkItem.update({WorkItem.on_time: False}).where(WorkItem.id == late.id)
    await stories.closed(cast.hotel, by=cast.receptionist)
    await stories.filed(cast.tower)
    wall = await shown(cast)

    assert [line.number for line in wall.lines] == [late.number, severe.number, first.number]
    assert [line.place for line in wall.lines] == ["", "", cast.places["1203"].name]
    assert (wall.open, wall.late, wall.unowned, wall.more) == (3, 1, 2, 0)


async def test_nothing_that_somebody_typed_is_in_it(cast: Cast) -> None:
    """P40: no name, no word, no place of the guest's own writing."""
    await stories.filed(cast.hotel, place="张小龙的房间", wish="换房")
    said = repr(await shown(cast))

    assert not [word for word in (stories.NAME, stories.BODY[:4], stories.PHONE, "换房", "张") if word in said]


async def test_what_is_kept_from_anybody_is_on_no_wall_and_in_no_count(cast: Cast) -> None:
    """P32: restricted ones, and those about somebody."""
    secret, about = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    await keeping.keep(secret.id, set(), restricted=True)
    await keeping.keep(about.id, {cast.receptionist.id}, restricted=False)
    wall = await shown(cast)

    assert (wall.lines, wall.open) == ([], 0)


async def test_it_shows_the_part_of_the_queue_that_it_was_made_for(cast: Cast) -> None:
    room = await stories.filed(cast.hotel, category="room")
    food = await stories.filed(cast.hotel, category="food", kind="request")

    assert [line.number for line in (await shown(cast, unit="floor")).lines] == [room.number]
    assert [line.number for line in (await shown(cast, category="food")).lines] == [food.number]
    assert [line.number for line in (await shown(cast, kind="request")).lines] == [food.number]
    assert (await shown(cast, kind="request", unit="floor")).open == 0


async def test_a_long_list_ends_and_says_how_many_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    for _number in range(5):
        await stories.filed(cast.hotel)
    with statements() as heard:
        wall = await shown(cast)

    assert (len(wall.lines), wall.more) == (2, 3)
    assert len([one for one in heard if "work_item" in one]) == 2


async def test_only_its_own_link_opens_it(cast: Cast) -> None:
    """P35: found by its hash, which is all that is kept."""
    token = ids.new_token()
    await services.make(cast.hotel, NewDisplay(name="前台"), token=token, by=cast.manager)
    row = await Display.select().first()

    assert row is not None
    assert token not in repr(row)
    assert (await queries.by_token(token))[1].id == cast.hotel.id
    for wrong in (row["token_hash"], token[:-1], "", token.lower()):
        with pytest.raises(NotFound):
            await queries.by_token(wrong)
    assert clock.now() >= row["made_at"]


async def calling(cast: Cast, **narrowed: str) -> Display:
    """A display of the hotel's calls."""
    token = ids.new_token()
    form = NewDisplay.model_validate({"name": "大厅", "shows": "calls", **narrowed}, context={"types": ["tour", "viewing"]})
    await services.make(cast.hotel, form, token=token, by=cast.manager)
    return (await queries.by_token(token))[0]


async def test_calls_are_shown_by_number_and_window_and_by_nothing_else(cast: Cast) -> None:
    """P40; HALL-01: the last call stands first, and a call that rings again is another one."""
    house, by = cast.hotel, cast.receptionist
    tours, viewings = await visits.make_type(house), await visits.make_type(house, code="viewing")
    one, two = await visits.make_station(house, types="tour"), await visits.make_station(house, code="2", types="viewing")
    tour = await visits.make_arrival(house, tours, name="欧阳娜娜")
    viewing = await visits.make_arrival(house, viewings)
    await visits.make_arrival(house, tours, minutes=1)
    for window in (one, two):
        await serving.call_next(house, window, by=by)
    whole, part = await calling(cast), await calling(cast, types="tour")
    with statements() as heard:
        shown = await queries.calls(whole)

    assert [(call.ticket, call.window) for call in shown.calls] == [(viewing.ticket, two.name), (tour.ticket, one.name)]
    assert [call.ticket for call in (await queries.calls(part)).calls] == [tour.ticket]
    assert not [word for word in ("欧阳", "娜", "韩", "梅") if word in repr(shown)]
    assert len(heard) == 1
    item = await line.visitor(house, tour.number)
    await serving.serve(item, site=house, by=by)
    await serving.finish(await line.visitor(house, tour.number), site=house, by=by)
    assert [call.ticket for call in (await queries.calls(whole)).calls] == [viewing.ticket]


async def test_who_is_called_next_door_is_not_on_it(cast: Cast) -> None:
    """P32."""
    await visits.make_arrival(cast.tower, await visits.make_type(cast.tower))
    await serving.call_next(cast.tower, await visits.make_station(cast.tower), by=cast.stranger)

    assert (await queries.calls(await calling(cast))).calls == []
