"""Asking for files: one at a time, the same one found again; contacts only by two people, each step written down."""

import pytest

from portal.access_log import AccessEntry
from portal.domain.accounts.tables import Membership
from portal.domain.exports import rules
from portal.domain.exports.queries import files
from portal.domain.exports.services import asking
from portal.domain.exports.tables import Export, Stage
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from tests import stories, takeaway
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_the_same_question_is_answered_with_what_is_under_way_another_one_waits(cast: Cast) -> None:
    first = await takeaway.asked(cast)

    assert await takeaway.asked(cast) == first
    with pytest.raises(Conflict):
        await takeaway.asked(cast, query="4")
    assert await takeaway.asked(cast, by=cast.manager) != first
    assert await Export.count() == 2


async def test_after_it_is_made_the_same_question_makes_it_anew(cast: Cast) -> None:
    first = await takeaway.asked(cast)
    await takeaway.made()

    assert await takeaway.asked(cast) != first


async def test_whoever_cancels_may_ask_again_and_the_file_is_gone(cast: Cast) -> None:
    first = await takeaway.asked(cast)
    await takeaway.made()

    await asking.cancel(await files.file(cast.finance, cast.hotel, first), cast.hotel, by=cast.finance)

    assert (await takeaway.row(first))["stage"] == Stage.CANCELLED
    with pytest.raises(Conflict):
        await asking.cancel(await files.file(cast.finance, cast.hotel, first), cast.hotel, by=cast.finance)


async def test_contacts_need_a_second_person_who_never_gets_the_file(cast: Cast) -> None:
    """Promises 2.2, row 27."""
    other = await takeaway.colleague(cast)
    await stories.filed(cast.hotel)
    export = await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)
    await takeaway.made()
    assert (await takeaway.row(export))["stage"] == Stage.ASKED
    own = await files.file(cast.manager, cast.hotel, export)
    with pytest.raises(Conflict):
        await asking.decide(own, cast.hotel, approved=True, by=cast.manager)

    seen = await files.file(other, cast.hotel, export)
    await asking.decide(seen, cast.hotel, approved=True, by=other)

    assert (seen.mine, seen.reason) == (False, "回访上月投诉的客人")
    assert (await takeaway.row(export))["stage"] == Stage.WAITING
    with pytest.raises(Conflict):
        await asking.decide(seen, cast.hotel, approved=False, by=cast.admin)
    with pytest.raises(NotFound):
        await asking.cancel(seen, cast.hotel, by=other)


async def test_the_reason_is_sealed_and_every_step_stands_in_the_log_and_among_the_events(cast: Cast) -> None:
    """P40, P44."""
    await takeaway.colleague(cast)
    await stories.filed(cast.hotel)
    export = await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)
    await asking.decide(await files.file(cast.admin, cast.hotel, export), cast.hotel, approved=False, by=cast.admin)

    entries = await AccessEntry.select().where(AccessEntry.subject == export).order_by(AccessEntry.id)
    happened = await events.timeline(export)

    assert "回访" not in (await takeaway.row(export))["reason"]
    assert [(one["account"], one["field"], one["result"]) for one in entries] == [
        (cast.manager.id, "contacts", "asked"), (cast.admin.id, "contacts", "declined"),
    ]  # fmt: skip
    assert [(one.kind, one.by) for one in happened] == [
        ("export.asked", cast.manager.id), ("export.declined", cast.admin.id),
    ]  # fmt: skip


async def test_the_deciders_hear_of_it_and_then_who_asked(cast: Cast) -> None:
    other = await takeaway.colleague(cast)
    await stories.filed(cast.hotel)
    export = await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)
    await asking.decide(await files.file(other, cast.hotel, export), cast.hotel, approved=True, by=other)

    heard = {
        who.username: [one.kind for one in await events.unread(who.id, site=cast.hotel.id) if one.subject == export]
        for who in (other, cast.admin, cast.manager, cast.strange_manager, cast.receptionist)
    }

    assert heard == {
        other.username: ["export.asked"], "admin": ["export.asked"], "hotel.manager": ["export.approved"],
        "tower.manager": [], "hotel.desk": [],
    }  # fmt: skip


async def test_too_many_contacts_or_none_are_refused_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promises 2.2, row 27: 5,000 rows at most."""
    with pytest.raises(Invalid) as none:
        await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)
    monkeypatch.setattr(rules, "MOST_PERSONAL", 1)
    for _two in range(2):
        await stories.filed(cast.hotel)
    with pytest.raises(Invalid) as many:
        await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)

    assert (list(none.value.fields), list(many.value.fields)) == (["from"], ["to"])
    assert "2" in many.value.fields["to"]


async def test_where_nobody_else_could_decide_nothing_is_asked(cast: Cast) -> None:
    await stories.filed(cast.hotel)
    await Membership.delete().where(Membership.account == cast.admin.id)

    with pytest.raises(Conflict):
        await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)
