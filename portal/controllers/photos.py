"""Photos on the desk, for those who may see what they belong to."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.looking import looked
from portal.domain.complaints.rules import rights
from portal.domain.queues.queries import items as queues
from portal.domain.sites.tables import Site
from portal.photos import queries
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.photo import picture, size


class Photos(Controller):
    @get("/desk/{slug:str}/photos/{photo:uuid}", name="photos:show",
         opt=roles(*rights.READERS))  # fmt: skip
    async def show(self, request: StaffRequest, site: NamedDependency[Site], photo: FromPath[UUID]) -> Response[bytes]:
        subject = await queries.subject(photo, site.id)
        if await queues.seen_by(request.user, site, subject):
            await looked(request, site, subject)
        return picture(await queries.read(photo, size(request)))
