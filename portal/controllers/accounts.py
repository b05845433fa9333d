"""Who works at a site; an administrator takes rights away and gives them back. And everybody's own password."""

from types import SimpleNamespace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal import settings
from portal.domain.accounts import queries, rules, services
from portal.domain.accounts.forms import Address
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.customers import rules as customers
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.security import rates
from portal.security.policies import anybody_signed_in, roles
from portal.security.rates import Try
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, bind_typed, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS, STAFF
from portal.web.shown import shown, shown_site


class Accounts(Controller):
    path = "/desk/{slug:str}/staff"

    @get("/", name="accounts:index", opt=roles(*STAFF))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        workers = await queries.staff_of(site)
        staff = [shown(one, roles=[label("role", role) for role in one.roles]) for one in workers]
        mine = request.user.roles_at(site)
        return Page("accounts/index.html", site=shown_site(site), staff=staff, may_manage=Role.ADMIN in mine,
                    may_address=bool(mine & set(SETTINGS)))  # fmt: skip

    @get("/{username:str}/email", name="accounts:email", opt=roles(*SETTINGS))
    async def address(self, site: NamedDependency[Site], username: FromPath[str]) -> Page:
        return await _address_page(site, username, Form())

    @post("/{username:str}/email", name="accounts:readdress", opt=roles(*SETTINGS))
    async def readdress(self, request: StaffRequest, site: NamedDependency[Site], username: FromPath[str]) -> Response[Any]:
        form = await bind(Address, request)
        if not form.valid:
            return await _address_page(site, username, form, status_code=422)

        async def work() -> None:
            await services.readdress(username, form.data.email, site=site, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/staff")

    @post("/{username:str}/disabling", name="accounts:disable", opt=roles(Role.ADMIN))
    async def disable(self, request: StaffRequest, site: NamedDependency[Site], username: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.disable(username, site=site, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/staff")

    @post("/{username:str}/enabling", name="accounts:enable", opt=roles(Role.ADMIN))
    async def enable(self, request: StaffRequest, site: NamedDependency[Site], username: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.enable(username, site=site, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/staff")


class Passwords(Controller):
    path = "/desk/password"
    opt = anybody_signed_in()

    @get("/", name="accounts:password")
    async def edit(self, request: StaffRequest) -> Page:
        changed = request.query_params.get("changed", "")
        flash = _("Your password is changed. Everywhere else you are signed out.") if changed else ""
        return _password_page(Form(), flash=flash)

    @post("/", name="accounts:change-password")
    async def update(self, request: StaffRequest) -> Response[Any]:
        form = await bind_typed(request)  # as typed: a space at an end belongs to a password
        await rates.check(Try("password", str(request.user.id), settings.current().limits.sign_in_account))
        current, new, again = (form.value(name) for name in ("current", "new", "again"))
        try:
            password = await services.weigh_password(request.user, current=current, new=new, again=again)
        except Invalid as invalid:
            form.refuse(invalid)
            return _password_page(form, status_code=422)

        async def work() -> None:
            await services.change_password(request.user, password)

        return await perform(request, form, work, answer="/desk/password?changed=1")


async def _address_page(site: Site, username: str, form: Form[Any], *, status_code: int = 200) -> Page:
    account = await queries.account_at(site, username)
    box = (await queries.mailboxes([account.id])).get(account.id)
    return Page(
        "accounts/email.html", status_code=status_code, site=shown_site(site), form=form,
        member=SimpleNamespace(name=account.name, username=account.username),
        now_at=customers.masked_email(box.email) if box else "",
    )  # fmt: skip


def _password_page(form: Form[Any], *, status_code: int = 200, flash: str = "") -> Page:
    return Page("accounts/password.html", status_code=status_code, form=form, length=rules.PASSWORD_LENGTH, flash=flash)
