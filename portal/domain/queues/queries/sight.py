"""Who sees which items: how far roles reach, and what is kept from whom; each a condition on the items `i`."""

from collections.abc import Collection
from typing import Any

from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.queues import rules
from portal.domain.queues.rules import Reach
from portal.domain.queues.tables import COMMON
from portal.domain.sites.tables import Site

# What the organisation's owner looks into: what is about a manager of its site, and what no manager is there for.
CASES = """(EXISTS (SELECT 1 FROM named n JOIN membership m ON m.account = n.account
    WHERE n.item = i.id AND m.site = i.site AND m.role = 'manager')
  OR i.restricted = true AND NOT EXISTS (SELECT 1 FROM membership m JOIN account b ON b.id = m.account
    WHERE m.site = i.site AND m.role = 'manager' AND b.disabled_at IS NULL))"""

# What is kept from nobody who sees its part of the queue.
OPEN_TO_ALL = "i.restricted = false AND NOT EXISTS (SELECT 1 FROM named n WHERE n.item = i.id)"


SHARED = f"i.line = '{COMMON}'"


def visible(staff: Staff, site: Site) -> tuple[str, list[Any]]:
    """The part of a site's shared queue that somebody may see, as a condition and its arguments."""
    reached, args = _reached(staff, site)
    shown, more = kept(staff, site)
    return f"i.site = {{}} AND {SHARED} AND {reached}{shown}", [site.id, *args, *more]


def read(staff: Staff, site: Site, lines: Collection[str]) -> tuple[str, list[Any]]:
    """What of some lines of a site somebody who reads them may see."""
    if not lines:
        return "1 = 0", []
    shown, more = kept(staff, site)
    marks = ", ".join("{}" for _line in lines)
    return f"i.site = {{}} AND i.line IN ({marks}) AND {shown}", [site.id, *lines, *more]


def kept(staff: Staff, site: Site) -> tuple[str, list[Any]]:
    """What is not kept from somebody: nothing that is about them; what is restricted only for managers, and its owner."""
    roles = staff.roles_at(site)
    about = "NOT EXISTS (SELECT 1 FROM named n WHERE n.item = i.id AND n.account = {})"
    if Role.MANAGER in roles:
        return about, [staff.id]
    cases = f" OR {CASES}" if Role.OWNER in roles else ""
    return f"{about} AND (i.restricted = false OR i.owner = {{}}{cases})", [staff.id, staff.id]


def _reached(staff: Staff, site: Site) -> tuple[str, list[Any]]:
    """How far somebody's roles reach: nothing more to ask, or one of some conditions."""
    roles = staff.roles_at(site)
    far = rules.reach(roles)
    if Reach.ALL in far:
        return "", []
    ways: list[str] = []
    args: list[Any] = []
    if Reach.UNIT in far:
        units = sorted(rules.units(roles))
        marks = ", ".join("{}" for _unit in units)
        ways += [f"i.category IN (SELECT id FROM category WHERE site = {{}} AND unit IN ({marks}))", "i.owner = {}"]
        args += [site.id, *units, staff.id]
    if far & {Reach.UNIT, Reach.FILED}:
        ways.append("i.filed_by = {}")
        args.append(staff.id)
    if Reach.MONEY in far:
        ways.append("i.money = true")
    if Reach.CASES in far:
        ways.append(CASES)
    if departments := sorted(roles & rules.DEPARTMENTS):
        marks = ", ".join("{}" for _department in departments)
        mine = f"owner = {{}} OR department IN ({marks})"
        ways.append(f"i.id IN (SELECT item FROM task WHERE site = {{}} AND ended_at IS NULL AND ({mine}))")
        args += [site.id, staff.id, *departments]
    if far:
        ways.append("i.id IN (SELECT item FROM corrective_action WHERE owner = {} AND effect IS NULL)")
        args.append(staff.id)
    if told := sorted(roles & rules.HANDLERS):
        marks = ", ".join("{}" for _role in told)
        ways.append("EXISTS (SELECT 1 FROM clock k JOIN escalation e ON e.clock = k.id"
                    f" WHERE k.item = i.id AND e.role IN ({marks}))")  # fmt: skip
        args += told
    return f"({' OR '.join(ways) or '1 = 0'}) AND ", args
