"""The deeds of the demonstration, done by the services that everybody's deeds go through."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from portal import clock
from portal.demo.beats import Act, Beat
from portal.demo.grounds import Ground
from portal.demo.scenes import Plot
from portal.demo.tales import Tale
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms import ending as ending_forms
from portal.domain.complaints.forms import filing as filing_forms
from portal.domain.complaints.forms import goods as goods_forms
from portal.domain.complaints.forms import handling as handling_forms
from portal.domain.complaints.queries import goods
from portal.domain.complaints.queries import redress as promises
from portal.domain.complaints.rules import way, wording
from portal.domain.complaints.rules.redress import FEN
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import filing, following, handling, learning, mediating, redress, returning
from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import Award, Channel, Liability
from portal.domain.queues.forms import NewTask
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries import tasks as questions
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import clocks, deeds, tasks
from portal.domain.queues.tables import Severity
from portal.domain.sites.tables import Site
from portal.i18n import translations
from portal.ids import new_token
from portal.photos.services import Stored

PROPOSING = frozenset({"desk", "desk2", "manager"})


@dataclass
class Play:
    """A tale while it is played: where, with which photos, and what it was filed as."""

    tale: Tale
    ground: Ground
    pictures: list[Stored] = field(default_factory=list)
    filed: Filed | None = None

    @property
    def site(self) -> Site:
        return self.ground.site

    def staff(self, word: str) -> Staff:
        """Somebody of the house by the last part of the user name."""
        return self.ground.staff[word]


async def perform(play: Play, beat: Beat) -> None:
    """Do one deed, in the language of whoever complains."""
    with translations.use(play.tale.scene.lang):
        if beat.act is Act.FILE:
            play.filed = await _file(play, beat)
        elif beat.act is Act.LOOK:
            await clocks.look_at_clocks()
        elif play.filed is not None:
            await DOING[beat.act](play, beat, await queues.item_by_id(play.filed.item))


async def _file(play: Play, beat: Beat) -> Filed:
    told = play.tale.filing
    typed: dict[str, object] = {"kind": told.kind, "body": told.body, "wish": told.wish, "place": told.place}
    typed |= {"category": told.category} if told.category else {}
    typed |= vars(told.guest) if told.guest else {"anonymous": True}
    typed |= play.tale.scene.goods
    people = {staff.username for staff in play.ground.staff.values()}
    asked = {"people": people, "categories": play.ground.categories, "kinds": way.offered(play.site)}
    by = play.staff(beat.by) if beat.by else None
    if told.channel is Channel.PORTAL:
        form = filing_forms.NewComplaint.model_validate(typed, context=asked)
    else:
        taken = {"channel": told.channel, "language": play.tale.scene.lang, **_named(play)}
        form = filing_forms.Intake.model_validate(typed | taken, context=asked)
    return await filing.file(form, site=play.site, token=new_token(), by=by, pictures=play.pictures)


def _named(play: Play) -> dict[str, object]:
    """Whom a plot is about, and who else is in it."""
    plot = play.tale.scene
    if not isinstance(plot, Plot):
        return {}
    return {"about": tuple(play.staff(word).username for word in plot.about), "party_name": plot.party}


async def _claim(play: Play, beat: Beat, item: Card) -> None:
    await deeds.claim(item, DEEDS["claim"], site=play.site, by=play.staff(beat.by))


async def _release(play: Play, beat: Beat, item: Card) -> None:
    await deeds.release(item, DEEDS["release"], site=play.site, by=play.staff(beat.by), reason=beat.words)


async def _hand(play: Play, beat: Beat, item: Card) -> None:
    to, by = play.staff(beat.to).username, play.staff("manager" if item.restricted else beat.by)
    await deeds.hand_over(item, DEEDS["handover"], site=play.site, by=by, to=to, reason=beat.words)


async def _note(play: Play, beat: Beat, item: Card) -> None:
    await deeds.note(item, DEEDS["notes"], site=play.site, by=play.staff(beat.by), body=beat.words)


async def _tell(play: Play, beat: Beat, item: Card) -> None:
    await handling.write_to_customer(item, filing_forms.Message(body=beat.words), site=play.site, by=play.staff(beat.by))


async def _write(play: Play, beat: Beat, item: Card) -> None:
    await following.write(item, filing_forms.Message(body=beat.words), site=play.site)


async def _triage(play: Play, beat: Beat, item: Card) -> None:
    scene = play.tale.scene
    found = {
        "severity": scene.severity, "category": scene.category, "kind": scene.kind, "cause": scene.cause, "wish": scene.want,
        **scene.goods,
    }  # fmt: skip
    form = handling_forms.Triage.model_validate(found, context={"categories": play.ground.categories})
    await handling.triage(item, form, site=play.site, by=play.staff(beat.by), version=item.version)


async def _plan(play: Play, beat: Beat, item: Card) -> None:
    scene = play.tale.scene
    form = handling_forms.Plan(plan=scene.plan)
    await handling.plan(item, form.plan, site=play.site, by=play.staff(beat.by), version=item.version)
    if scene.remedy and not await promises.promised(item.id):
        promise = ending_forms.Promise.model_construct(amount=scene.amount * FEN, remedy=scene.remedy)
        await redress.propose(item, promise, site=play.site, by=play.staff(beat.by if beat.by in PROPOSING else "manager"))


async def _answer(play: Play, beat: Beat, item: Card) -> None:
    form = handling_forms.Reply(reply=beat.words)
    by = play.staff(beat.by)
    if any(one.state == Award.PROPOSED for one in await promises.promised(item.id)):
        yes = ending_forms.Decision(decision="approve")
        await redress.decide(item, yes, site=play.site, by=play.staff("finance"))
    if wording.apology(form.reply):  # words of apology come after it is known that the fault was ours
        await redress.assess(item, Liability.OURS, site=play.site, by=by)
    item = await queues.item_by_id(item.id)
    await handling.answer(item, form.reply, site=play.site, by=play.staff(beat.by), version=item.version)


async def _accept(play: Play, _beat: Beat, item: Card) -> None:
    await following.accept(item, site=play.site)


async def _reject(play: Play, beat: Beat, item: Card) -> None:
    await following.reject(item, filing_forms.Rejection(reason=beat.words).reason, site=play.site)


async def _close(play: Play, beat: Beat, item: Card) -> None:
    by = play.staff(beat.by)
    if item.severity == Severity.SEVERE.word:
        await _learn(play, item, by)
        item = await queues.item_by_id(item.id)
    await handling.close(item, site=play.site, by=by, version=item.version)


async def _learn(play: Play, item: Card, by: Staff) -> None:
    """What a severe one asks for before its end."""
    scene, site = play.tale.scene, play.site
    await learning.name_cause(item, "process", site=site, by=by)
    due_on = clock.now().date() + timedelta(days=14)
    action = ending_forms.Action.model_construct(body=scene.plan, owner=by.username, due_on=due_on)
    await learning.plan_action(item, action, site=site, by=by)
    if not await promises.promised(item.id):
        nothing = ending_forms.Promise.model_construct(amount=0, remedy="")
        await redress.propose(item, nothing, site=site, by=play.staff("manager"))


async def _rate(play: Play, beat: Beat, item: Card) -> None:
    await following.rate(item, filing_forms.Rating(score=beat.score, comment=beat.words), site=play.site)


async def _ask(play: Play, beat: Beat, item: Card) -> None:
    due_at = (beat.at + timedelta(hours=6)).astimezone(ZoneInfo(play.site.zone)).strftime("%Y-%m-%dT%H:%M")
    form = NewTask.model_validate({"department": beat.to, "due_at": due_at, "body": beat.words})
    await tasks.ask(item, DEEDS["tasks"], form, site=play.site, by=play.staff(beat.by))


async def _done(play: Play, beat: Beat, item: Card) -> None:
    by = play.staff(beat.by)
    (asked,) = [one for one in await questions.of_item(item.id, by, play.site, whole=False) if one.open]
    await tasks.finish(item, DEEDS["task done"], asked.id, site=play.site, by=by, note=beat.words)


async def _hear(play: Play, beat: Beat, item: Card) -> None:
    await mediating.hear(item, filing_forms.Message(body=beat.words), site=play.site)


async def _return(play: Play, beat: Beat, item: Card) -> None:
    plot = play.tale.scene
    if isinstance(plot, Plot):
        form = goods_forms.NewReturn.model_validate(plot.note)
        await returning.request(item, form, site=play.site, by=play.staff(beat.by))


async def _approve(play: Play, beat: Beat, item: Card) -> None:
    (note,) = await goods.notes(item)
    yes = ending_forms.Decision(decision="approve")
    await returning.decide(item, note.id, yes, site=play.site, by=play.staff(beat.by))


async def _ship(play: Play, beat: Beat, item: Card) -> None:
    (note,) = await goods.notes(item)
    await returning.ship(item, note.id, site=play.site, by=play.staff(beat.by))


DOING: dict[Act, Callable[[Play, Beat, Card], Awaitable[None]]] = {
    Act.CLAIM: _claim, Act.RELEASE: _release, Act.HAND: _hand, Act.NOTE: _note, Act.TELL: _tell, Act.WRITE: _write,
    Act.TRIAGE: _triage, Act.PLAN: _plan, Act.ANSWER: _answer, Act.ACCEPT: _accept, Act.REJECT: _reject,
    Act.CLOSE: _close, Act.RATE: _rate, Act.ASK: _ask, Act.DONE: _done,
    Act.HEAR: _hear, Act.RETURN: _return, Act.APPROVE: _approve, Act.SHIP: _ship,
}  # fmt: skip
