"""Questions about customers."""

from portal import clock, database, sealing
from portal.domain.sites.tables import Site

PHONE, DOCUMENT = "block.phone", "block.document"
_BLOCKED = """
SELECT 1 FROM block WHERE (site = {} OR site IS NULL) AND lifted_at IS NULL AND (until IS NULL OR until > {})
  AND (phone_index = {} OR document_index = {}) LIMIT 1
"""


async def is_blocked(site: Site, *, phone: str = "", document: str = "") -> bool:
    """Whether a site takes this person in no more, known by phone (E.164) or the number of a document."""
    keys = [sealing.index(phone, PHONE) if phone else "-", sealing.index(document, DOCUMENT) if document else "-"]
    return bool(await database.rows(_BLOCKED, site.id, clock.now(), *keys))
