"""Making files: with the rights of the moment, taken up again where the maker died, gone when their day is over."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from portal import clock, settings
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Membership
from portal.domain.exports import rules
from portal.domain.exports.queries import files as queries
from portal.domain.exports.services import asking, files, making
from portal.domain.exports.services.making import Maker
from portal.domain.exports.tables import Export, Format, Stage
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.jobs import exports as jobs
from portal.sheets.sheet import Column, Sheet, Sheets
from tests import stories, takeaway
from tests.cast import Cast
from tests.sheets.reading import csv_rows, xlsx_rows

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("shape", list(Format))
async def test_what_was_asked_for_is_made_and_told_of(cast: Cast, shape: Format) -> None:
    export = await takeaway.asked(cast, shape=shape)

    await takeaway.made()

    row = await takeaway.row(export)
    assert (row["stage"], row["done"], row["tries"]) == (Stage.DONE, 3, 1)
    read = csv_rows if shape is Format.CSV else xlsx_rows
    assert len(read(await takeaway.body(export))) == 4


async def test_the_file_is_sealed_and_bound_to_its_export(cast: Cast) -> None:
    first, second = await takeaway.asked(cast, query="900"), await takeaway.asked(cast, by=cast.manager)
    await takeaway.made()
    folder = settings.current().files / "exports"

    assert b"HT-0" not in (folder / str(first)).read_bytes()
    (folder / str(second)).write_bytes((folder / str(first)).read_bytes())
    with pytest.raises(Exception, match=f"export:{second}"):
        await takeaway.body(second)
    (folder / str(first)).write_bytes((folder / str(first)).read_bytes()[:-40])
    with pytest.raises(Exception, match=f"export:{first}"):
        await takeaway.body(first)


async def test_who_lost_the_role_gets_nothing(cast: Cast) -> None:
    """P33: rights are asked anew when it is made."""
    export = await takeaway.asked(cast)
    await Membership.delete().where(Membership.account == cast.finance.id)

    await takeaway.made()

    assert (await takeaway.row(export))["stage"] == Stage.REFUSED
    with pytest.raises(NotFound):
        await takeaway.body(export)


async def test_who_left_the_house_gets_nothing(cast: Cast) -> None:
    """P33."""
    export = await takeaway.asked(cast)
    await stories.disabled(cast.finance)

    await takeaway.made()

    assert (await takeaway.row(export))["stage"] == Stage.REFUSED


async def test_a_run_that_died_is_taken_up_again_and_given_up_after_the_third(
    cast: Cast, travel: Callable[[object], None]
) -> None:
    async def dying(staff: Staff, site: Site, query: str) -> Sheets:
        async def rows() -> AsyncIterator[Sequence[object]]:
            yield ("1",)
            raise LookupError

        return [Sheet("x", (), (Column("x"),), rows())]

    export = await takeaway.asked(cast)
    for tries in range(1, rules.TRIES + 1):
        with pytest.raises(LookupError):
            await takeaway.made({"numbers": Maker(takeaway.READERS, dying)})
        assert (await takeaway.row(export))["tries"] == tries
        await takeaway.made()  # it is held still
        assert (await takeaway.row(export))["stage"] == Stage.RUNNING
        travel(clock.now() + rules.HELD)

    await takeaway.made()

    assert (await takeaway.row(export))["stage"] == Stage.FAILED
    assert [path.name for path in (settings.current().files / "exports").glob(f"{export}*")] == []


async def test_what_died_once_is_whole_the_second_time(cast: Cast, travel: Callable[[object], None]) -> None:
    export = await takeaway.asked(cast)
    await Export.update({Export.stage: Stage.RUNNING, Export.tries: 1, Export.held_until: clock.now()}).where(
        Export.id == export
    )
    travel(clock.now() + timedelta(seconds=1))

    await takeaway.made()

    row = await takeaway.row(export)
    assert (row["stage"], row["tries"]) == (Stage.DONE, 2)


async def test_what_was_cancelled_while_it_was_made_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "TOLD_EVERY", -1.0)

    async def cancelled(staff: Staff, site: Site, query: str) -> Sheets:
        async def rows() -> AsyncIterator[Sequence[object]]:
            yield ("1",)
            await asking.cancel(await queries.file(staff, site, export), site, by=staff)
            yield ("2",)

        return [Sheet("x", (), (Column("x"),), rows())]

    export = await takeaway.asked(cast)
    await takeaway.made({"numbers": Maker(takeaway.READERS, cancelled)})

    assert (await takeaway.row(export))["stage"] == Stage.CANCELLED
    with pytest.raises(NotFound):
        await takeaway.body(export)


async def test_who_was_too_slow_leaves_the_file_of_who_made_it_meanwhile(
    cast: Cast, travel: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "TOLD_EVERY", -1.0)

    async def slow(staff: Staff, site: Site, query: str) -> Sheets:
        async def rows() -> AsyncIterator[Sequence[object]]:
            travel(clock.now() + rules.HELD)
            await takeaway.made()
            yield ("1",)

        return [Sheet("x", (), (Column("x"),), rows())]

    export = await takeaway.asked(cast)
    await takeaway.made({"numbers": Maker(takeaway.READERS, slow)})

    assert (await takeaway.row(export))["stage"] == Stage.DONE
    assert len(csv_rows(await takeaway.body(export))) == 4


async def test_one_person_has_one_made_at_a_time(cast: Cast) -> None:
    await takeaway.asked(cast)
    export = await takeaway.asked(cast, by=cast.manager)
    await Export.update({
        Export.stage: Stage.RUNNING, Export.held_until: clock.now() + rules.HELD, Export.person: cast.manager.id,
        Export.personal: True,
    }).where(Export.person == cast.finance.id)  # fmt: skip

    await takeaway.made()

    assert (await takeaway.row(export))["stage"] == Stage.WAITING


async def test_a_file_is_gone_after_its_day(cast: Cast, travel: Callable[[object], None]) -> None:
    """P29: 24 hours after it was made."""
    export = await takeaway.asked(cast)
    await takeaway.made()
    travel(clock.now() + rules.LIFE - timedelta(minutes=1))
    await making.expire()
    assert (await queries.file(cast.finance, cast.hotel, export)).ready

    travel(clock.now() + timedelta(minutes=1))
    before = await queries.file(cast.finance, cast.hotel, export)
    await making.expire()

    assert (before.stage, before.ready) == (Stage.EXPIRED, False)
    assert (await takeaway.row(export))["stage"] == Stage.EXPIRED
    with pytest.raises(NotFound):
        await takeaway.body(export)


async def test_a_file_that_is_made_while_its_day_is_called_over_stays(
    cast: Cast, travel: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found to be over may be made in this moment: whoever did not end it leaves its file alone."""
    export = await takeaway.asked(cast)
    travel(clock.now() + rules.LIFE + timedelta(minutes=1))
    asked = sites.site_by_id

    async def made_meanwhile(site: UUID) -> Site:
        monkeypatch.setattr(sites, "site_by_id", asked)
        await takeaway.made()
        return await asked(site)

    monkeypatch.setattr(sites, "site_by_id", made_meanwhile)
    await making.expire()

    assert (await takeaway.row(export))["stage"] == Stage.DONE
    assert await takeaway.body(export)


