"""Until when a complaint is taken up, first answered and answered, by which law, and when it may be closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from portal.domain.complaints.tables import Kind, State
from portal.domain.customers.tables import Tier
from portal.domain.queues.rules import Promise
from portal.domain.queues.tables import USUAL_TIER, ClockKind, Severity
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.translations import N_

HOUR = 60
BANK = "bank"
# The bank's way: so many calendar days, and two extensions of at most so many more.
BANK_DAYS, BANK_EXTENSIONS = 15, (15, 30)
WEIGHTS = {tier.value: weight for weight, tier in enumerate(Tier)}


@dataclass(frozen=True)
class Law:
    """A policy of a site: whom it is for (an empty condition: everybody), and the times it gives (0: none)."""

    id: UUID
    name: str
    kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    acknowledge_minutes: int = 0
    answer_minutes: int = 0
    resolve_hours: int = 0
    always: bool = False
    pauses_in: frozenset[str] = frozenset()

    def fits(self, facts: "Facts") -> bool:
        conditions = (
            (self.kinds, facts.kind), (self.categories, facts.category), (self.severities, facts.severity.word),
            (self.tiers, facts.tier),
        )  # fmt: skip
        return all(not condition or value in condition for condition, value in conditions)

    @property
    def conditions(self) -> tuple[frozenset[str], ...]:
        return self.kinds, self.categories, self.severities, self.tiers

    @property
    def times(self) -> dict[ClockKind, int]:
        """The minutes of each clock that it says something of."""
        said = {
            ClockKind.ACKNOWLEDGE: self.acknowledge_minutes,
            ClockKind.ANSWER: self.answer_minutes,
            ClockKind.RESOLVE: self.resolve_hours * HOUR,
        }
        return {kind: minutes for kind, minutes in said.items() if minutes}


@dataclass(frozen=True)
class Facts:
    """What a complaint's times depend on."""

    kind: str
    category: str
    severity: Severity = Severity.NORMAL
    tier: str = ""
    leaves_at: datetime | None = None
    extended_days: int = 0


def promised(site: Site, laws: Sequence[Law], facts: Facts) -> dict[ClockKind, Promise]:
    """How long each clock of a complaint may run: by the first policy that says so, else by the site's default (CMP-14)."""
    found = _default(site, facts)
    for law in reversed([law for law in laws if law.fits(facts)]):
        for kind, minutes in law.times.items():
            found[kind] = Promise(minutes=minutes, always=law.always, policy=law.id)
            if kind is ClockKind.ANSWER and facts.severity is Severity.SEVERE:
                found[kind] = _severe_answer(found[kind], law, site)
    if facts.leaves_at is not None:
        found[ClockKind.LEAVE] = Promise(at=facts.leaves_at)
    return found


def stands_still(laws: Iterable[Law], facts: Facts, state: str) -> bool:
    """Whether a policy lets the clocks stand still in this state; a severe case only one that is made for those (CMP-11)."""
    severe = facts.severity is Severity.SEVERE
    return any(state in law.pauses_in for law in laws if law.fits(facts) and (law.severities or not severe))


def contradiction(law: Law, others: Iterable[Law]) -> dict[str, str]:
    """What is wrong with a policy, as message ids by field; nothing if it can stand."""
    if not law.times:
        return {"answer_minutes": N_("Give at least one time.")}
    if law.tiers and law.resolve_hours:
        return {"resolve_hours": N_("A guest's tier neither lengthens nor shortens the answer: leave this empty.")}
    if law.tiers and law.pauses_in:
        return {"pauses_in": N_("A guest's tier neither lengthens nor shortens the answer: leave this empty.")}
    times = [minutes for kind in (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.RESOLVE)
             if (minutes := law.times.get(kind))]  # fmt: skip
    if times != sorted(times):
        return {"answer_minutes": N_("It must be taken up before the first answer, and first answered before the answer.")}
    twin = next((other for other in others if other.id != law.id and other.conditions == law.conditions
                 and other.times.keys() & law.times.keys()), None)  # fmt: skip
    return {"name": N_("Another policy says something else for the same complaints.")} if twin else {}


