"""One stream a browser: that something at this site changed."""

from litestar import Controller, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Stream

from portal.domain.accounts import queries as accounts
from portal.domain.sites.tables import Site
from portal.errors import PortalError
from portal.events.services import topic
from portal.realtime.stream import stream
from portal.security.policies import EVERYBODY, roles
from portal.security.sessions import COOKIE
from portal.web.browser import cookie_name
from portal.web.client import StaffRequest


class Live(Controller):
    @get("/desk/{slug:str}/live", name="live", opt={**roles(*EVERYBODY), "plain": True})
    async def live(self, request: StaffRequest, state: State, site: NamedDependency[Site]) -> Stream:
        token, mine = request.cookies[cookie_name(COOKIE)], request.user.roles_at(site)

        async def still_allowed() -> bool:
            """Whether this person is signed in and is what he was when the stream opened."""
            try:
                person = await accounts.signed_in(token)
            except PortalError:
                return True  # the database is away: nobody's rights changed there
            return person is not None and person.roles_at(site) == mine

        return stream(state.hub, topic(site.id), still_allowed)
