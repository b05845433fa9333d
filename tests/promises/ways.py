"""The deeds that the proofs of all-or-nothing go through: each brought about as a person does it, by its form."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
from litestar import Litestar

from portal import clock, once
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules import way
from portal.domain.complaints.services import following
from portal.domain.complaints.tables import State
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries import words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, escalating, tasks
from portal.domain.queues.tables import EntryKind
from tests import cast as actors
from tests import factories
from tests.cast import Cast
from tests.conftest import new_client

FILED = {
    "kind": "complaint", "body": "电梯等了二十分钟。\n没有人来。", "wish": "致歉", "place": "1203", "name": "陈静",
    "phone": "13800138000", "email": "chen@example.com",
}  # fmt: skip
TRIAGED = {"severity": "normal", "category": "room", "kind": "request", "cause": "设备故障", "wish": "换房"}
Ready = tuple["Guest", str, dict[str, str]]


@dataclass
class Guest:
    """A browser of the application in this very process, signed in or a customer's."""

    client: httpx.AsyncClient
    person: UUID | None

    def token(self) -> str:
        return once.issue(browser=self.client.cookies["browser"].partition(".")[0], person=self.person)

    async def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return await self.client.post(path, data=fields, headers={"sec-fetch-site": "same-origin", "accept": "text/html"})


