"""Every refusal becomes its page, once; htmx gets it as a line in the page it came from."""

import logging
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from portal import database
from portal.errors import (
    Conflict,
    Expired,
    Forbidden,
    Invalid,
    NotFound,
    PortalError,
    SignedOut,
    TooLarge,
    TooMany,
    Unavailable,
)
from portal.i18n.translations import N_, gettext
from portal.web import htmx
from portal.web.client import AnyRequest
from portal.web.forms import Replayed, as_typed
from portal.web.page import Page, here, to

log = logging.getLogger(__name__)

STATUS = {
    NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, TooLarge: 413, TooMany: 429, Unavailable: 503,
}  # fmt: skip
WORDS = {
    400: (N_("That cannot be read"), N_("The browser sent something that cannot be understood.")),
    403: (N_("Not for you"), N_("This is not among your tasks.")),
    404: (N_("Not found"), N_("There is nothing at this address, or no longer.")),
    409: (N_("Somebody was faster"), N_("This is no longer possible.")),
    413: (N_("Too much"), N_("More was sent than can be taken: at most 5 photos of 10 MB each.")),
    429: (N_("Please wait a little"), N_("Too many tries. Please wait a little and try again.")),
    500: (N_("Something went wrong"), N_("It is our fault, not yours. Please try again, or call us.")),
    503: (N_("One moment, please"), N_("The portal cannot save anything just now. Please send it again in a minute.")),
}
EXPIRED = N_("This form has expired")
RETRY_AFTER = 5
KEEPS_TYPED = frozenset({403, 409, 413, 429, 500, 503})


def handlers() -> ExceptionHandlersMap:
    """What the application does with what is raised."""
    return {PortalError: _refused, SignedOut: _signed_out, Replayed: _replayed, HTTPException: _http, Exception: _failed}


def _refused(request: AnyRequest, error: PortalError) -> Response[Any]:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        log.warning("unavailable: %s", error.message)
        headers["Retry-After"] = str(RETRY_AFTER)
        error.message = ""
    title = gettext(EXPIRED) if isinstance(error, Expired) else ""
    return answer(request, status, error.message, headers, title=title)


def answer(
    request: AnyRequest, status: int, message: str = "", headers: dict[str, str] | None = None, *, title: str = ""
) -> Response[Any]:
    """The page of a status, or its line for htmx."""
    usual, words = WORDS.get(status, WORDS[400 if status < 500 else 500])
    title, message = title or gettext(usual), message or gettext(words)
    shown = status if status in WORDS else 400
    return Page(
        f"errors/{shown}.html",
        fragment="flash" if htmx.asked(request) else "",
        always=True,
        status_code=status,
        headers={**(headers or {}), **(htmx.to_flash() if htmx.asked(request) else {})},
        title=title,
        message=message,
        typed=as_typed(request) if status in KEEPS_TYPED else [],
        back=_back(request),
    )


def _signed_out(request: AnyRequest, _error: SignedOut) -> Response[Any]:
    address = f"/sign-in?next={quote(here(request), safe='/')}" if request.method in ("GET", "HEAD") else "/sign-in"
    if htmx.asked(request):
        return Response(b"", status_code=401, media_type="text/html", headers={htmx.REDIRECT: "/sign-in"})
    return to(request, address)


def _replayed(request: AnyRequest, replayed: Replayed) -> Response[Any]:
    return to(request, replayed.answer)


def _http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    status = error.status_code if error.status_code in WORDS or error.status_code == 405 else 400
    answered = answer(request, status)
    allowed = [text for name, text in (error.headers or {}).items() if name.lower() == "allow"]
    answered.headers |= {"Allow": ", ".join(allowed)} if allowed else {}
    return answered


def _failed(request: AnyRequest, error: Exception) -> Response[Any]:
    if database.is_unavailable(error) or database.is_busy(error):
        return _refused(request, Unavailable(type(error).__name__))
    # The type and the place, never the values: they may be somebody's words.
    trace, last = error.__traceback__, "?"
    while trace:
        last = f"{trace.tb_frame.f_code.co_filename.rpartition('/portal/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    log.error("%s at %s", type(error).__name__, last)
    return answer(request, 500)


def _back(request: AnyRequest) -> str:
    return "" if request.scope["path"] == "/" else "/desk" if request.scope["path"].startswith("/desk") else "/"
