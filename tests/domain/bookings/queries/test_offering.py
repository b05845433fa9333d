"""What stands in the book is asked for in one query, however much it is."""

import pytest

from portal import database
from portal.domain.bookings.queries import offering
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_what_stands_in_the_book_of_a_site_is_one_query(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [await visits.make_type(cast.hotel, code=code) for code in ("tour", "viewing")]
    for number, kind in enumerate([*kinds, kinds[0]]):
        await visits.make_booking(
            cast.hotel, kind, at=visits.on(cast.hotel, hour=9 + number), phone=f"+861380013800{number}"
        )
    asked: list[str] = []

    async def probe(sql: str) -> None:
        asked.append(sql)

    monkeypatch.setattr(database.engine(), "probe", probe)
    found = await offering.standing([kind.id for kind in kinds])

    assert [len(found[kind.id]) for kind in kinds] == [2, 1]
    assert len(asked) == 1


async def test_who_may_receive_works_here_and_is_not_disabled(cast: Cast) -> None:
    """VIS-31, P32."""
    names = [username for _id, username, _name in await offering.receivers(cast.hotel)]

    assert names == ["hotel.desk", "hotel.desk2", "hotel.manager", "hotel.sales"]
