"""Whose a kept report is: of its role, and of those who keep reports; never another site's."""

import pytest

from portal.domain.reports.queries import saved
from portal.errors import NotFound
from tests.cast import Cast
from tests.domain.reports.services.test_saving import kept

pytestmark = pytest.mark.usefixtures("db")


async def test_a_report_is_seen_by_its_role_and_by_who_keeps_them(cast: Cast) -> None:
    """P32."""
    report = await kept(cast, role="finance")

    for who in (cast.finance, cast.manager, cast.owner):
        assert [one.id for one in await saved.saved(who, cast.hotel)] == [report]
    for who, site in ((cast.auditor, cast.hotel), (cast.strange_manager, cast.tower), (cast.finance, cast.tower)):
        assert await saved.saved(who, site) == []
        with pytest.raises(NotFound):
            await saved.one(who, site, report)


async def test_who_is_not_of_the_role_any_more_is_known(cast: Cast) -> None:
    report = await kept(cast, role="owner")

    assert await saved.without_role([]) == set()
    assert await saved.without_role([(report, cast.owner.id), (report, cast.manager.id)]) == {(report, cast.manager.id)}
