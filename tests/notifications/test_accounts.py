"""Staff hear by e-mail of what stands on their desk, where their account has an address."""

import pytest

from portal import sealing
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.services import disable
from portal.domain.accounts.tables import Account
from portal.events import outbox, queries
from portal.notifications import delivery
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def with_address(staff: Staff, address: str = "zhao@bay.example") -> None:
    cell = sealing.seal(address, f"account.email:{staff.id}")
    await Account.update({Account.email: cell}).where(Account.id == staff.id)


async def messages(cast: Cast) -> list[outbox.Message]:
    await delivery.spread()
    return [one for one in (await outbox.listed(cast.hotel.id))[0] if one.audience == outbox.STAFF]


async def test_who_is_given_an_item_gets_its_number_and_the_way_to_it(cast: Cast) -> None:
    await with_address(cast.floor)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)

    (message,) = await messages(cast)
    letter = (await delivery.letters([message]))[message.id]

    assert letter.to == "zhao@bay.example"
    assert letter.subject == f"海湾酒店：转交，{case.number}"
    assert case.item in letter.text
    for word in (stories.BODY[:6], stories.NAME, "他懂空调"):
        assert word not in letter.text


async def test_a_notice_stands_on_the_desk_once_though_it_is_mailed_too(cast: Cast) -> None:
    await with_address(cast.manager)
    await stories.rejected(cast.hotel, by=cast.receptionist)

    assert [one.recipient for one in await messages(cast)] == [cast.manager.id]
    assert len(await queries.unread(cast.manager.id, site=cast.hotel.id)) == 1


async def test_who_has_no_address_or_may_not_sign_in_gets_no_mail(cast: Cast) -> None:
    await with_address(cast.manager)
    await disable(cast.manager.username, site=None, by=None)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)

    assert await messages(cast) == []


async def test_mail_to_somebody_who_was_disabled_meanwhile_is_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_address(cast.floor)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    (message,) = await messages(cast)
    await disable(cast.floor.username, site=None, by=None)

    assert (await delivery.letters([message]))[message.id].to == ""
