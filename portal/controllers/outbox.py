"""What left the house, or would have: messages with their state; managers read them, administrators see that they go."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Numbered
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events import outbox
from portal.events.outbox import Message
from portal.events.tables import DEAD
from portal.notifications import delivery
from portal.notifications.letters import Letter
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import bind, perform
from portal.web.page import Page
from portal.web.rooms import OUTBOX, lines
from portal.web.shown import item_at, shown, shown_site

NOTHING = Letter("", "", "")
NO_ITEM = Numbered("", "")


class Outbox(Controller):
    path = "/desk/{slug:str}/outbox"
    opt = roles(*OUTBOX)

    @get("/", name="outbox:index")
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        dead = request.query_params.get("state", "") == DEAD
        found, after = await outbox.listed(site.id, dead=dead, after=request.query_params.get("after", ""))
        given_up, _more = await outbox.listed(site.id, dead=True)
        return Page(
            "outbox/index.html", site=shown_site(site), messages=await _shown(request, site, found), after=after, dead=dead,
            given_up=len(await _numbers(request, site, given_up)),
        )  # fmt: skip

    @post("/{message:uuid}/retry", name="outbox:retry")
    async def retry(self, request: StaffRequest, site: NamedDependency[Site], message: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)
        asked = await outbox.of(message, site=site.id)
        if not await _numbers(request, site, [asked]):
            raise NotFound

        async def work() -> None:
            await outbox.revive(asked, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/outbox")


async def _shown(request: StaffRequest, site: Site, messages: list[Message]) -> list[SimpleNamespace]:
    """The messages this person may see; an administrator sees that each goes, and nothing of what it says."""
    numbers = await _numbers(request, site, messages)
    mine = [one for one in messages if one.id in numbers]
    letters = await delivery.letters(mine, masked=True) if _reads(request, site) else {}
    return [
        shown(one, number=numbers[one.id].number, href=f"/desk/{site.slug}/{item_at(*numbers[one.id])}",
              letter=letters.get(one.id, NOTHING)) for one in mine
    ]  # fmt: skip


async def _numbers(request: StaffRequest, site: Site, messages: list[Message]) -> dict[UUID, Numbered]:
    """By message, the number of its item where it is about one; without those whose item this person may not see."""
    if not _reads(request, site):
        return dict.fromkeys((one.id for one in messages), NO_ITEM)
    read = lines(request.user.roles_at(site))
    known = await items.numbers_for(request.user, site, [one.subject for one in messages], lines=read)
    return {
        one.id: known.get(one.subject, NO_ITEM) for one in messages
        if one.subject not in known or known[one.subject].number
    }  # fmt: skip


def _reads(request: StaffRequest, site: Site) -> bool:
    return Role.MANAGER in request.user.roles_at(site)
