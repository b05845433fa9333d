"""P41: a contact is shown one field at a time, with a reason, after that was logged; what cannot be logged is not shown."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from litestar import Litestar

from portal import access_log, database, settings
from portal.access_log import AccessEntry
from portal.engines import Sqlite
from tests import cast as actors
from tests.ground import environment, probes
from tests.promises.stage import Record, differences, stored
from tests.promises.ways import Ways

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
PLAIN = ("138 0013 8000", "13800138000", "+8613800138000")
REFUSE = {
    "sqlite": "CREATE TRIGGER no_log BEFORE INSERT ON access_entry BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgres": "CREATE TRIGGER no_log BEFORE INSERT ON access_entry FOR EACH ROW EXECUTE FUNCTION no_log()",
}


async def test_what_cannot_be_logged_is_not_shown(app: Litestar) -> None:
    guest, path, fields = await Ways(app, await actors.enter()).unmask()
    before = await stored()

    async with no_log():
        answer = await guest.post(path, fields)

    assert answer.status_code == 500
    assert not shown(answer.text)
    assert differences(before, await stored()) == []


async def test_at_whatever_statement_it_fails_nothing_is_shown_that_was_not_logged(app: Litestar, figure: Record) -> None:
    ways, at, unlogged = Ways(app, await actors.enter()), 0, 0
    heard: list[str] = []

    while len(heard) >= at:
        at += 1
        guest, path, fields = await ways.unmask()
        logged = await AccessEntry.count()
        with probes.failing(at) as heard:
            answer = await guest.post(path, fields)
        unlogged += shown(answer.text) and await AccessEntry.count() == logged

    assert shown(answer.text)
    assert unlogged == 0
    figure("statements of an unmasking that failed in turn, and what was shown unlogged", 0, f"of {at - 1}", "P41")


async def test_without_the_log_it_would_be_shown(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_words: object, **_more: object) -> None:
        """`access_log.record` that fails and tells nobody."""

    guest, path, fields = await Ways(app, await actors.enter()).unmask()
    monkeypatch.setattr(access_log, "record", lost)
    logged = await AccessEntry.count()

    answer = await guest.post(path, fields)

    assert shown(answer.text)
    assert await AccessEntry.count() == logged


async def test_one_field_of_one_record_is_shown_and_the_auditor_sees_that(app: Litestar, figure: Record) -> None:
    cast = await actors.enter()
    ways = Ways(app, cast)
    guest, path, fields = await ways.unmask()

    began = time.monotonic()
    answer = await guest.post(path, fields)
    auditor = await ways.guest(cast.auditor)
    log = await auditor.client.get("/desk/hotel/log")
    seen = time.monotonic() - began
    again = await guest.post(path, fields)

    assert shown(answer.text)
    assert "陈静" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert fields["reason"] in log.text
    assert path.split("/")[4] in log.text
    assert not shown(log.text)
    assert again.status_code == 303
    assert seen <= 5
    figure("an unmasking stands in the auditor's log after", seen, "s", "P41")


@pytest.mark.parametrize("fields", [{"reason": ""}, {"reason": "  "}, {"field": "token"}, {"field": ""}])
async def test_without_a_reason_or_for_another_field_nothing_is_shown(app: Litestar, fields: dict[str, str]) -> None:
    guest, path, good = await Ways(app, await actors.enter()).unmask()
    before = await stored()

    answer = await guest.post(path, good | fields)

    assert answer.status_code == 422
    assert not shown(answer.text)
    assert differences(before, await stored()) == []


async def test_only_front_desk_and_manager_ever_may(app: Litestar) -> None:
    cast = await actors.enter()
    ways = Ways(app, cast)
    _guest, path, fields = await ways.unmask()

    never = ((cast.floor, 403), (cast.auditor, 403), (cast.finance, 403), (cast.admin, 403), (cast.stranger, 404))
    for staff, status in never:
        other = await ways.guest(staff)
        answer = await other.post(path, fields | {"form_token": other.token()})
        assert answer.status_code == status, staff.username
        assert not shown(answer.text)


async def test_after_thirty_in_an_hour_it_is_enough(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    limited = settings.read({**environment.surroundings("x", environment.HOME), "PORTAL_RATE_LIMITS": "on"})
    ways = Ways(app, await actors.enter())
    guest, path, fields = await ways.unmask()
    monkeypatch.setattr(settings, "current", lambda: limited)

    answers = [await guest.post(path, fields | {"form_token": guest.token()}) for _time in range(32)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 2
    assert not any(shown(answer.text) for answer in answers[30:])


def shown(text: str) -> bool:
    """Whether the phone can be read."""
    return any(number in text for number in PLAIN)


@asynccontextmanager
async def no_log() -> AsyncIterator[None]:
    """A database that takes everything but a line of the access log."""
    sqlite = isinstance(database.engine(), Sqlite)
    if not sqlite:
        await database.engine().run_ddl(
            "CREATE FUNCTION no_log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''full''; END'"
        )
    await database.engine().run_ddl(REFUSE["sqlite" if sqlite else "postgres"])
    try:
        yield
    finally:
        await database.engine().run_ddl("DROP TRIGGER no_log" + ("" if sqlite else " ON access_entry"))
        if not sqlite:
            await database.engine().run_ddl("DROP FUNCTION no_log")

