"""A month of a house: complaints of every end, so that each figure has something to count."""

from collections.abc import Callable
from datetime import datetime

from portal.domain.complaints.forms.ending import Effect, Visit
from portal.domain.complaints.forms.filing import Rating
from portal.domain.complaints.services import ending, following, handling, learning, sharing
from portal.domain.complaints.tables import Kind
from portal.domain.queues.services import clocks
from portal.domain.queues.tables import CorrectiveAction
from tests import stories
from tests.cast import Cast
from tests.stories import Case

Travel = Callable[[str | datetime], None]
DAY, DAY_AFTER, DAY_BEFORE = "2026-11-10", "2026-11-11", "2026-11-09"
# At the hotel the 10th of November begins at 04:00 in Shanghai, which is 20:00 UTC of the 9th.
BEFORE, FIRST, LAST, AFTER = "2026-11-09T19:59:59Z", "2026-11-09T20:00:00Z", "2026-11-10T15:59:59Z", "2026-11-10T20:00:00Z"
NOW = "2026-11-20T02:00:00Z"


async def at_the_edges(cast: Cast, travel: Travel) -> list[Case]:
    """Four complaints: at 03:59:59, 04:00:00 and 23:59:59 of the 10th, and at 04:00:00 of the 11th."""
    found = []
    for moment in (BEFORE, FIRST, LAST, AFTER):
        travel(moment)
        found.append(await stories.filed(cast.hotel))
    travel(NOW)
    return found


async def lived(cast: Cast, travel: Travel) -> dict[str, Case]:
    """A dozen complaints, what is no complaint, and what not everybody may open."""
    site, desk, manager = cast.hotel, cast.receptionist, cast.manager
    found: dict[str, Case] = {}
    travel("2026-11-03T02:00:00Z")
    found["answered"] = await stories.planned(site, by=desk, place="1203")
    travel("2026-11-03T05:30:20Z")
    await _answer(found["answered"], cast)
    travel("2026-11-04T02:00:00Z")
    found["closed"] = await stories.closed(site, by=desk, category="food")
    await following.rate(await found["closed"].card(), Rating(score=4), site=site)
    await ending.visit(await found["closed"].card(), Visit.model_construct(satisfied=True, comment=""), site=site, by=desk)
    found["reopened"] = await stories.rejected(site, by=desk, category="food")
    travel("2026-11-05T02:00:00Z")
    await stories.triage(found["reopened"], by=manager)
    found["handed"] = await stories.claimed(site, by=desk)
    await stories.hand_over(found["handed"], by=desk, to=cast.second)
    await stories.hand_over(found["handed"], by=cast.second, to=desk)
    found["learned"] = await stories.planned(site, by=manager, severity="severe")
    await stories.learned(found["learned"], by=manager, fen=12_000)
    action = await CorrectiveAction.objects().first()
    assert action is not None
    await learning.check_effect(
        await found["learned"].card(), action.id, Effect.model_construct(confirmed=True), site=site, by=manager
    )
    found["target"] = await stories.claimed(site, by=desk, phone="13900139000")
    found["merged"] = await stories.claimed(site, by=desk, phone="13700137000")
    await sharing.merge(await found["merged"].card(), found["target"].number, site=site, by=desk)
    travel("2026-11-06T02:00:00Z")
    found["grumble"] = await stories.filed(site, taken_by=desk, kind=Kind.GRUMBLE)
    found["enquiry"] = await stories.filed(site, kind=Kind.ENQUIRY)
    found["report"] = await stories.filed(site, kind=Kind.REPORT)
    found["about"] = await stories.filed(site, taken_by=manager, about=desk.username)
    found["about the manager"] = await stories.filed(site, taken_by=desk, about=manager.username)
    found["late"] = await stories.filed(site, kind=Kind.DISPUTE)
    found["elsewhere"] = await stories.filed(cast.tower)
    travel(NOW)
    await look()
    return found


async def look() -> None:
    """Mark what is late by now."""
    while await clocks.look_at_clocks():
        pass


async def _answer(case: Case, cast: Cast) -> None:
    """The answer comes three and a half hours after the receipt."""
    await handling.answer(await case.card(), "已为您换到 1301 房", site=case.site, by=cast.receptionist)
