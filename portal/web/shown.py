"""Rows as templates see them: with the words that only a page needs."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import segno
from markupsafe import Markup

from portal import settings
from portal.domain.arrivals.rules import way as arrivals
from portal.domain.bookings.rules import way as bookings
from portal.domain.complaints.rules.promises import BANK
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.translations import _


def shown(thing: object, **more: Any) -> SimpleNamespace:
    """A read-only thing with more to say than its domain knows (links, codes)."""
    own = {name: getattr(thing, name) for name in dir(thing) if not name.startswith("_") and name not in more}
    return SimpleNamespace(**own, **more)


def shown_site(site: Site) -> SimpleNamespace:
    """A site with the settings that its pages print."""
    return SimpleNamespace(
        id=site.id, slug=site.slug, code=site.code, kind=site.kind, name=site.name, zone=site.zone,
        hotline=site.hotline, mailbox=site.mailbox, icp=site_rules.value(site, "public.icp"),
        remedy=site_rules.value(site, "complaint.remedy_notice") or _remedy(site),
    )  # fmt: skip


def _remedy(site: Site) -> str:
    """What a bank must say below every answer, in words of our own where it has none."""
    if site_rules.value(site, "complaint.preset") != BANK:
        return ""
    return _("If you do not agree with our answer, you may send it back here, or turn to the authority that supervises us.")


def address(path: str) -> str:
    """An address as people type it, from the configured base alone, never from the request (P38)."""
    return settings.current().base_url + path


def qr(text: str) -> Markup:
    """A code to scan, as SVG without style."""
    code = segno.make(text, error="m")
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="qr__drawing", lineclass="qr__line")
    return Markup(drawn)  # noqa: S704  # segno's own, of an address that it encodes


def item_at(number: str, line: str) -> str:
    """Where on a desk an item is looked at."""
    return {bookings.LINE: f"bookings/{number}", arrivals.LINE: "arrivals"}.get(line, f"items/{number}")


def place_of(kind: str, subject: UUID) -> str:
    """Where on a desk a notice leads that is about no item: to its file, its report, those who wait, else to the digest."""
    topic = kind.partition(".")[0]
    places = {"export": f"exports/{subject}", "report": f"reports/saved/{subject}", "arrival": "arrivals"}
    return places.get(topic, "digest")
