"""Who has to do with exports in these tests, and tables to make."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Membership, Role
from portal.domain.exports.forms import Contacts
from portal.domain.exports.services import asking, files, making
from portal.domain.exports.services.making import Maker
from portal.domain.exports.tables import Export, Format
from portal.domain.sites.tables import Site
from portal.sheets.sheet import Column, Kind, Sheet, Sheets
from tests import factories
from tests.cast import Cast
from tests.sheets.reading import whole

READERS = frozenset({Role.MANAGER, Role.FINANCE})


async def numbers(staff: Staff, site: Site, query: str) -> Sheets:
    """As many rows as the query says."""

    async def rows() -> AsyncIterator[Sequence[object]]:
        for number in range(int(query)):
            yield f"{site.code}-{number}", number

    return [Sheet("数", (), (Column("编号"), Column("数", Kind.NUMBER)), rows())]


MAKERS: Mapping[str, Maker] = {"numbers": Maker(READERS, numbers)}


async def asked(cast: Cast, *, by: Staff | None = None, query: str = "3", shape: Format = Format.CSV) -> UUID:
    return await asking.ask(cast.hotel, "numbers", query, shape, rows=int(query), by=by or cast.finance)


async def row(export: UUID) -> dict[str, Any]:
    found = await Export.select().where(Export.id == export).first()
    assert found is not None
    return found


async def made(makers: Mapping[str, Maker] = MAKERS) -> None:
    while await making.make_next(makers):
        pass


async def body(export: UUID) -> bytes:
    return await whole(files.pieces(export))


async def colleague(cast: Cast) -> Staff:
    """Another manager of the hotel."""
    account, roles = factories.new_account(username="hotel.manager2", surname="黄", roles=[(cast.hotel, Role.MANAGER)])
    await Account.insert(account)
    await Membership.insert(*roles)
    return factories.staff(account, (cast.hotel, Role.MANAGER))


def wanted(reason: str = "回访上月投诉的客人", **typed: object) -> Contacts:
    return Contacts.model_validate({"from": "2024-01-01", "to": "2028-12-31", "reason": reason,
                                    "format": "csv", **typed})  # fmt: skip
