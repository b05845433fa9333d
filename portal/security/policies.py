"""What a route declares about who may ask it; a route without a word stops the start-up (P31)."""

from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from portal.domain.accounts.tables import Role
from portal.errors import Forbidden, SignedOut
from portal.i18n import formats
from portal.i18n.translations import _

POLICY, ROLES = "policy", "roles"
PUBLIC, LINK, STAFF = "public", "link", "staff"
EVERYBODY = frozenset(Role)
Connection = ASGIConnection[Any, Any, Any, Any]


def roles(*names: Role) -> dict[str, Any]:
    """The declaration of a staff route that these roles may ask at their sites."""
    return {ROLES: frozenset(names)}


def anybody_signed_in() -> dict[str, Any]:
    """The declaration of a staff route that has no site."""
    return {ROLES: EVERYBODY}


async def only_staff(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of all staff routes: signed in; then at this site (404); then in a role that may ask this (403)."""
    person = connection.scope.get("user")
    if person is None:
        raise SignedOut
    slug = connection.path_params.get("slug")
    if slug is None:
        return
    site = person.site(slug)
    formats.set_zone(site.zone)
    if not person.roles_at(site) & handler.opt[ROLES]:
        raise Forbidden(_("This is not among your tasks."))


def check_declared(app: Litestar) -> None:
    """Refuse to start while a route does not say who may ask it."""
    for path, handler in _handlers(app):
        policy = handler.opt.get(POLICY)
        if policy not in (PUBLIC, LINK, STAFF) or (policy == STAFF and not handler.opt.get(ROLES)):
            raise RuntimeError(f"{path} declares no policy")


def table(app: Litestar) -> list[tuple[str, str, str]]:
    """Every route as method, path and who may ask it: public, link, or the roles."""
    rows = []
    for path, handler in _handlers(app):
        names = ",".join(sorted(handler.opt.get(ROLES, ()))) or handler.opt[POLICY]
        rows += [(method, path, names) for method in sorted(handler.http_methods) if method != HttpMethod.OPTIONS]
    return sorted(rows)


def _handlers(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    """Every handler of ours; Litestar's own answer to which methods there are is none."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if set(handler.http_methods) != {HttpMethod.OPTIONS}:
                yield route.path, handler