def weight(site: Site, tier: str, kind: str) -> int:
    """Where a tier stands among equal severity in the queue (CMP-15 to CMP-17, X-17); all alike if the site wants so.

    A recharge question stands where an important guest's matter does, and every other enquiry behind it (CMP-33).
    """
    if kind == Kind.RECHARGE:
        return 0
    counts = site_rules.value(site, "queue.tier_weight") == "on"
    found = WEIGHTS.get(tier, USUAL_TIER) if counts else USUAL_TIER
    return max(found, 1) if kind == Kind.ENQUIRY else found


def closable_at(site: Site, silent_from: datetime) -> datetime:
    """From when on an answer may be closed that the customer neither accepted nor rejected."""
    return silent_from + timedelta(days=site_rules.figure(site, "complaint.silence_days"))


def silent_since(site: Site, now: datetime) -> datetime:
    """Since when a customer must have said nothing, so that it counts as acceptance now."""
    return now - timedelta(days=site_rules.figure(site, "complaint.silence_days"))


def reminded_since(site: Site, now: datetime) -> datetime | None:
    """Since when a customer must have said nothing to be reminded now, the day before; None where there is no day before."""
    days = site_rules.figure(site, "complaint.silence_days")
    return now - timedelta(days=days - 1) if days > 1 else None


def closable_on(
    site: Site, state: str, *, accepted_at: datetime | None, silent_from: datetime | None
) -> datetime | None:
    """From when on an answer that waits may be closed by silence; None where none waits."""
    if state != State.ANSWERED or accepted_at or not silent_from:
        return None
    return closable_at(site, silent_from)


def link_ends_at(site: Site, closed_at: datetime) -> datetime:
    """Until when the customer's link works."""
    return closed_at + timedelta(days=site_rules.figure(site, "complaint.link_days"))


def _default(site: Site, facts: Facts) -> dict[ClockKind, Promise]:
    resolve = _resolve(site, facts)
    return {
        ClockKind.ACKNOWLEDGE: Promise(minutes=site_rules.figure(site, "complaint.acknowledge_minutes")),
        ClockKind.ANSWER: _first_answer(site, facts),
        ClockKind.RESOLVE: resolve,
    }


def _severe_answer(promise: Promise, law: Law, site: Site) -> Promise:
    """By a policy, too, round the clock, and as soon as severe cases are answered, unless it is made for them (CMP-11)."""
    most = promise.minutes if law.severities else site_rules.figure(site, "complaint.answer_severe_minutes")
    return replace(promise, always=True, minutes=min(promise.minutes, most))


def _first_answer(site: Site, facts: Facts) -> Promise:
    """The shortest of what severity and tier ask for; a severe case's counts round the clock (CMP-11, CMP-15)."""
    minutes = [site_rules.figure(site, "complaint.answer_hours") * HOUR]
    severe = facts.severity is Severity.SEVERE
    if severe:
        minutes.append(site_rules.figure(site, "complaint.answer_severe_minutes"))
    if facts.tier == Tier.IMPORTANT:
        minutes.append(site_rules.figure(site, "complaint.answer_important_minutes"))
    return Promise(minutes=min(minutes), always=severe)


def _resolve(site: Site, facts: Facts) -> Promise:
    """The shortest of what kind and severity ask for; calendar days where the site has decided so."""
    if site_rules.value(site, "complaint.preset") == BANK:
        return Promise(days=BANK_DAYS + facts.extended_days)
    hours = [site_rules.figure(site, "complaint.resolve_hours")]
    if facts.severity is Severity.SEVERE:
        hours.append(site_rules.figure(site, "complaint.resolve_severe_hours"))
    if facts.kind == Kind.REQUEST:
        hours.append(site_rules.figure(site, "complaint.resolve_request_hours"))
    return Promise(minutes=min(hours) * HOUR)
