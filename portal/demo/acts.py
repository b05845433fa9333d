"""The deeds of the demonstration, done by the services that everybody's deeds go through."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from portal.demo.beats import Act, Beat
from portal.demo.grounds import Ground
from portal.demo.tales import Tale
from portal.domain.accounts.queries import Staff
from portal.domain.complaints import forms
from portal.domain.complaints.rules import way
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import filing, following, handling
from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import Channel
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import clocks, deeds
from portal.domain.sites.tables import Site
from portal.i18n import translations
from portal.ids import new_token
from portal.photos.services import Stored


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
    asked = {"categories": play.ground.categories, "kinds": way.offered(play.site)}
    by = play.staff(beat.by) if beat.by else None
    if told.channel is Channel.PORTAL:
        form = forms.NewComplaint.model_validate(typed, context=asked)
    else:
        form = forms.Intake.model_validate({**typed, "channel": told.channel}, context=asked)
    return await filing.file(form, site=play.site, token=new_token(), by=by, pictures=play.pictures)


async def _claim(play: Play, beat: Beat, item: Card) -> None:
    await deeds.claim(item, DEEDS["claim"], site=play.site, by=play.staff(beat.by))


async def _release(play: Play, beat: Beat, item: Card) -> None:
    await deeds.release(item, DEEDS["release"], site=play.site, by=play.staff(beat.by), reason=beat.words)


async def _hand(play: Play, beat: Beat, item: Card) -> None:
    to = play.staff(beat.to).username
    await deeds.hand_over(item, DEEDS["handover"], site=play.site, by=play.staff(beat.by), to=to, reason=beat.words)


async def _note(play: Play, beat: Beat, item: Card) -> None:
    await deeds.note(item, DEEDS["notes"], site=play.site, by=play.staff(beat.by), body=beat.words)


async def _tell(play: Play, beat: Beat, item: Card) -> None:
    await handling.write_to_customer(item, forms.Message(body=beat.words), site=play.site, by=play.staff(beat.by))


async def _write(play: Play, beat: Beat, item: Card) -> None:
    await following.write(item, forms.Message(body=beat.words), site=play.site)


async def _triage(play: Play, beat: Beat, item: Card) -> None:
    scene = play.tale.scene
    found = {
        "severity": scene.severity, "category": scene.category, "kind": scene.kind, "cause": scene.cause, "wish": scene.want,
        **scene.goods,
    }  # fmt: skip
    form = forms.Triage.model_validate(found, context={"categories": play.ground.categories})
    await handling.triage(item, form, site=play.site, by=play.staff(beat.by), version=item.version)


async def _plan(play: Play, beat: Beat, item: Card) -> None:
    form = forms.Plan(plan=play.tale.scene.plan)
    await handling.plan(item, form.plan, site=play.site, by=play.staff(beat.by), version=item.version)


async def _answer(play: Play, beat: Beat, item: Card) -> None:
    form = forms.Reply(reply=beat.words)
    await handling.answer(item, form.reply, site=play.site, by=play.staff(beat.by), version=item.version)


async def _accept(play: Play, _beat: Beat, item: Card) -> None:
    await following.accept(item, site=play.site)


async def _reject(play: Play, beat: Beat, item: Card) -> None:
    await following.reject(item, forms.Rejection(reason=beat.words).reason, site=play.site)


async def _close(play: Play, beat: Beat, item: Card) -> None:
    await handling.close(item, site=play.site, by=play.staff(beat.by), version=item.version)


async def _rate(play: Play, beat: Beat, item: Card) -> None:
    await following.rate(item, forms.Rating(score=beat.score, comment=beat.words), site=play.site)


DOING: dict[Act, Callable[[Play, Beat, Card], Awaitable[None]]] = {
    Act.CLAIM: _claim, Act.RELEASE: _release, Act.HAND: _hand, Act.NOTE: _note, Act.TELL: _tell, Act.WRITE: _write,
    Act.TRIAGE: _triage, Act.PLAN: _plan, Act.ANSWER: _answer, Act.ACCEPT: _accept, Act.REJECT: _reject,
    Act.CLOSE: _close, Act.RATE: _rate,
}  # fmt: skip
