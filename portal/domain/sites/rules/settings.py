"""What a site may decide for itself, and between which bounds."""

import json
from dataclasses import dataclass

from portal.domain.sites.tables import Site
from portal.i18n.translations import N_

Value = int | bool | str


@dataclass(frozen=True)
class Setting:
    """One setting of a site: its default, its bounds, and its words (message ids).

    `choices` are roles to choose from, `pattern` is what a text must look like; one with a `page` is decided there.
    """

    name: str
    group: str
    label: str
    default: Value
    unit: str = ""
    hint: str = ""
    minimum: int = 0
    maximum: int = 0
    admin_only: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    page: str = ""


COMPLAINTS, LIMITS, SESSIONS, CONTACT = N_("Complaints"), N_("Limits"), N_("Signing in"), N_("The public page")
MINUTES, HOURS, DAYS, PERCENT = N_("minutes"), N_("hours"), N_("days"), N_("percent")
TIMES, MEGABYTES = N_("times"), N_("MB")
LADDER_ROLES = ("desk", "floor", "kitchen", "manager", "owner")

SETTINGS = {
    item.name: item
    for item in (
        Setting("complaint.acknowledge_minutes", COMPLAINTS, N_("Acknowledge within"), 30, MINUTES, "", 1, 10_080),
        Setting("complaint.resolve_hours", COMPLAINTS, N_("Answer within"), 72, HOURS, "", 1, 2_160),
        Setting("complaint.resolve_severe_hours", COMPLAINTS, N_("Answer severe cases within"), 24, HOURS, "", 1, 2_160),
        Setting("complaint.resolve_request_hours", COMPLAINTS, N_("Answer requests within"), 24, HOURS, "", 1, 2_160),
        Setting("complaint.warn_percent", COMPLAINTS, N_("Mark as due soon after"), 80, PERCENT, "", 10, 99),
        Setting("complaint.tracking_hours", COMPLAINTS, N_("A note on severe cases every"), 24, HOURS, "", 1, 168),
        Setting("complaint.ladder", COMPLAINTS, N_("Escalation ladder"), "manager, owner 60", page="ladder",
                pattern=rf"(?:{'|'.join(LADDER_ROLES)})(?:, (?:{'|'.join(LADDER_ROLES)}) [1-9][0-9]{{0,4}}){{0,4}}"),
        Setting("complaint.escalate_to", COMPLAINTS, N_("What is escalated by hand goes to"), "manager",
                choices=LADDER_ROLES),
        Setting("complaint.silence_days", COMPLAINTS, N_("Close without acceptance after"), 7, DAYS,
                N_("The customer is told this day together with the answer."), 1, 90),
        Setting("complaint.handoffs_told", COMPLAINTS, N_("Tell the manager at hand-off number"), 3, TIMES, "", 1, 20),
        Setting("complaint.link_days", COMPLAINTS, N_("The customer's link works after closing for"), 30, DAYS, "", 1, 365),
        Setting("complaint.retention_days", COMPLAINTS, N_("Erase contact and photos after closing"), 180, DAYS, "",
                30, 1_095, admin_only=True),
        Setting("digest.at", COMPLAINTS, N_("The oldest matters are shown every day at"), "08:30",
                pattern="(?:[01][0-9]|2[0-3]):[0-5][0-9]"),
        Setting("limit.filings_device", LIMITS, N_("Filings from one device in 10 minutes"), 5, TIMES, "", 1, 1_000),
        Setting("limit.filings_site", LIMITS, N_("Filings at this site in an hour"), 300, TIMES, "", 1, 100_000),
        Setting("limit.photos_device", LIMITS, N_("Photos from one device in a day"), 200, MEGABYTES, "", 1, 10_000),
        Setting("limit.unmaskings", LIMITS, N_("Unmaskings by one person in an hour"), 30, TIMES, "", 1, 1_000),
        Setting("session.idle_minutes", SESSIONS, N_("Sign out without use after"), 15, MINUTES, "", 1, 720),
        Setting("public.icp", CONTACT, N_("ICP number in the footer"), ""),
    )
}  # fmt: skip


def value(site: Site, name: str) -> Value:
    """What this site has decided, or the default."""
    return chosen(site).get(name, SETTINGS[name].default)


def figure(site: Site, name: str) -> int:
    """A setting that counts something."""
    return int(value(site, name))


def chosen(site: Site) -> dict[str, Value]:
    """The settings that this site has changed."""
    return json.loads(site.choices) if site.choices else {}
