"""The stage for the pictures: a hotel with complaints in every state, long words and empty rooms; says where all is."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal import clock, database, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.arrivals.forms.coming import NewNumber
from portal.domain.arrivals.forms.serving import NewAlarm
from portal.domain.arrivals.queries import waiting as lines
from portal.domain.arrivals.services import alarms, coming, serving, waiting
from portal.domain.bookings.forms.after import Note
from portal.domain.bookings.forms.agreeing import Change
from portal.domain.bookings.forms.offering import NewBlackout, NewOfficer, NewReceiving
from portal.domain.bookings.forms.waiting import NewWaiting
from portal.domain.bookings.queries import agenda, visitor
from portal.domain.bookings.rules import asking as asking_besides
from portal.domain.bookings.rules.asking import Ask, Option
from portal.domain.bookings.rules.asking import Kind as Answer
from portal.domain.bookings.services import after, agreeing, offering, preparing
from portal.domain.bookings.services import following as visiting
from portal.domain.bookings.services import waiting as lining
from portal.domain.bookings.tables import State as Visited
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.forms.filing import Message, Rating
from portal.domain.complaints.forms.goods import NewReturn
from portal.domain.complaints.forms.settings import NewTemplate
from portal.domain.complaints.queries import goods, staff
from portal.domain.complaints.rules import way
from portal.domain.complaints.rules.goods import Line
from portal.domain.complaints.services import following, handling, mediating, returning, sharing, wording
from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import Channel, Kind, Party, State
from portal.domain.customers import services as customers
from portal.domain.customers.forms import NewBlock
from portal.domain.exports import tables as exports
from portal.domain.exports.services import asking, making
from portal.domain.exports.tables import Export, Format
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries import tasks as asked
from portal.domain.queues.services import clocks, deeds, tasks
from portal.domain.reports.forms.boards import Notice
from portal.domain.reports.queries import boards as notices
from portal.domain.reports.services import boards, saving
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import PlaceKind, Site, SiteKind
from portal.events import outbox
from portal.events.tables import DEAD, SENT, WAITING, Delivery
from portal.i18n import formats
from portal.i18n.translations import set_language
from portal.ids import new_id, new_token
from portal.jobs.exports import MAKERS
from portal.notifications import delivery
from portal.photos import images
from portal.photos import services as photos
from tests import factories, receptions, stories, takeaway, visits
from tests.browser import journeys
from tests.domain.reports.services.test_saving import keeping as kept

HOUR, DAY = 60, 1440  # in minutes
PEOPLE = (
    ("desk", Role.DESK, "王敏"),
    ("desk2", Role.DESK, "李娜"),
    ("manager", Role.MANAGER, "陈立"),
    ("floor", Role.FLOOR, "赵一凡"),
    ("kitchen", Role.KITCHEN, "钱大勇"),
    ("guard", Role.GUARD, "孙强"),
    ("sales", Role.SALES, "周倩"),
    ("finance", Role.FINANCE, "吴会"),
    ("auditor", Role.AUDITOR, "郑清"),
)
PLACES = (
    ("1208", PlaceKind.ROOM, "1208 房", "Room 1208"),
    ("0915", PlaceKind.ROOM, "0915 房", "Room 0915"),
    ("1506", PlaceKind.ROOM, "1506 房", "Room 1506"),
    ("LOBBY", PlaceKind.AREA, "大堂", "Lobby"),
    ("BREAKFAST", PlaceKind.AREA, "早餐厅", "Breakfast room"),
    ("T08", PlaceKind.TABLE, "8 号桌", "Table 8"),
    ("GATE", PlaceKind.GATE, "东门", "East gate"),
)
SUBJECTS = (
    ("room", Role.FLOOR, "客房", "Room"),
    ("food", Role.KITCHEN, "餐饮", "Food"),
    ("service", Role.DESK, "服务", "Service"),
    ("noise", Role.DESK, "噪音", "Noise"),
)
USUAL = (
    ("早餐的粥是凉的，跟服务员说了也没有换。", "张伟", State.PLANNED),
    ("隔壁房间深夜很吵，睡不着。", "刘洋", State.TRIAGED),
    ("毛巾有味道，想换新的。", "Emma Chen", State.PLANNED),
    ("停车场的灯坏了一半，很暗。", "赵敏", State.ANSWERED),
)
LONG = (
    "我们一家五口昨天下午三点到店，前台说房间还没有打扫好，让我们在大堂等。等了一个小时二十分钟，其间问了三次，每次都说马上就好。"
    "进房以后发现卫生间的地还是湿的，浴缸里有头发，空调开了两个小时还是二十九度，老人已经中暑了。\n"
    "打电话给客服中心，第一次没有人接，第二次说会派人来，到晚上九点都没有人来。\n"
) * 2 + "https://example.com/" + "verylongaddresswithoutanybreak" * 4
FAR = "三号楼地下二层停车场靠近货运电梯的那个角落，柱子编号 B2-117 附近"

ASKS = (
    Ask("a1", "怎么来？", "How do you come?", Answer.CHOICE, required=True,
        options=(Option("大巴", "大巴", "By coach"), Option("自驾", "自驾", "By car"))),
    Ask("a2", "停车时长", "How long will you park?", only_key="a1", only_value="自驾"),
    Ask("a3", "是否需要翻译？", "Do you need an interpreter?", Answer.YES),
)  # fmt: skip


@dataclass
class Stage:
    """What stands on it: the people by role, and complaints by what they show, as number and token."""

    site: Site
    people: dict[str, Staff]
    now: datetime
    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def ago(self, minutes: float) -> None:
        clock.travel(self.now - timedelta(minutes=minutes))

    async def complaint(
        self, key: str, minutes: float, body: str, *, to: State | None = None, handler: str = "desk",
        severity: str = "normal", **more: Any,
    ) -> Filed:  # fmt: skip
        """File it so long ago, and bring it to a state after a fifth of the time that has passed since."""
        self.ago(minutes)
        filed = await factories.make_complaint(self.site, body=body, **more)
        if to is not None:
            self.ago(minutes * 0.8)
            by = self.people[handler]
            await factories.bring(filed, site=self.site, by=by, to=to, severity=severity, category="room")
        if key:
            self.found[key] = (filed.number, filed.token)
        return filed

    async def item(self, filed: Filed) -> queues.Card:
        return await queues.item(self.people["manager"], self.site, filed.number)


async def build() -> dict[str, tuple[str, str]]:
    """Set the stage in an empty database; complaints by what they show."""
    set_language("zh-CN")
    stage = await _house()
    await _usual(stage)
    await _waiting(stage)
    await _handled(stage)
    await _rejected(stage)
    await _over(stage)
    await _looked_at(stage)
    await _shared(stage)
    await _kinds(stage)
    await _confidential(stage)
    clock.travel(None)
    while await clocks.look_at_clocks():
        continue
    await _posted(stage)
    await _noticed(stage)
    await _taken_away(stage)
    await _expected(stage)
    await _called(stage)
    await _received(stage)
    await _waits(stage)
    await _offered(stage)
    return stage.found


async def _house() -> Stage:
    now = clock.now()
    clock.travel(now - timedelta(days=40))
    hotel = await factories.make_site(slug="hotel", code="HT")
    tower = await factories.make_site(
        slug="tower", code="TW", kind=SiteKind.TOWER, name_zh="中环大厦", name_en="Central Tower"
    )
    for code, unit, chinese, english in SUBJECTS:
        await factories.make_category(hotel, code=code, unit=unit, name_zh=chinese, name_en=english)
    for place, kind, chinese, english in PLACES:
        await factories.make_place(hotel, code=place, kind=kind, name_zh=chinese, name_en=english)
    people = {}
    for name, role, full in PEOPLE:
        roles: list[tuple[Site | None, Role]] = [(hotel, role), *([(tower, role)] if role is Role.MANAGER else [])]
        account = await factories.make_account(username=f"hotel.{name}", name=full, surname=full[0], roles=roles)
        people[name] = factories.staff(account, *roles)
    await factories.make_account(username="tower.desk", name="卫小东", surname="卫", roles=[(tower, Role.DESK)])
    await factories.make_account(username="admin", name="冯管理", surname="冯", roles=[(None, Role.ADMIN)])
    await factories.make_account(username="owner", name="褚东家", surname="褚", roles=[(None, Role.OWNER)])
    await factories.make_account(username="newcomer", name="新先生", surname="新")
    return Stage(hotel, people, now)


async def _usual(stage: Stage) -> None:
    """So many that a page of the queue is full and there is a second."""
    for number in range(22):
        body, name, state = USUAL[number % 4]
        place, handler = PLACES[number % len(PLACES)][0], ("desk", "desk2")[number % 2]
        await stage.complaint("", 5 * HOUR + number * 47, body, place=place, name=name, to=state, handler=handler)


async def _waiting(stage: Stage) -> None:
    cold = "空调不制冷，已经两个小时了，打前台电话没有人接。"
    await stage.complaint("late", 36, cold, place="1208", phone="13912345678", name="李建国")
    leak = "浴室漏水，水已经流到走廊。"
    await stage.complaint("late-owned", 50 * HOUR, leak, place="1506", to=State.TRIAGED, severity="severe")
    bags = "大堂行李等待过久，团队到店四十分钟没有人送，老人孩子都在等。"
    await stage.complaint("soon", 26, bags, place="LOBBY", anonymous=True)
    fresh = await stage.complaint("fresh", 6, "隔壁装修噪音太大，孩子没法午睡。", place="0915", name="欧阳静")
    stage.ago(4)
    pictures = await photos.keep([images.clean(journeys.photo()), images.clean(journeys.photo("#c9b27c", "0915"))])
    again = Message(body="刚才又开始了，附上照片。")
    await following.write(await stage.item(fresh), again, site=stage.site, pictures=pictures)
    set_language("en")
    shower = "The shower has no hot water and nobody answers the phone."
    await stage.complaint("english", 12, shower, place="1506", phone="+447911123456", name="Emma Thompson")
    set_language("zh-CN")
    await stage.complaint("long", 9, LONG, place=FAR, name="阿卜杜热依木·买买提江·吐尔逊")


async def _handled(stage: Stage) -> None:
    desk = stage.people["desk"]
    cold = "空调一直不制冷，已经两个小时了，打前台电话没有人接。"
    filed = await stage.complaint("planned", 3 * HOUR, cold, place="1208", to=State.PLANNED, email="chen@example.com")
    stage.ago(100)
    coming = Message(body="工程部张师傅十分钟内到您房间。")
    await handling.write_to_customer(await stage.item(filed), coming, site=stage.site, by=desk)
    stage.ago(90)
    await following.write(await stage.item(filed), Message(body="谢谢，我在房间等。"), site=stage.site)
    dishes = "早餐厅的菜品种类太少，素食只有一种。"
    answered = await stage.complaint("answered", 4 * HOUR, dishes, place="BREAKFAST", to=State.ANSWERED)
    case = stories.Case(stage.site, answered.item, answered.number, answered.token)
    await stories.learned(case, by=desk, fen=60_000)
    for name, apology in (("已在跟进", False), ("致歉", True)):
        body = "{name}您好，您反映的情况（{number}）由{handler}跟进。{site}"
        template = NewTemplate(name=name, language="zh-CN", body=body, apology=apology)
        await wording.write_template(stage.site, template, by=desk)
    water = "能不能在大堂放一台饮水机？"
    await stage.complaint("suggestion", 70, water, place="LOBBY", to=State.TRIAGED, kind=Kind.SUGGESTION)
    bill = "客人在前台说昨晚的发票抬头开错了。"
    taken = await stage.complaint("taken", 55, bill, by=stage.people["guard"], channel=Channel.DESK)
    stage.ago(50)
    note = way.DEEDS["notes"]
    await deeds.note(await stage.item(taken), note, site=stage.site, by=desk, body="已请财务核对。")


async def _rejected(stage: Stage) -> None:
    mould = "房间有霉味，要求换房。"
    filed = await stage.complaint("rejected", 30 * HOUR, mould, place="0915", to=State.ANSWERED)
    stage.ago(2 * HOUR)
    await following.reject(await stage.item(filed), "换的房间还是有霉味，而且更小。", site=stage.site)


async def _over(stage: Stage) -> None:
    await stage.complaint("closed", 3 * DAY, "退房时多收了一天停车费。", place="GATE", to=State.CLOSED)
    filed = await stage.complaint("rated", 4 * DAY, "洗衣丢了一只袜子。", place="1506", to=State.CLOSED)
    stage.ago(2 * DAY)
    rating = Rating(score=5, comment="处理得很快，谢谢王小姐。")
    await following.rate(await stage.item(filed), rating, site=stage.site)
    accepted = await stage.complaint("accepted", 26 * HOUR, "枕头太硬。", place="1208", to=State.ANSWERED)
    stage.ago(HOUR)
    await following.accept(await stage.item(accepted), site=stage.site)


async def _shared(stage: Stage) -> None:
    """Several hands: departments that are asked, one matter told twice."""
    lift = "电梯门夹了孩子的手，没有人来看。"
    asked = await stage.complaint("asked", 65, lift, place="1506", phone="13700137000", to=State.TRIAGED)
    stage.ago(40)
    due_at = clock.now() + timedelta(hours=3)
    for department, words in ((Role.FLOOR, "带冰袋去看孩子，陪到家长放心。"), (Role.GUARD, "把电梯停在一楼，贴告示。")):
        task = await tasks.add(asked.item, words, site=stage.site, department=department, due_at=due_at,
                               by=stage.people["desk"])  # fmt: skip
    done = way.DEEDS["task done"]
    await tasks.finish(await stage.item(asked), done, task, site=stage.site, by=stage.people["guard"], note="已停用")
    merged = await stage.complaint("merged", 30, "电梯还是夹人！", place="LOBBY", phone="13700137000")
    await sharing.merge(await stage.item(merged), asked.number, site=stage.site, by=stage.people["desk"])
    await stage.complaint("again", 3, "电梯的事还没有人联系我。", place="1506", phone="13700137000")


async def _kinds(stage: Stage) -> None:
    """Goods that come back with a note, and a dispute with another party."""
    desk, manager = stage.people["desk"], stage.people["manager"]
    filed = await stage.complaint("product", 7 * HOUR, "样品到货时外壳有裂纹。", kind=Kind.PRODUCT, by=desk, name="朗诚贸易",
                                  phone="13600136001")  # fmt: skip
    item = await stage.item(filed)
    await deeds.claim(item, way.DEEDS["claim"], site=stage.site, by=desk)
    form = NewReturn.model_validate({"reason": "外壳裂纹，影响展示。", "treatment": "换新一批。", "basis": "检验报告 7 号。",
                                     "lines": "M-100, 12\nM-200, 1"})  # fmt: skip
    await returning.request(await stage.item(filed), form, site=stage.site, by=desk)
    (note,) = await goods.notes(await stage.item(filed))
    stage.found["note"] = str(note.id), ""
    await returning.decide(await stage.item(filed), note.id, Decision.model_validate({"decision": "approve"}),
                           site=stage.site, by=manager)  # fmt: skip
    await returning.ship(await stage.item(filed), note.id, site=stage.site, by=desk)
    await returning.receive(await stage.item(filed), note.id, [Line("M-100", 10)], site=stage.site, by=desk)
    quarrel = "隔壁宴会厅的音响太大，婚礼没法进行，对方不肯调低。"
    dispute = await stage.complaint("dispute", 2 * HOUR, quarrel, place="LOBBY", kind=Kind.DISPUTE, by=desk,
                                    phone="13600136002", party_name="星海公司", party_phone="13900139000")  # fmt: skip
    stage.ago(100)
    await deeds.claim(await stage.item(dispute), way.DEEDS["claim"], site=stage.site, by=desk)
    told = Message(body="您好，请说说当时的情况。")
    await mediating.tell(await stage.item(dispute), told, site=stage.site, by=desk)
    await mediating.hear(await stage.item(dispute), Message(body="我们的设备符合合同约定。"), site=stage.site)
    row = await Party.select(Party.token).where(Party.id == dispute.item).first()
    stage.found["party"] = sealing.unseal(row["token"] if row else "", f"party.token:{dispute.item}"), ""


async def _confidential(stage: Stage) -> None:
    """What is about a manager, which the owner looks into; and a report of wrongdoing."""
    rude = "经理当着客人的面训斥员工，还让我们等。"
    about = await stage.complaint("about", 95, rude, place="LOBBY", by=stage.people["desk"], about="hotel.manager",
                                  phone="13600136003")  # fmt: skip
    stage.ago(60)
    note = way.DEEDS["notes"]
    await deeds.note(await queues.item(stage.people["desk"], stage.site, about.number), note, site=stage.site,
                     by=stage.people["desk"], body="客人留了电话。")  # fmt: skip
    await stage.complaint("report", 80, "有人拿客人的小费箱。", kind=Kind.REPORT, anonymous=True)


async def _looked_at(stage: Stage) -> None:
    number, _token = stage.found["planned"]
    stage.ago(80)
    desk = stage.people["desk"]
    item = await queues.item(desk, stage.site, number)
    view = await staff.for_staff(item, stage.site, roles=desk.roles_at(stage.site))
    await handling.unmask(view, "phone", site=stage.site, by=desk, reason="回电确认维修时间", address="127.0.0.1")


async def _posted(stage: Stage) -> None:
    """The outbox has one message of every state."""
    await delivery.spread()
    newest, _after = await outbox.listed(stage.site.id)
    for message, state, outcome, tries in zip(
        newest, (DEAD, SENT, WAITING), ("smtp-550", "", "network"), (1, 1, 2), strict=False
    ):
        await Delivery.update(
            {Delivery.state: state, Delivery.outcome: outcome, Delivery.tries: tries}
        ).where(Delivery.id == message.id)  # fmt: skip


async def _noticed(stage: Stage) -> None:
    """A notice hangs at the house, and the next is a draft; the numbers of both are those of the quarter before."""
    now, by = notices.current(stage.site), stage.people["manager"]
    typed = {
        "title_zh": "您说的，我们改了", "title_en": "You told us, and we changed it",
        "body_zh": "感谢每一位告诉我们问题的客人。", "body_en": "Thank you to every guest who told us what was wrong.",
        "changed_zh": "早餐提前到六点半。\n每间客房多备一条毛毯。", "changed_en": "Breakfast begins at half past six.",
        "figures": "many in_time median subjects",
    }  # fmt: skip
    for quarter in (now, now.next):
        identity = new_id()
        form = Notice.model_validate({**typed, "quarter": quarter.code}, context={"quarters": [quarter.code]})
        await boards.draft(stage.site, form, identity=identity, by=by)
        if quarter == now:
            await boards.publish(stage.site, await notices.notice(stage.site, identity), by=by, version=None)
        stage.found["board"] = str(identity), ""


async def _taken_away(stage: Stage) -> None:
    """A file that waits for a colleague, one being made, one that is ready, one that was refused; and kept reports."""
    people = stage.people
    wanted = takeaway.wanted("回访上月投诉的客人，确认整改后是否满意")
    stage.found["permit"] = str(await asking.ask_for_contacts(stage.site, wanted, by=people["manager"])), ""
    for key, who in (("ready", "finance"), ("making", "auditor")):
        export = await asking.ask(stage.site, "ledger", "", Format.XLSX, rows=48_210, by=people[who])
        stage.found[key] = str(export), ""
        if key == "ready":
            await making.make_next(MAKERS)
    await Export.update({
        Export.stage: exports.Stage.RUNNING, Export.done: 31_250, Export.held_until: clock.now() + timedelta(days=2),
    }).where(Export.person == people["auditor"].id)  # fmt: skip
    report = await saving.keep(stage.site, kept(), by=people["manager"])
    stage.found["kept"] = str(report), ""
    monthly = kept(name="每月投诉", range="month", cadence="monthly", role="auditor")
    await saving.keep(stage.site, monthly, by=people["manager"])


async def _expected(stage: Stage) -> None:
    """A book with visits in every state, around this hour."""
    site, by, lobby = stage.site, stage.people["desk"], await sites.place(stage.site.id, "LOBBY")
    more: dict[str, Any] = {"opens": 0, "closes": DAY, "step": 5, "instant": False, "people": 80, "parties": 20}
    tour = await visits.make_type(site, code="book-tour", place=lobby, **more)
    guided = await visits.make_type(site, code="book-guided", guided=True, **more)
    await visits.make_type(site, code="book-hours", instant=False)
    now = stage.now.replace(minute=stage.now.minute // 5 * 5, second=0, microsecond=0)
    wanted = (
        ("visit-requested", tour, 26 * HOUR, "欧阳小龙", "mr", None), ("visit-asked", guided, 27 * HOUR, "陈静", "", None),
        ("visit-late", tour, 0, "刘洋", "ms", "LOBBY"), ("visit-soon", tour, 10, "Emma Chen", "ms", "1208"),
        ("visit-later", guided, 150, "赵敏", "ms", "0915"), ("visit-tomorrow", tour, 22 * HOUR, "李雷", "mr", "LOBBY"),
        ("visit-changed", tour, 50 * HOUR, "韩梅梅", "ms", "1506"),
    )  # fmt: skip
    for number, (key, kind, minutes, name, salutation, place) in enumerate(wanted):
        at = now + timedelta(minutes=minutes if minutes else 5)
        clock.travel(stage.now)
        booked = await visits.make_booking(site, kind, at=at, name=name, salutation=salutation, people=number + 1,
                                           phone=f"+861380013{number:04}", purpose="参观展厅，了解企业客户方案")  # fmt: skip
        if place:
            await visits.confirmed(site, booked, by=by, place=place, to=("hotel.desk", "hotel.sales")[number % 2])
        stage.found[key] = (booked.number, booked.token)
    await _lined_up(stage, now)
    card = await agenda.card(site, stage.found["visit-changed"][0])
    await agreeing.change(card, Change(place="LOBBY", reason="会议室停电，改在大堂接待。"), site=site, by=by)
    soon = await agenda.card(site, stage.found["visit-soon"][0])
    await preparing.tick(soon, ("area", "safety", "documents", "room"), site=site, by=by)


async def _lined_up(stage: Stage, now: datetime) -> None:
    """A day that is full, and somebody in its line whom a place is offered."""
    kind = await visits.make_type(
        stage.site, code="book-full", parties=1, opens=10 * HOUR, closes=12 * HOUR, name_zh="行政酒廊参观",
        name_en="Club lounge", horizon_days=2, fee=5_000, papers_zh="身份证", notes_zh="请走东门。",
    )  # fmt: skip
    day = visits.on(stage.site, days=1, hour=10)
    held = {}
    for days, hour in ((0, 10), (0, 11), (1, 10), (1, 11), (2, 10), (2, 11)):
        at = visits.on(stage.site, days=days, hour=hour)
        if at > now:
            phone = f"+8613800{days}{hour}000"
            held[days, hour] = await visits.make_booking(stage.site, kind, at=at, phone=phone)
    formats.set_zone(stage.site.zone)
    typed = {"day": str(day.date()), "from": "10:00", "to": "11:00", "people": 1, "name": "孙丽", "salutation": "ms",
             "phone": "13800138123"}  # fmt: skip
    line = NewWaiting.model_validate(typed)
    waits = await lining.line_up(line, site=stage.site, kind=kind, token=new_token())
    visit, site = await visitor.by_token(held[1, 10].token)
    await visiting.cancel(visit, site=site)
    stage.found["visit-offered"] = (waits.number, waits.token)


async def _received(stage: Stage) -> None:
    """Visitors who are here and who were: notes, tasks, a summary, a record at a counter, questions by several ways."""
    site, by = stage.site, stage.people["desk"]
    day: dict[str, Any] = {"opens": 0, "closes": DAY, "step": 5}
    kind = await visits.make_type(site, code="see-works", name_zh="工厂参观", name_en="Works tour", **day)
    await visits.make_type(site, code="negotiation", name_zh="洽谈", name_en="Negotiation", **day)
    now = stage.now.replace(minute=stage.now.minute // 5 * 5, second=0, microsecond=0)
    who: dict[str, Any] = {"name": "周建国", "phone": "+8613800138222", "company": "海蓝科技", "position": "采购经理"}
    for key, minutes, to in (("seen-over", 5, Visited.SUMMARISED), ("seen-here", 15, Visited.RECEPTION)):
        booked = await visits.make_booking(site, kind, at=now + timedelta(minutes=minutes), people=3, needs="一位坐轮椅",
                                           purpose="考察生产线", **who)  # fmt: skip
        card = await receptions.bring(by, site, booked, to=Visited.ARRIVED)
        note = Note(needs="借一把轮椅", opinions="展厅讲解很清楚", facts="年底要扩产，需要两条线")
        await after.note(card, note, site=site, by=by)
        await receptions.bring(by, site, booked, to=to)
        stage.found[key] = (booked.number, booked.token)
    (task, *_others) = await asked.waiting_for(stage.people["floor"], site)
    stage.found["seen-task"] = (str(task.id), "")
    papers: dict[str, Any] = {"papers_zh": "行驶证\n租约", "papers_en": "Licence\nLease"}
    counter = await visits.make_type(site, code="permit", name_zh="停车证", name_en="Parking permits", **papers)
    served = await receptions.make_served(site, counter, by=by)
    stage.found["seen-record"] = (served.number, "")
    await factories.make_complaint(site, phone="13800138222", name="周建国", body="上次参观等了很久，没有人来接。")
    for channel, body in ((Channel.PHONE, "周末可以参观吗？"), (Channel.LETTER, "团队最多几个人？")):
        await factories.make_complaint(site, by=by, kind=Kind.ENQUIRY, channel=channel, body=body)


async def _called(stage: Stage) -> None:
    """A line at the door: one is served, one called, one parked, the others wait; and somebody called for help before."""
    site, desk, manager = stage.site, stage.people["desk"], stage.people["manager"]
    hall = await visits.make_type(site, code="hall", name_zh="会员业务", name_en="Membership", online=False)
    advice = await visits.make_type(site, code="advice", name_zh="婚宴咨询", name_en="Weddings", online=False)
    windows = [await visits.make_station(site, code=code) for code in ("A1", "A2", "A3")]
    for minutes, name, salutation, people, kind in (
        (34, "李雷", "mr", 2, hall), (29, "韩梅梅", "ms", 1, advice), (21, "欧阳娜娜", "", 3, hall),
        (17, "张伟", "mr", 1, advice), (9, "Emma Chen", "ms", 2, hall), (4, "", "", 1, hall),
    ):  # fmt: skip
        await visits.make_arrival(site, kind, minutes=minutes, name=name, salutation=salutation, people=people,
                                  priority=minutes == 9)  # fmt: skip
    await serving.call_next(site, windows[1], by=manager)
    first = await serving.call_next(site, windows[0], by=desk)
    await serving.serve(await queues.item_by_id(first), site=site, by=desk)
    parked = await serving.call_next(site, windows[0], by=desk)
    await serving.park(await queues.item_by_id(parked), site=site, by=desk)
    stage.ago(50)
    alarm = await alarms.call_for_help(site, NewAlarm(place="东门岗亭", silent=True), by=stage.people["guard"])
    await alarms.answer(site, alarm, by=desk)
    clock.travel(None)


async def _offered(stage: Stage) -> None:
    """A kind of visit with all that it asks, a stretch without visits, who receives, and somebody blocked."""
    site, manager, lobby = stage.site, stage.people["manager"], await sites.place(stage.site.id, "LOBBY")
    await visits.make_type(
        site, code="offered", name_zh="行政楼层参观", name_en="Tour of the executive floor", letter="",
        place=lobby, fee=8800,
        papers_zh="身份证或护照\n预约确认单",
        papers_en="Identity card or passport\nConfirmation of the booking",
        notes_zh="请从东门进入，停车请提前告知。", notes_en="Please use the east gate.",
        asks=asking_besides.written(ASKS),
    )  # fmt: skip
    formats.set_zone(site.zone)
    day = clock.today(site.zone) + timedelta(days=30)
    dark = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat(), "reason": "锅炉检修"}
    stretch = NewBlackout.model_validate(dark)
    await offering.add_blackout(site, stretch, by=manager)
    people, room = {"people": {"hotel.sales"}}, {"places": {"LOBBY"}}
    duties = {"person": "hotel.sales", "duties": "接待来宾，可安排车辆和陪同人员；须提前一天确认。"}
    await offering.write_officer(site, NewOfficer.model_validate(duties, context=people), by=manager)
    receiving = NewReceiving.model_validate({"place": "LOBBY", "parties": "4"}, context=room)
    await offering.write_receiving(site, receiving, by=manager)
    trouble = {"phone": "13900139000", "document": "110101199003074514", "reason": "多次在大堂闹事，已报警。"}
    block = NewBlock.model_validate(trouble | {"until": day.isoformat()})
    stage.found["block"] = str(await customers.block(site, block, by=manager)), ""


async def _waits(stage: Stage) -> None:
    """A door, and who has come by it: one waits, one was called, one has left."""
    site = stage.site
    await visits.make_door(site)
    table = await visits.make_type(site, code="window-seat", name_zh="餐厅就座", name_en="A table", at_table=True)
    window = await visits.make_station(site, code="T8", types="window-seat")
    for key, name in (("line-called", "李雷"), ("line-left", "张伟"), ("line-waits", "")):
        token = await coming.take_number(NewNumber.model_construct(type=table.code, name=name), site=site, kind=table,
                                         door=None, token=new_token())  # fmt: skip
        stage.found[key] = token, ""
        if key == "line-called":
            await serving.call_next(site, window, by=stage.people["desk"])
        elif key == "line-left":
            await waiting.leave((await lines.by_token(token))[0].item, site=site)


async def _main() -> None:
    await database.open_pool()
    try:
        print(json.dumps(await build()))  # noqa: T201  # what the pictures read
    finally:
        await database.close_pool()


if __name__ == "__main__":
    asyncio.run(_main())
