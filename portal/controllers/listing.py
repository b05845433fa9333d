"""The queue as its page and every item's page show it."""

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlencode

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.queries import customer
from portal.domain.complaints.tables import State
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries.items import OPEN, Filters
from portal.domain.queues.tables import Severity
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.i18n.labels import label
from portal.i18n.labels import options as label_options
from portal.web.client import StaffRequest
from portal.web.page import referring

NUMBER = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{6,9}")
FIELDS = ("kind", "category", "severity", "state", "owner", "after")


def filters(request: StaffRequest) -> Filters:
    """What an address narrows the queue to; for a deed, that of the page its form was on. An empty choice is none."""
    posted = request.method == "POST"
    given = dict(parse_qsl(referring(request).partition("?")[2])) if posted else request.query_params
    asked = {name: text[:200] for name in FIELDS if (text := given.get(name, "").replace("\0", "").strip())}
    return Filters(**asked)


def number_in(request: StaffRequest, name: str) -> str:
    """The number that an address names after a deed, for the page to say what came of it; nothing that is no number."""
    number = request.query_params.get(name, "")
    return number if NUMBER.fullmatch(number) else ""


def narrowing(wanted: Filters) -> dict[str, str]:
    """What of an address makes it narrow the queue so again, from its first page; nothing for the whole of it."""
    usual = ("state", OPEN)
    return {name: text for name, text in asdict(wanted).items() if text and name != "after" and (name, text) != usual}


def place_of(request: StaffRequest, address: str) -> str:
    """An address on the desk, with the queue beside it as narrow as it is now."""
    query = urlencode(narrowing(filters(request)))
    return f"{address}?{query}" if query else address


async def listing(person: Staff, site: Site, wanted: Filters) -> dict[str, Any]:
    """The cards of a page and what stands above them: two queries."""
    cards, after = await queries.waiting_in(person, site, wanted)
    return {
        "cards": cards,
        "after": after,
        "first": not wanted.after,
        "counts": await queries.counts(person, site),
        "filters": wanted,
        "narrowed": narrowing(wanted),
        "updated_at": clock.now(),
    }


async def options(site: Site, *, own: str = "") -> dict[str, list[tuple[str, str]]]:
    """What the queue can be narrowed to, and what an item can be; its own category may be a retired one: one query."""
    categories = await sites.categories(site.id, all_of_them=True)
    return {
        "kinds": customer.kinds(),
        "categories": [(one.code, one.name) for one in categories],
        "offered": [(one.code, one.name) for one in categories if one.active or one.code == own],
        "severities": [(one.word, label("severity", one.word)) for one in Severity],
        "states": [(name, label("state", name)) for name in ("open", *State)],
        "tiers": label_options("tier"),
        "pauses": label_options("pause"),
        "owners": [("me", label("owner", "me")), ("none", label("owner", "none"))],
    }
