"""What a complaint is promised: by policies, by the house's defaults, and by the bank's way of counting."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.domain.complaints.rules import promises
from portal.domain.complaints.rules.promises import Facts, Law
from portal.domain.complaints.tables import Kind
from portal.domain.customers.tables import Tier
from portal.domain.queues.rules import Promise
from portal.domain.queues.tables import USUAL_TIER, ClockKind, Severity
from portal.ids import new_id
from tests.stories import house

SITE = house()
HOUR = 60


def law(**said: Any) -> Law:
    """A policy; conditions are given as words."""
    conditions = {name: frozenset(words.split()) for name, words in said.items() if isinstance(words, str)}
    return Law(new_id(), "", **{**said, **conditions})


def facts(kind: str = "complaint", category: str = "service", severity: Severity = Severity.NORMAL, **more: Any) -> Facts:
    return Facts(kind, category, severity, **more)


def minutes(found: dict[ClockKind, Promise]) -> tuple[int, ...]:
    """Of taking up, first answer and answer."""
    return tuple(found[kind].minutes for kind in (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.RESOLVE))


def test_it_is_taken_up_within_half_an_hour() -> None:
    """CMP-12, CMP-14."""
    assert minutes(promises.promised(SITE, (), facts()))[0] == 30
    assert minutes(promises.promised(house({"complaint.acknowledge_minutes": 5}), (), facts()))[0] == 5


@pytest.mark.parametrize(
    ("kind", "severity", "hours"),
    [
        ("complaint", Severity.NORMAL, 72),
        ("complaint", Severity.MINOR, 72),
        ("complaint", Severity.SEVERE, 24),
        ("request", Severity.NORMAL, 24),
        ("request", Severity.SEVERE, 24),
        ("enquiry", Severity.NORMAL, 72),
    ],
)
def test_it_is_answered_in_three_days_a_severe_case_or_a_request_in_one(kind: str, severity: Severity, hours: int) -> None:
    """CMP-05, CMP-14."""
    assert minutes(promises.promised(SITE, (), facts(kind, severity=severity)))[2] == hours * HOUR


def test_each_deadline_is_a_setting_and_the_shortest_holds() -> None:
    """CMP-14."""
    site = house({"complaint.resolve_hours": 10, "complaint.resolve_severe_hours": 4, "complaint.resolve_request_hours": 2})

    assert minutes(promises.promised(site, (), facts()))[2] == 10 * HOUR
    assert minutes(promises.promised(site, (), facts(severity=Severity.SEVERE)))[2] == 4 * HOUR
    assert minutes(promises.promised(site, (), facts("request", severity=Severity.SEVERE)))[2] == 2 * HOUR


def test_a_severe_case_is_first_answered_within_half_an_hour_day_and_night() -> None:
    """CMP-11."""
    found = promises.promised(SITE, (), facts(severity=Severity.SEVERE))[ClockKind.ANSWER]

    assert (found.minutes, found.always) == (30, True)
    assert not promises.promised(SITE, (), facts())[ClockKind.ANSWER].always


def test_an_important_guest_is_first_answered_within_ten_minutes() -> None:
    """CMP-15."""
    assert minutes(promises.promised(SITE, (), facts(tier=Tier.IMPORTANT)))[1] == 10


@pytest.mark.parametrize("tier", list(Tier))
def test_no_tier_changes_until_when_it_is_answered(tier: Tier) -> None:
    """X-17: the time limit is the same maximum for everybody."""
    for kind in Kind:
        for severity in Severity:
            usual = promises.promised(SITE, (), facts(kind, severity=severity))
            assert promises.promised(SITE, (), facts(kind, severity=severity, tier=tier))[ClockKind.RESOLVE] == usual[
                ClockKind.RESOLVE
            ]


def test_tiers_stand_in_their_order_and_before_everybody_else() -> None:
    """CMP-15, CMP-16, CMP-17."""
    weights = [promises.weight(SITE, tier, "complaint") for tier in (*Tier, "")]

    assert weights == sorted(set(weights))


def test_a_house_may_treat_all_tiers_alike() -> None:
    """X-17."""
    site = house({"queue.tier_weight": "off"})

    assert {promises.weight(site, tier, "complaint") for tier in (*Tier, "")} == {USUAL_TIER}


def test_the_first_policy_that_says_a_time_decides_it_and_the_next_may_say_another() -> None:
    first = law(severities="severe", answer_minutes=5)
    second = law(kinds="complaint", answer_minutes=20, resolve_hours=8)

    severe = promises.promised(SITE, (first, second), facts(severity=Severity.SEVERE))
    assert minutes(severe) == (30, 5, 8 * HOUR)
    assert (severe[ClockKind.ANSWER].policy, severe[ClockKind.RESOLVE].policy) == (first.id, second.id)
    assert minutes(promises.promised(SITE, (first, second), facts())) == (30, 20, 8 * HOUR)


def test_what_no_policy_fits_has_the_default_of_the_house() -> None:
    found = promises.promised(SITE, (law(categories="towels", resolve_hours=1),), facts())

    assert minutes(found)[2] == 72 * HOUR
    assert found[ClockKind.RESOLVE].policy is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kinds": "complaint"}, "answer_minutes"),
        ({"tiers": "important", "resolve_hours": 4}, "resolve_hours"),
        ({"answer_minutes": 300, "resolve_hours": 4}, "answer_minutes"),
        ({"acknowledge_minutes": 30, "answer_minutes": 10}, "answer_minutes"),
    ],
)
def test_a_policy_that_contradicts_itself_is_told_where(said: dict[str, Any], field: str) -> None:
    assert list(promises.contradiction(law(**said), ())) == [field]


def test_two_policies_may_not_say_different_things_for_the_same_complaints() -> None:
    there = law(kinds="complaint", answer_minutes=20)

    assert promises.contradiction(law(kinds="complaint", answer_minutes=10), [there])
    assert not promises.contradiction(law(kinds="complaint", resolve_hours=10), [there])
    assert not promises.contradiction(law(kinds="request", answer_minutes=10), [there])
    assert not promises.contradiction(there, [there])


def test_a_policy_may_let_the_time_stand_still_in_a_state() -> None:
    waiting = law(kinds="product", pauses_in="planned", resolve_hours=72)

    assert promises.stands_still([waiting], facts("product"), "planned")
    assert not promises.stands_still([waiting], facts("product"), "triaged")
    assert not promises.stands_still([waiting], facts(), "planned")


def test_the_bank_counts_fifteen_days_and_what_was_granted() -> None:
    site = house({"complaint.preset": "bank"})

    assert promises.promised(site, (), facts())[ClockKind.RESOLVE] == Promise(days=15)
    assert promises.promised(site, (), facts(extended_days=15))[ClockKind.RESOLVE] == Promise(days=30)


def test_a_guest_who_leaves_is_answered_before() -> None:
    leaves_at = datetime.fromisoformat("2026-11-23T11:00:00+08:00")

    found = promises.promised(SITE, (), facts(leaves_at=leaves_at))

    assert found[ClockKind.LEAVE] == Promise(at=leaves_at)
    assert found[ClockKind.RESOLVE] == Promise(minutes=72 * HOUR)
    assert ClockKind.LEAVE not in promises.promised(SITE, (), facts())


def test_silence_and_the_link_last_as_long_as_the_site_says() -> None:
    filed = datetime.fromisoformat("2026-11-22T12:00:00+08:00")

    assert promises.closable_at(SITE, filed) == filed + timedelta(days=7)
    assert promises.closable_at(house({"complaint.silence_days": 3}), filed) == filed + timedelta(days=3)
    assert promises.link_ends_at(SITE, filed) == filed + timedelta(days=30)


def test_a_recharge_question_comes_before_every_other_enquiry() -> None:
    """CMP-33; whatever the tiers count for, and with an important guest's complaint still among the first (CMP-15)."""
    off = house({"queue.tier_weight": "off"})

    for site in (SITE, off):
        others = [promises.weight(site, tier, "enquiry") for tier in (*Tier, "")]
        assert max(promises.weight(site, tier, "recharge") for tier in (*Tier, "")) < min(others)
    assert promises.weight(SITE, Tier.IMPORTANT, "complaint") == promises.weight(SITE, "", "recharge")


