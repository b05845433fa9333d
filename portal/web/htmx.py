"""What of htmx 4 the server must know: the only file that names its headers."""

from typing import Any

from litestar import Request

REDIRECT, RETARGET, RESWAP, RESELECT, PUSH = "HX-Redirect", "HX-Retarget", "HX-Reswap", "HX-Reselect", "HX-Push-Url"
VARY = "HX-Request-Type"


def asked(request: Request[Any, Any, Any]) -> bool:
    """Whether htmx asks, and not the browser by itself."""
    return request.headers.get("hx-request") == "true"


def partial(request: Request[Any, Any, Any]) -> bool:
    """Whether only a region of the page is wanted."""
    return request.headers.get("hx-request-type") == "partial"


def live(request: Request[Any, Any, Any]) -> bool:
    """Whether a page refetched by itself: no sign that somebody is there."""
    return request.headers.get("x-live") == "1"


def to_flash() -> dict[str, str]:
    """Show the answer in the page's line for messages, whatever was to be swapped."""
    return {RETARGET: "#flash", RESWAP: "outerHTML", RESELECT: "#flash", PUSH: "false"}
