"""What README and docs say of the code is so: tables cell by cell, code line by line; and every link leads somewhere."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel

from portal import settings
from portal.app import create_app
from portal.controllers.listing import FIELDS
from portal.domain.accounts import forms as accounts
from portal.domain.accounts.tables import Role
from portal.domain.arrivals.forms import coming as arrival_forms
from portal.domain.arrivals.forms import serving as serving_forms
from portal.domain.bookings.forms import after, visiting
from portal.domain.bookings.forms import agreeing as agreeing_forms
from portal.domain.bookings.forms import booking as booking_forms
from portal.domain.bookings.forms import offering as offering_forms
from portal.domain.bookings.forms import waiting as waiting_forms
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.complaints.forms import ending as ending_forms
from portal.domain.complaints.forms import filing as filing_forms
from portal.domain.complaints.forms import goods as goods_forms
from portal.domain.complaints.forms import handling as handling_forms
from portal.domain.complaints.forms import settings as settings_forms
from portal.domain.complaints.rules import rights, way
from portal.domain.complaints.tables import State
from portal.domain.customers import forms as customer_forms
from portal.domain.displays import forms as display_forms
from portal.domain.exports import forms as export_forms
from portal.domain.exports.tables import Format
from portal.domain.queues import forms as items
from portal.domain.queues import rules as queues
from portal.domain.queues.rules import Deed, Reach
from portal.domain.reports.forms import boards as board_forms
from portal.domain.reports.forms.saving import Keeping
from portal.domain.reports.rules import coming, cuts, ranges
from portal.domain.search import forms as search_forms
from portal.domain.sites import forms as site_forms
from portal.domain.sites.rules import settings as sites
from portal.domain.sites.rules.settings import Setting
from portal.security import policies
from portal.settings import ROOT, Limits
from portal.web import rooms

README, OPERATING, RULES = ROOT / "README.md", ROOT / "docs" / "OPERATING.md", ROOT / "docs" / "RULES.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
NONE = "–"
Rows = list[list[str]]

# What each form posts, beside its token: its model, and whether photos come with it. Pages without a model: literally.
POSTED: dict[str, tuple[type[BaseModel], bool]] = {
    "/desk/{site}/bookings": (TakenDown, False),
    "/desk/{site}/bookings/{number}/confirmation": (agreeing_forms.Confirmation, False),
    "/desk/{site}/bookings/{number}/decline": (agreeing_forms.Decline, False),
    "/desk/{site}/bookings/{number}/proposal": (agreeing_forms.Proposal, False),
    "/desk/{site}/bookings/{number}/change": (agreeing_forms.Change, False),
    "/desk/{site}/bookings/{number}/preparation": (agreeing_forms.Ticks, False),
    "/desk/{site}/bookings/{number}/ready": (handling_forms.Nothing, False),
    "/desk/{site}/bookings/{number}/arrival": (after.Arriving, False),
    "/desk/{site}/bookings/{number}/undo": (items.Undo, False),
    "/desk/{site}/bookings/{number}/no-show": (handling_forms.Nothing, False),
    "/desk/{site}/bookings/{number}/withdrawal": (agreeing_forms.Withdrawal, False),
    "/desk/{site}/bookings/{number}/unmask": (agreeing_forms.BookingField, False),
    "/desk/{site}/bookings/{number}/background": (after.Background, False),
    "/desk/{site}/bookings/{number}/papers": (after.Papers, False),
    "/desk/{site}/bookings/{number}/note": (after.Note, False),
    "/desk/{site}/bookings/{number}/follow-ups": (after.FollowUp, False),
    "/desk/{site}/bookings/{number}/negotiation": (after.Negotiation, False),
    "/desk/{site}/bookings/{number}/satisfaction": (after.Satisfaction, False),
    "/desk/{site}/bookings/{number}/summary": (after.Summary, False),
    "/desk/{site}/tasks/{task}/done": (after.Done, False),
    "/desk/{site}/tasks/{task}/refusal": (items.TaskRefused, False),
    "/desk/{site}/arrivals/{number}/record": (after.Record, False),
    "/desk/{site}/arrivals/{number}/papers": (after.Papers, False),
    "/desk/{site}/search": (search_forms.Search, False),
    "/desk/{site}/displays": (display_forms.NewDisplay, False),
    "/desk/{site}/arrivals/call": (serving_forms.AtWindow, False),
    "/desk/{site}/arrivals/{number}/call": (serving_forms.OutOfTurn, False),
    "/desk/{site}/arrivals/{number}/transfer": (serving_forms.Transfer, False),
    **{f"/desk/{{site}}/arrivals/{{number}}/{deed}": (handling_forms.Nothing, False)
       for deed in ("recall", "host", "serving", "park", "return", "no-show", "finish", "undo")},
    "/desk/{site}/alarms": (serving_forms.NewAlarm, False),
    "/desk/{site}/alarms/{alarm}/acknowledgement": (handling_forms.Nothing, False),
    "/desk/{site}/displays/{display}/revocation": (handling_forms.Nothing, False),
    "/desk/{site}/reports/boards": (board_forms.Notice, False),
    "/desk/{site}/reports/boards/{board}": (board_forms.Notice, False),
    "/desk/{site}/reports/boards/{board}/publication": (handling_forms.Nothing, False),
    "/desk/{site}/reports/boards/{board}/withdrawal": (handling_forms.Nothing, False),
    "/desk/{site}/reports/boards/{board}/edition": (handling_forms.Nothing, False),
    "/s/{site}/notices/{board}/reading": (handling_forms.Nothing, False),
    "/desk/{site}/items/{number}/pause": (items.Waiting, False),
    "/desk/{site}/items/{number}/resumption": (handling_forms.Nothing, False),
    "/desk/{site}/complaints/{number}/tier": (handling_forms.Ranking, False),
    "/desk/{site}/complaints/{number}/extension": (handling_forms.MoreTime, False),
    "/desk/{site}/complaints/{number}/extension-approval": (ending_forms.Decision, False),
    "/desk/{site}/complaints/{number}/colleague": (handling_forms.Asking, False),
    "/desk/{site}/complaints/{number}/forwarding": (handling_forms.Forwarding, False),
    "/desk/{site}/complaints/{number}/party": (handling_forms.NamedParty, False),
    "/desk/{site}/complaints/{number}/party/link": (handling_forms.Nothing, False),
    "/p/{token}/messages": (filing_forms.Message, True),
    "/desk/{site}/complaints/{number}/returns": (goods_forms.NewReturn, False),
    "/desk/{site}/complaints/{number}/returns/{note}/approval": (ending_forms.Decision, False),
    "/desk/{site}/complaints/{number}/returns/{note}/shipment": (handling_forms.Nothing, False),
    "/desk/{site}/complaints/{number}/returns/{note}/instruction": (goods_forms.Instruction, False),
    "/desk/{site}/complaints/{number}/returns/{note}/receipt": (goods_forms.Receipt, False),
    "/desk/{site}/settings/policies": (settings_forms.NewPolicy, False),
    "/desk/{site}/settings/policies/{policy}": (settings_forms.NewPolicy, False),
    "/desk/{site}/settings/policies/{policy}/removal": (handling_forms.Nothing, False),
    "/s/{site}/complaints": (filing_forms.NewComplaint, True),
    "/s/{site}/waiting-list": (waiting_forms.NewWaiting, False),
    "/b/{token}/acceptance": (handling_forms.Nothing, False),
    "/b/{token}/rejection": (handling_forms.Nothing, False),
    "/c/{token}/messages": (filing_forms.Message, True),
    "/c/{token}/acceptance": (handling_forms.Nothing, False),
    "/c/{token}/rejection": (filing_forms.Rejection, False),
    "/c/{token}/rating": (filing_forms.Rating, False),
    "/desk/{site}/complaints": (filing_forms.Intake, True),
    "/desk/{site}/items/{number}/claim": (handling_forms.Nothing, False),
    "/desk/{site}/items/{number}/release": (items.Release, False),
    "/desk/{site}/items/{number}/handover": (items.HandOver, False),
    "/desk/{site}/items/{number}/undo": (items.Undo, False),
    "/desk/{site}/queue/bulk/{bulk}/undo": (handling_forms.Nothing, False),
    "/desk/{site}/items/{number}/notes": (items.Note, False),
    "/desk/{site}/items/{number}/escalation": (items.Escalation, False),
    "/desk/{site}/items/{number}/acknowledgement": (items.Acknowledgement, False),
    "/desk/{site}/items/{number}/unmask": (items.Unmask, False),
    "/desk/{site}/complaints/{number}/messages": (handling_forms.Telling, True),
    "/desk/{site}/complaints/{number}/triage": (handling_forms.Triage, False),
    "/desk/{site}/complaints/{number}/plan": (handling_forms.Plan, False),
    "/desk/{site}/complaints/{number}/reply": (handling_forms.Reply, False),
    "/desk/{site}/complaints/{number}/closure": (handling_forms.Nothing, False),
    "/desk/{site}/complaints/{number}/restriction": (handling_forms.Restriction, False),
    "/desk/{site}/complaints/{number}/link": (handling_forms.Nothing, False),
    "/desk/{site}/complaints/{number}/reopening": (handling_forms.Nothing, False),
    "/desk/{site}/complaints/{number}/liability": (ending_forms.Fault, False),
    "/desk/{site}/complaints/{number}/compensation": (ending_forms.Promise, False),
    "/desk/{site}/complaints/{number}/compensation-approval": (ending_forms.Decision, False),
    "/desk/{site}/complaints/{number}/cause": (ending_forms.Found, False),
    "/desk/{site}/complaints/{number}/actions": (ending_forms.Action, False),
    "/desk/{site}/complaints/{number}/actions/{action}/effect": (ending_forms.Effect, False),
    "/desk/{site}/complaints/{number}/return-visit": (ending_forms.Visit, False),
    "/desk/{site}/complaints/{number}/rectification": (ending_forms.Rectification, False),
    "/desk/{site}/settings/causes": (settings_forms.NewCause, False),
    "/desk/{site}/settings/causes/{code}/retirement": (handling_forms.Nothing, False),
    "/desk/{site}/settings/causes/{code}/return": (handling_forms.Nothing, False),
    "/desk/{site}/settings/templates": (settings_forms.NewTemplate, False),
    "/desk/{site}/settings/templates/{template}/removal": (handling_forms.Nothing, False),
    "/desk/{site}/settings/phrases": (settings_forms.NewPhrases, False),
    "/desk/{site}/complaints/{number}/tasks": (items.NewTask, False),
    "/desk/{site}/complaints/{number}/tasks/{task}/done": (items.TaskDone, False),
    "/desk/{site}/complaints/{number}/tasks/{task}/refusal": (items.TaskRefused, False),
    "/desk/{site}/complaints/{number}/contacts": (handling_forms.Contact, False),
    "/desk/{site}/complaints/{number}/merge": (handling_forms.Merge, False),
    "/desk/{site}/complaints/{number}/split": (handling_forms.Split, False),
    "/desk/{site}/queue/bulk": (items.ManyItems, False),
    "/desk/{site}/settings/places": (site_forms.NewPlaces, False),
    "/desk/{site}/settings/categories": (site_forms.NewCategory, False),
    "/desk/{site}/settings/categories/{code}/retirement": (handling_forms.Nothing, False),
    "/desk/{site}/settings/categories/{code}/return": (handling_forms.Nothing, False),
    "/desk/{site}/settings/calendar": (site_forms.Week, False),
    "/desk/{site}/settings/calendar/days": (site_forms.OwnDays, False),
    "/desk/{site}/settings/calendar/days/{on}/removal": (site_forms.Removal, False),
    "/desk/{site}/outbox/{message}/retry": (handling_forms.Nothing, False),
    "/desk/{site}/staff/{username}/email": (accounts.Address, False),
    "/desk/{site}/settings/ladder": (items.Ladder, False),
    "/desk/{site}/settings/absences": (items.NewAbsence, False),
    "/desk/{site}/settings/absences/{absence}/cancellation": (handling_forms.Nothing, False),
    "/desk/{site}/staff/{username}/disabling": (handling_forms.Nothing, False),
    "/desk/{site}/staff/{username}/enabling": (handling_forms.Nothing, False),
}
POSTED |= {
    "/s/{site}/bookings/holds": (visiting.Hold, False),
    "/s/{site}/bookings": (visiting.Visiting, False),
    "/b/{token}/change": (booking_forms.When, False),
    "/b/{token}/cancellation": (visiting.Nothing, False),
    "/b/{token}/forgetting": (visiting.Nothing, False),
    "/d/{door}/check-in": (arrival_forms.CheckIn, False),
    "/d/{door}/number": (arrival_forms.NewNumber, False),
    "/w/{token}/delay": (handling_forms.Nothing, False),
    "/w/{token}/leaving": (handling_forms.Nothing, False),
    "/desk/{site}/exports/contacts": (export_forms.Contacts, False),
    "/desk/{site}/exports/{export}/decision": (export_forms.Verdict, False),
    "/desk/{site}/exports/{export}/cancellation": (handling_forms.Nothing, False),
    "/desk/{site}/reports": (Keeping, False),
    "/desk/{site}/reports/saved/{report}": (Keeping, False),
    "/desk/{site}/reports/saved/{report}/removal": (handling_forms.Nothing, False),
}
POSTED |= {
    "/desk/{site}/settings/visits": (offering_forms.NewType, False),
    "/desk/{site}/settings/visits/{code}": (offering_forms.TypeFacts, False),
    "/desk/{site}/settings/visits/{code}/days": (offering_forms.TypeDays, False),
    "/desk/{site}/settings/blackouts": (offering_forms.NewBlackout, False),
    "/desk/{site}/settings/receivers": (offering_forms.NewReceiving, False),
    "/desk/{site}/settings/receivers/officers": (offering_forms.NewOfficer, False),
    "/desk/{site}/settings/doors": (offering_forms.NewDoor, False),
    "/desk/{site}/settings/doors/{door}": (offering_forms.DoorFacts, False),
    "/desk/{site}/settings/stations": (offering_forms.StationFacts, False),
    "/desk/{site}/settings/visits/{code}/hours": (site_forms.Week, False),
    "/desk/{site}/settings/visits/{code}/days/{on}/removal": (site_forms.Removal, False),
    "/desk/{site}/settings/blackouts/{blackout}/removal": (handling_forms.Nothing, False),
    "/desk/{site}/settings/receivers/officers/{username}/removal": (handling_forms.Nothing, False),
    "/desk/{site}/blocks": (customer_forms.NewBlock, False),
    "/desk/{site}/blocks/{block}/lifting": (customer_forms.Lifting, False),
}
PLAIN = {
    "/language": {"lang", "next"},
    "/sign-in": {"username", "password", "next"},
    "/sign-out": set[str](),
    "/desk/password": {"current", "new", "again"},
    "/desk/{site}/notices": {"shown"},
    "/desk/{site}/notices/return": {"away"},
    "/desk/{site}/settings": {"<setting>", "unit_<category>"},
    "/desk/{site}/settings/visits/{code}/asks": {"<field>_<row>"},
}


class Asked(Mapping[str, str]):
    """An environment that remembers, in order, what it was asked for."""

    def __init__(self, given: dict[str, str]) -> None:
        self.given, self.names = given, dict[str, None]()

    def __getitem__(self, name: str) -> str:
        self.names[name] = None
        return self.given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)


def rows(path: Path, heading: str) -> Rows:
    """The cells of the one table under a heading, without its head."""
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"{path.name} has no heading {heading!r}"
    lines = [line for line in found[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def agree(path: Path, heading: str, written: Rows, wanted: Rows, *, free: tuple[int, ...] = ()) -> None:
    """Fail with the lines to write and to take away; the cells in the columns `free` are anybody's words (…)."""
    shown = [["…" if place in free else cell for place, cell in enumerate(row)] for row in written]
    missing = [line(row) for row in wanted if row not in shown]
    stale = [line(row) for row in shown if row not in wanted]
    if missing or stale:
        pytest.fail("\n".join([f"{path.name}, {heading}: write", *missing, "instead of", *stale]))
    assert shown == wanted, f"{path.name}, {heading}: the rows stand in another order than in the code"


