"""What leaves the house in words: no forbidden phrase, no apology before its time, and templates that fill themselves in."""

import pytest

from portal.domain.complaints.forms.ending import Promise
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.settings import NewTemplate
from portal.domain.complaints.queries import staff
from portal.domain.complaints.queries import wording as queries
from portal.domain.complaints.rules import wording as rules
from portal.domain.complaints.services import handling, redress, wording
from portal.domain.complaints.tables import Liability
from portal.domain.sites import queries as sites
from portal.errors import Conflict, Invalid, NotFound
from portal.i18n import translations
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
SORRY = "非常抱歉，房间已换"


async def refused(case: stories.Case, text: str, cast: Cast) -> str:
    """What an answer is refused with, at its field."""
    with pytest.raises(Invalid) as found:
        await handling.answer(await case.card(), text, site=await sites.site("hotel"), by=cast.receptionist)
    (field, message), = found.value.fields.items()
    assert field == "reply"
    return message


@pytest.mark.parametrize("text", [
    "这个我不知道", "不 知 道", "I DON'T KNOW", "I don’t know.", "Ｉ ｄｏｎ＇ｔ ｋｎｏｗ", "It is not  my\nbusiness",
    "不\u200b知道",
])  # fmt: skip
async def test_a_phrase_is_found_however_it_is_written(text: str) -> None:
    """DUTY-23: case, width and spaces are folded."""
    assert rules.forbidden(text, rules.PHRASES)


@pytest.mark.parametrize("text", ["马上为您查询", "We will find out at once", ""])
async def test_other_words_are_free(text: str) -> None:
    assert rules.forbidden(text, rules.PHRASES) == ""
    assert rules.apology(text) == ""


@pytest.mark.parametrize("text", [SORRY, "我们深表歉意", "We are SORRY", "Our apologies", "we apologise", "ｓｏｒｒｙ"])
async def test_words_of_apology_are_found(text: str) -> None:
    """CMP-22."""
    assert rules.apology(text)


@pytest.mark.parametrize("text", ["非常遗憾", "感谢您，我们正在查", "Thank you, we are looking into it", "We regret it"])
async def test_regret_and_thanks_are_free(text: str) -> None:
    """CMP-23, X-15: the problem and the regret may be said at the first moment."""
    assert rules.apology(text) == ""


@pytest.mark.parametrize("phrase", ["不知道", "不归我管", "I don't know"])
async def test_a_forbidden_phrase_does_not_leave_and_is_shown(cast: Cast, phrase: str) -> None:
    """DUTY-23, ETQ-03."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)

    assert phrase in await refused(case, f"这个{phrase}，请问别人", cast)

    assert ((await case.card()).state, (await case.view()).reply) == ("planned", "")


async def test_a_message_and_a_remedy_are_looked_at_too(cast: Cast) -> None:
    """DUTY-23."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Invalid) as message:
        await handling.write_to_customer(await case.card(), Message(body="不清楚"), site=cast.hotel, by=cast.receptionist)
    with pytest.raises(Invalid) as remedy:
        promise = Promise.model_construct(amount=100, remedy="不清楚")
        await redress.propose(await case.card(), promise, site=cast.hotel, by=cast.receptionist)

    assert (list(message.value.fields), list(remedy.value.fields)) == (["body"], ["remedy"])
    assert (await case.view()).talk == []


async def test_a_site_decides_what_nobody_says(cast: Cast) -> None:
    """DUTY-23."""
    await wording.forbid(cast.hotel, ["亲"], by=cast.manager, version=0)
    case = await stories.planned(cast.hotel, by=cast.receptionist)

    assert "亲" in await refused(case, "亲，已经换好", cast)
    await handling.answer(await case.card(), "这个我们不清楚", site=cast.hotel, by=cast.receptionist)


async def test_two_who_decide_about_the_phrases_do_not_overwrite_each_other(cast: Cast) -> None:
    """P06."""
    await wording.forbid(cast.hotel, ["亲"], by=cast.manager, version=0)

    for version in (0, 2):
        with pytest.raises(Conflict):
            await wording.forbid(cast.hotel, ["哦"], by=cast.admin, version=version)
    await wording.forbid(cast.hotel, [], by=cast.admin, version=1)

    assert await queries.phrases(cast.hotel.id) == ([], 2)


