"""The code that shows that a phone is in the hand of whoever books."""

from uuid import UUID

from portal import sealing
from portal.domain.customers import queries, rules
from portal.domain.customers.tables import Proof
from portal.domain.sites.tables import Site
from portal.events.outbox import PHONE, SMS, Addressed, Happened, Message
from portal.i18n import translations
from portal.notifications import letters
from portal.notifications.channels import sms
from portal.notifications.letters import Letter

ASKED = "phone.code-asked"


def addressed(events: list[Happened]) -> list[Addressed]:
    """The phones that get a code."""
    return [Addressed(event, PHONE, event.subject, SMS, sms.configured()) for event in events if event.kind == ASKED]


async def written(messages: list[Message], sites: dict[UUID, Site], *, masked: bool) -> dict[UUID, Letter]:
    """The texts with the code; none goes out after its time, and nobody else reads the code."""
    mine = [one for one in messages if one.audience == PHONE]
    known = await queries.proofs([one.recipient for one in mine])
    return {one.id: _letter(known.get(one.recipient), sites[one.site], masked=masked) for one in mine}


def _letter(proof: Proof | None, site: Site, *, masked: bool) -> Letter:
    if proof is None:
        return Letter("", "", "")
    phone, code = (sealing.unseal(getattr(proof, name), f"proof.{name}:{proof.id}") for name in ("phone", "code"))
    if masked:
        phone, code = rules.masked_phone(phone), "…"
    with translations.use(proof.language):
        return letters.written("customers/code", to=phone, channel=SMS, link="", site=site.name, code=code,
                               minutes=str(int(rules.CODE_LIFE.total_seconds()) // 60))  # fmt: skip
