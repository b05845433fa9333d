"""The deeds around a visit, done by the services that everybody's deeds go through."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import clock
from portal.demo.offers import Offer, Reception, Words
from portal.demo.visits import Step, Visit
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.forms.coming import NewNumber
from portal.domain.arrivals.queries import expected, waiting
from portal.domain.arrivals.services import coming, serving
from portal.domain.arrivals.services import waiting as leaving
from portal.domain.bookings.forms.after import Done, FollowUp, Negotiation, Note, Satisfaction
from portal.domain.bookings.forms.agreeing import Change, Confirmation, Proposal
from portal.domain.bookings.forms.booking import NewBooking, StaffBooking, When
from portal.domain.bookings.queries import visitor
from portal.domain.bookings.rules import preparing as lists
from portal.domain.bookings.rules import way
from portal.domain.bookings.services import after, agreeing, answering, booking, following, preparing
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Channel, Satisfied, VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries import tasks as questions
from portal.domain.queues.queries.items import Card
from portal.domain.queues.tables import TaskKind
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.i18n import formats, translations
from portal.ids import new_token

SAID = (Satisfied.YES, Satisfied.YES, Satisfied.PARTLY, Satisfied.YES, Satisfied.NOT_GIVEN, Satisfied.YES, Satisfied.NO)


@dataclass
class Play:
    """A visit while it is played: where, what it was booked as, and whom its call brought to the window."""

    visit: Visit
    reception: Reception
    offer: Offer
    words: Words
    booked: Booked | None = None
    token: str = ""
    called: UUID | None = None

    @property
    def site(self) -> Site:
        return self.reception.site

    @property
    def kind(self) -> VisitType:
        return self.reception.kinds[self.visit.kind]

    @property
    def receiver(self) -> Staff:
        """Who receives; they take turns."""
        people = self.offer.people
        return self.reception.staff[people[self.visit.turn % len(people)]]

    @property
    def room(self) -> str:
        return self.offer.rooms[self.visit.turn % len(self.offer.rooms)]

    def say(self, words: list[str]) -> str:
        """Some words; each in its turn."""
        return words[self.visit.turn % len(words)]


async def perform(play: Play, step: Step) -> None:
    """Take one step, in the visitor's language; what something stands in the way of is left out, as it would be."""
    formats.set_zone(play.site.zone)
    with translations.use(play.visit.visitor.lang), contextlib.suppress(Conflict):
        if step in BEFORE:
            await BEFORE[step](play)
        elif step in AT_THE_WINDOW:
            if play.called is not None:
                await AT_THE_WINDOW[step](play, await items.item_by_id(play.called))
        elif play.booked is not None:
            await OF_THE_VISIT[step](play, await items.item_by_id(play.booked.item))


async def _book(play: Play) -> None:
    """From a phone, or at the desk: whoever wants a time outside the hours asks there."""
    visit, by = play.visit, play.reception.staff["desk"]
    who = visit.visitor
    typed = {
        **_at(play.site, visit.begins_at), "type": visit.kind, "people": visit.people, "name": who.name,
        "salutation": who.salutation, "phone": who.phone, "purpose": visit.purpose, "company": who.company,
        "needs": play.say(play.words.needs) if visit.turn % 4 == 0 else "",
    }  # fmt: skip
    if visit.odd or visit.turn % 4 == 1:
        typed |= {"channel": Channel.PHONE, "language": who.lang, "override_reason": play.words.odd if visit.odd else ""}
        form = StaffBooking.model_validate(typed)
        play.booked = await booking.book(form, site=play.site, kind=play.kind, token=new_token(), by=by)
    else:
        online = NewBooking.model_validate(typed)
        play.booked = await booking.book(online, site=play.site, kind=play.kind, token=new_token())


async def _number(play: Play) -> None:
    """Name and phone are given at a table, and now and then elsewhere."""
    visit, who = play.visit, play.visit.visitor
    typed: dict[str, object] = {"type": visit.kind, "people": visit.people, "priority": visit.turn % 6 == 0}
    if play.kind.at_table or visit.turn % 2:
        typed |= {"name": who.name, "salutation": who.salutation, "phone": who.phone}
    form = NewNumber.model_validate(typed, context={"kinds": play.reception.kinds})
    play.token = await coming.take_number(
        form, site=play.site, kind=play.kind, door=play.reception.door, token=new_token(), browser=new_token()
    )


async def _call(play: Play) -> None:
    """Whoever is first; that is mostly, and need not be, who this is about."""
    station = play.reception.station(play.visit.kind, play.visit.turn)
    play.called = await serving.call_next(play.site, station, by=play.receiver)


async def _leave(play: Play) -> None:
    found, site = await waiting.by_token(play.token)
    await leaving.leave(found.item, site=site)


async def _serve(play: Play, item: Card) -> None:
    if serving.wants_host(play.site):
        await serving.contact_host(item, site=play.site, by=play.receiver)
        item = await items.item_by_id(item.id)
    await serving.serve(item, site=play.site, by=play.receiver)


async def _finish(play: Play, item: Card) -> None:
    await serving.finish(item, site=play.site, by=play.receiver)


async def _park(play: Play, item: Card) -> None:
    await serving.park(item, site=play.site, by=play.receiver)


async def _confirm(play: Play, item: Card) -> None:
    form = Confirmation(place=play.room, person=play.receiver.username)
    await agreeing.confirm(item, form, site=play.site, by=play.reception.staff["desk"])


async def _decline(play: Play, item: Card) -> None:
    await agreeing.decline(item, play.say(play.words.declines), site=play.site, by=play.reception.staff["desk"])


