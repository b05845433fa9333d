"""Form tokens: bound to one browser and one person, good for seven days, used up once (P07)."""

import asyncio
import base64
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from portal import clock, database, once
from portal.errors import Conflict
from portal.ids import new_id

BROWSER = "a-browser"
PERSON = new_id()
Travel = Callable[[object], None]


def issued(*, browser: str = BROWSER, person: UUID | None = None) -> str:
    return once.issue(browser=browser, person=person)


def good(*, browser: str = BROWSER, person: UUID | None = None) -> once.Token:
    token = once.read(issued(browser=browser, person=person), browser=browser, person=person)
    assert token is not None
    return token


@pytest.mark.parametrize("person", [None, PERSON])
def test_a_token_is_good_for_its_browser_and_person(person: UUID | None) -> None:
    text = issued(person=person)

    assert once.read(text, browser=BROWSER, person=person) is not None


def test_every_form_has_its_own() -> None:
    assert len({good().id for _form in range(50)}) == 50


def test_another_browsers_token_is_none() -> None:
    assert once.read(issued(), browser="another-browser", person=None) is None
    assert once.read(issued(), browser="", person=None) is None
    assert once.read(issued(browser=""), browser="", person=None) is None


def test_another_persons_token_is_none() -> None:
    text = issued(person=PERSON)

    assert once.read(text, browser=BROWSER, person=new_id()) is None
    assert once.read(text, browser=BROWSER, person=None) is None
    assert once.read(issued(), browser=BROWSER, person=PERSON) is None


@pytest.mark.parametrize("text", ["", "x", "陈", "A" * 48, "=" * 8, "\0", "A" * 10_000])
def test_a_forged_token_is_none(text: str) -> None:
    assert once.read(text, browser=BROWSER, person=None) is None


def test_a_changed_token_is_none() -> None:
    raw = base64.urlsafe_b64decode(issued())
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert once.read(base64.urlsafe_b64encode(changed).decode(), browser=BROWSER, person=None) is None
    for short in (raw[:-1], raw[:20], raw + b"\0"):
        assert once.read(base64.urlsafe_b64encode(short).decode(), browser=BROWSER, person=None) is None


def test_a_token_lives_seven_days(travel: Travel) -> None:
    text, now = issued(), clock.now()

    travel(now + timedelta(days=7) - timedelta(seconds=5))
    assert once.read(text, browser=BROWSER, person=None) is not None
    travel(now + timedelta(days=7, seconds=5))
    assert once.read(text, browser=BROWSER, person=None) is None


@pytest.mark.usefixtures("db")
async def test_the_first_answer_is_given_again_for_the_same_body_and_refused_for_another() -> None:
    token = good()
    body = once.fingerprint("/s/hotel/complaints", [("body", b"the lift"), ("place", b"1203")])
    other = once.fingerprint("/s/hotel/complaints", [("body", b"the lift!"), ("place", b"1203")])

    assert await once.used(token, body, message="no") is None
    await once.use(token, body, "/c/abc")

    assert await once.used(token, body, message="no") == "/c/abc"
    with pytest.raises(Conflict, match="something else"):
        await once.used(token, other, message="something else")
    assert await once.used(good(), body, message="no") is None


def test_a_fingerprint_tells_apart_what_differs() -> None:
    fields = [("a", b"1"), ("b", b"2")]

    prints = {
        once.fingerprint("/x", fields),
        once.fingerprint("/y", fields),
        once.fingerprint("/x", [("a", b"1")]),
        once.fingerprint("/x", [("a", b"12"), ("b", b"")]),
        once.fingerprint("/x", [("a", b"1\0b\x001\x002")]),
        once.fingerprint("/x", list(reversed(fields))),
    }

    assert len(prints) == 6
    assert once.fingerprint("/x", fields) in prints


@pytest.mark.usefixtures("committed")
async def test_of_twenty_at_once_one_is_the_first() -> None:
    token = good()

    async def post() -> str:
        async def work() -> str:
            await once.use(token, "body", "/c/abc")
            return "first"

        try:
            return await database.retried(work)
        except Exception as error:
            assert database.is_duplicate(error)
            return "replay"

    results = await asyncio.gather(*(database.spawn(post()) for _post in range(20)))

    assert sorted(results) == ["first"] + ["replay"] * 19
    assert await once.FormUse.count() == 1


@pytest.mark.usefixtures("committed")
async def test_a_deed_that_failed_does_not_use_its_token_up() -> None:
    token = good()

    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await once.use(token, "body", "/c/abc")
            raise ZeroDivisionError

    assert await once.used(token, "body", message="no") is None


@pytest.mark.usefixtures("db")
async def test_used_tokens_are_forgotten_only_after_their_life(travel: Travel) -> None:
    token, now = good(), clock.now()
    await once.use(token, "body", "/c/abc")

    travel(now + timedelta(days=7))
    await once.forget_old()
    assert await once.used(token, "body", message="no") == "/c/abc"

    travel(now + timedelta(days=8, seconds=1))
    await once.forget_old()
    assert await once.FormUse.count() == 0


@pytest.mark.usefixtures("db")
async def test_an_answer_stands_sealed_since_it_may_be_a_customers_link() -> None:
    """P35."""
    first, second = good(), good()

    await once.use(first, "body", "/c/secret-link")
    await once.use(second, "body", "")
    await once.answered(second, "/c/secret-link")

    rows = await once.FormUse.select(once.FormUse.answer).where(once.FormUse.token.is_in([first.id, second.id]))
    assert [row["answer"][:3] for row in rows] == ["v1|", "v1|"]
    assert [await once.used(token, "body", message="") for token in (first, second)] == ["/c/secret-link"] * 2
