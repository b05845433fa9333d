"""The worker: one loop that looks at the timetable, and lets no job hold up another, nor end the loop by failing."""

import asyncio
import logging
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

from portal import clock, database
from portal.jobs.timetable import TIMETABLE, Job

LOOK_EVERY = 1.0
LAST_WORDS = 0.7  # seconds that running jobs get to finish when the worker is asked to stop

log = logging.getLogger(__name__)


class Worker:
    """Runs until it is stopped. Several may run, in one process or many: jobs claim their work row by row."""

    def __init__(self, timetable: Sequence[Job] = TIMETABLE) -> None:
        self._timetable = timetable
        self._began: dict[Job, datetime] = {}
        self._running: dict[Job, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Look, begin what is due, look again a second later."""
        while not self._stopping.is_set():
            self.look()
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._stopping.wait()
            except TimeoutError:
                continue
        await self._ended()

    def stop(self) -> None:
        """Begin nothing more; `run` returns within a second."""
        self._stopping.set()

    def look(self) -> list[asyncio.Task[None]]:
        """Begin every job whose time has come and that is not running still."""
        due = [job for job in self._timetable if job not in self._running and self._is_due(job)]
        return [self._begin(job) for job in due]

    def _is_due(self, job: Job) -> bool:
        # A clock that was set back, or far ahead, makes every job due: nothing waits for an instant that was.
        began = self._began.get(job)
        return began is None or not timedelta() <= clock.now() - began < timedelta(seconds=job.every)

    def _begin(self, job: Job) -> asyncio.Task[None]:
        self._began[job] = clock.now()
        task = database.spawn(_done(job))
        self._running[job] = task
        task.add_done_callback(lambda _task: self._running.pop(job, None))
        return task

    async def _ended(self) -> None:
        if not self._running:
            return
        _finished, late = await asyncio.wait(self._running.values(), timeout=LAST_WORDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _done(job: Job) -> None:
    """Do a job; what goes wrong is logged by its kind and place, never by its words, which may hold personal data."""
    try:
        await job.work()
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s: %s at %s:%s", job.what, type(error).__name__, frame.filename, frame.lineno)
