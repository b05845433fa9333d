"""Two directors publish at the same moment: for the same customers one notice hangs there (DUTY-25)."""

import asyncio

import pytest

from portal import database
from portal.domain.reports.forms.boards import Notice
from portal.domain.reports.queries import boards as queries
from portal.domain.reports.services import boards
from portal.errors import Conflict
from portal.ids import new_id
from tests import cast as actors

pytestmark = pytest.mark.usefixtures("committed")
ROUNDS = 20


async def test_of_two_that_are_published_at_once_one_hangs_there() -> None:
    cast = await actors.enter()
    now = queries.current(cast.hotel)
    form = Notice.model_validate({"quarter": now.code, "title_zh": "公告", "body_zh": "内容"},
                                 context={"quarters": [now.code]})  # fmt: skip
    for _round in range(ROUNDS):
        drafts = [new_id(), new_id()]
        for identity in drafts:
            await boards.draft(cast.hotel, form, identity=identity, by=cast.manager)
        both = [await queries.notice(cast.hotel, identity) for identity in drafts]

        async def publish(notice: queries.Notice) -> str:
            try:
                await database.retried(lambda: boards.publish(cast.hotel, notice, by=cast.manager, version=1))
            except Conflict:
                return "late"
            return "done"

        outcomes = await asyncio.gather(*(database.spawn(publish(notice)) for notice in both))

        assert "done" in outcomes
        assert len(await queries.hanging(cast.hotel, now)) == 1