@pytest.mark.parametrize(("liability", "free"), [
    (Liability.OPEN, False), (Liability.NOT_OURS, False), (Liability.OURS, True), (Liability.SHARED, True),
])  # fmt: skip
async def test_an_apology_waits_until_the_fault_is_ours(cast: Cast, liability: Liability, free: bool) -> None:
    """CMP-22, X-15: if we are not at fault, never."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await redress.assess(await case.card(), liability, site=cast.hotel, by=cast.receptionist)

    if free:
        await handling.answer(await case.card(), SORRY, site=cast.hotel, by=cast.receptionist)
        assert (await case.view()).reply == SORRY
    else:
        assert "抱歉" in await refused(case, SORRY, cast)


async def test_a_site_may_apologise_at_once(cast: Cast) -> None:
    """CMP-23, X-15."""
    await stories.decided(cast.hotel, complaint__apology="at_once")
    case = await stories.planned(cast.hotel, by=cast.receptionist)

    await handling.answer(await case.card(), SORRY, site=await sites.site("hotel"), by=cast.receptionist)

    assert (await case.view()).reply == SORRY


async def test_a_template_of_apology_is_an_apology_whatever_its_words_and_a_sentence_of_it_is_none(cast: Cast) -> None:
    """CMP-22: templates with an apology are locked."""
    body = "{name}您好，这是我们工作的疏忽。欢迎您再次光临。"
    form = NewTemplate(name="失误", language="zh-CN", body=body, apology=True)
    await wording.write_template(cast.hotel, form, by=cast.manager)
    case = await stories.planned(cast.hotel, by=cast.receptionist)

    assert "这是我们工作的疏忽" in await refused(case, "张女士您好，这是我们工作的疏忽！欢迎您再次光临", cast)
    await handling.answer(await case.card(), "已换房。欢迎您再次光临。", site=cast.hotel, by=cast.receptionist)


@pytest.mark.parametrize(("language", "name", "filled"), [
    ("zh-CN", "张小龙", "张先生/女士，{0}（1203 房）由前台王处理。海湾酒店"),
    ("zh-CN", "欧阳修", "您，{0}（1203 房）由前台王处理。海湾酒店"),
    ("zh-CN", "Jane Roe", "您，{0}（1203 房）由前台王处理。海湾酒店"),
    ("zh-CN", "", "您，{0}（1203 房）由前台王处理。海湾酒店"),
    ("en", "张小龙", "guest，{0}（Room 1203）由Front desk 王处理。Bay Hotel"),
])  # fmt: skip
async def test_a_template_is_filled_in_in_its_own_language(cast: Cast, language: str, name: str, filled: str) -> None:
    """P40: the name no further than its mask shows."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, name=name, place="1203")
    body = "{name}，{number}（{place}）由{handler}处理。{site}"
    form = NewTemplate(name="接手", language=language, body=body)
    await wording.write_template(cast.hotel, form, by=cast.manager)
    (template,) = await queries.templates(cast.hotel.id)
    view = await staff.for_staff(await case.card(), cast.hotel)

    with translations.use("zh-CN"):
        words = await queries.begun(template, view, site=cast.hotel, by=cast.receptionist)

    assert words == filled.format(case.number)


async def test_what_a_value_holds_is_not_filled_in_again() -> None:
    assert rules.filled("{name} {number}", {"name": "{number}", "number": "7"}) == "{number} 7"


async def test_a_template_is_rewritten_by_its_name_and_removed_by_its_own_site_alone(cast: Cast) -> None:
    """P32."""
    for body in ("一", "二"):
        form = NewTemplate(name="接手", language="zh-CN", body=body)
        await wording.write_template(cast.hotel, form, by=cast.manager)
    (template,) = await queries.templates(cast.hotel.id)
    assert template.body == "二"

    with pytest.raises(NotFound):
        await wording.remove_template(cast.tower, template.id, by=cast.strange_manager)
    await wording.remove_template(cast.hotel, template.id, by=cast.manager)

    assert await queries.templates(cast.hotel.id) == []
