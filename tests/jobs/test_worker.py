"""The worker: looks often, lets no job hold up another, survives what goes wrong, and ends when asked."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.errors import Unavailable
from portal.jobs import worker
from portal.jobs.timetable import TIMETABLE, Job
from portal.jobs.worker import Worker


class Bell:
    """Work that counts how often it was done."""

    def __init__(self, *, fails: type[Exception] | None = None, lasts: float = 0) -> None:
        self.rung, self.fails, self.lasts = 0, fails, lasts

    async def ring(self) -> None:
        self.rung += 1
        await asyncio.sleep(self.lasts)
        if self.fails:
            raise self.fails("陈先生 13800138000")


async def finished(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


async def test_what_is_due_is_done_and_not_again_before_its_time(travel: Callable[[object], None]) -> None:
    bell, now = Bell(), clock.now()
    begun = Worker([Job("ring", 60, bell.ring)])

    await finished(begun.look())
    travel(now + timedelta(seconds=55))
    await finished(begun.look())
    assert bell.rung == 1

    travel(now + timedelta(seconds=61))
    await finished(begun.look())
    assert bell.rung == 2


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(hours=-1)])
async def test_a_clock_that_is_moved_makes_everything_due(travel: Callable[[object], None], jump: timedelta) -> None:
    bell = Bell()
    begun = Worker([Job("ring", 3600, bell.ring)])
    await finished(begun.look())

    travel(clock.now() + jump)
    await finished(begun.look())

    assert bell.rung == 2


async def test_a_job_that_fails_is_logged_without_its_words_and_done_again(
    travel: Callable[[object], None], caplog: pytest.LogCaptureFixture
) -> None:
    bad, good, now = Bell(fails=Unavailable), Bell(), clock.now()
    begun = Worker([Job("bad", 1, bad.ring), Job("good", 1, good.ring)])

    with caplog.at_level(logging.ERROR):
        await finished(begun.look())
        travel(now + timedelta(seconds=2))
        await finished(begun.look())

    assert (bad.rung, good.rung) == (2, 2)
    assert "bad: Unavailable" in caplog.text
    assert "13800138000" not in caplog.text


async def test_a_slow_job_holds_nothing_up_and_never_overlaps_itself(travel: Callable[[object], None]) -> None:
    slow, quick, now = Bell(lasts=0.2), Bell(), clock.now()
    begun = Worker([Job("slow", 1, slow.ring), Job("quick", 1, quick.ring)])

    first = begun.look()
    travel(now + timedelta(seconds=5))
    second = begun.look()
    await finished(first + second)

    assert (slow.rung, quick.rung) == (1, 1) or (slow.rung, quick.rung) == (1, 2)


async def test_it_ends_within_a_second_even_in_the_middle_of_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LAST_WORDS", 0.2)
    bell = Bell(lasts=30)
    begun = Worker([Job("endless", 1, bell.ring)])
    running = asyncio.create_task(begun.run())
    await asyncio.sleep(0.05)

    asked = time.monotonic()
    begun.stop()
    await running

    assert bell.rung == 1
    assert time.monotonic() - asked < 1


async def test_it_looks_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.01)
    bell = Bell()
    begun = Worker([Job("ring", 0, bell.ring)])
    running = asyncio.create_task(begun.run())
    await asyncio.sleep(0.2)
    begun.stop()
    await running

    assert bell.rung > 5


def test_the_timetable_names_each_job_once() -> None:
    names = [job.what for job in TIMETABLE]

    assert len(set(names)) == len(names)
    assert all(job.every > 0 for job in TIMETABLE)


@pytest.mark.usefixtures("db")
async def test_every_job_of_the_timetable_runs_on_an_empty_database() -> None:
    for job in TIMETABLE:
        await job.work()
