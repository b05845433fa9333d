"""What the portal is measured against: bare Litestar applications, each with its one handler and no middleware.

`python -m bench.bare queue|times|places|driver|piccolo`, in the environment of a portal.
"""

import portal  # noqa: F401  # isort: skip  # first: it puts the mended SQLite in place

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.enums import MediaType
from litestar.response.redirect import Redirect

from bench import rows
from bench.people import DESK, PASSWORD, SITE
from bench.visiting import KIND
from portal import app, clock, database, settings
from portal.commands import server
from portal.controllers.listing import listing, options
from portal.domain.accounts import queries as accounts
from portal.domain.accounts import services
from portal.domain.bookings.queries import choosing
from portal.domain.bookings.queries import times as offers
from portal.domain.queues.queries.items import Filters
from portal.domain.sites import queries as sites
from portal.i18n import formats
from portal.i18n.labels import options as choices
from portal.web import templates
from portal.web.forms import Form
from portal.web.rooms import rooms
from portal.web.shown import shown_site

PLAIN: dict[str, Any] = {"openapi_config": None, "logging_config": None}


@get("/healthz", media_type=MediaType.TEXT)
async def healthz() -> str:
    """For whoever waits until it serves."""
    return "ok\n"


def queue() -> Litestar:
    """The queue page, with the values that the portal shows on it, read once and held in memory."""
    context = asyncio.run(_values())

    @get(f"/desk/{SITE}/queue")
    async def index() -> Response[str]:
        return Response(templates.render("queues/index.html", "", context), media_type=MediaType.HTML)

    return Litestar([index, healthz], **PLAIN, compression_config=app.create_app().compression_config)


def filing(kept: rows.Driver | rows.Piccolo) -> Litestar:
    """Parses the body of a filing and inserts one durable row."""

    @post(f"/s/{SITE}/complaints")
    async def create(request: Request[Any, Any, Any]) -> Response[Any]:
        posted = await request.form()
        await kept.insert([str(posted.get(name, "")) for name in rows.FIELDS])
        return Redirect("/c/somewhere", status_code=303)

    opened: list[Callable[[], Awaitable[None]]] = [kept.open]
    return Litestar([create, healthz], **PLAIN, on_startup=opened, on_shutdown=[kept.close])


def times() -> Litestar:
    """The times of a month, with the values that the portal shows, read once and held in memory."""
    context = asyncio.run(_month())

    @get(f"/s/{SITE}/bookings/new")
    async def new() -> Response[str]:
        return Response(templates.render("bookings/new.html", "", context), media_type=MediaType.HTML)

    return Litestar([new, healthz], **PLAIN, compression_config=app.create_app().compression_config)


def places() -> Litestar:
    """Parses a form and takes one of a place, if there is one left: a single conditional update."""
    kept = rows.Places()

    @post("/places")
    async def take(request: Request[Any, Any, Any]) -> Response[Any]:
        posted = await request.form()
        if await kept.take(int(str(posted.get("place", "0")))):
            return Redirect("/somewhere", status_code=303)
        return Response("", status_code=409, media_type=MediaType.HTML)

    return Litestar([take, healthz], **PLAIN, on_startup=[kept.open], on_shutdown=[kept.close])


async def _month() -> dict[str, Any]:
    await database.open_pool()
    try:
        site = await sites.site(SITE)
        formats.set_zone(site.zone)
        kind = await offers.visit_type(site, KIND)
        return {
            "lang": "zh-CN", "person": None, "site": shown_site(site), "now": clock.now(),
            "here": f"/s/{SITE}/bookings/new?type={KIND}", "rights": {}, "form_token": lambda: "x" * 48,
            "kinds": await offers.types(site, online=True), "kind": kind,
            "form": Form[Any](), "weeks": await choosing.weeks(site, kind, None, 1), "held": None, "refused": "",
            "salutations": choices("salutation"), "many": [(str(number), str(number)) for number in range(1, kind.most + 1)],
        }  # fmt: skip
    finally:
        await database.close_pool()


async def _values() -> dict[str, Any]:
    await database.open_pool()
    try:
        token = await services.sign_in(DESK, PASSWORD, ended=None, address="")
        person = await accounts.signed_in(token or "")
        if person is None:
            raise RuntimeError(f"{DESK} cannot sign in")
        site = person.site(SITE)
        return {
            "lang": "zh-CN", "person": person, "site": shown_site(site), "here": f"/desk/{SITE}/queue", "now": clock.now(),
            "rights": rooms(person.roles_at(site)), "form_token": lambda: "x" * 48, "options": await options(site),
            **await listing(person, site, Filters()),
        }  # fmt: skip
    finally:
        await database.close_pool()


MADE: dict[str, Callable[[], Litestar]] = {
    "queue": queue, "times": times, "places": places, "driver": lambda: filing(rows.Driver()),
    "piccolo": lambda: filing(rows.Piccolo()),
}  # fmt: skip

if __name__ == "__main__":
    uvicorn.Server(server.config(MADE[sys.argv[1]](), settings.current())).run()
