"""Who is asking: the session's cookie, read once a request, and the headers that say where a change comes from."""

from litestar import Request
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from portal import database, settings
from portal.domain.accounts import queries, services
from portal.errors import Forbidden, Unavailable
from portal.i18n.translations import _, set_language
from portal.web import browser, forms, htmx
from portal.web.client import AnyRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE = "session"


class Sessions(ASGIMiddleware):
    """Puts the member of staff who is signed in, or None, into the scope, and refuses changes that other sites ask for."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request: AnyRequest = Request(scope, receive=receive)
        scope["user"] = None
        if scope["route_handler"].opt.get("anonymous"):
            return await next_app(scope, receive, send)
        if request.method not in SAFE:
            _check_origin(request)
        token = request.cookies.get(browser.cookie_name(COOKIE), "")
        if token:
            try:
                with database.translated():
                    person = scope["user"] = await queries.signed_in(token)
                    if person is not None and not htmx.live(request):
                        await services.was_seen(person)
            except Unavailable:
                await forms.remember_typed(request)
                raise
            if person is not None and not request.cookies.get("lang"):
                set_language(person.language)
        await next_app(scope, receive, send)
        return None


def begun(token: str) -> Cookie:
    """The cookie of a new session; it ends with the browser's."""
    return browser.kept(COOKIE, token)


def ended() -> Cookie:
    """The cookie that takes it away."""
    return browser.kept(COOKIE, "", seconds=0)


def _check_origin(request: AnyRequest) -> None:
    """A change is asked for by a page of ours; where the browser says nothing, the form token alone decides."""
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = fetched not in ("same-origin", "none") if fetched else bool(origin) and origin != _own(request)
    if foreign:
        raise Forbidden(_("This was asked for by another site."))


def _own(request: AnyRequest) -> str:
    base = settings.current().base_url
    return f"{base.partition('://')[0]}://{request.headers.get('host', '')}"
