"""Before a booking counts, its phone is shown to be the visitor's by a code, where the type asks for it."""

from functools import partial
from typing import Any

from portal import database
from portal.domain.bookings.services import booking
from portal.domain.bookings.services.reserving import Wish
from portal.domain.bookings.tables import VisitType
from portal.domain.customers import queries, services
from portal.domain.sites.tables import Site
from portal.notifications.channels import sms
from portal.security import rates
from portal.security.rates import Try
from portal.web import browser
from portal.web.client import PublicRequest, address
from portal.web.forms import Form

BY_PHONE, BY_ADDRESS = (5, 3600), (60, 3600)  # codes


async def proven(request: PublicRequest, site: Site, form: Form[Any], *, kind: VisitType | None) -> bool:
    """Whether the phone of a valid form is proven; else a code is on its way, and a time of `kind` is kept meanwhile.

    Without text messages there is nothing to prove. Raises Invalid at the code that is not right.
    """
    if not sms.configured():
        return True
    typed, who = form.data, browser.identity(request)
    sent = await queries.proof(phone=typed.phone, browser=who)
    if sent is not None and sent.proven_at is not None:
        return True
    if sent is not None and typed.code and not typed.again:
        await services.prove(phone=typed.phone, browser=who, code=typed.code)
        return True
    if sent is None or typed.again:
        if kind is not None:
            await database.retried(partial(booking.hold, site, kind, _wish(typed), browser=who))
        await rates.check(Try("code.phone", queries.proof_key(typed.phone), BY_PHONE),
                          Try("code.address", address(request), BY_ADDRESS))  # fmt: skip
        await database.retried(lambda: services.send_code(site, phone=typed.phone, browser=who))
        form.values["code"] = ""
    return False


def _wish(typed: Any) -> Wish:
    return Wish(typed.day, typed.begins_at, typed.people)