async def test_what_nobody_decided_about_is_over_after_a_day(cast: Cast, travel: Callable[[object], None]) -> None:
    await stories.filed(cast.hotel)
    export = await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)

    travel(clock.now() + rules.LIFE)
    await making.expire()

    assert (await takeaway.row(export))["stage"] == Stage.EXPIRED


async def test_files_that_no_row_names_are_swept(cast: Cast, travel: Callable[[object], None]) -> None:
    export = await takeaway.asked(cast)
    await takeaway.made()
    await Export.delete().where(Export.id == export)
    travel(clock.now() + timedelta(hours=1))

    await making.expire()

    assert export not in files.older(clock.now())


async def test_contacts_are_in_full_and_nothing_confidential_is_among_them(cast: Cast) -> None:
    """Promises 2.2, row 27."""
    other = await takeaway.colleague(cast)
    case = await stories.filed(cast.hotel)
    secret = await stories.filed(cast.hotel, kind="report", name="举报人", phone="13900139000")
    await stories.filed(cast.tower, name="隔壁", phone="13700137000", category="service")
    export = await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)
    await asking.decide(await queries.file(other, cast.hotel, export), cast.hotel, approved=True, by=other)

    await takeaway.made(jobs.MAKERS)

    _range, _zone, _made, head, *rows = csv_rows(await takeaway.body(export))
    assert [(row[0], row[7], row[8]) for row in rows] == [(case.number, stories.NAME, "138 0013 8000")]
    assert len(head) == len(rows[0])
    text = (await takeaway.body(export)).decode()
    assert [word for word in (secret.number, "举报人", "隔壁", stories.BODY) if word in text] == []
