"""Photos: taken by the form, cleaned, and shown to those alone who may see what they belong to."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from portal.domain.complaints.tables import Complaint
from portal.domain.queues.tables import WorkItem
from portal.photos import services as photos
from portal.photos.tables import Photo
from tests import stories
from tests.cast import Cast
from tests.pages import Browser, Files, Page

pytestmark = pytest.mark.usefixtures("db")
NEW, FILE = "/s/hotel/complaints/new", "/s/hotel/complaints"
TYPED: dict[str, Any] = {"body": "地毯湿了", "phone": "13800138000", "category": "room"}


def chosen(*pictures: tuple[str, bytes, str]) -> Files:
    return [("photos", picture) for picture in pictures]


async def filed(browser: Browser, *pictures: tuple[str, bytes, str], **typed: Any) -> Page:
    """File with photos; the page one comes to."""
    return await (await browser.get(NEW)).submit(FILE, files=chosen(*pictures), **TYPED | typed)


async def test_two_photos_are_kept_and_shown_to_the_customer(
    cast: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    page = await filed(browser, stories.photo("teal"), stories.photo("navy"))

    shown = [image.get("src") for image in page.css("#words img")]
    assert [address.partition("/photos/")[0] for address in shown] == [page.path] * 2
    for address in shown + [link.get("href") for link in page.css("#words .photos a")]:
        answer = await client.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.headers["cache-control"] == "no-store"
        Image.open(io.BytesIO(answer.content)).verify()


async def test_a_thumb_is_smaller_than_its_photo(cast: Cast, browser: Browser, client: httpx.AsyncClient) -> None:
    page = await filed(browser, stories.photo(side=900))
    (image,), (link,) = page.css("#words img"), page.css("#words .photos a")

    thumb, full = [
        Image.open(io.BytesIO((await client.get(one)).content)).size for one in (image.get("src"), link.get("href"))
    ]

    assert (thumb, full) == ((320, 320), (900, 900))


async def test_where_a_photo_was_taken_is_not_kept(cast: Cast, browser: Browser, client: httpx.AsyncClient) -> None:
    """P27: EXIF gone."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "SecretCamera", "GPS 36.06N 120.38E"
    page = await filed(browser, stories.photo(exif=exif.tobytes()))
    (link,) = page.css("#words .photos a")

    answer = await client.get(link.get("href"))

    assert b"SecretCamera" not in answer.content
    assert dict(Image.open(io.BytesIO(answer.content)).getexif()) == {}


@pytest.mark.parametrize(
    ("who", "full"),
    [
        ("receptionist", 200),
        ("manager", 200),
        ("auditor", 200),
        ("floor", 200),
        ("kitchen", 404),
        ("guard", 403),
        ("sales", 403),
        ("finance", 403),
        ("admin", 403),
        ("owner", 404),
        ("stranger", 404),
        ("strange_manager", 404),
    ],
)
async def test_on_the_desk_they_are_for_those_who_may_see_the_complaint(
    cast: Cast, browser: Browser, client: httpx.AsyncClient, who: str, full: int
) -> None:
    """Table 2.2, row 7; P32."""
    await filed(browser, stories.photo())
    (row,) = await Photo.select(Photo.id)
    await stories.enter(client, getattr(cast, who))

    answers = [await client.get(f"/desk/hotel/photos/{row['id']}{size}") for size in ("", "?size=thumb")]
    elsewhere = await client.get(f"/desk/tower/photos/{row['id']}")

    assert [answer.status_code for answer in answers] == [full, full]
    assert elsewhere.status_code in (403, 404)


@pytest.mark.parametrize(("who", "shown"), [("receptionist", 1), ("guard", 0), ("sales", 0)])
async def test_staff_take_photos_and_the_page_shows_none_that_would_not_open(
    cast: Cast, client: httpx.AsyncClient, who: str, shown: int
) -> None:
    """Table 2.2, row 7: not for guard and sales, who file and follow."""
    browser = await stories.enter(client, getattr(cast, who))
    page = await browser.get("/desk/hotel/complaints/new")
    page = await page.submit("/desk/hotel/complaints", files=chosen(stories.photo()), channel="visit", **TYPED)

    assert await Photo.count() == 1
    offered = {image.get("src") for image in page.css("#item img")}
    assert [(await client.get(address)).status_code for address in offered] == [200] * shown


