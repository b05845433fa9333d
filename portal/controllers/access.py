"""The access log: who looked at whom; read by managers and auditors, its sign-ins by administrators."""

from types import SimpleNamespace
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency

from portal import access_log
from portal.domain.accounts.tables import Role
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries import people, words
from portal.domain.sites.tables import Site
from portal.i18n.labels import label
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.page import Page
from portal.web.rooms import LOG, lines
from portal.web.shown import shown_site

WORDS = {"open": "door", "deed": "door", "export": "export"}  # what the field of an entry is a code of


class Access(Controller):
    @get("/desk/{slug:str}/log", name="access:index", opt=roles(*LOG))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        admin = Role.ADMIN in request.user.roles_at(site)
        rows, after = await access_log.entries(site.id, configuration=admin, after=request.query_params.get("after", ""))
        known = await people.named(site, [row["account"] for row in rows if row["account"]])
        reasons = await words.texts([row["entry"] for row in rows if row["entry"]])
        about = [row["subject"] for row in rows if row["subject"]]
        found = await queues.numbers_for(request.user, site, about, lines=lines(request.user.roles_at(site)))
        numbers = {item: numbered.number for item, numbered in found.items()}
        entries = [_shown(row, known, reasons, numbers) for row in rows if numbers.get(row["subject"]) != ""]
        return Page("access/index.html", site=shown_site(site), entries=entries, after=after)


def _shown(row: dict[str, Any], known: dict[Any, Any], reasons: dict[Any, str], numbers: dict[Any, str]) -> SimpleNamespace:
    return SimpleNamespace(
        at=row["at"],
        who=known[row["account"]]["name"] if row["account"] in known else "–",
        role=", ".join(label("role", role) for role in row["role"].split(",") if role),
        action=label("access", "opened" if (row["action"], row["result"]) == ("open", "done") else row["action"]),
        object=numbers.get(row["subject"], ""),
        fields=label(WORDS.get(row["action"], "field"), row["field"]) if row["field"] else "",
        reason=reasons.get(row["entry"], ""),
        result=label("result", row["result"]),
    )
