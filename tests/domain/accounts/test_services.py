"""Accounts are made whole or not at all; signing in begins a session, and much ends it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal import access_log, clock
from portal.domain.accounts import queries, services
from portal.domain.accounts.tables import Account, Membership, Role, Session
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def make(cast: Cast, **told: Any) -> Account:
    plain = {
        "username": "new.person",
        "name": "新人",
        "surname": "新",
        "password": "long enough",
        "roles": [(cast.hotel, Role.DESK)],
    }
    return await services.create(**plain | told)


async def enter(username: str, password: str = factories.PASSWORD) -> str | None:
    return await services.sign_in(username, password, ended=None, address="10.0.0.1")


async def test_a_new_account_signs_in_with_its_password_and_has_its_role(cast: Cast) -> None:
    account = await make(cast)

    token = await enter("new.person", "long enough")
    person = await queries.signed_in(token or "")

    assert person is not None
    assert person.roles_at(cast.hotel) == {Role.DESK}
    assert [one.kind for one in await events.timeline(account.id)] == ["account.created"]
    assert "long enough" not in account.password_hash


async def test_an_address_for_notices_is_sealed(cast: Cast) -> None:
    """P40."""
    account = await make(cast, email="New@Bay.example")
    row = await Account.select(Account.email).where(Account.id == account.id).first()

    assert row is not None and "bay" not in row["email"].lower()
    assert (await queries.mailboxes([account.id]))[account.id].email == "new@bay.example"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"username": "x"}, "username"),
        ({"username": "Ünï"}, "username"),
        ({"username": "hotel.desk"}, "username"),
        ({"username": " HOTEL.desk "}, "username"),
        ({"password": "short"}, "password"),
        ({"email": "nobody"}, "email"),
    ],
)
async def test_what_cannot_be_an_account_is_refused_at_its_field(cast: Cast, told: dict[str, str], field: str) -> None:
    before = await Account.count()

    with pytest.raises(Invalid) as refused:
        await make(cast, **told)

    assert list(refused.value.fields) == [field]
    assert await Account.count() == before


@pytest.mark.parametrize(("at_site", "role", "more"), [
    (True, Role.ADMIN, []), (False, Role.DESK, []), (True, Role.AUDITOR, [Role.DESK]), (True, Role.DESK, [Role.AUDITOR]),
])  # fmt: skip
async def test_roles_that_may_not_be_together_or_not_there_are_refused(
    cast: Cast, at_site: bool, role: Role, more: list[Role]
) -> None:
    """Table 2.2: combining AD or AU with any other role is refused."""
    roles = [(cast.hotel if at_site else None, role), *((cast.hotel, one) for one in more)]

    with pytest.raises(Invalid) as refused:
        await make(cast, roles=roles)

    assert list(refused.value.fields) == ["roles"]
    assert await Membership.count().where(Membership.role == Role.ADMIN) == 1


@pytest.mark.parametrize(("username", "password"), [("nobody", factories.PASSWORD), ("hotel.desk", "wrong"), ("", "")])
async def test_an_unknown_name_and_a_wrong_password_are_both_nothing(cast: Cast, username: str, password: str) -> None:
    assert await enter(username, password) is None
    assert await Session.count() == 0


async def test_a_disabled_account_does_not_sign_in(cast: Cast) -> None:
    await services.disable("hotel.desk", site=cast.hotel, by=cast.admin)

    assert await enter("hotel.desk") is None


async def test_a_name_is_known_however_its_letters_are_written(cast: Cast) -> None:
    assert await enter(" Hotel.DESK ") is not None


async def test_every_sign_in_and_every_refused_one_is_on_record(cast: Cast) -> None:
    await enter("hotel.desk", "wrong")
    await enter("hotel.desk")
    await enter("nobody")

    rows, _after = await access_log.entries(cast.hotel.id, configuration=True)
    assert [(row["action"], row["account"], row["result"], row["address"]) for row in reversed(rows)] == [
        ("sign-in", cast.receptionist.id, "refused", "10.0.0.1"),
        ("sign-in", cast.receptionist.id, "done", "10.0.0.1"),
        ("sign-in", None, "refused", "10.0.0.1"),
    ]


async def test_a_session_is_new_each_time_and_ends_the_one_before(cast: Cast) -> None:
    """P34: a new id at sign-in."""
    first = await enter("hotel.desk") or ""
    person = await queries.signed_in(first)
    assert person is not None

    second = await services.sign_in("hotel.desk", factories.PASSWORD, ended=person.session, address="")

    assert second != first
    assert await queries.signed_in(first) is None
    assert await queries.signed_in(second or "") is not None


async def test_the_cookie_stands_in_no_row(cast: Cast) -> None:
    token = await enter("hotel.desk")

    assert token is not None
    assert token not in str(await Session.select())
    assert len(token) >= 22  # 128 bit


async def test_signing_out_ends_the_session(cast: Cast) -> None:
    token = await enter("hotel.desk") or ""
    person = await queries.signed_in(token)
    assert person is not None

    await services.sign_out(person.session)

    assert await queries.signed_in(token) is None


async def test_whoever_is_disabled_is_out_on_every_browser_and_may_come_back(cast: Cast) -> None:
    """P33."""
    tokens = [await enter("hotel.desk") or "" for _browser in range(2)]

    await services.disable("hotel.desk", site=cast.hotel, by=cast.admin)
    assert [await queries.signed_in(token) for token in tokens] == [None, None]

    await services.enable("hotel.desk", site=cast.hotel, by=cast.admin)
    assert [await queries.signed_in(token) for token in tokens] == [None, None]
    assert await enter("hotel.desk") is not None
    assert [one.kind for one in await events.timeline(cast.receptionist.id)] == ["account.disabled", "account.enabled"]


async def test_nobody_is_disabled_twice_or_by_himself(cast: Cast) -> None:
    await services.disable("hotel.desk", site=cast.hotel, by=cast.admin)

    with pytest.raises(Conflict):
        await services.disable("hotel.desk", site=cast.hotel, by=cast.admin)
    with pytest.raises(Conflict):
        await services.disable("hotel.manager", site=cast.hotel, by=cast.manager)


@pytest.mark.parametrize("username", ["tower.desk", "nobody", "admin"])
async def test_who_does_not_work_here_is_not_found_here(cast: Cast, username: str) -> None:
    """P32."""
    with pytest.raises(NotFound):
        await services.disable(username, site=cast.hotel, by=cast.admin)
    with pytest.raises(NotFound):
        await services.enable(username, site=cast.hotel, by=cast.admin)


async def test_use_is_written_down_at_most_every_half_minute(cast: Cast, travel: Travel) -> None:
    token, start = await enter("hotel.desk") or "", clock.now()

    for seconds in (10, 20, 40):
        travel(start + timedelta(seconds=seconds))
        person = await queries.signed_in(token)
        assert person is not None
        await services.was_seen(person)

    row = await Session.select(Session.seen_at).first()
    assert row is not None
    assert timedelta(seconds=39) < row["seen_at"] - start < timedelta(seconds=45)


async def test_sessions_long_over_are_forgotten(cast: Cast, travel: Travel) -> None:
    await enter("hotel.desk")
    travel(clock.now() + timedelta(hours=25))
    await enter("hotel.desk2")

    await services.forget_old()

    assert await Session.count() == 1


async def weighed(cast: Cast, **typed: str) -> services.NewPassword:
    plain = {"current": factories.PASSWORD, "new": "quite another one", "again": "quite another one"}
    return await services.weigh_password(cast.receptionist, **plain | typed)


async def test_a_changed_password_is_the_only_one_that_opens(cast: Cast) -> None:
    await services.change_password(cast.receptionist, await weighed(cast))

    assert await enter("hotel.desk") is None
    assert await enter("hotel.desk", "quite another one") is not None
    happened = await events.timeline(cast.receptionist.id)
    assert [(one.kind, one.by, one.particulars) for one in happened] == [
        ("account.password-changed", cast.receptionist.id, {})
    ]


@pytest.mark.parametrize(("typed", "fields"), [
    ({"current": "wrong"}, ["current"]), ({"current": ""}, ["current"]),
    ({"current": f" {factories.PASSWORD}"}, ["current"]),
    ({"new": "too short", "again": "too short"}, ["new"]), ({"again": "quite another two"}, ["again"]),
    ({"current": "wrong", "new": ""}, ["current", "new"]), ({"current": "wrong", "again": ""}, ["current", "again"]),
])  # fmt: skip
async def test_a_change_that_cannot_be_is_told_at_every_field(cast: Cast, typed: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        await weighed(cast, **typed)

    assert list(refused.value.fields) == fields


async def test_of_two_changes_at_once_the_second_is_told_so(cast: Cast) -> None:
    """P06: what the operator sets is not overwritten by who knew the old password."""
    late = await weighed(cast)
    await services.set_password("hotel.desk", "from the operator")

    with pytest.raises(Conflict):
        await services.change_password(cast.receptionist, late)

    assert await enter("hotel.desk", "from the operator") is not None


async def test_the_operator_sets_a_password_and_all_sessions_end(cast: Cast) -> None:
    tokens = [await enter("hotel.desk") or "" for _browser in range(2)]
    stranger = await enter("tower.desk") or ""

    await services.set_password(" Hotel.Desk ", "from the operator")

    assert [await queries.signed_in(token) for token in tokens] == [None, None]
    assert await queries.signed_in(stranger) is not None
    (event,) = await events.timeline(cast.receptionist.id)
    assert (event.kind, event.by) == ("account.password-changed", None)
    with pytest.raises(Invalid):
        await services.set_password("hotel.desk", "short")
    with pytest.raises(NotFound):
        await services.set_password("nobody", "from the operator")


async def test_the_operator_disables_anybody_but_the_last_administrator(cast: Cast) -> None:
    second = await factories.make_account(username="second", roles=[(None, Role.ADMIN)])
    token = await enter("owner") or ""

    await services.disable("owner", site=None, by=None)
    assert await queries.signed_in(token) is None
    await services.disable("second", site=None, by=None)
    with pytest.raises(Conflict):
        await services.disable("admin", site=None, by=None)
    assert await enter("admin") is not None

    await services.enable("second", site=None, by=None)
    await services.disable("admin", site=None, by=None)
    assert [one.kind for one in await events.timeline(second.id)] == ["account.disabled", "account.enabled"]


async def test_who_may_sign_in_is_not_enabled_again(cast: Cast) -> None:
    with pytest.raises(Conflict):
        await services.enable("owner", site=None, by=None)

    assert await events.timeline(cast.owner.id) == []