def listed(words: Iterable[str]) -> str:
    return ", ".join(words) or NONE


def code(text: str) -> str:
    return f"`{text}`" if text else NONE


def test_the_settings_of_the_environment() -> None:
    key = "1:" + "A" * 43 + "="
    env = Asked({"PORTAL_SECRET_KEY": "x" * 32, "PORTAL_ENCRYPTION_KEY": key})
    chosen = settings.read(env)
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "portal").rglob("*.py"))
    commands = re.findall(r'secret\(os\.environ, "(\w+)"\)', sources)
    asked = [*env.names, *commands, *(f"{name}_FILE" for name in commands)]
    names = [name for name in dict.fromkeys(asked) if name.startswith("PORTAL_") and not name.endswith("_FILE")]
    assert set(re.findall(r'"(PORTAL_[A-Z_]+)"', sources)) <= set(asked)

    secrets = {name.removesuffix("_FILE") for name in asked if name.endswith("_FILE")}
    values = {f"PORTAL_{field.name.upper()}": str(getattr(chosen, field.name)) for field in dataclasses.fields(chosen)}
    values |= {
        "PORTAL_ENV": chosen.environment, "PORTAL_VAR": str(chosen.files.parent), "PORTAL_HOSTS": "",
        "PORTAL_RATE_LIMITS": "on" if chosen.rate_limits else "off", "PORTAL_WORKER": "on" if chosen.worker else "off",
        **dict.fromkeys(secrets, ""),
    }  # fmt: skip
    values |= {f"PORTAL_LIMIT_{name.upper()}": "{}/{}".format(*value) for name, value in vars(Limits()).items()}
    wanted = [
        [
            ", ".join([f"`{name}`", *(["`…_FILE`"] * (name in secrets)), *(["`DATABASE_URL`"] * ("DATABASE" in name))]),
            "…",
            code(values[name].replace(f"{ROOT}/", "")),
        ]
        for name in names
    ]
    heading = "Settings of an installation"

    agree(README, heading, sorted(rows(README, heading)), sorted(wanted), free=(1,))


