"""What a department is asked to do, on some of the complaints that are in hand."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.demo.beats import Act, Beat
from portal.demo.scenes import Task


def drawn(beats: Sequence[Beat], tasks: Sequence[Task], *, seed: str, now: datetime) -> tuple[Beat, ...]:
    """A task soon after the plan of what is not answered yet, in every second case; some are done by now."""
    luck = random.Random(seed)  # noqa: S311  # a story, not a secret
    planned = [beat for beat in beats if beat.act is Act.PLAN]
    if not planned or any(beat.act is Act.ANSWER for beat in beats) or luck.random() < 0.5:
        return ()
    task, at = luck.choice(tasks), planned[-1].at + timedelta(minutes=luck.uniform(4, 15))
    made = [Beat(at, Act.ASK, planned[-1].by, task.words, task.department)]
    if luck.random() < 0.4:
        made.append(Beat(at + timedelta(minutes=luck.uniform(20, 90)), Act.DONE, task.department, task.done))
    return tuple(beat for beat in made if beat.at < now - timedelta(minutes=1))
