"""Sites are made whole, and decide their settings between bounds, one at a time, leaving an event."""

import json
from datetime import date, timedelta
from uuid import UUID

import pytest

from portal import clock
from portal.domain.sites import queries, services
from portal.domain.sites.forms import WEEKDAYS, NewCategory, NewPlace, OwnDays, Week
from portal.domain.sites.rules import calendar, holidays
from portal.domain.sites.rules import settings as rules
from portal.domain.sites.services import Written
from portal.domain.sites.tables import PlaceKind, Site, SiteKind, SpecialDay
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def happened(subject: UUID) -> list[tuple[str, dict[str, object]]]:
    """The events of a site, with what they say."""
    return [(one.kind, one.particulars) for one in await events.timeline(subject)]


def week(**typed: str) -> Week:
    """Opening times as somebody types them."""
    return Week.model_validate(typed)


async def test_a_new_site_can_take_complaints_at_once() -> None:
    site = await services.create(slug="spa", code="SP", kind=SiteKind.HOTEL, name_zh="水疗", name_en="Spa")

    assert [one.code for one in await queries.categories(site.id)] == ["other"]
    assert await happened(site.id) == [("site.created", {})]


@pytest.mark.parametrize(
    ("slug", "code", "field"),
    [("Spa", "SP", "slug"), ("-spa", "SP", "slug"), ("spa", "sp", "code"), ("spa", "SPA", "code"),
     ("hotel", "SP", "slug"), ("spa", "HT", "slug"), ("password", "SP", "slug"), ("alive", "SP", "slug")],
)  # fmt: skip
async def test_a_name_or_code_that_cannot_be_is_refused(cast: Cast, slug: str, code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await services.create(slug=slug, code=code, kind=SiteKind.HOTEL, name_zh="水疗", name_en="Spa")

    assert list(refused.value.fields) == [field]


async def test_a_place_is_written_in_capitals(cast: Cast) -> None:
    place = await services.add_place(cast.hotel, code="a12", kind=PlaceKind.TABLE, name_zh="A12", name_en="A12")

    assert place.code == "A12"


async def test_a_setting_is_decided_and_recorded_by_its_name(cast: Cast) -> None:
    await services.decide(cast.hotel, {"complaint.resolve_hours": "48"}, by=cast.manager, may_all=False)

    site = await queries.site("hotel")
    assert rules.figure(site, "complaint.resolve_hours") == 48
    assert await happened(site.id) == [("site.settings-changed", {"settings": ["complaint.resolve_hours"]})]


async def test_deciding_the_default_forgets_the_choice(cast: Cast) -> None:
    await services.decide(cast.hotel, {"complaint.resolve_hours": "48"}, by=cast.manager, may_all=False)
    await services.decide(await queries.site("hotel"), {"complaint.resolve_hours": "72"}, by=cast.manager, may_all=False)

    assert rules.chosen(await queries.site("hotel")) == {}


async def test_deciding_nothing_new_leaves_no_event(cast: Cast) -> None:
    await services.decide(cast.hotel, {"complaint.resolve_hours": "72"}, by=cast.manager, may_all=False)

    assert await happened(cast.hotel.id) == []


@pytest.mark.parametrize("typed", ["", "0", "2161", "-1", "1.5", "三", "１２", "12h"])
async def test_a_figure_out_of_bounds_is_refused_at_its_field_and_nothing_changes(cast: Cast, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        await services.decide(
            cast.hotel, {"complaint.resolve_hours": typed, "complaint.silence_days": "3"}, by=cast.manager, may_all=False
        )

    assert list(refused.value.fields) == ["complaint.resolve_hours"]
    assert rules.chosen(await queries.site("hotel")) == {}


@pytest.mark.parametrize("typed", ["1", "2160"])
async def test_the_bounds_themselves_are_taken(cast: Cast, typed: str) -> None:
    await services.decide(cast.hotel, {"complaint.resolve_hours": typed}, by=cast.manager, may_all=False)

    assert rules.figure(await queries.site("hotel"), "complaint.resolve_hours") == int(typed)


async def test_retention_is_changed_by_who_may_all_and_by_nobody_else(cast: Cast) -> None:
    await services.decide(cast.hotel, {"complaint.retention_days": "90"}, by=cast.manager, may_all=False)
    assert rules.figure(await queries.site("hotel"), "complaint.retention_days") == 180

    await services.decide(cast.hotel, {"complaint.retention_days": "90"}, by=cast.admin, may_all=True)
    assert rules.figure(await queries.site("hotel"), "complaint.retention_days") == 90


async def test_who_decides_on_an_old_page_is_told_so_and_overwrites_nothing(cast: Cast) -> None:
    """P06."""
    await services.decide(cast.hotel, {"complaint.resolve_hours": "48"}, by=cast.manager, may_all=False)

    with pytest.raises(Conflict):
        await services.decide(cast.hotel, {"complaint.resolve_hours": "24"}, by=cast.admin, may_all=True)

    site = await Site.select(Site.choices).where(Site.id == cast.hotel.id).first()
    assert site is not None
    assert json.loads(site["choices"]) == {"complaint.resolve_hours": 48}


async def test_a_category_changes_its_unit_at_this_site_alone(cast: Cast) -> None:
    await services.assign_units(cast.hotel, {"service": "floor"}, by=cast.manager)

    assert {one.code: one.unit for one in await queries.categories(cast.hotel.id)} == {
        "food": "kitchen", "other": "desk", "room": "floor", "service": "floor",
    }  # fmt: skip
    assert {one.code: one.unit for one in await queries.categories(cast.tower.id)} == {"other": "desk", "service": "desk"}
    assert await happened(cast.hotel.id) == [("site.units-changed", {"categories": ["service"]})]


async def test_units_that_stay_as_they_are_leave_no_event(cast: Cast) -> None:
    await services.assign_units(cast.hotel, {"service": "desk", "room": "floor"}, by=cast.manager)

    assert await happened(cast.hotel.id) == []


async def written(cast: Cast, *places: NewPlace, kind: PlaceKind = PlaceKind.ROOM) -> Written:
    return await services.write_places(cast.hotel, list(places), kind=kind, by=cast.manager)


async def test_many_places_are_one_deed(cast: Cast) -> None:
    done = await written(cast, NewPlace("1302", "海景房", "Sea view"), NewPlace("1301", "山景房", ""))

    assert done == Written(added=2, changed=0)
    assert [one.code for one in await queries.places(cast.hotel.id)] == ["1203", "1204", "1301", "1302"]
    assert await happened(cast.hotel.id) == [("site.places-changed", {"added": ["1301", "1302"], "changed": []})]


async def test_a_place_that_is_there_gets_its_new_names_and_stays_the_same_place(cast: Cast) -> None:
    done = await written(cast, NewPlace("1203", "海景房", "Sea view"), kind=PlaceKind.AREA)

    place = await queries.place(cast.hotel.id, "1203")
    assert place is not None
    assert (place.id, place.kind, place.name_zh, place.name_en) == (cast.places["1203"].id, "area", "海景房", "Sea view")
    assert done == Written(added=0, changed=1)
    assert await happened(cast.hotel.id) == [("site.places-changed", {"added": [], "changed": ["1203"]})]


async def test_an_english_name_left_out_stays(cast: Cast) -> None:
    await written(cast, NewPlace("1203", "海景房", ""))

    place = await queries.place(cast.hotel.id, "1203")
    assert place is not None
    assert (place.name_zh, place.name_en) == ("海景房", "Room 1203")


async def test_places_that_stay_as_they_are_leave_no_event(cast: Cast) -> None:
    same = cast.places["1203"]

    assert await written(cast, NewPlace("1203", same.name_zh, same.name_en)) == Written(0, 0)
    assert await happened(cast.hotel.id) == []


async def test_the_same_code_next_door_is_another_place(cast: Cast) -> None:
    await written(cast, NewPlace("F8", "八层走廊", ""))

    next_door = await queries.place(cast.tower.id, "F8")
    assert next_door is not None
    assert next_door.name_zh == "8 层"


def a_category(code: str = "towels", *, unit: str = "floor", name_zh: str = "毛巾") -> NewCategory:
    return NewCategory.model_validate(
        {"code": code, "name_zh": name_zh, "name_en": "Towels", "unit": unit}, context={"units": [unit]}
    )


async def test_a_new_category_stands_before_the_last_one(cast: Cast) -> None:
    site = await services.create(slug="spa", code="SP", kind=SiteKind.HOTEL, name_zh="水疗", name_en="Spa")

    for code in ("towels", "music"):
        await services.write_category(site, a_category(code), by=cast.admin)

    assert [one.code for one in await queries.categories(site.id)] == ["towels", "music", "other"]
    assert (await happened(site.id))[1:] == [
        ("site.category-added", {"category": "towels"}), ("site.category-added", {"category": "music"}),
    ]  # fmt: skip


async def test_a_category_that_is_there_gets_its_new_names_and_unit_once(cast: Cast) -> None:
    for _time in range(2):
        await services.write_category(cast.hotel, a_category("service", unit="kitchen"), by=cast.manager)

    (service,) = [one for one in await queries.categories(cast.hotel.id) if one.code == "service"]
    assert service.id == cast.categories["service"].id
    assert (service.name_zh, service.name_en, service.unit) == ("毛巾", "Towels", "kitchen")
    assert await happened(cast.hotel.id) == [("site.category-changed", {"category": "service"})]


async def test_a_retired_category_is_offered_no_longer_until_it_comes_back(cast: Cast) -> None:
    await services.retire(cast.hotel, "food", by=cast.manager)
    assert "food" not in [one.code for one in await queries.categories(cast.hotel.id)]
    assert "food" in [one.code for one in await queries.categories(cast.hotel.id, all_of_them=True)]

    await services.bring_back(cast.hotel, "food", by=cast.manager)
    assert "food" in [one.code for one in await queries.categories(cast.hotel.id)]
    assert await happened(cast.hotel.id) == [
        ("site.category-retired", {"category": "food"}), ("site.category-returned", {"category": "food"}),
    ]  # fmt: skip


async def test_what_is_retired_or_there_already_or_needed_or_unknown_is_refused(cast: Cast) -> None:
    await services.retire(cast.hotel, "food", by=cast.manager)

    for code in ("food", "other"):
        with pytest.raises(Conflict):
            await services.retire(cast.hotel, code, by=cast.manager)
    with pytest.raises(Conflict):
        await services.bring_back(cast.hotel, "room", by=cast.manager)
    with pytest.raises(NotFound):
        await services.retire(cast.tower, "room", by=cast.admin)
    assert [kind for kind, _what in await happened(cast.hotel.id)] == ["site.category-retired"]


@pytest.mark.parametrize(
    ("name", "text", "edition"),
    [("complaint.resolve_hours", "48", 2), ("complaint.warn_percent", "50", 2), ("complaint.silence_days", "3", 1)],
)
async def test_a_setting_by_which_due_times_are_reckoned_makes_a_new_edition(
    cast: Cast, name: str, text: str, edition: int
) -> None:
    """CMP-14: due times are computed anew where what they are reckoned by has changed."""
    await services.decide(cast.hotel, {name: text}, by=cast.manager, may_all=False)

    assert (await queries.site("hotel")).edition == edition


async def test_due_times_are_computed_anew_once_when_more_is_known_of_the_holidays(cast: Cast) -> None:
    """As where a new order has come with a new version of the portal."""
    await services.write_week(cast.hotel, week(monday="9-12", holidays="1"), by=cast.manager)
    assert await services.take_new_holidays() == 0
    await Site.update({Site.holiday_data: "CN 2025"}).where(Site.id == cast.hotel.id)

    assert [await services.take_new_holidays() for _look in range(2)] == [1, 0]

    site = await queries.site("hotel")
    assert (site.edition, site.holiday_data) == (3, holidays.known("CN"))
    assert (await happened(site.id))[-1] == ("site.holidays-known", {"holidays": site.holiday_data})
    assert (await queries.site("tower")).edition == 1


async def test_of_two_who_write_the_week_at_once_one_is_told(cast: Cast) -> None:
    """P06: also where both have read the same version."""
    await services.write_week(cast.hotel, week(monday="9-12"), by=cast.manager, version=1)

    with pytest.raises(Conflict):
        await services.write_week(cast.hotel, week(monday="9-13"), by=cast.admin, version=1)

    assert (await queries.calendar(await queries.site("hotel"))).week[0] == ((540, 720),)


async def test_going_back_to_no_holidays_forgets_what_was_known_of_them(cast: Cast) -> None:
    always = dict.fromkeys(WEEKDAYS, "24h")
    await services.write_week(cast.hotel, week(**always, holidays="1"), by=cast.manager)

    await services.write_week(await queries.site("hotel"), week(**always), by=cast.manager)

    site = await queries.site("hotel")
    assert (site.holidays, site.holiday_data, site.edition) == ("", "", 3)
    assert (await queries.calendar(site)) == calendar.round_the_clock("Asia/Shanghai")


async def test_a_site_is_not_closed_for_so_long_that_nothing_is_ever_due(cast: Cast) -> None:
    """Refused at its field; the days before it stay as they were."""
    day = clock.today(cast.hotel.zone)
    for _year in range(2):
        await services.write_days(cast.hotel, closed(day), by=cast.manager)
        day += timedelta(days=366)

    with pytest.raises(Invalid) as refused:
        await services.write_days(cast.hotel, closed(day), by=cast.manager)

    assert list(refused.value.fields) == ["to"]
    assert await SpecialDay.count() == 732


def closed(first: date) -> OwnDays:
    return OwnDays.model_construct(first=first, last=first + timedelta(days=365), name="停业", hours=[])
