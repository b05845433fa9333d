"""P36: tries are counted for all processes together, whatever headers say; P38: links come from the configured address."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from portal import clock, database, settings
from portal.errors import TooMany
from portal.security import rates
from portal.security.rates import Rate, Try
from tests import cast as actors
from tests import factories
from tests.ground import environment, processes
from tests.promises.stage import Record, Seat, Travel, seat, servers, serving
from tests.promises.ways import FILED

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
# The same numbers as by default, in windows that a slow machine does not outlast.
ON = {"PORTAL_RATE_LIMITS": "on", "PORTAL_LIMIT_SIGN_IN_ACCOUNT": "5/600", "PORTAL_LIMIT_SIGN_IN_ADDRESS": "30/600",
      "PORTAL_LIMIT_LINK_GUESSES": "20/600"}  # fmt: skip
TRIES = 40
BASE = "https://care.bay.example"
LIES: tuple[dict[str, str], ...] = (
    {}, {"x-forwarded-host": "evil.example"}, {"forwarded": "host=evil.example;proto=http"},
    {"referer": "https://evil.example/x"}, {"x-original-url": "https://evil.example/"},
)  # fmt: skip


async def test_the_limits_are_those_that_were_promised() -> None:
    limits = settings.Limits()

    assert (limits.sign_in_account, limits.sign_in_address, limits.link_guesses) == ((5, 60), (30, 60), (20, 60))


async def test_signing_in_is_limited_for_an_account_over_all_processes(figure: Record) -> None:
    await actors.enter()
    with servers(**ON) as running:
        answers = await tried([one.url for one in running], "hotel.desk")

    count = Counter(answer.status_code for answer in answers)
    assert count == {422: 5, 429: TRIES - 5}
    assert all(1 <= int(answer.headers["retry-after"]) <= 600 for answer in answers if answer.status_code == 429)
    figure(f"sign-ins taken of {TRIES} at once with a new X-Forwarded-For each, one account", count[422], "", "P36")


async def test_signing_in_is_limited_for_an_address_over_all_accounts(figure: Record) -> None:
    await actors.enter()
    with servers(**ON) as running:
        answers = await tried([one.url for one in running], "")

    count = Counter(answer.status_code for answer in answers)
    assert count == {422: 30, 429: TRIES - 30}
    figure(f"sign-ins taken of {TRIES} at once with a new X-Forwarded-For each, an account each", count[422], "", "P36")


async def test_without_counting_in_one_statement_more_get_through(
    figure: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read_then_write(_sql: str, key: str, now: datetime, weight: int, *_window: datetime) -> list[dict[str, Any]]:
        """The counting statement as one writes it who thinks of nobody else."""
        row = await Rate.select(Rate.hits).where(Rate.key == key).first()
        hits = (row["hits"] if row else 0) + weight
        await asyncio.sleep(0)
        if row:
            await Rate.update({Rate.hits: hits}).where(Rate.key == key)
        else:
            await Rate.insert(Rate(key=key, since=now, hits=hits)).on_conflict(action="DO NOTHING")
        return [{"hits": hits, "since": now}]

    limited = settings.read({**environment.surroundings("x", environment.HOME), **ON})
    monkeypatch.setattr(settings, "current", lambda: limited)

    async def passed(subject: str) -> int:
        async def one() -> bool:
            try:
                await rates.check(Try("proof", subject, (5, 60)))
            except TooMany:
                return False
            return True

        return sum(await asyncio.gather(*(database.spawn(one()) for _try in range(TRIES))))

    guarded = await passed("guarded")
    # On SQLite the one writer's turn would still guard it.
    monkeypatch.setattr(database, "retried", lambda work: work())
    monkeypatch.setattr(Rate, "raw", read_then_write)
    unguarded = await passed("unguarded")

    assert guarded == 5
    assert unguarded > 5
    figure(f"control: tries let through of {TRIES} at once where 5 may, read and then written", unguarded, "", "P36")


async def test_guessing_links_is_limited_and_a_good_link_still_works() -> None:
    cast = await actors.enter()
    filed = await factories.make_complaint(cast.hotel)
    with servers(**ON) as running:
        async with processes.visitor() as client:
            guesses = [
                await client.get(f"{running[number % len(running)].url}/c/{'x' * 20}{number}", headers=forged(number))
                for number in range(25)
            ]
            good = await client.get(f"{running[0].url}/c/{filed.token}")

    assert Counter(answer.status_code for answer in guesses) == {404: 20, 429: 5}
    assert good.status_code == 200


async def test_filing_is_limited_for_a_device(figure: Record) -> None:
    await actors.enter()
    with servers(**ON) as running:
        async with seat(running[0].url) as guest:
            there = Seat(processes.visitor(running[-1].url, cookies=guest.client.cookies), None)
            async with there.client:
                answers = [
                    await (guest, there)[number % 2].post("/s/hotel/complaints", FILED) for number in range(8)
                ]

    count = Counter(answer.status_code for answer in answers)
    assert count == {303: 5, 429: 3}
    assert all(FILED["wish"] in answer.text for answer in answers if answer.status_code == 429)
    figure("filings taken of 8 from one device, over all processes", count[303], "", "P36")


async def test_who_was_locked_out_by_another_may_try_again_soon(
    travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = settings.read({**environment.surroundings("x", environment.HOME), **ON})
    monkeypatch.setattr(settings, "current", lambda: limited)
    one = Try("sign-in.account", "hotel.desk", (5, 60))
    for _try in range(5):
        await rates.check(one)
    for _try in range(100):
        with pytest.raises(TooMany) as refused:
            await rates.check(one)
        assert refused.value.retry_after <= 60

    travel(clock.now() + timedelta(seconds=61))
    await rates.check(one)


async def test_links_are_made_from_the_configured_address_whatever_a_request_says() -> None:
    cast = await actors.enter()
    filed = await factories.make_complaint(cast.hotel)
    port = processes.free_port()
    with serving(port, PORTAL_BASE_URL=BASE, PORTAL_HOSTS=f"127.0.0.1:{port}") as running:
        async with processes.visitor(running.url, headers={"host": "care.bay.example"}) as client:
            for headers in LIES:
                page = await client.get(f"/c/{filed.token}", headers=headers)
                assert page.status_code == 200
                assert f"{BASE}/c/{filed.token}" in page.text
                assert "evil.example" not in page.text
                assert "evil.example" not in str(page.headers)
            for host in ("evil.example", "care.bay.example:81", "care.bay.example.evil.example", "127.0.0.1", ""):
                assert (await client.get("/healthz", headers={"host": host})).status_code == 400


def forged(number: int) -> dict[str, str]:
    """A request that says it comes from somewhere else each time."""
    address = f"10.0.{number // 250}.{number % 250 + 1}"
    return {"x-forwarded-for": address, "x-real-ip": address, "forwarded": f"for={address}"}


async def tried(urls: list[str], username: str) -> list[httpx.Response]:
    """So many wrong sign-ins at once, at every process in turn; each with an account of its own where none is named."""
    async with seat(urls[0]) as guest:

        async def one(number: int) -> httpx.Response:
            url, cookies = urls[number % len(urls)], guest.client.cookies
            async with processes.visitor(url, cookies=cookies, timeout=60) as client:
                fields = {"form_token": guest.token(), "username": username or f"person{number}", "password": "wrong"}
                return await client.post("/sign-in", data=fields, headers=forged(number))

        return await asyncio.gather(*(one(number) for number in range(TRIES)))