def test_the_settings_of_a_site() -> None:
    heading = "Settings of a site"

    agree(OPERATING, heading, rows(OPERATING, heading), [_setting(one) for one in sites.SETTINGS.values()])


def _setting(one: Setting) -> list[str]:
    counted = isinstance(one.default, int)
    choices = listed(f"`{role}`" for role in one.choices) if one.choices else "text"
    bounds = f"{one.minimum}–{one.maximum}" if counted else choices
    who = ("admin",) if one.admin_only else rooms.SETTINGS
    default = f"{one.default} {one.unit}".strip() or NONE
    default += "".join(f"; {kind}: {other}" for kind, other in one.kinds.items())
    bounds = f"{one.minimum}–{one.maximum}" if counted else _choices(one) or "text"
    return [f"`{one.name}`", one.label, default, bounds, listed(who)]


def _choices(one: Setting) -> str:
    return ("any of " if one.several else "") + ", ".join(code(word) for word, _label in one.choices)


def test_the_deeds() -> None:
    heading = "The deeds"

    agree(README, heading, rows(README, heading), [_deed(deed) for deed in way.DEEDS.values()])


def _deed(deed: Deed) -> list[str]:
    before = [state.value for state in State if state in deed.before]
    opened = [state.value for state in State if state in way.OPEN]
    if before[: len(opened)] == opened:
        before = ["open", *before[len(opened) :]]
    who = "customer" if not deed.roles else "handlers" if deed.roles == queues.HANDLERS else listed(sorted(deed.roles))
    return [deed.name, listed(before), deed.after or NONE, who, deed.whose.name.lower(), listed(deed.needs),
            code(deed.event), deed.told or NONE]  # fmt: skip


