"""A page, or the region of it that was asked for; and where to go after a deed."""

from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.enums import MediaType
from litestar.response.base import ASGIResponse
from litestar.response.redirect import Redirect

from portal import clock, once
from portal.i18n import formats
from portal.i18n.translations import language
from portal.web import browser, htmx, templates
from portal.web.client import AnyRequest
from portal.web.rooms import rooms

IN_ADDRESSES = "/#%[]=:;$&()+,!?*@'~"


class Page(Response[str]):
    """A template with its context. With `fragment`, a partial request of htmx gets that block alone; `always`: any does."""

    def __init__(
        self,
        template: str,
        *,
        fragment: str = "",
        always: bool = False,
        status_code: int = 200,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> None:
        super().__init__("", status_code=status_code, media_type=MediaType.HTML, headers=headers)
        self.template, self.fragment, self.always, self.context = template, fragment, always, context

    def to_asgi_response(self, app: Any, request: AnyRequest, **more: Any) -> ASGIResponse:
        site = self.context.get("site")
        if site is not None:
            formats.set_zone(site.zone)
            if request.scope.get("user") is not None:
                self.context.setdefault("rights", rooms(request.scope["user"].roles_at(site)))
        fragment = self.fragment if self.always or htmx.partial(request) else ""
        self.content = templates.render(self.template, fragment, {**_common(request), **self.context})
        self.headers |= {"Vary": htmx.VARY, "Cache-Control": "no-store"}
        if (self.status_code or 200) >= 400 and htmx.asked(request):
            self.headers |= {htmx.PUSH: "false"}
        if "browser" in request.scope["state"]:
            self.cookies.append(browser.cookie(browser.identity(request)))
        return super().to_asgi_response(app, request, **more)


def to(request: AnyRequest, address: str) -> Response[Any]:
    """After a deed: go there (303); htmx is told to leave its page, or it would swap the other page into a part of it."""
    if htmx.asked(request):
        headers = {htmx.REDIRECT: quote(address, safe=IN_ADDRESSES)}
        return Response(b"", status_code=200, media_type=MediaType.HTML, headers=headers)
    return Redirect(address, status_code=303)


def own_path(text: str, otherwise: str = "/") -> str:
    """An address of this portal, without its host; anything else becomes `otherwise`."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return otherwise
    if parts.scheme or parts.netloc or not text.startswith("/") or text.startswith(("//", "/\\")) or "\\" in text:
        return otherwise
    return text if text.isprintable() else otherwise


def here(request: AnyRequest) -> str:
    """The path and query of a request."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def referring(request: AnyRequest) -> str:
    """The page of ours that a form was on; the root where the browser does not say."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    if parts.netloc != request.headers.get("host"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _common(request: AnyRequest) -> dict[str, Any]:
    person = request.scope.get("user")

    def form_token() -> str:
        return once.issue(browser=browser.identity(request), person=person.id if person else None)

    return {
        "lang": language(),
        "person": person,
        "site": None,
        "here": here(request) if request.method == "GET" else own_path(referring(request), "/"),
        "now": clock.now(),
        "form_token": form_token,
    }
