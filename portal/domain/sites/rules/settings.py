"""What a site may decide for itself, and between which bounds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.domain.sites.tables import Site, SiteKind
from portal.i18n.translations import N_

Value = int | bool | str


@dataclass(frozen=True)
class Setting:
    """One setting of a site: its default, its bounds or choices, and its words (message ids).

    `choices` are (value, word), of which it is one, or with `several` any number, with spaces between them; `kinds` are
    other defaults for some kinds of site. `pattern` is what a text must look like; one with a `page` is decided there.
    `moves_due_times` has the open due times computed anew.
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
    choices: tuple[tuple[str, str], ...] = ()
    moves_due_times: bool = False
    several: bool = False
    pattern: str = ""
    page: str = ""
    kinds: Mapping[str, Value] = field(default_factory=dict)

    def default_at(self, site: Site) -> Value:
        """What holds where a site has decided nothing."""
        return self.kinds.get(site.kind, self.default)

    def chosen(self, text: str) -> str | None:
        """The choice that a text says, or the choices in their order; None for anything else."""
        known = dict(self.choices)
        said = text.replace(",", " ").split() if self.several else [text]
        return " ".join(one for one in known if one in said) if known.keys() >= set(said) else None


COMPLAINTS, ANSWERS, LIMITS = N_("Complaints"), N_("Answers"), N_("Limits")
VISITS, ARRIVALS = N_("Bookings"), N_("Those who come")
SESSIONS, CONTACT, FIGURES = N_("Signing in"), N_("The public page"), N_("Figures")
MINUTES, HOURS, DAYS, PERCENT = N_("minutes"), N_("hours"), N_("days"), N_("percent")
TIMES, MEGABYTES, YUAN = N_("times"), N_("MB"), N_("yuan")
NO_YES = (("no", N_("No")), ("yes", N_("Yes")))
BESIDES = (("none", N_("Nothing more")), ("product", N_("Product complaints")), ("recharge", N_("Recharge questions")),
           ("both", N_("Both")))  # fmt: skip
APOLOGY = (("after_liability", N_("Once it is known that it was our fault")), ("at_once", N_("Apologise at once")))
VISITORS = (("first_asked", N_("Who was asked first")), ("owner", N_("Who handles it")))
COPIES = (("manager", N_("Managers")), ("desk", N_("Front desk")), ("auditor", N_("Auditors")))
LADDER_ROLES = ("desk", "floor", "kitchen", "manager", "owner")
SUPERIORS = (("desk", N_("Front desk")), ("floor", N_("Floor service")), ("kitchen", N_("Kitchen")),
             ("manager", N_("Managers")), ("owner", N_("Property owner")))  # fmt: skip

NEEDS = (("desk", N_("Front desk")), ("floor", N_("Floor service")), ("kitchen", N_("Kitchen")),
         ("guard", N_("Gate")), ("sales", N_("Sales")), ("manager", N_("Managers")))  # fmt: skip

# Where a complaint names no subject, it goes to this unit's first one; else to "other" (CMP-09).
UNITS = N_("Which unit gets what names no subject")
KINDS = (
    ("complaint", N_("Complaints of guests")), ("suggestion", N_("Suggestions")), ("enquiry", N_("Enquiries")),
    ("dispute", N_("Disputes")), ("report", N_("Reports of wrongdoing")), ("request", N_("Requests")),
    ("reception", N_("Reception and service")), ("product", N_("Product complaints")),
    ("recharge", N_("Recharge questions")), ("grumble", N_("Grumbles")), ("policy-grumble", N_("Policy grumbles")),
)  # fmt: skip
UNIT_CHOICES = (("subject", N_("As the subject says")), ("desk", N_("Front desk")), ("floor", N_("Floor service")),
                ("kitchen", N_("Kitchen")), ("manager", N_("Manager")))  # fmt: skip

