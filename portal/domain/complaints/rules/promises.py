"""Until when a complaint is taken up, answered and may be closed."""

from datetime import datetime, timedelta

from portal.domain.complaints.tables import Kind, State
from portal.domain.queues.tables import Severity
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site


def acknowledge_by(site: Site, filed_at: datetime) -> datetime:
    """Until when somebody has taken it on, or written to the customer (CMP-12, CMP-14)."""
    return filed_at + timedelta(minutes=site_rules.figure(site, "complaint.acknowledge_minutes"))


def resolve_by(site: Site, started_at: datetime, *, kind: str, severity: Severity) -> datetime:
    """Until when it is answered: the shortest of what its kind and its severity ask for (CMP-14)."""
    hours = [site_rules.figure(site, "complaint.resolve_hours")]
    if severity is Severity.SEVERE:
        hours.append(site_rules.figure(site, "complaint.resolve_severe_hours"))
    if kind == Kind.REQUEST:
        hours.append(site_rules.figure(site, "complaint.resolve_request_hours"))
    return started_at + timedelta(hours=min(hours))


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
