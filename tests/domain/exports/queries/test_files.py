"""Whose a file is: of whoever asked for it; who decides about contacts sees that it is there."""

import pytest

from portal.domain.exports.queries import files
from portal.domain.exports.services import asking
from portal.errors import NotFound
from tests import stories, takeaway
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_a_file_is_there_for_who_asked_alone(cast: Cast) -> None:
    """P29, P32."""
    export = await takeaway.asked(cast)

    assert [one.id for one in await files.files(cast.finance, cast.hotel)] == [export]
    for who, site in ((cast.manager, cast.hotel), (cast.admin, cast.hotel), (cast.auditor, cast.hotel),
                      (cast.strange_manager, cast.tower), (cast.finance, cast.tower)):  # fmt: skip
        assert await files.files(who, site) == []
        with pytest.raises(NotFound):
            await files.file(who, site, export)


async def test_contacts_are_seen_by_who_may_decide(cast: Cast) -> None:
    await stories.filed(cast.hotel)
    export = await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)

    assert (await files.file(cast.admin, cast.hotel, export)).asked_by == cast.manager.name
    for who, site in ((cast.finance, cast.hotel), (cast.auditor, cast.hotel), (cast.strange_manager, cast.tower)):
        with pytest.raises(NotFound):
            await files.file(who, site, export)