def test_who_may_what() -> None:
    heading = "Who sees what"

    agree(README, heading, rows(README, heading), [_role(role) for role in Role])


def _role(role: Role) -> list[str]:
    mine = frozenset({role})
    seen = {
        Reach.ALL: "all", Reach.UNIT: "its unit's, its own, what it filed, what was escalated to it",
        Reach.FILED: "what it filed", Reach.MONEY: "items with money",
        Reach.CASES: "what is about a manager, what was escalated to it",
    }  # fmt: skip
    open_to = rooms.rooms(mine)
    marks = [
        rights.may_file(mine), role in queues.HANDLERS, rights.may_unmask(mine), open_to["settings"],
        open_to["posters"], open_to["log"], open_to["staff"], open_to["outbox"],
    ]  # fmt: skip
    return [role.value, listed(seen[one] for one in queues.reach(mine)), *("yes" if mark else NONE for mark in marks)]


def test_the_public_interface() -> None:
    heading = "The public interface"
    methods: dict[tuple[str, str], list[str]] = {}
    for method, path, names in policies.table(create_app()):
        address = re.sub(r":\w+}", "}", path.replace("{slug:str}", "{site}"))
        methods.setdefault((f"`{address}`", _who(names)), []).append(method)
    wanted = [
        [how, address, who]
        for (address, who), found in methods.items()
        for how in (["GET, HEAD"] if found == ["GET", "HEAD"] else found)
    ]
    written = [[how, address, who] for _what, how, address, _fields, who in rows(README, heading)]

    agree(README, heading, sorted(written), sorted(wanted))