async def test_the_photo_of_another_complaint_is_not_behind_my_link(cast: Cast, browser: Browser) -> None:
    """P35: one object, one purpose."""
    await filed(browser, stories.photo())
    (row,) = await Photo.select(Photo.id)
    other = await stories.filed(cast.hotel)

    await browser.get(f"{other.link}/photos/{row['id']}", status=404)


async def test_signed_out_nobody_sees_one_on_the_desk(cast: Cast, browser: Browser) -> None:
    await filed(browser, stories.photo())
    (row,) = await Photo.select(Photo.id)

    await browser.get(f"/desk/hotel/photos/{row['id']}", status=303)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (("notes.txt", b"these are only words", "image/jpeg"), "notes.txt"),
        (("cut.jpg", stories.photo(side=200)[1][:300], "image/jpeg"), "cut.jpg"),
        (("empty.jpg", b"", "image/jpeg"), "empty.jpg"),
        (("huge.jpg", b"\xff\xd8\xff" + bytes(10_000_001), "image/jpeg"), "huge.jpg"),
        (
            ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
            "drawing.svg",
        ),
        (("../../etc/passwd", b"root", "image/png"), "passwd"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
async def test_a_refused_photo_is_named_at_its_field_and_the_words_stay(
    cast: Cast, browser: Browser, picture: tuple[str, bytes, str], why: str
) -> None:
    """P27."""
    page = await filed(browser, stories.photo(), picture)

    assert page.status == 422
    assert list(page.errors()) == ["photos"]
    assert why in page.errors()["photos"]
    assert page.form(FILE)["body"] == "地毯湿了"
    assert (await Complaint.count(), await Photo.count()) == (0, 0)


async def test_a_sixth_photo_is_one_too_many(cast: Cast, browser: Browser) -> None:
    """P27."""
    page = await filed(browser, *[stories.photo()] * 6)

    assert (page.status, list(page.errors())) == (422, ["photos"])
    assert await Complaint.count() == 0


async def test_five_photos_are_taken(cast: Cast, browser: Browser) -> None:
    page = await filed(browser, *[stories.photo()] * 5)

    assert len(page.css("#words img")) == 5


async def test_a_photo_may_stand_without_words_in_a_message_and_each_side_sees_the_others(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await Browser(client).get(case.link)
    page = await page.submit(f"{case.link}/messages", body="", files=chosen(stories.photo()))
    assert len(page.css("#words img")) == 1

    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    assert len(page.css("#item .story img")) == 1
    page = await page.submit(f"{case.complaint}/messages", body="修好了", files=chosen(stories.photo("navy")))
    assert len(page.css("#item .story img")) == 2

    seen = await Browser(client).get(case.link)
    assert [(await client.get(image.get("src"))).status_code for image in seen.css("#words img")] == [200, 200]


async def test_sent_again_the_photos_are_kept_once(cast: Cast, browser: Browser) -> None:
    """P07."""
    page = await browser.get(NEW)

    first = await page.submit(FILE, files=chosen(stories.photo()), **TYPED)
    again = await page.submit(FILE, files=chosen(stories.photo()), **TYPED)
    other = await page.submit(FILE, files=chosen(stories.photo("navy")), **TYPED)

    assert (again.path, other.status) == (first.path, 409)
    assert (await WorkItem.count(), await Photo.count()) == (1, 1)


async def test_what_is_not_filed_leaves_no_photo_on_the_disk(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P27: nothing is kept on the disk before the token and limit checks."""
    kept: list[object] = []

    async def keep(clean: list[object]) -> list[object]:
        kept.extend(clean)
        return []

    monkeypatch.setattr(photos, "keep", keep)
    wordless = await filed(browser, stories.photo(), body="")
    forged = await browser.post(FILE, TYPED | {"form_token": "x"}, files=chosen(stories.photo()))
    stories.limited(monkeypatch, filings_address=(0, 600))
    over = await filed(browser, stories.photo())

    assert (wordless.status, forged.status, over.status) == (422, 403, 429)
    assert kept == []
