"""Who is signed in, with which rights, for how long; and who works at a site."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, ids
from portal.domain.accounts import queries, services
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Role, Session
from portal.domain.sites.tables import Site
from tests import factories
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def begun(staff: Staff) -> str:
    """A session that begins now; its token."""
    token, now = ids.new_token(), clock.now()
    await Session.insert(
        Session(id=ids.new_id(), token_hash=ids.token_hash(token), account=staff.id, created_at=now, seen_at=now)
    )
    return token


async def test_the_sites_of_who_is_signed_in_come_with_what_their_calendars_are_known_by(cast: Cast) -> None:
    await Site.update({Site.edition: 7, Site.holidays: "CN"}).where(Site.id == cast.hotel.id)

    person = await queries.signed_in(await begun(cast.manager))

    assert person is not None
    assert [(site.edition, site.holidays) for site in person.sites] == [(7, "CN")]


async def test_who_is_signed_in_comes_with_all_rights_in_one_question(cast: Cast) -> None:
    token = await begun(cast.receptionist)

    with statements() as asked:
        person = await queries.signed_in(token)

    assert person is not None
    assert (person.username, set(person.roles_at(cast.hotel)), set(person.roles_at(cast.tower))) == (
        "hotel.desk",
        {Role.DESK},
        set(),
    )
    assert [site.slug for site in person.sites] == ["hotel"]
    assert len(asked) == 1


async def test_an_administrator_and_an_owner_have_to_do_with_every_site(cast: Cast) -> None:
    admin, owner = await queries.signed_in(await begun(cast.admin)), await queries.signed_in(await begun(cast.owner))

    assert admin is not None
    assert owner is not None
    assert [site.slug for site in admin.sites] == ["hotel", "tower"]
    assert admin.roles_at(cast.tower) == {Role.ADMIN}
    assert owner.sites == admin.sites
    assert owner.roles_at(cast.tower) == {Role.OWNER}


async def test_a_person_with_roles_at_two_sites_has_each_at_its_own(cast: Cast) -> None:
    both = await factories.make_staff((cast.hotel, Role.DESK), (cast.hotel, Role.FLOOR), (cast.tower, Role.MANAGER))

    person = await queries.signed_in(await begun(both))

    assert person is not None
    assert person.roles_at(cast.hotel) == {Role.DESK, Role.FLOOR}
    assert person.roles_at(cast.tower) == {Role.MANAGER}


@pytest.mark.parametrize("token", ["", "x", "attackerchosen"])
async def test_a_cookie_of_nobodys_making_is_nobody(cast: Cast, token: str) -> None:
    """P34."""
    assert await queries.signed_in(token) is None


async def test_who_sits_idle_for_a_quarter_of_an_hour_is_signed_out(cast: Cast, travel: Travel) -> None:
    """P34."""
    token, now = await begun(cast.receptionist), clock.now()
    travel(now + timedelta(minutes=14, seconds=50))
    assert await queries.signed_in(token) is not None

    travel(now + timedelta(minutes=15, seconds=10))
    assert await queries.signed_in(token) is None


async def test_the_strictest_of_ones_sites_decides_how_long(cast: Cast, travel: Travel) -> None:
    await Site.update({Site.choices: '{"session.idle_minutes": 5}'}).where(Site.id == cast.tower.id)
    both = await factories.make_staff((cast.hotel, Role.DESK), (cast.tower, Role.DESK))
    token, now = await begun(both), clock.now()

    travel(now + timedelta(minutes=6))

    assert await queries.signed_in(token) is None


async def test_twelve_hours_are_the_end_however_busy_one_is(cast: Cast, travel: Travel) -> None:
    """P34."""
    token, start = await begun(cast.receptionist), clock.now()
    for quarter in range(1, 72):
        travel(start + timedelta(minutes=10 * quarter))
        person = await queries.signed_in(token)
        assert person is not None
        await services.was_seen(person)

    travel(start + timedelta(hours=12, minutes=1))
    assert await queries.signed_in(token) is None


async def test_who_is_disabled_is_out_at_the_next_question(cast: Cast) -> None:
    """P33."""
    token = await begun(cast.receptionist)
    await Account.update({Account.disabled_at: clock.now()}).where(Account.id == cast.receptionist.id)

    assert await queries.signed_in(token) is None


async def test_the_staff_of_a_site_with_all_their_roles(cast: Cast) -> None:
    await factories.make_staff((cast.hotel, Role.DESK), (cast.hotel, Role.FLOOR), username="hotel.both")
    await begun(cast.guard)

    staff = {one.username: one for one in await queries.staff_of(cast.hotel)}

    assert sorted(staff) == [
        "hotel.auditor",
        "hotel.both",
        "hotel.desk",
        "hotel.desk2",
        "hotel.finance",
        "hotel.floor",
        "hotel.guard",
        "hotel.kitchen",
        "hotel.manager",
        "hotel.sales",
    ]
    assert set(staff["hotel.both"].roles) == {Role.DESK, Role.FLOOR}
    assert (staff["hotel.guard"].last_seen is None, staff["hotel.desk"].last_seen is None) == (False, True)


async def test_only_who_may_sign_in_has_a_role_to_be_told_by(cast: Cast) -> None:
    assert await queries.with_role(cast.hotel.id, Role.MANAGER) == [cast.manager.id]
    await Account.update({Account.disabled_at: clock.now()}).where(Account.id == cast.manager.id)

    assert await queries.with_role(cast.hotel.id, Role.MANAGER) == []