def _who(names: str) -> str:
    if names in (policies.PUBLIC, policies.LINK):
        return {policies.PUBLIC: "everybody", policies.LINK: "holder of the link"}[names]
    sets = {"all staff": set(Role), "readers": set(queues.REACH), "handlers": set(queues.HANDLERS)}
    named = [word for word, roles in sets.items() if roles == set(names.split(","))]
    return named[0] if named else names.replace(",", ", ")


def test_the_fields_of_the_public_interface() -> None:
    heading = "The public interface"
    posted = {
        address: {*(field.alias or name for name, field in model.model_fields.items()), *({"photos"} if photos else ())}
        for address, (model, photos) in POSTED.items()
    } | PLAIN
    written = {
        (how, address.strip("`")): set() if fields == NONE else set(fields.replace("`", "").split(", "))
        for _what, how, address, fields, _who in rows(README, heading)
    }
    wanted = {("POST", address): fields for address, fields in posted.items()}
    narrowing = set(FIELDS)
    wanted[("GET", "/desk/{site}/queue")] = narrowing | {"select", "kept"}
    wanted[("GET", "/desk/{site}/items/{number}")] = narrowing | {"template", "into"}
    report, cut = set(ranges.WORDS), set(cuts.WORDS)
    wanted[("GET", "/desk/{site}/reports/complaints")] = report
    wanted[("GET", "/desk/{site}/reports/complaints/records")] = report | cut | {"after"}
    for shape in Format:
        wanted[("GET", f"/desk/{{site}}/reports/complaints.{shape}")] = report
        wanted[("GET", f"/desk/{{site}}/reports/complaints/records.{shape}")] = report | cut
    came = set(coming.WORDS)
    wanted[("GET", "/desk/{site}/reports/arrivals")] = set(coming.RANGE)
    wanted[("GET", "/desk/{site}/reports/arrivals/records")] = came | {"after"}
    for shape in Format:
        wanted[("GET", f"/desk/{{site}}/reports/arrivals.{shape}")] = set(coming.RANGE)
        wanted[("GET", f"/desk/{{site}}/reports/arrivals/records.{shape}")] = came
    wrong = [
        f"{how} {address}: {', '.join(sorted(fields)) or NONE}"
        for (how, address), fields in wanted.items()
        if written.get((how, address)) != fields
    ]
    asked = {name for (how, _address), fields in written.items() if how == "GET" for name in fields}

    assert not wrong, "README.md, The public interface: write these fields\n" + "\n".join(wrong)
    assert {door for door in written if door[0] == "POST"} <= set(wanted)
    assert asked - set(FIELDS) - report - cut - came == _queries() - set(FIELDS) - report - cut - came