class Ways:
    """Brings about the state before each deed: who posts what, where, with a fresh token."""

    def __init__(self, app: Litestar, cast: Cast) -> None:
        self.app, self.cast = app, cast

    async def guest(self, staff: Staff | None = None) -> Guest:
        client = new_client(self.app)
        await client.get("/s/hotel/complaints/new")
        if staff:
            await actors.sign_in(client, staff.username)
        return Guest(client, staff.id if staff else None)

    async def filing(self) -> Ready:
        return await self._customers("/s/hotel/complaints", FILED)

    async def intake(self) -> Ready:
        return await self._staffs("/desk/hotel/complaints", {**FILED, "channel": "phone"})

    async def claim(self) -> Ready:
        return await self._staffs(f"/desk/hotel/items/{(await self._item(None)).number}/claim", {})

    async def release(self) -> Ready:
        return await self._of_item("items", "release", State.RECEIVED, {"reason": "下班了"})

    async def handover(self) -> Ready:
        fields = {"to": self.cast.second.username, "reason": "下班了"}
        return await self._of_item("items", "handover", State.RECEIVED, fields)

    async def by_hand(self) -> Ready:
        return await self._of_item("items", "escalation", State.RECEIVED, {"reason": "客人要见经理"})

    async def acknowledgement(self) -> Ready:
        item = await self._item(State.RECEIVED)
        await escalating.escalate(item, way.DEEDS["escalation"], site=self.cast.hotel, by=self.cast.manager, reason="急")
        return await self._staffs(f"/desk/hotel/items/{item.number}/acknowledgement", {}, by=self.cast.manager)

    async def message(self) -> Ready:
        return await self._of_item("complaints", "messages", State.RECEIVED, {"body": "我们马上来。"})

    async def triage(self) -> Ready:
        return await self._of_item("complaints", "triage", State.RECEIVED, TRIAGED)

    async def plan(self) -> Ready:
        return await self._of_item("complaints", "plan", State.TRIAGED, {"plan": "检修电梯"})

    async def reply(self) -> Ready:
        return await self._of_item("complaints", "reply", State.PLANNED, {"reply": "已修好"})

    async def task(self) -> Ready:
        fields = {"department": "kitchen", "owner": "hotel.kitchen", "body": "送果盘"}
        due_at = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        return await self._of_item("complaints", "tasks", State.RECEIVED, fields | {"due_at": due_at})

    async def task_done(self) -> Ready:
        item = await self._item(State.RECEIVED)
        task = await tasks.add(item.id, "查账", site=self.cast.hotel, department=Role.DESK, due_at=clock.now(), by=None)
        return await self._staffs(f"/desk/hotel/complaints/{item.number}/tasks/{task}/done", {"note": "查过了"})

    async def contact(self) -> Ready:
        return await self._of_item("complaints", "contacts", State.RECEIVED, {"channel": "phone", "body": "还没有人来"})

    async def merge(self) -> Ready:
        other = await self._item(None)
        return await self._of_item("complaints", "merge", State.RECEIVED, {"into": other.number})

    async def split(self) -> Ready:
        item = await self._item(State.RECEIVED)
        (told,) = [one.id for one in await words.written(item.id) if one.kind == EntryKind.FILING]
        fields = {"messages": str(told), "body": "还有毛巾"}
        return await self._staffs(f"/desk/hotel/complaints/{item.number}/split", fields)

    async def closure(self) -> Ready:
        item = await self._item(State.ANSWERED)
        await following.accept(item, site=self.cast.hotel)
        return await self._staffs(f"/desk/hotel/complaints/{item.number}/closure", {})

    async def compensation(self) -> Ready:
        return await self._of_item("complaints", "compensation", State.ANSWERED, {"amount": "500", "remedy": "免一晚房费"})

    async def reopening(self) -> Ready:
        return await self._of_item("complaints", "reopening", State.CLOSED, {})

    async def unmask(self) -> Ready:
        return await self._of_item("items", "unmask", State.RECEIVED, {"field": "phone", "reason": "回电"})

    async def acceptance(self) -> Ready:
        return await self._of_link("acceptance", {})

    async def rejection(self) -> Ready:
        return await self._of_link("rejection", {"reason": "没有修好"})

    async def escalation(self) -> Card:
        """An item whose clocks have run out, for whoever looks."""
        return await self._item(None)

    async def _of_item(self, part: str, deed: str, state: State, fields: dict[str, str]) -> Ready:
        item = await self._item(state)
        return await self._staffs(f"/desk/hotel/{part}/{item.number}/{deed}", {"version": str(item.version), **fields})

    async def _of_link(self, deed: str, fields: dict[str, str]) -> Ready:
        filed = await factories.make_complaint(self.cast.hotel)
        await factories.bring(filed, site=self.cast.hotel, by=self.cast.receptionist, to=State.ANSWERED)
        return await self._customers(f"/c/{filed.token}/{deed}", fields)

    async def _item(self, state: State | None) -> Card:
        """An item in a state, owned by the receptionist; without one as it was filed."""
        hotel, owner = self.cast.hotel, self.cast.receptionist
        filed = await factories.make_complaint(hotel)
        if state is State.RECEIVED:
            item = await queues.item(owner, hotel, filed.number)
            await deeds.claim(item, way.DEEDS["claim"], site=hotel, by=owner)
        elif state is not None:
            await factories.bring(filed, site=hotel, by=owner, to=state)
        return await queues.item(owner, hotel, filed.number)

    async def _staffs(self, path: str, fields: dict[str, str], *, by: Staff | None = None) -> Ready:
        guest = await self.guest(by or self.cast.receptionist)
        return guest, path, {"form_token": guest.token(), **fields}

    async def _customers(self, path: str, fields: dict[str, str]) -> Ready:
        guest = await self.guest()
        return guest, path, {"form_token": guest.token(), **fields}


DEEDS: dict[str, Callable[[Ways], Awaitable[Ready]]] = {
    "filing": Ways.filing,
    "intake": Ways.intake,
    "claim": Ways.claim,
    "release": Ways.release,
    "handover": Ways.handover,
    "escalation by hand": Ways.by_hand,
    "acknowledgement": Ways.acknowledgement,
    "message": Ways.message,
    "triage": Ways.triage,
    "plan": Ways.plan,
    "reply": Ways.reply,
    "acceptance": Ways.acceptance,
    "rejection": Ways.rejection,
    "task": Ways.task,
    "task done": Ways.task_done,
    "contact": Ways.contact,
    "merge": Ways.merge,
    "split": Ways.split,
    "closure": Ways.closure,
    "compensation": Ways.compensation,
    "reopening": Ways.reopening,
    "unmask": Ways.unmask,
}