def test_a_policy_that_is_not_for_severe_cases_neither_delays_them_nor_lets_them_sleep() -> None:
    """CMP-11."""
    severe = facts(severity=Severity.SEVERE)
    usual, theirs = law(answer_minutes=240), law(answer_minutes=45, severities=frozenset({"severe"}))
    answer = {name: promises.promised(SITE, (one,), severe)[ClockKind.ANSWER]
              for name, one in (("usual", usual), ("theirs", theirs), ("sooner", law(answer_minutes=10)))}  # fmt: skip

    assert {name: (one.minutes, one.always) for name, one in answer.items()} == {
        "usual": (30, True), "theirs": (45, True), "sooner": (10, True),
    }  # fmt: skip


def test_a_severe_case_stands_still_only_by_a_policy_for_severe_ones() -> None:
    """CMP-11."""
    severe = facts(severity=Severity.SEVERE)
    usual, theirs = law(pauses_in=frozenset({"triaged"})), law(pauses_in=frozenset({"triaged"}),
                                                               severities=frozenset({"severe"}))  # fmt: skip

    assert [promises.stands_still([one], severe, "triaged") for one in (usual, theirs)] == [False, True]
    assert promises.stands_still([usual], facts(), "triaged")


def test_a_tier_lets_no_time_stand_still() -> None:
    """CMP-16: it neither lengthens nor shortens the answer."""
    asked = law(answer_minutes=10, tiers=frozenset({"key"}), pauses_in=frozenset({"triaged"}))

    assert list(promises.contradiction(asked, [])) == ["pauses_in"]
