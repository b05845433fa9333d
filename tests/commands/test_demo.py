"""The demonstration: the same four houses every time, whatever the hour, with everything in them that one wants to show."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from portal import clock, passwords
from portal.demo import builder, offers, scenes, tales, visits
from portal.demo.grounds import PASSWORD
from portal.demo.tales import Tale
from portal.demo.visits import Step
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.tables import Account, Membership
from portal.domain.arrivals.tables import Alarm
from portal.domain.arrivals.tables import State as Arriving
from portal.domain.bookings.tables import Booking, Satisfied, VisitType
from portal.domain.bookings.tables import State as Visit
from portal.domain.complaints.tables import Complaint, Kind, Party, Returned, ReturnNote, State
from portal.domain.customers.tables import Block
from portal.domain.displays.tables import Display, Shows
from portal.domain.queues.tables import Clock, ClockKind, Entry, EntryKind, Named, Task, TaskKind, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Door, Site
from portal.events.tables import Event
from portal.photos.tables import Photo
from tests import factories

ROLES = ("auditor", "desk", "desk2", "finance", "floor", "guard", "kitchen", "manager", "sales")
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.usefixtures("db")
async def test_it_fills_an_empty_database() -> None:
    began = clock.now()

    await builder.build()

    here = {site.slug: site for site in await sites.sites()}
    whole = await WorkItem.select()
    items = [item for item in whole if item["line"] == "complaints"]
    assert list(here) == list(scenes.SLUGS)
    assert clock.now() - began < timedelta(minutes=5)
    await _everybody_has_an_account()
    for site in here.values():
        await _a_site_has_what_it_needs(site, [item for item in items if item["site"] == site.id])
    _the_hotel_has_some_of_everything([item for item in items if item["site"] == here["hotel"].id])
    await _the_plots_are_played({item["id"]: item for item in items}, here)
    await _every_item_has_its_facts(items)
    for site in here.values():
        _visitors_come(site, [item for item in whole if item["site"] == site.id])
    await _what_stands_beside_is_there(here)


@pytest.mark.usefixtures("db")
async def test_it_leaves_alone_what_is_there() -> None:
    site = await factories.make_site()

    await builder.build()

    assert [one.id for one in await sites.sites()] == [site.id]
    assert await Account.count() == 0


@pytest.mark.parametrize("hour", range(1, 24, 5))
def test_it_can_be_told_at_any_hour(hour: int) -> None:
    now = NOON + timedelta(hours=hour)

    told = _told(now)

    assert [_words(tale) for tale in told] == [_words(tale) for tale in _told(NOON)]
    assert all(beat.at < now for tale in told for beat in tale.beats)
    assert min(beat.at for tale in told for beat in tale.beats) > now - timedelta(days=46)


@pytest.mark.parametrize("hour", range(1, 24, 5))
def test_visits_can_be_told_at_any_hour(hour: int) -> None:
    now = NOON + timedelta(hours=hour)
    offered, words = offers.read()

    told = visits.drawn(offered, words, scenes.book().desk, now=now)

    assert all(at < now for visit in told for at, _step in visit.steps)
    assert min(at for visit in told for at, _step in visit.steps) < now - timedelta(days=38)
    assert len({visit.visitor.phone for visit in told}) == len(told)
    assert {step for visit in told for _at, step in visit.steps} == set(Step)


def test_its_words_are_many() -> None:
    bodies = Counter(scene.lang for house in scenes.houses() for scene in house.scene for _body in scene.bodies)
    said = {tale.filing.body for tale in _told(NOON)}

    assert bodies["zh-CN"] > 120
    assert bodies["en"] > 25
    assert len(said) > 250
    assert not any("{" in body for body in said)


def _told(now: datetime) -> list[Tale]:
    return tales.tales(scenes.houses(), scenes.book(), now=now)


def _words(tale: Tale) -> tuple[object, ...]:
    return tale.house.slug, tale.filing, tale.photos


async def _everybody_has_an_account() -> None:
    people = await Account.select(Account.username, Account.demo, Account.password_hash, Account.name, Account.surname)
    roles = await Membership.select(Membership.account.username, Membership.role, Membership.site)
    wanted = sorted([f"{slug}.{role}" for slug in scenes.SLUGS for role in ROLES] + ["admin", "owner"])
    granted = {row["account.username"]: row["role"] for row in roles}

    assert sorted(person["username"] for person in people) == wanted
    assert all(person["demo"] for person in people)
    assert all(person["name"].startswith(person["surname"]) for person in people)
    assert len({person["name"] for person in people}) == len(people)
    assert {name: name.rpartition(".")[2].replace("desk2", "desk") for name in wanted} == granted
    assert {row["account.username"] for row in roles if row["site"] is None} == {"admin", "owner"}
    assert await passwords.matches(people[0]["password_hash"], PASSWORD)
    assert await accounts.demo_accounts() == len(wanted)


async def _a_site_has_what_it_needs(site: Site, items: list[dict[str, Any]]) -> None:
    offered = await sites.categories(site.id)
    places = await sites.places(site.id)
    here = [item for item in items if item["closed_at"] is None]

    assert site.hotline
    assert site.mailbox
    assert 6 <= len([category for category in offered if category.code != OTHER]) <= 9
    assert all(category.name_zh and category.name_en for category in offered)
    assert len(places) >= 9
    assert len(here) >= 12
    assert all(re.fullmatch(rf"{site.code}-\d{{4}}-\d{{6}}", item["number"]) for item in items)
    assert {State.RECEIVED, State.TRIAGED, State.PLANNED, State.ANSWERED, State.CLOSED} == {item["state"] for item in items}


def _the_hotel_has_some_of_everything(items: list[dict[str, Any]]) -> None:
    here = [item for item in items if item["closed_at"] is None]

    assert len(here) == 48
    assert {item["severity"] for item in here} == {0, 1, 2}
    assert len([item for item in here if item["owner"] is None]) >= 8
    assert len([item for item in here if not item["on_time"]]) >= 7
    assert len([item for item in here if item["soon"] and item["on_time"]]) >= 3
    assert len([item for item in here if item["escalated"]]) >= 7
    assert len([item for item in here if item["managers_only"] and item["round"] == 2]) == 2


async def _the_plots_are_played(items: dict[UUID, dict[str, Any]], here: dict[str, Site]) -> None:
    showroom = [item for item in items.values() if item["site"] == here["showroom"].id and not item["closed_at"]]
    (party,) = await Party.select()
    about = {row["account.username"]: items[row["item"]] for row in await Named.select(Named.item, Named.account.username)}
    reports = [item for item in items.values() if item["kind"] == Kind.REPORT and item["restricted"]]

    assert {row["state"] for row in await ReturnNote.select()} == {Returned.REQUESTED, Returned.SHIPPED}
    assert len([item for item in showroom if item["kind"] == Kind.PRODUCT]) >= 3
    assert items[party["item"]]["site"] == here["showroom"].id
    assert await Entry.count().where(Entry.item == party["item"], Entry.kind == EntryKind.PARTY_IN) == 1
    assert set(about) == {"hotel.sales", "hotel.manager"}
    assert not any(item["closed_at"] for item in about.values())
    assert any(item["site"] == here["hotel"].id and not item["closed_at"] for item in reports)


def _visitors_come(site: Site, items: list[dict[str, Any]]) -> None:
    """Six weeks of visits, something in the book for every deed, and people who wait right now."""
    booked = Counter(item["state"] for item in items if item["line"] == "bookings")
    came = Counter(item["state"] for item in items if item["line"] == "arrivals")

    assert booked[Visit.SUMMARISED] >= 5
    assert {Visit.REQUESTED, Visit.CONFIRMED, Visit.PROPOSED, Visit.CHANGED, Visit.DECLINED, Visit.CANCELLED,
            Visit.NO_SHOW} <= set(booked), site.slug  # fmt: skip
    assert came[Arriving.WAITING] >= 3
    assert came[Arriving.DONE] >= 10
    assert {Arriving.CALLED, Arriving.SERVING, Arriving.PARKED, Arriving.LEFT} <= set(came), site.slug


async def _what_stands_beside_is_there(here: dict[str, Site]) -> None:
    doors = {row["slug"] for row in await Door.select(Door.slug)}
    codes = {row["code"] for row in await VisitType.select(VisitType.code)}
    offered = await Booking.select(Booking.site, Booking.asked_until).where(Booking.asked == "offer")
    series = await Booking.count().where(Booking.recurrence.is_not_null())

    assert doors == {"hotel-lobby", "restaurant-door", "showroom-door", "tower-lobby"}
    assert codes == {"tour", "negotiation", "viewing", "table", "counter"}
    assert [row["site"] for row in offered] == [here["showroom"].id]
    assert offered[0]["asked_until"] > clock.now()
    assert series == 3
    assert await Alarm.count().where(Alarm.answered_by.is_not_null()) == 1
    assert await Block.count() == 1
    assert await Display.count().where(Display.shows == Shows.CALLS) == len(here)
    assert len({row["satisfied"] for row in await Booking.select(Booking.satisfied)} & set(Satisfied)) > 1


async def _every_item_has_its_facts(items: list[dict[str, Any]]) -> None:
    facts = await Complaint.select()
    clocks = await Clock.select()
    kinds = {(row["item"], row["kind"], row["round"]) for row in clocks if row["kind"] != ClockKind.TRACKING}
    tracked = {row["item"] for row in clocks if row["kind"] == ClockKind.TRACKING}
    asked = {(row["item"], ClockKind.RESOLVE, number + 1) for row in facts for number in range(row["rejections"] + 1)}
    running = {row["item"] for row in clocks if row["stopped_at"] is None}
    filed = await Event.count().where(Event.kind == "complaint.filed")

    assert len(items) == len(facts) == filed == len({item["number"] for item in items}) == 327
    kinds_of_all = (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER)
    assert kinds == asked | {(item["id"], kind, 1) for item in items for kind in kinds_of_all}
    assert tracked == {item["id"] for item in items if item["severity"] == 0}
    assert running == {item["id"] for item in items if item["state"] not in (State.ANSWERED, State.CLOSED)}
    assert 0.1 < len([row for row in facts if row["language"] == "en"]) / len(facts) < 0.2
    assert {row["rating"] for row in facts} == {None, 1, 2, 3, 4, 5}
    assert {row["anonymous"] for row in facts} == {True, False}
    assert any(row["email"] and not row["phone"] for row in facts)
    assert 6 <= await Photo.count() <= 12
    assert {row["state"] for row in await Task.select(Task.state)} == {"open", "done"}
    assert await Task.exists().where(Task.kind == TaskKind.CONTACT)
