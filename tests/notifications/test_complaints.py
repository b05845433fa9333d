"""Customers hear of their complaints in their language, by the way they gave, and of nothing else."""

from typing import Any

import pytest

from portal import settings
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.services import following, handling
from portal.events import outbox
from portal.i18n import translations
from portal.notifications import complaints, delivery
from tests import stories
from tests.cast import Cast
from tests.notifications import servers

pytestmark = pytest.mark.usefixtures("db")
MAIL: dict[str, Any] = {"name": "Ann Lee", "phone": "", "email": "ann@example.com"}


async def messages(cast: Cast) -> list[outbox.Message]:
    """The messages to customers, oldest first."""
    await delivery.spread()
    found, _after = await outbox.listed(cast.hotel.id)
    return [one for one in reversed(found) if one.audience == outbox.CUSTOMER]


async def test_a_customer_hears_of_filing_messages_answer_and_end_and_of_nothing_between(cast: Cast) -> None:
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await handling.write_to_customer(await case.card(), Message(body="师傅已在路上"), site=cast.hotel, by=cast.receptionist)
    await handling.answer(await case.card(), "已为您换到 1301 房", site=cast.hotel, by=cast.receptionist)
    await following.accept(await case.card(), site=cast.hotel)
    await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)
    found = await messages(cast)

    assert {one.kind for one in found} == {f"complaint.{what}" for what in ("filed", "told", "answered", "closed")}
    assert len(found) == 4
    assert {one.recipient for one in found} == {case.id}


async def test_a_letter_says_who_what_number_and_where_and_nothing_personal(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, wish="换房", place="1203")
    (message,) = await messages(cast)
    letter = (await delivery.letters([message]))[message.id]

    assert letter.to == "+8613800138000"
    link = f"{settings.current().base_url}{case.link}"
    assert letter.text == f"海湾酒店：您反馈的事项已收到，编号 {case.number} {link}"
    for word in (stories.BODY[:6], stories.NAME, "换房", "1203", stories.PHONE):
        assert word not in letter.text


@pytest.mark.parametrize(("lang", "site"), [("en", "Bay Hotel"), ("zh-CN", "海湾酒店")])
@pytest.mark.parametrize("kind", complaints.TOLD)
async def test_every_event_has_its_words_in_the_customers_language(cast: Cast, lang: str, site: str, kind: str) -> None:
    with translations.use(lang):
        case = await stories.filed(cast.hotel, **MAIL)
    (message,) = await messages(cast)
    told = outbox.Message(**{**vars(message), "kind": kind})
    letter = (await delivery.letters([told]))[message.id]

    assert letter.to == MAIL["email"]
    assert site in letter.subject and case.number in letter.subject and "\n" not in letter.subject
    assert site in letter.text and case.number in letter.text and f"{case.link}\n" in letter.text
    assert "Lee" not in letter.text and "&" not in letter.text


async def test_other_eyes_see_neither_the_address_nor_the_key_of_the_link(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)
    (message,) = await messages(cast)
    letter = (await delivery.letters([message], masked=True))[message.id]

    assert (letter.to, case.token in letter.text) == ("138****8000", False)


async def test_an_anonymous_complaint_without_contact_has_no_message(cast: Cast) -> None:
    await stories.filed(cast.hotel, name="", phone="", anonymous=True)

    assert await messages(cast) == []


async def test_e_mail_comes_before_text_messages_unless_only_these_are_set_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stories.filed(cast.hotel, email="zhang@example.com")
    assert [(one.channel, one.state) for one in await messages(cast)] == [("email", "off")]

    servers.use(monkeypatch, texts=servers.Gateway(port=9))
    await stories.filed(cast.hotel, email="zhang@example.com")
    assert [(one.channel, one.state) for one in await messages(cast)][1:] == [("sms", "waiting")]
