"""What is learned: a cause of the site's list, an action with an owner and a day, and once whether it helped."""

from datetime import date

import pytest

from portal import ids
from portal.domain.complaints.forms.ending import Action, Effect
from portal.domain.complaints.forms.settings import NewCause
from portal.domain.complaints.queries import ending as endings
from portal.domain.complaints.queries import learning as queries
from portal.domain.complaints.queries.ending import Ending
from portal.domain.complaints.rules.learning import CAUSES
from portal.domain.complaints.services import handling, learning
from portal.domain.queues.queries import items
from portal.domain.queues.tables import CorrectiveAction
from portal.errors import Conflict, NotFound
from portal.events import queries as events
from portal.i18n import translations
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
YES = Effect.model_validate({"confirmed": "yes", "note": "两周没有再滴水"})


async def end(case: stories.Case, cast: Cast) -> Ending:
    return await endings.for_staff(await case.card(), cast.hotel, roles=cast.manager.roles_at(cast.hotel))


async def test_cause_action_owner_day_and_effect_are_kept(cast: Cast) -> None:
    """CMP-34."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist)
    (action,) = (await end(case, cast)).actions
    assert (action.body, action.owner, action.effect) == ("每周检查冷凝管", cast.receptionist.name, None)

    await learning.check_effect(await case.card(), action.id, YES, site=cast.hotel, by=cast.manager)

    with translations.use("en"):
        found = await end(case, cast)
    assert (found.cause, found.cause_name) == ("equipment", "Equipment or facilities")
    assert (found.actions[0].effect, found.actions[0].checked_by) == (True, cast.manager.name)
    assert found.actions[0].checked_at is not None
    assert "冷凝管" not in str(await CorrectiveAction.select())


async def test_who_does_it_is_told(cast: Cast) -> None:
    """CMP-34: opinions go to the departments."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist)

    assert "complaint.action-planned" in [
        one.kind for one in await events.unread(cast.receptionist.id, site=cast.hotel.id)
    ]


async def test_the_effect_is_said_once_and_of_its_own_complaint(cast: Cast) -> None:
    """CMP-34, P32."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    other = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist)
    (action,) = (await end(case, cast)).actions
    for wrong in (action.id, ids.new_id()):
        with pytest.raises(NotFound):
            await learning.check_effect(await other.card(), wrong, YES, site=cast.hotel, by=cast.manager)

    await learning.check_effect(await case.card(), action.id, YES, site=cast.hotel, by=cast.manager)

    with pytest.raises(Conflict):
        await learning.check_effect(await case.card(), action.id, YES, site=cast.hotel, by=cast.manager)


async def test_a_severe_one_is_not_closed_before_something_is_learned(cast: Cast) -> None:
    """CMP-34: cause, action and a compensation that may be 0; all that is missing is said."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist, severity="severe")
    with translations.use("en"):
        assert (await end(case, cast)).missing == ["the cause", "a corrective action", "an approved compensation (0 is one)"]
    with pytest.raises(Conflict):
        await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)
    assert (await case.card()).state == "answered"

    await stories.learned(case, by=cast.receptionist, fen=90_000)
    with pytest.raises(Conflict):
        await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)  # waits for its approval
    other = await stories.accepted(cast.hotel, by=cast.receptionist, severity="severe")
    await stories.learned(other, by=cast.receptionist)

    await handling.close(await other.card(), site=cast.hotel, by=cast.receptionist)

    assert (await other.card()).state == "closed"


async def test_every_site_begins_with_the_usual_causes(cast: Cast) -> None:
    """CMP-34."""
    assert [one.code for one in await queries.causes(cast.hotel.id)] == [code for code, _zh, _en in CAUSES]


async def test_a_site_renames_adds_and_stops_offering_for_itself_alone(cast: Cast) -> None:
    """P32."""
    usual = await queries.causes(cast.tower.id)
    for code, name in (("staff", "员工"), ("lift", "电梯")):
        await learning.write_cause(cast.hotel, NewCause(code=code, name_zh=name, name_en=name), by=cast.manager)
    await learning.retire(cast.hotel, "delay", by=cast.manager)

    here = {one.code: one.name_zh for one in await queries.causes(cast.hotel.id)}
    assert (here["staff"], here["lift"], "delay" in here) == ("员工", "电梯", False)
    assert list(here)[-1] == "other"
    assert await queries.causes(cast.tower.id) == usual

    await learning.bring_back(cast.hotel, "delay", by=cast.manager)
    assert "delay" in [one.code for one in await queries.causes(cast.hotel.id)]


async def test_a_retired_cause_stays_retired_when_it_is_renamed_and_stays_where_it_was_found(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await learning.name_cause(await case.card(), "delay", site=cast.hotel, by=cast.receptionist)
    await learning.retire(cast.hotel, "delay", by=cast.manager)
    await learning.write_cause(cast.hotel, NewCause(code="delay", name_zh="太慢", name_en="Slow"), by=cast.manager)

    assert "delay" not in [one.code for one in await queries.causes(cast.hotel.id)]
    with translations.use("en"):
        assert (await end(case, cast)).cause_name == "Slow"


async def test_the_last_cause_stays_and_an_unknown_one_is_not_there(cast: Cast) -> None:
    with pytest.raises(Conflict):
        await learning.retire(cast.hotel, "other", by=cast.manager)
    with pytest.raises(NotFound):
        await learning.retire(cast.hotel, "nothing", by=cast.manager)


async def test_whoever_is_to_do_something_about_the_cause_finds_the_item_until_it_is_checked(cast: Cast) -> None:
    """CMP-34: also where it is another unit's."""
    case = await stories.planned(cast.hotel, by=cast.receptionist, category="food")
    with pytest.raises(NotFound):
        await items.item(cast.floor, cast.hotel, case.number)
    form = Action.model_validate({"body": "每周查", "owner": cast.floor.username, "due_on": "2030-01-01"},
                                 context={"today": date(2026, 11, 22)})  # fmt: skip

    await learning.plan_action(await case.card(), form, site=cast.hotel, by=cast.receptionist)

    assert (await items.item(cast.floor, cast.hotel, case.number)).id == case.id
    (action,) = await CorrectiveAction.select()
    await learning.check_effect(await case.card(), action["id"], Effect.model_validate({"confirmed": "yes"}),
                                site=cast.hotel, by=cast.receptionist)  # fmt: skip
    with pytest.raises(NotFound):
        await items.item(cast.floor, cast.hotel, case.number)
