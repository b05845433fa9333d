"""What a site lets nobody say to a customer, and the words it has at hand to begin with."""

from uuid import UUID

from portal.domain.accounts.queries import Staff
from portal.domain.complaints.queries import customer
from portal.domain.complaints.queries.staff import StaffView
from portal.domain.complaints.rules import wording
from portal.domain.complaints.tables import Complaint, Phrases, Template
from portal.domain.queues.queries import items, people
from portal.domain.sites.tables import Site
from portal.i18n import translations


async def phrases(site: UUID) -> tuple[list[str], int]:
    """The forbidden phrases of a site, and the version of its list (0: the usual ones, it has none of its own)."""
    row = await Phrases.select(Phrases.words, Phrases.version).where(Phrases.site == site).first()
    return (row["words"].splitlines(), row["version"]) if row else (list(wording.PHRASES), 0)


async def templates(site: UUID) -> list[Template]:
    """The templates of a site by language and name."""
    return await Template.objects().where(Template.site == site).order_by(Template.language, Template.name)


async def apologies(site: UUID) -> list[str]:
    """The words of those templates that are marked as apologies."""
    marked = Template.select(Template.body).where(Template.site == site, Template.apology == True)  # noqa: E712
    return [row["body"] for row in await marked]


async def liability(item: UUID) -> str:
    """Whose fault it was, as far as it is known."""
    row = await Complaint.select(Complaint.liability).where(Complaint.id == item).first()
    return str(row["liability"]) if row else ""


async def begun(template: Template, complaint: StaffView, *, site: Site, by: Staff) -> str:
    """A template filled in, in its own language; the customer is called no more than the mask shows of the name."""
    name = complaint.contact_field("name")
    with translations.use(template.language):
        item = await items.item_by_id(complaint.item.id)
        handler = item.owner_id or by.id
        return wording.filled(template.body, {
            "number": item.number,
            "name": wording.called(name, template.language),
            "place": item.place,
            "handler": customer.called((await people.named(site, [handler]))[handler]),
            "site": site.name,
        })  # fmt: skip