def _fields(model: type[BaseModel]) -> set[str]:
    """The names that a form posts."""
    return {field.alias or name for name, field in model.model_fields.items()}


def _queries() -> set[str]:
    """Every name that a page looks for behind the question mark."""
    sources = [path for folder in ("controllers", "web") for path in (ROOT / "portal" / folder).rglob("*.py")]
    pattern = re.compile(r'(?:(?:query_params|asked)\.get\(|number_in\(request, )"(\w+)"')
    return {name for path in sources for name in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_rule_and_promise_is_cited_where_it_is_said_to_be() -> None:
    lost = []
    for row in [*rows(RULES, "Rules"), *rows(RULES, "Promises")]:
        places = re.findall(r"\]\(\.\./([^)]+)\)", row[-1])
        texts = [text for place in places for text in _texts(ROOT / place)]
        lost += [] if re.search(rf"\b{row[0]}\b", "\n".join(texts)) else [f"{row[0]}: {places}"]

    assert not lost, "cited by no test of those that docs/RULES.md names:\n" + "\n".join(lost)


def _texts(place: Path) -> list[str]:
    """A file, or the Python files of a folder."""
    paths = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return [path.read_text(encoding="utf-8") for path in paths]


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith("https://")]
    broken = []
    for link in links:
        file, _mark, place = link.partition("#")
        target = path.parent / file if file else path
        if not target.exists() or (place and place not in _anchors(target)):
            broken.append(link)

    assert broken == []


def _anchors(path: Path) -> set[str]:
    """What its headings are called in addresses."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_file_that_is_named_is_there(path: Path) -> None:
    named = re.findall(r"`((?:portal|tests|docs|bench|migrations)/[\w./-]*)`", path.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_quoted_code_stands_in_the_file_it_is_quoted_from(path: Path) -> None:
    quoted = re.findall(r"^```\w+\n(?:# |\{# |/\* |// )(portal/\S+)[^\n]*\n(.*?)^```", path.read_text(encoding="utf-8"),
                        re.DOTALL | re.MULTILINE)  # fmt: skip
    stale = []
    for source, text in quoted:
        stands = {found.strip() for found in (ROOT / source).read_text(encoding="utf-8").splitlines()}
        stale += [f"{source}: {found}" for found in text.splitlines() if found.strip() not in {*stands, "…"}]

    assert stale == []
