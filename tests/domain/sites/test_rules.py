"""What a site may decide, with its default and bounds: a literal table, since people rely on each."""

from portal.domain.complaints.tables import Kind
from portal.domain.sites.rules import settings as rules
from tests.stories import house

# setting: default, least, most
TABLE = {
    "complaint.acknowledge_minutes": (30, 1, 10_080),
    "complaint.resolve_hours": (72, 1, 2_160),
    "complaint.resolve_severe_hours": (24, 1, 2_160),
    "complaint.resolve_request_hours": (24, 1, 2_160),
    "complaint.answer_hours": (72, 1, 2_160),
    "complaint.answer_severe_minutes": (30, 1, 10_080),
    "complaint.answer_important_minutes": (10, 1, 10_080),
    "complaint.preset": ("house", 0, 0),
    "complaint.remedy_notice": ("", 0, 0),
    "queue.tier_weight": ("on", 0, 0),
    "complaint.warn_percent": (80, 10, 99),
    "complaint.tracking_hours": (24, 1, 168),
    "complaint.ladder": ("manager, owner 60", 0, 0),
    "complaint.escalate_to": ("manager", 0, 0),
    "complaint.silence_days": (7, 1, 90),
    "complaint.handoffs_told": (3, 1, 20),
    "complaint.link_days": (30, 1, 365),
    "complaint.retention_days": (180, 30, 1_095),
    "complaint.apology": ("after_liability", 0, 0),
    "complaint.desk_limit": (200, 1, 1_000_000),
    "complaint.manager_limit": (2_000, 1, 1_000_000),
    "complaint.copy_roles": ("", 0, 0),
    "complaint.return_visit_by": ("first_asked", 0, 0),
    "complaint.return_visit_required": ("no", 0, 0),
    "complaint.colleague_minutes": (30, 1, 10_080),
    "complaint.kinds": ("none", 0, 0),
    **{f"unit.{kind}": ("subject", 0, 0) for kind in Kind},
    "visit.lead_hours": (24, 0, 720),
    "table.lead_minutes": (0, 0, 10_080),
    "visit.hold_minutes": (5, 1, 60),
    "visit.open_most": (3, 1, 100),
    "visit.limit_hours": (24, 0, 720),
    "visit.offer_minutes": (15, 1, 1_440),
    "visit.answer_hours": (4, 0, 720),
    "visit.remind_first_hours": (24, 0, 720),
    "visit.remind_last_hours": (2, 0, 72),
    "visit.prep_due_days": (1, 0, 30),
    "visit.desk_ready_minutes": (15, 0, 240),
    "visit.no_show_minutes": (15, 5, 480),
    "visit.follow_up_days": (2, 1, 30),
    "visit.needs_role": ("floor", 0, 0),
    "visit.needs_minutes": (15, 1, 1_440),
    "arrival.weight_minutes": (20, 0, 20),
    "arrival.alert_minutes": (15, 1, 240),
    "arrival.early_minutes": (30, 0, 480),
    "arrival.host_first": ("no", 0, 0),
    "arrival.retention_days": (90, 30, 365),
    "limit.bookings_device": (20, 1, 1_000),
    "limit.bookings_site": (1_000, 1, 100_000),
    "limit.door_device": (20, 1, 10_000),
    "limit.door": (1_000, 1, 100_000),
    "digest.at": ("08:30", 0, 0),
    "limit.filings_device": (5, 1, 1_000),
    "limit.photos_device": (200, 1, 10_000),
    "limit.filings_site": (300, 1, 100_000),
    "limit.unmaskings": (30, 1, 1_000),
    "session.idle_minutes": (15, 1, 720),
    "day.start": ("04:00", 0, 0),
    "public.icp": ("", 0, 0),
}


def test_the_settings_their_defaults_and_bounds_are_these() -> None:
    """CMP-14: 30 minutes, 72 h, severe 24 h, request 24 h are settings; CMP-25: so is the third hand-off.

    CMP-29: limits of 200 and 2,000 yuan; X-15: an apology waits for the liability;
    X-38: the return visit is made by who was asked first.
    """
    assert {one.name: (one.default, one.minimum, one.maximum) for one in rules.SETTINGS.values()} == TABLE


def test_retention_is_the_administrators_alone() -> None:
    theirs = [one.name for one in rules.SETTINGS.values() if one.admin_only]
    assert theirs == ["complaint.retention_days", "arrival.retention_days"]


def test_a_site_that_decided_nothing_has_the_default() -> None:
    assert rules.figure(house(), "complaint.resolve_hours") == 72
    assert rules.chosen(house()) == {}


def test_a_site_has_what_it_decided() -> None:
    decided = house({"complaint.resolve_hours": 48, "public.icp": "鲁ICP备1号"})

    assert rules.figure(decided, "complaint.resolve_hours") == 48
    assert rules.value(decided, "public.icp") == "鲁ICP备1号"
