"""Signing in and out."""

from typing import Any

from litestar import Controller, Response, get, post

from portal import settings
from portal.domain.accounts import services
from portal.i18n.translations import _
from portal.security import rates, sessions
from portal.security.rates import Try
from portal.web import browser
from portal.web.client import PublicRequest, address
from portal.web.forms import Form, check_token, next_path, typed
from portal.web.page import Page, own_path, to

DESK = "/desk"
A_YEAR = 365 * 24 * 3600


class Sessions(Controller):
    @get("/sign-in", name="sessions:new")
    async def new(self, request: PublicRequest) -> Response[Any]:
        there = own_path(request.query_params.get("next", ""), DESK)
        if request.user is not None:
            return to(request, there)
        return Page("sessions/new.html", form=Form(), next=there)

    @post("/sign-in", name="sessions:create")
    async def create(self, request: PublicRequest) -> Response[Any]:
        posted = await typed(request)
        check_token(request, posted)
        limits, username = settings.current().limits, posted.get("username", "").strip().lower()
        await rates.check(
            Try("sign-in.address", address(request), limits.sign_in_address),
            Try("sign-in.account", _guesser(request, username), limits.sign_in_account),
        )
        before = request.user.session if request.user else None
        token = await services.sign_in(username, posted.get("password", ""), ended=before, address=address(request))
        if token is None:
            form: Form[Any] = Form({"username": posted.get("username", "")})
            form.errors, form.token = {"username": _("User name and password do not fit together.")}, posted["form_token"]
            return Page("sessions/new.html", status_code=422, form=form, next=next_path(posted, DESK))
        answer = to(request, next_path(posted, DESK))
        been = browser.kept("known", browser.remembered(request, username), seconds=A_YEAR)
        answer.cookies += [sessions.begun(token), been]
        return answer

    @post("/sign-out", name="sessions:destroy")
    async def destroy(self, request: PublicRequest) -> Response[Any]:
        check_token(request, await typed(request))
        if request.user is not None:
            await services.sign_out(request.user.session)
        answer = to(request, "/sign-in")
        answer.cookies.append(sessions.ended())
        return answer


def _guesser(request: PublicRequest, username: str) -> str:
    """Whose tries are counted together: all who try a name, but for a browser that has been this person before (P36)."""
    return f"{username}\0{browser.known(request)}" if browser.has_been(request, username) else username