async def _propose(play: Play, item: Card) -> None:
    form = Proposal.model_validate(_at(play.site, play.visit.other or play.visit.begins_at))
    await agreeing.propose(item, form, site=play.site, by=play.reception.staff["desk"])


async def _change(play: Play, item: Card) -> None:
    typed = _at(play.site, play.visit.other or play.visit.begins_at) | {"reason": play.say(play.words.changes)}
    await agreeing.change(item, Change.model_validate(typed), site=play.site, by=play.receiver)


async def _accept(play: Play, item: Card) -> None:
    await answering.accept(item.id, site=play.site)


async def _move(play: Play, _item: Card) -> None:
    if play.booked is not None:
        visit, site = await visitor.by_token(play.booked.token)
        await following.move(visit, When.model_validate(_at(site, play.visit.other or play.visit.begins_at)), site=site)


async def _cancel(play: Play, _item: Card) -> None:
    if play.booked is not None:
        visit, site = await visitor.by_token(play.booked.token)
        await following.cancel(visit, site=site)


async def _miss(play: Play, item: Card) -> None:
    await preparing.miss(item, site=play.site, by=play.receiver)


async def _prepare(play: Play, item: Card) -> None:
    await preparing.tick(item, lists.checklist(play.kind), site=play.site, by=play.receiver)


async def _ready(play: Play, item: Card) -> None:
    await preparing.be_ready(item, site=play.site, by=play.receiver)


async def _come(play: Play, _item: Card) -> None:
    found = await expected.today(play.site, phone=play.visit.visitor.phone)
    if found is not None:
        await coming.check_in(found, site=play.site, door=play.reception.door, token=new_token())


async def _note(play: Play, item: Card) -> None:
    words, turn = play.words, play.visit.turn
    form = Note(needs=play.say(words.met) if turn % 3 == 0 else "", opinions=play.say(words.opinions),
                facts=play.say(words.facts) if turn % 2 else "")  # fmt: skip
    await after.note(item, form, site=play.site, by=play.receiver)


async def _ask(play: Play, item: Card) -> None:
    due_at = (clock.now() + timedelta(days=1)).astimezone(ZoneInfo(play.site.zone)).strftime("%Y-%m-%dT%H:%M")
    typed = {"department": "desk", "owner": play.reception.staff["desk"].username, "due_at": due_at,
             "body": play.say(play.words.questions)}  # fmt: skip
    await after.follow_up(item, FollowUp.model_validate(typed), site=play.site, by=play.receiver)


async def _answer(play: Play, item: Card) -> None:
    await _end_task(play, item, TaskKind.QUESTION, play.reception.staff["desk"], {"note": play.say(play.words.answers)})


async def _talk(play: Play, item: Card) -> None:
    day = clock.today(play.site.zone) + timedelta(days=3)
    form = Negotiation.model_validate({"day": day.isoformat(), "time": "15:00", "people": 2})
    await after.negotiate(item, form, site=play.site, by=play.receiver)


async def _see_off(play: Play, item: Card) -> None:
    satisfied = SAID[play.visit.turn % len(SAID)]
    form = Satisfaction(satisfied=satisfied, opinions=play.say(play.words.opinions) if play.visit.turn % 2 else "")
    await after.see_off(item, form, site=play.site, by=play.receiver)


async def _summarise(play: Play, item: Card) -> None:
    await after.summarise(item, play.say(play.words.summaries), site=play.site, by=play.receiver)


async def _thank(play: Play, item: Card) -> None:
    """Somebody gets in touch; by now a need has been seen to, and a manager has rung who was not satisfied."""
    done, staff = {"outcome": "thanked", "note": play.say(play.words.thanked)}, play.reception.staff
    asked = {TaskKind.CONTACT: play.receiver, TaskKind.NEED: staff["floor"], TaskKind.DISSATISFIED: staff["manager"]}
    for kind, by in asked.items():
        await _end_task(play, await items.item_by_id(item.id), kind, by, done)


async def _end_task(play: Play, item: Card, kind: TaskKind, by: Staff, typed: dict[str, str]) -> None:
    open_ = await questions.of_item(item.id, by, play.site, whole=False)
    for task in [one for one in open_ if one.open and one.kind == kind]:
        await after.finish(item, way.DEEDS["task done"], task.id, Done.model_validate(typed), site=play.site, by=by)


def _at(site: Site, at: datetime) -> dict[str, object]:
    """A day and a time on the wall, as they are typed."""
    local = at.astimezone(ZoneInfo(site.zone))
    return {"day": local.date().isoformat(), "time": local.strftime("%H:%M")}


BEFORE: dict[Step, Callable[[Play], Awaitable[None]]] = {
    Step.BOOK: _book, Step.NUMBER: _number, Step.CALL: _call, Step.LEAVE: _leave,
}  # fmt: skip
AT_THE_WINDOW: dict[Step, Callable[[Play, Card], Awaitable[None]]] = {
    Step.SERVE: _serve, Step.FINISH: _finish, Step.PARK: _park,
}
OF_THE_VISIT: dict[Step, Callable[[Play, Card], Awaitable[None]]] = {
    Step.CONFIRM: _confirm, Step.DECLINE: _decline, Step.PROPOSE: _propose, Step.CHANGE: _change, Step.ACCEPT: _accept,
    Step.MOVE: _move, Step.CANCEL: _cancel, Step.MISS: _miss, Step.PREPARE: _prepare, Step.READY: _ready, Step.COME: _come,
    Step.NOTE: _note, Step.ASK: _ask, Step.ANSWER: _answer, Step.TALK: _talk, Step.SEE_OFF: _see_off,
    Step.SUMMARY: _summarise, Step.THANK: _thank,
}  # fmt: skip