SETTINGS = {
    item.name: item
    for item in (
        Setting("complaint.acknowledge_minutes", COMPLAINTS, N_("Acknowledge within"), 30, MINUTES, "", 1, 10_080,
                moves_due_times=True),
        Setting("complaint.answer_hours", COMPLAINTS, N_("First answer of a person within"), 72, HOURS, "", 1, 2_160,
                moves_due_times=True),
        Setting("complaint.answer_severe_minutes", COMPLAINTS, N_("First answer to severe cases within"), 30, MINUTES,
                N_("Round the clock."), 1, 10_080, moves_due_times=True),
        Setting("complaint.answer_important_minutes", COMPLAINTS, N_("First answer to important guests within"), 10,
                MINUTES, "", 1, 10_080, moves_due_times=True),
        Setting("complaint.resolve_hours", COMPLAINTS, N_("Answer within"), 72, HOURS, "", 1, 2_160,
                moves_due_times=True),
        Setting("complaint.resolve_severe_hours", COMPLAINTS, N_("Answer severe cases within"), 24, HOURS, "", 1, 2_160,
                moves_due_times=True),
        Setting("complaint.resolve_request_hours", COMPLAINTS, N_("Answer requests within"), 24, HOURS, "", 1, 2_160,
                moves_due_times=True),
        Setting("complaint.warn_percent", COMPLAINTS, N_("Mark as due soon after"), 80, PERCENT, "", 10, 99,
                moves_due_times=True),
        Setting("complaint.preset", COMPLAINTS, N_("How the time of an answer is counted"), "house",
                hint=N_("The bank's way: to the end of the 15th day after the day of receipt; more needs approval."),
                choices=(("house", N_("In hours, the house's way")), ("bank", N_("In calendar days, the bank's way"))),
                moves_due_times=True),
        Setting("complaint.remedy_notice", COMPLAINTS, N_("What stands below every answer"), "",
                hint=N_("For example where a guest may turn who does not agree.")),
        Setting("queue.tier_weight", COMPLAINTS, N_("Important guests stand first among equal severity"), "on",
                choices=(("on", N_("Yes")), ("off", N_("No"))), moves_due_times=True),
        Setting("complaint.tracking_hours", COMPLAINTS, N_("A note on severe cases every"), 24, HOURS, "", 1, 168),
        Setting("complaint.ladder", COMPLAINTS, N_("Escalation ladder"), "manager, owner 60", page="ladder",
                pattern=rf"(?:{'|'.join(LADDER_ROLES)})(?:, (?:{'|'.join(LADDER_ROLES)}) [1-9][0-9]{{0,4}}){{0,4}}"),
        Setting("complaint.escalate_to", COMPLAINTS, N_("What is escalated by hand goes to"), "manager",
                choices=SUPERIORS),
        Setting("digest.at", COMPLAINTS, N_("The oldest matters are shown every day at"), "08:30",
                pattern="(?:[01][0-9]|2[0-3]):[0-5][0-9]"),
        Setting("complaint.silence_days", COMPLAINTS, N_("An answer counts as accepted without a word after"), 7, DAYS,
                N_("The customer is told this day together with the answer, and reminded of it the day before."), 1, 90),
        Setting("complaint.handoffs_told", COMPLAINTS, N_("Tell the manager at hand-off number"), 3, TIMES, "", 1, 20),
        Setting("complaint.link_days", COMPLAINTS, N_("The customer's link works after closing for"), 30, DAYS, "", 1, 365),
        Setting("complaint.retention_days", COMPLAINTS, N_("Erase contact and photos after closing"), 180, DAYS, "",
                30, 1_095, admin_only=True),
        Setting("complaint.colleague_minutes", COMPLAINTS, N_("A colleague who was asked answers within"), 30, MINUTES, "",
                1, 10_080),
        Setting("complaint.kinds", COMPLAINTS, N_("What guests may file besides the usual"), "none", choices=BESIDES,
                kinds={SiteKind.SHOWROOM: "product"}),
        Setting("complaint.apology", ANSWERS, N_("Words of apology"), "after_liability", choices=APOLOGY),
        Setting("complaint.desk_limit", ANSWERS, N_("The front desk may promise up to"), 200, YUAN,
                N_("On one complaint. More is approved by another person."), 1, 1_000_000),
        Setting("complaint.manager_limit", ANSWERS, N_("A manager may promise and approve up to"), 2_000, YUAN,
                N_("More is approved by finance."), 1, 1_000_000),
        Setting("complaint.copy_roles", ANSWERS, N_("Who gets a notice of every complaint and every answer"), "",
                choices=COPIES, several=True, kinds={SiteKind.RESTAURANT: "manager", SiteKind.TOWER: "manager"}),
        Setting("complaint.return_visit_by", ANSWERS, N_("Who makes the return visit"), "first_asked", choices=VISITORS),
        Setting("complaint.return_visit_required", ANSWERS, N_("Close only after the return visit"), "no", choices=NO_YES),
        *(Setting(f"unit.{kind}", UNITS, label, "subject", choices=UNIT_CHOICES) for kind, label in KINDS),
        Setting("visit.lead_hours", VISITS, N_("A visit is booked at least so long before"), 24, HOURS,
                N_("Staff may book later ones, with a reason."), 0, 720),
        Setting("table.lead_minutes", VISITS, N_("A table is booked at least so long before"), 0, MINUTES, "", 0, 10_080),
        Setting("visit.hold_minutes", VISITS, N_("A time that somebody has chosen is kept for"), 5, MINUTES, "", 1, 60),
        Setting("visit.open_most", VISITS, N_("Open bookings of one phone for one kind of visit"), 3, TIMES, "", 1, 100),
        Setting("visit.limit_hours", VISITS, N_("Cancelling is free until so long before"), 24, HOURS, "", 0, 720),
        Setting("visit.offer_minutes", VISITS, N_("A place that became free is kept for who waits"), 15, MINUTES, "", 1,
                1_440),
        Setting("visit.answer_hours", VISITS, N_("A proposal or change is answered so long before the visit"), 4, HOURS,
                N_("Later the first time stands, and the desk is told."), 0, 720),
        Setting("visit.remind_first_hours", VISITS, N_("First reminder before a visit"), 24, HOURS, N_("0: none"), 0, 720),
        Setting("visit.remind_last_hours", VISITS, N_("Last reminder before a visit"), 2, HOURS, N_("0: none"), 0, 72),
        Setting("visit.prep_due_days", VISITS, N_("Everything is prepared so long before"), 1, DAYS, "", 0, 30),
        Setting("visit.desk_ready_minutes", VISITS, N_("The desk is ready so long before"), 15, MINUTES, "", 0, 240),
        Setting("visit.no_show_minutes", VISITS, N_("Who has not come is given up so long after"), 15, MINUTES, "", 5, 480),
        Setting("visit.follow_up_days", VISITS, N_("After a visit we get in touch within"), 2, DAYS,
                N_("Working days."), 1, 30),
        Setting("visit.needs_role", VISITS, N_("A visitor's special need goes to"), "floor", hint=N_(
                "Unless another department is named; to the managers where nobody works there."), choices=NEEDS),
        Setting("visit.needs_minutes", VISITS, N_("A special need is seen to within"), 15, MINUTES, "", 1, 1_440),
        Setting("arrival.weight_minutes", ARRIVALS, N_("Who has priority comes forward by"), 20, MINUTES,
                N_("Nobody is overtaken by somebody who came more than 20 minutes later."), 0, 20),
        Setting("arrival.alert_minutes", ARRIVALS, N_("Tell the managers when somebody waits longer than"), 15, MINUTES,
                "", 1, 240),
        Setting("arrival.early_minutes", ARRIVALS, N_("Who comes so long before a booked time is told that it is early"), 30,
                MINUTES, "", 0, 480),
        Setting("arrival.host_first", ARRIVALS, N_("A visitor is led in once the person visited was contacted"), "no",
                choices=NO_YES, kinds={SiteKind.TOWER: "yes"}),
        Setting("arrival.retention_days", ARRIVALS, N_("Erase name and phone of who came after"), 90, DAYS, "", 30, 365,
                admin_only=True),
        Setting("limit.filings_device", LIMITS, N_("Filings from one device in 10 minutes"), 5, TIMES, "", 1, 1_000),
        Setting("limit.filings_site", LIMITS, N_("Filings at this site in an hour"), 300, TIMES, "", 1, 100_000),
        Setting("limit.bookings_device", LIMITS, N_("Bookings from one device in 10 minutes"), 20, TIMES, "", 1, 1_000),
        Setting("limit.bookings_site", LIMITS, N_("Bookings at this site in an hour"), 1_000, TIMES, "", 1, 100_000),
        Setting("limit.photos_device", LIMITS, N_("Photos from one device in a day"), 200, MEGABYTES, "", 1, 10_000),
        Setting("limit.door_device", LIMITS, N_("Check-ins and numbers from one device in 10 minutes"), 20, TIMES, "", 1,
                10_000),
        Setting("limit.door", LIMITS, N_("Check-ins and numbers at one door in an hour"), 1_000, TIMES, "", 1, 100_000),
        Setting("limit.unmaskings", LIMITS, N_("Unmaskings by one person in an hour"), 30, TIMES, "", 1, 1_000),
        Setting("session.idle_minutes", SESSIONS, N_("Sign out without use after"), 15, MINUTES, "", 1, 720),
        Setting("day.start", FIGURES, N_("A day of the house begins at"), "04:00",
                hint=N_("What comes earlier belongs to the day before."), pattern="(?:[01][0-9]|2[0-3]):(?:00|30)"),
        Setting("public.icp", CONTACT, N_("ICP number in the footer"), ""),
    )
}  # fmt: skip


def value(site: Site, name: str) -> Value:
    """What this site has decided, or the default."""
    return chosen(site).get(name, SETTINGS[name].default_at(site))


def figure(site: Site, name: str) -> int:
    """A setting that counts something."""
    return int(value(site, name))


def chosen(site: Site) -> dict[str, Value]:
    """The settings that this site has changed."""
    return json.loads(site.choices) if site.choices else {}
