"""What leaves the house in words is looked at before it leaves; and what a site puts on the lists that this goes by."""

from uuid import UUID

from portal.database import transaction
from portal.domain.complaints.forms.settings import NewTemplate
from portal.domain.complaints.queries import wording as queries
from portal.domain.complaints.rules import wording
from portal.domain.complaints.tables import Liability, Phrases, Template
from portal.domain.queues.queries.items import Card
from portal.domain.sites.services import MEANWHILE
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.events.services import Actor
from portal.i18n.translations import _
from portal.ids import new_id


async def look_at(text: str, *, field: str, item: Card, site: Site) -> None:
    """Refuse words that must not leave, and show them: a forbidden phrase, an apology too early (CMP-22, DUTY-23).

    Called after the item was moved, in that transaction: nobody decides the liability in between.
    """
    phrases, _version = await queries.phrases(site.id)
    if said := wording.forbidden(text, phrases):
        why = _("Nobody says this to a guest here: “%(words)s”. Please say it in another way.")
        raise Invalid({field: why % {"words": said}})
    said = wording.apology(text, await queries.apologies(site.id))
    if not said:
        return
    liability = await queries.liability(item.id)
    if wording.may_apologise(site, liability):
        return
    if liability == Liability.NOT_OURS:
        why = _("“%(words)s” is an apology, and it was not our fault. Regret or thanks are free to say.")
    else:
        why = _("“%(words)s” is an apology. Write down first whose fault it was; until then thank the guest.")
    raise Invalid({field: why % {"words": said}})


async def write_template(site: Site, form: NewTemplate, *, by: Actor | None) -> None:
    """Add a template, or give the one of this name and language these words."""
    async with transaction():
        row = Template(id=new_id(), site=site.id, name=form.name, language=form.language, body=form.body,
                       apology=form.apology)  # fmt: skip
        await Template.insert(row).on_conflict(
            target=(Template.site, Template.language, Template.name),
            action="DO UPDATE",
            values=(Template.body, Template.apology),
        )
        await events.record("site.template-written", site=site.id, subject=site.id, by=by)


async def remove_template(site: Site, template: UUID, *, by: Actor) -> None:
    """Take a template off the list; what was sent with it stays as it was sent."""
    async with transaction():
        this = Template.delete().where(Template.site == site.id, Template.id == template)
        if not await this.returning(Template.id):
            raise NotFound
        await events.record("site.template-removed", site=site.id, subject=site.id, by=by)


async def forbid(site: Site, phrases: list[str], *, by: Actor, version: int | None) -> None:
    """Decide what nobody says to a customer here; Conflict where another decided since the list was shown."""
    words = "\n".join(phrases)
    async with transaction():
        if version:
            rows = await (
                Phrases.update({Phrases.words: words, Phrases.version: Phrases.version + 1})
                .where(Phrases.site == site.id, Phrases.version == version)
                .returning(Phrases.id)
            )
        else:
            first = Phrases(id=new_id(), site=site.id, words=words, version=1)
            rows = await Phrases.insert(first).on_conflict(action="DO NOTHING").returning(Phrases.id)
        if not rows:
            raise Conflict(_(MEANWHILE))
        await events.record("site.phrases-changed", site=site.id, subject=site.id, by=by)
