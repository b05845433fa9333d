"""Saving what is offered: visits that a change touches are listed first, and saved by who confirms the list."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from litestar import Response

from portal.domain.bookings.rules.touching import WORDS
from portal.domain.bookings.services.offering import Touches
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.i18n.translations import gettext
from portal.web.client import StaffRequest
from portal.web.forms import TOKEN, Form, perform
from portal.web.page import Page
from portal.web.shown import shown_site

CONFIRMED = "confirmed"
SHOWN = 100  # visits of a list; more are counted


async def saved(
    request: StaffRequest, site: Site, form: Form[Any], work: Callable[[], Awaitable[None]], *, answer: str,
    page: Callable[[int], Awaitable[Page]],
) -> Response[Any]:  # fmt: skip
    """Do a deed once and go to `answer`; else the page with what was typed, or the visits that it would touch."""
    try:
        return await perform(request, form, work, answer=answer)
    except Touches as touches:
        return listing(request, site, form, touches, back=answer)
    except Invalid as invalid:
        form.refuse(invalid)
        return await page(422)
    except Conflict as conflict:
        form.errors[""] = conflict.message
        form.values.pop("version", None)  # sent again, it is meant over what the other decided
        return await page(409)


def listing(request: StaffRequest, site: Site, form: Form[Any], touches: Touches, *, back: str) -> Page:
    """The visits that a change touches, with everything that was typed behind one button."""
    found = [
        SimpleNamespace(number=one.standing.number, who=one.standing.who, at=one.standing.begins_at,
                        people=one.standing.people, why=[gettext(WORDS[why]) for why in one.why])
        for one in touches.found[:SHOWN]
    ]  # fmt: skip
    typed = [(name, text) for name, text in form.values.items() if name not in (TOKEN, CONFIRMED)]
    return Page("settings/touched.html", status_code=409, site=shown_site(site), found=found, typed=typed, back=back,
                many=len(touches.found), action=request.scope["path"], token=form.token,
                confirmed=touches.digest)  # fmt: skip
