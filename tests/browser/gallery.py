"""What the pictures show: every page in every state that it has, as a way to get there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from playwright.async_api import FilePayload, Page

from tests.browser import charts, journeys, troubles

Found = dict[str, tuple[str, str]]
Prepare = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True)
class Shot:
    """A page, who looks, and what is done first; `{late}` is the number of a complaint, `{late.link}` its link."""

    name: str
    path: str
    who: str = ""
    prepare: Prepare | None = None
    scripts: bool = True
    status: int = 200
    paper: bool = False


async def filled(page: Page) -> None:
    await page.fill("#body", journeys.BODY)
    await page.set_input_files("#photos", journeys.picture() + journeys.picture("b.jpg", "#c9b27c"))
    if await page.locator("#more").count():
        await page.click("#more > summary")
    await page.fill("#wish", "今晚换一间安静的房间。")
    await page.fill("#phone", "138 0013 8000")
    await page.fill("#name", "陈静")


async def anonymous(page: Page) -> None:
    await page.check("#anonymous")
    await page.locator("#anonymous").scroll_into_view_if_needed()


async def refused(page: Page) -> None:
    """Send what cannot be taken: too little, and a file that is no photo."""
    await page.fill("#phone", "123")
    no_photo: FilePayload = {"name": "账单.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    await page.set_input_files("#photos", [no_photo])
    await page.click("#filing button[type=submit]")
    await page.wait_for_selector(".notice--danger")


async def busy(page: Page) -> None:
    """Send, and never get an answer."""
    await page.evaluate("() => { window.fetch = () => new Promise(() => {}) }")
    await page.fill("#body", journeys.BODY)
    await page.fill("#phone", journeys.PHONE)
    await page.click("#filing button[type=submit]")
    await page.wait_for_selector("#filing [aria-busy=true]")


async def chosen(page: Page) -> None:
    """Press a time that is free."""
    await page.click("button[data-time]:not([disabled])")
    await page.wait_for_selector("#booking")


async def book_refused(page: Page) -> None:
    await chosen(page)
    await page.fill("#phone", "12")
    await page.click("#more > summary")
    await page.click("#booking .dock button")
    await page.wait_for_selector(".notice--danger")


async def offline(page: Page) -> None:
    await page.context.set_offline(True)
    await page.wait_for_selector("[data-offline]:not([hidden])")


async def with_keys(page: Page) -> None:
    await page.keyboard.press("j")
    await page.keyboard.press("?")
    await page.wait_for_selector("dialog[open]")


async def put_away(page: Page) -> None:
    """What one sees after putting notices away; the picture changes nothing."""
    now = datetime.now(UTC).isoformat()
    await page.goto(f"{urlsplit(page.url).path}?{urlencode({'away': now})}")


async def silent(page: Page) -> None:
    """A browser that does not let the page sound."""
    await page.evaluate("() => { AudioContext.prototype.resume = () => new Promise(() => {}) }")
    await page.evaluate("() => { Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' }) }")
    await page.click(".rail__me > summary")
    await page.click("[data-chime] [value=on]")
    await page.wait_for_selector("#sound-blocked:not([hidden])")


async def not_live(page: Page) -> None:
    await page.route("**/live", lambda route: route.abort())
    await page.reload()
    await page.wait_for_selector("#live-status:not([hidden])", timeout=20_000)


async def forged(page: Page) -> None:
    """Send a form whose token is no longer good."""
    await page.fill("#body", journeys.BODY)
    await page.fill("#phone", journeys.PHONE)
    await page.locator("#filing [name=form_token]").evaluate("field => { field.value = 'old' }")
    await page.click("#filing button[type=submit]")
    await page.wait_for_selector("#flash .notice, .trouble")


async def without_script_forged(page: Page) -> None:
    await page.context.clear_cookies()
    await page.fill("#body", journeys.BODY)
    await page.fill("#phone", journeys.PHONE)
    await page.click("#filing button[type=submit]")
    await page.wait_for_selector(".trouble")


def troubled(status: int) -> Prepare:
    """Send a form, and get an answer that only trouble brings about."""

    async def prepare(page: Page) -> None:
        path = urlsplit(page.url).path
        html = await troubles.page(status, path, await page.evaluate("navigator.language"))
        await page.route(f"**{path}", lambda route: route.fulfill(status=status, content_type="text/html", body=html))
        await page.goto(path)

    return prepare


async def drawn(page: Page) -> None:
    """A page of charts, which is nowhere in the portal."""
    html = charts.page(await page.evaluate("navigator.language"))
    await page.route("**/charts", lambda route: route.fulfill(content_type="text/html", body=html))
    await page.goto("/charts")


async def wrong_password(page: Page) -> None:
    await page.fill("#username", "hotel.desk")
    await page.fill("#password", "wrong")
    await page.click("main button[type=submit]")
    await page.wait_for_selector(".notice--danger")


async def without_a_name(page: Page) -> None:
    """Take a number for a table, without saying for whom."""
    await page.locator("[name=type][value=window-seat]").check(force=True)
    await page.click("#walk-in form > button")
    await page.wait_for_selector(".notice--danger")


async def not_in_the_book(page: Page) -> None:
    await page.fill("#booked-phone", journeys.PHONE)
    await page.click("#booked form > button")
    await page.wait_for_selector(".notice--danger")


def opened(selector: str) -> Prepare:
    async def prepare(page: Page) -> None:
        await page.click(f"{selector} > summary")

    return prepare


def sent_empty(deed: str) -> Prepare:
    async def prepare(page: Page) -> None:
        form = page.locator(f"form#{deed}")
        if not await form.is_visible():
            await page.click(f"#{deed}-fold > summary")
        await form.locator("button[type=submit]").click()
        await page.wait_for_selector(".notice--danger")

    return prepare


async def ended_without_words(page: Page) -> None:
    await page.click("#ending-fold > summary")
    await sent_empty("actions")(page)


async def unmasked(page: Page) -> None:
    await page.click("#unmask-phone-fold > summary")
    await page.fill("#unmask-phone-reason", "回电确认时间")
    await page.click("#unmask-phone button[type=submit]")
    await page.wait_for_selector("[data-remask]")


async def none_ticked(page: Page) -> None:
    await page.click("#bulk button[type=submit]")
    await page.wait_for_selector(".notice--danger")


async def some_ticked(page: Page) -> None:
    """Close what cannot be closed yet: the picture changes nothing."""
    await page.locator("[name=deed][value=closure]").check(force=True)
    for place in (0, 2, 4):
        await page.locator("[name=numbers]").nth(place).check()
    await page.click("#bulk button[type=submit]")
    await page.wait_for_selector("#refused")


async def new_link(page: Page) -> None:
    await page.click("form#link button")
    await page.wait_for_selector("[data-copy]:not([hidden]), .receipt__link")


async def too_late(page: Page) -> None:
    """Triage what somebody has changed since this page was opened."""
    form = await journeys.unfold(page, "triage")
    await form.locator('[name="version"]').evaluate("field => { field.value = '1' }")
    await form.locator('[name="cause"]').fill("管道老化")
    await form.locator("button[type=submit]").click()
    await page.wait_for_selector(".notice--danger")


async def out_of_bounds(page: Page) -> None:
    await page.locator('[name="complaint.acknowledge_minutes"]').fill("0")
    await page.click("main .dock button")
    await page.wait_for_selector(".notice--danger")


async def unreadable(page: Page) -> None:
    await page.fill("#places", "1301，海景房\n13 02，山景房\n\n1303")
    await sent_as_it_is(page)


async def overlapping(page: Page) -> None:
    for name, times in {"monday": "上午", "friday": "22:00–06:00", "saturday": "05:00–12:00, 11:00–14:00"}.items():
        await page.fill(f"#{name}", times)


async def no_address(page: Page) -> None:
    await page.fill("#email", "zhao")
    await sent_as_it_is(page)


def sought(words: str) -> Prepare:
    async def prepare(page: Page) -> None:
        await page.fill("#q", words)
        await page.press("#q", "Enter")
        await page.wait_for_selector(".hit, .empty, main .notice--danger")

    return prepare


async def hung(page: Page) -> None:
    """Make a display; its link is shown."""
    await page.fill("#name", "前台后面")
    await page.click("main .dock button")
    await page.wait_for_selector("#made-link")


async def on_the_wall(page: Page) -> None:
    await hung(page)
    await page.goto(await page.inner_text("#made-link"))


async def hung_for_calls(page: Page) -> None:
    """Make a display of calls, and stand before it."""
    await page.check("[name=shows][value=calls]", force=True)
    await on_the_wall(page)


async def noting(page: Page) -> None:
    await page.click("#note-fold > summary")


async def more_of_the_first(page: Page) -> None:
    await page.click("#waiting .came:first-child summary")


async def window_not_chosen(page: Page) -> None:
    await page.click(".caller button")
    await page.wait_for_selector(".field--wrong")


async def sent_as_it_is(page: Page) -> None:
    await page.click("main .dock button")
    await page.wait_for_selector(".notice--danger")


async def made_smaller(page: Page) -> None:
    """Change what visits in the book were promised; nothing is saved."""
    await page.fill("#minutes", "90")
    await page.fill("#letter", "")
    await page.click("main .dock button")
    await page.wait_for_selector("[data-number]")


FORM, DESK = "/s/hotel/complaints/new?place=1208", "/desk/hotel"
WAIT = "/s/hotel/waiting-list?type=book-tour"
SHOTS = (
    Shot("sites", "/"),
    Shot("site-hotel", "/s/hotel"),
    Shot("site-tower", "/s/tower"),
    Shot("form", FORM),
    Shot("form-filled", FORM, prepare=filled),
    Shot("form-anonymous", FORM, prepare=anonymous),
    Shot("form-refused", FORM, prepare=refused),
    Shot("form-busy", FORM, prepare=busy),
    Shot("form-offline", FORM, prepare=offline),
    Shot("form-expired", FORM, prepare=forged),
    Shot("form-no-scripts", FORM, scripts=False),
    Shot("form-no-scripts-expired", FORM, prepare=without_script_forged, scripts=False),
    Shot("waiting-list", WAIT),
    Shot("waiting-list-refused", WAIT, prepare=sent_as_it_is),
    Shot("follow-fresh", "{english.link}"),
    Shot("follow-photos", "{fresh.link}"),
    Shot("follow-long", "{long.link}"),
    Shot("follow-planned", "{planned.link}"),
    Shot("follow-keep", "{planned.link}", prepare=opened("#keep")),
    Shot("follow-message-refused", "{planned.link}", prepare=sent_empty("message")),
    Shot("follow-answered", "{answered.link}"),
    Shot("follow-rejecting", "{answered.link}", prepare=opened("#rejection-fold")),
    Shot("follow-rejection-refused", "{answered.link}", prepare=sent_empty("rejection")),
    Shot("follow-accepted", "{accepted.link}"),
    Shot("follow-rejected", "{rejected.link}"),
    Shot("follow-closed", "{closed.link}"),
    Shot("follow-rating-refused", "{closed.link}", prepare=sent_empty("rating")),
    Shot("follow-rated", "{rated.link}"),
    Shot("follow-merged", "{merged.link}"),
    Shot("book", "/s/hotel/bookings/new"),
    Shot("book-times", "/s/hotel/bookings/new?type=book-hours"),
    Shot("book-contact", "/s/hotel/bookings/new?type=book-tour", prepare=chosen),
    Shot("book-refused", "/s/hotel/bookings/new?type=book-tour", prepare=book_refused),
    Shot("book-full", "/s/hotel/bookings/new?type=book-full"),
    Shot("booking-asked-for", "{visit-requested.link}"),
    Shot("booking-agreed", "{visit-tomorrow.link}"),
    Shot("booking-cancelling", "{visit-tomorrow.link}", prepare=opened("#cancel")),
    Shot("booking-moving", "{visit-tomorrow.link}/change"),
    Shot("booking-changing", "{visit-changed.link}"),
    Shot("booking-offered", "{visit-offered.link}"),
    Shot("door", "/d/hotel-lobby"),
    Shot("door-refused", "/d/hotel-lobby", prepare=without_a_name),
    Shot("door-not-found-in-the-book", "/d/hotel-lobby", prepare=not_in_the_book),
    Shot("door-code", "/d"),
    Shot("wait", "/w/{line-waits}"),
    Shot("wait-leaving", "/w/{line-waits}", prepare=opened("#leaving")),
    Shot("wait-called", "/w/{line-called}"),
    Shot("wait-left", "/w/{line-left}"),
    Shot("not-found", "/c/nothing", status=404),
    Shot("too-much", FORM, prepare=troubled(413)),
    Shot("too-often", FORM, prepare=troubled(429)),
    Shot("our-fault", FORM, prepare=troubled(500)),
    Shot("unavailable", FORM, prepare=troubled(503)),
    Shot("sign-in", "/sign-in"),
    Shot("sign-in-refused", "/sign-in", prepare=wrong_password),
    Shot("your-sites", "/desk", who="hotel.manager"),
    Shot("your-sites-owner", "/desk", who="owner"),
    Shot("your-sites-none", "/desk", who="newcomer"),
    Shot("desk", DESK, who="hotel.desk"),
    Shot("desk-manager", DESK, who="hotel.manager"),
    Shot("desk-guard", DESK, who="hotel.guard"),
    Shot("desk-admin", DESK, who="admin"),
    Shot("me", DESK, who="hotel.desk", prepare=opened(".rail__me")),
    Shot("me-silent", DESK, who="hotel.desk", prepare=silent),
    Shot("desk-put-away", DESK, who="hotel.floor", prepare=put_away),
    Shot("keys", "/desk/keys", who="hotel.desk"),
    Shot("keys-over-queue", f"{DESK}/queue", who="hotel.desk", prepare=with_keys),
    Shot("forbidden", f"{DESK}/settings", who="hotel.desk", status=403),
    Shot("digest", f"{DESK}/digest", who="hotel.manager"),
    Shot("agenda", f"{DESK}/agenda", who="hotel.desk"),
    Shot("visit-here", f"{DESK}/bookings/{{seen-here}}", who="hotel.desk", prepare=noting),
    Shot("visit-over", f"{DESK}/bookings/{{seen-over}}", who="hotel.auditor"),
    Shot("visit-task", f"{DESK}/tasks/{{seen-task}}", who="hotel.floor"),
    Shot("register", f"{DESK}/receptions", who="hotel.manager"),
    Shot("register-empty", f"{DESK}/receptions?from=2030-01-01&to=2030-01-01", who="hotel.desk"),
    Shot("service-record", f"{DESK}/arrivals/{{seen-record}}/record", who="hotel.desk"),
    Shot("enquiries", f"{DESK}/enquiries", who="hotel.desk"),
    Shot("agenda-week", f"{DESK}/agenda?view=week&whose=me", who="hotel.desk"),
    Shot("agenda-guard", f"{DESK}/agenda", who="hotel.guard"),
    Shot("agenda-empty", f"{DESK}/agenda?day=2030-01-01", who="hotel.manager"),
    Shot("agenda-paper", f"{DESK}/agenda?view=week", who="hotel.desk", paper=True),
    Shot("visit-requested", f"{DESK}/bookings/{{visit-requested}}", who="hotel.desk"),
    Shot("visit-confirming", f"{DESK}/bookings/{{visit-asked}}?into=confirmation", who="hotel.desk"),
    Shot("visit-changing", f"{DESK}/bookings/{{visit-tomorrow}}?into=change", who="hotel.desk"),
    Shot("visit-soon", f"{DESK}/bookings/{{visit-soon}}", who="hotel.desk"),
    Shot("visit-changed", f"{DESK}/bookings/{{visit-changed}}", who="hotel.auditor"),
    Shot("visit-new", f"{DESK}/bookings/new?type=book-tour", who="hotel.desk"),
    Shot("today", f"{DESK}/today", who="hotel.manager"),
    Shot("today-part", f"{DESK}/today?part=late", who="hotel.manager"),
    Shot("today-empty", "/desk/tower/today", who="hotel.manager"),
    Shot("queue", f"{DESK}/queue", who="hotel.desk"),
    Shot("queue-filter", f"{DESK}/queue?kind=complaint", who="hotel.desk"),
    Shot("queue-nothing-fits", f"{DESK}/queue?severity=severe&owner=none", who="hotel.desk"),
    Shot("queue-closed", f"{DESK}/queue?state=closed", who="hotel.desk"),
    Shot("queue-empty", "/desk/tower/queue", who="tower.desk"),
    Shot("queue-kitchen", f"{DESK}/queue", who="hotel.kitchen"),
    Shot("queue-not-live", f"{DESK}/queue", who="hotel.desk", prepare=not_live),
    Shot("queue-offline", f"{DESK}/queue", who="hotel.desk", prepare=offline),
    Shot("queue-choosing", f"{DESK}/queue?select=1", who="hotel.desk"),
    Shot("queue-choosing-refused", f"{DESK}/queue?select=1", who="hotel.desk", prepare=none_ticked),
    Shot("queue-chosen", f"{DESK}/queue?select=1", who="hotel.desk2", prepare=some_ticked),
    Shot("search", f"{DESK}/search", who="hotel.desk"),
    Shot("search-found", f"{DESK}/search", who="hotel.desk", prepare=sought("空调")),
    Shot("search-nothing", f"{DESK}/search", who="hotel.desk", prepare=sought("琥珀")),
    Shot("search-too-short", f"{DESK}/search", who="hotel.desk", prepare=sought("空")),
    Shot("displays-empty", "/desk/tower/displays", who="hotel.manager"),
    Shot("displays-refused", f"{DESK}/displays", who="hotel.manager", prepare=sent_as_it_is),
    Shot("displays-made", f"{DESK}/displays", who="hotel.manager", prepare=hung),
    Shot("display", f"{DESK}/displays", who="hotel.manager", prepare=on_the_wall),
    Shot("display-calls", f"{DESK}/displays", who="hotel.manager", prepare=hung_for_calls),
    Shot("line", f"{DESK}/arrivals?window=A1", who="hotel.desk"),
    Shot("line-more", f"{DESK}/arrivals?window=A1", who="hotel.desk", prepare=more_of_the_first),
    Shot("line-no-window", f"{DESK}/arrivals", who="hotel.desk2", prepare=window_not_chosen),
    Shot("line-auditor", f"{DESK}/arrivals", who="hotel.auditor"),
    Shot("line-empty", "/desk/tower/arrivals", who="tower.desk"),
    Shot("help", f"{DESK}/alarms", who="hotel.guard"),
    Shot("help-before", f"{DESK}/alarms", who="hotel.manager"),
    Shot("item-asked", f"{DESK}/items/{{asked}}", who="hotel.desk"),
    Shot("item-asked-floor", f"{DESK}/items/{{asked}}", who="hotel.floor"),
    Shot("item-asking", f"{DESK}/items/{{asked}}", who="hotel.desk", prepare=opened("#tasks-fold")),
    Shot("item-asking-refused", f"{DESK}/items/{{asked}}", who="hotel.desk", prepare=sent_empty("tasks")),
    Shot("item-more", f"{DESK}/items/{{asked}}", who="hotel.desk", prepare=opened(".deeds__more")),
    Shot("item-merged", f"{DESK}/items/{{merged}}", who="hotel.desk"),
    Shot("item-again", f"{DESK}/items/{{again}}", who="hotel.desk"),
    Shot("item-product", f"{DESK}/items/{{product}}", who="hotel.desk"),
    Shot("item-dispute", f"{DESK}/items/{{dispute}}", who="hotel.desk"),
    Shot("item-dispute-message", f"{DESK}/items/{{dispute}}", who="hotel.desk", prepare=opened("#messages-fold")),
    Shot("item-about-manager", f"{DESK}/items/{{about}}", who="owner"),
    Shot("item-report", f"{DESK}/items/{{report}}", who="hotel.manager", prepare=opened("#confidential")),
    Shot("item-report-kept", f"{DESK}/items/{{report}}", who="hotel.desk", status=404),
    Shot("desk-owner", DESK, who="owner"),
    Shot("clock", f"{DESK}/complaints/{{planned}}/clock", who="hotel.desk"),
    Shot("desk-asked", DESK, who="hotel.floor"),
    Shot("item-late", f"{DESK}/items/{{late}}", who="hotel.desk"),
    Shot("item-late-to-acknowledge", f"{DESK}/items/{{late}}", who="hotel.manager"),
    Shot("item-late-owned", f"{DESK}/items/{{late-owned}}", who="hotel.desk2"),
    Shot("item-late-mine", f"{DESK}/items/{{late-owned}}", who="hotel.desk"),
    Shot("item-soon-anonymous", f"{DESK}/items/{{soon}}", who="hotel.desk"),
    Shot("item-photos", f"{DESK}/items/{{fresh}}", who="hotel.desk"),
    Shot("item-long", f"{DESK}/items/{{long}}", who="hotel.desk"),
    Shot("item-english", f"{DESK}/items/{{english}}", who="hotel.desk"),
    Shot("item-planned", f"{DESK}/items/{{planned}}", who="hotel.desk"),
    Shot("item-triage", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=opened("#triage-fold")),
    Shot("item-triage-refused", f"{DESK}/items/{{taken}}", who="hotel.manager", prepare=sent_empty("triage")),
    Shot("item-triage-too-late", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=too_late),
    Shot("item-reply", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=opened("#reply-fold")),
    Shot("item-message", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=opened("#messages-fold")),
    Shot("item-handover", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=opened("#handover-fold")),
    Shot("item-escalation", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=opened("#escalation-fold")),
    Shot("item-unmask", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=opened("#unmask-phone-fold")),
    Shot("item-unmask-refused", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=sent_empty("unmask-phone")),
    Shot("item-unmasked", f"{DESK}/items/{{planned}}", who="hotel.desk", prepare=unmasked),
    Shot("item-new-link", f"{DESK}/items/{{suggestion}}", who="hotel.desk", prepare=new_link),
    Shot("item-answered", f"{DESK}/items/{{answered}}", who="hotel.desk"),
    Shot("item-ending", f"{DESK}/items/{{answered}}", who="hotel.manager", prepare=opened("#ending-fold")),
    Shot("item-ending-refused", f"{DESK}/items/{{answered}}", who="hotel.desk", prepare=ended_without_words),
    Shot("item-rejected", f"{DESK}/items/{{rejected}}", who="hotel.desk"),
    Shot("item-rejected-manager", f"{DESK}/items/{{rejected}}", who="hotel.manager"),
    Shot("item-accepted", f"{DESK}/items/{{accepted}}", who="hotel.desk"),
    Shot("item-rated", f"{DESK}/items/{{rated}}", who="hotel.auditor"),
    Shot("item-guard", f"{DESK}/items/{{taken}}", who="hotel.guard"),
    Shot("intake", f"{DESK}/complaints/new", who="hotel.desk"),
    Shot("intake-kept", f"{DESK}/complaints/new?filed=HT-2026-000099", who="hotel.guard"),
    Shot("queue-kept", f"{DESK}/queue?kept=HT-2026-000099", who="hotel.floor"),
    Shot("intake-refused", f"{DESK}/complaints/new", who="hotel.desk", prepare=refused),
    Shot("intake-busy", f"{DESK}/complaints/new", who="hotel.guard", prepare=busy),
    Shot("settings", f"{DESK}/settings", who="hotel.manager"),
    Shot("settings-refused", f"{DESK}/settings", who="hotel.manager", prepare=out_of_bounds),
    Shot("settings-admin", f"{DESK}/settings", who="admin"),
    Shot("settings-places", f"{DESK}/settings/places?added=3&changed=1", who="hotel.manager"),
    Shot("settings-places-empty", "/desk/tower/settings/places", who="admin"),
    Shot("settings-places-refused", f"{DESK}/settings/places", who="hotel.manager", prepare=unreadable),
    Shot("settings-calendar", f"{DESK}/settings/calendar", who="hotel.manager"),
    Shot("settings-calendar-refused", f"{DESK}/settings/calendar", who="hotel.manager", prepare=overlapping),
    Shot("settings-categories", f"{DESK}/settings/categories", who="hotel.manager"),
    Shot("settings-categories-refused", f"{DESK}/settings/categories", who="hotel.manager", prepare=sent_as_it_is),
    Shot("settings-policies", f"{DESK}/settings/policies?kinds=complaint", who="hotel.manager"),
    Shot("settings-policies-refused", f"{DESK}/settings/policies", who="hotel.manager", prepare=sent_as_it_is),
    Shot("settings-causes", f"{DESK}/settings/causes", who="hotel.manager"),
    Shot("settings-templates", f"{DESK}/settings/templates", who="hotel.manager"),
    Shot("settings-templates-refused", f"{DESK}/settings/templates", who="hotel.manager", prepare=sent_as_it_is),
    Shot("settings-phrases", f"{DESK}/settings/phrases", who="hotel.manager"),
    Shot("settings-visits", f"{DESK}/settings/visits", who="hotel.manager"),
    Shot("settings-visits-empty", "/desk/tower/settings/visits", who="admin"),
    Shot("settings-visit", f"{DESK}/settings/visits/offered", who="hotel.manager"),
    Shot("settings-visit-new", f"{DESK}/settings/visits/new", who="hotel.manager"),
    Shot("settings-visit-refused", f"{DESK}/settings/visits/new", who="hotel.manager", prepare=sent_as_it_is),
    Shot("settings-visit-touched", f"{DESK}/settings/visits/book-tour", who="hotel.manager", prepare=made_smaller),
    Shot("settings-asks", f"{DESK}/settings/visits/offered/asks", who="hotel.manager"),
    Shot("settings-blackouts", f"{DESK}/settings/blackouts", who="hotel.manager"),
    Shot("settings-blackouts-refused", f"{DESK}/settings/blackouts", who="hotel.manager", prepare=sent_as_it_is),
    Shot("settings-receivers", f"{DESK}/settings/receivers", who="hotel.manager"),
    Shot("settings-doors", f"{DESK}/settings/doors", who="hotel.manager"),
    Shot("settings-doors-refused", f"{DESK}/settings/doors", who="hotel.manager", prepare=sent_as_it_is),
    Shot("settings-stations", f"{DESK}/settings/stations", who="hotel.manager"),
    Shot("blocks", f"{DESK}/blocks", who="owner"),
    Shot("blocks-desk", f"{DESK}/blocks", who="hotel.desk"),
    Shot("blocks-refused", f"{DESK}/blocks", who="hotel.manager", prepare=sent_as_it_is),
    Shot("block", f"{DESK}/blocks/{{block}}", who="hotel.manager"),
    Shot("posters-doors", f"{DESK}/posters/doors", who="hotel.desk"),
    Shot("paper-posters-doors", f"{DESK}/posters/doors", who="hotel.desk", paper=True),
    Shot("ledger", f"{DESK}/ledger", who="hotel.manager"),
    Shot("exports", f"{DESK}/exports", who="hotel.manager"),
    Shot("exports-empty", "/desk/tower/exports", who="hotel.manager"),
    Shot("exports-contacts", f"{DESK}/exports/contacts", who="hotel.manager"),
    Shot("exports-contacts-refused", f"{DESK}/exports/contacts", who="hotel.manager", prepare=sent_as_it_is),
    Shot("export-asked", f"{DESK}/exports/{{permit}}", who="hotel.manager"),
    Shot("export-to-decide", f"{DESK}/exports/{{permit}}", who="admin"),
    Shot("export-making", f"{DESK}/exports/{{making}}", who="hotel.auditor"),
    Shot("export-ready", f"{DESK}/exports/{{ready}}", who="hotel.finance"),
    Shot("report", f"{DESK}/reports/complaints?range=quarter", who="hotel.manager"),
    Shot("report-refused", f"{DESK}/reports/complaints?from=2026-11-02&to=2026-11-01", who="hotel.manager", status=422),
    Shot("report-enquiries", f"{DESK}/reports/complaints?range=quarter&kind=enquiry", who="hotel.manager"),
    Shot("report-empty", "/desk/tower/reports/complaints", who="hotel.manager"),
    Shot("records", f"{DESK}/reports/complaints/records?range=quarter", who="hotel.manager"),
    Shot("records-none", f"{DESK}/reports/complaints/records?range=quarter&rating=1", who="hotel.finance"),
    Shot("paper-report", f"{DESK}/reports/complaints?range=quarter", who="hotel.manager", paper=True),
    Shot("reports-kept", f"{DESK}/reports", who="hotel.manager"),
    Shot("reports-kept-refused", f"{DESK}/reports", who="hotel.manager", prepare=sent_as_it_is),
    Shot("reports-kept-reader", f"{DESK}/reports", who="hotel.auditor"),
    Shot("reports-kept-edit", f"{DESK}/reports/saved/{{kept}}/edit", who="hotel.manager"),
    Shot("ledger-empty", "/desk/tower/ledger", who="hotel.manager"),
    Shot("settings-ladder", f"{DESK}/settings/ladder", who="hotel.manager"),
    Shot("settings-absences", f"{DESK}/settings/absences", who="hotel.manager"),
    Shot("settings-absences-refused", f"{DESK}/settings/absences", who="hotel.manager", prepare=sent_as_it_is),
    Shot("password", "/desk/password?changed=1", who="hotel.desk"),
    Shot("password-refused", "/desk/password", who="hotel.desk", prepare=sent_as_it_is),
    Shot("log", f"{DESK}/log", who="hotel.manager"),
    Shot("log-empty", "/desk/tower/log", who="hotel.manager"),
    Shot("staff", f"{DESK}/staff", who="hotel.manager"),
    Shot("staff-admin", f"{DESK}/staff", who="admin"),
    Shot("staff-address", f"{DESK}/staff/hotel.desk/email", who="hotel.manager"),
    Shot("staff-address-refused", f"{DESK}/staff/hotel.desk/email", who="hotel.manager", prepare=no_address),
    Shot("outbox", f"{DESK}/outbox", who="hotel.manager", prepare=opened("tr:first-child .letter")),
    Shot("outbox-admin", f"{DESK}/outbox?state=dead", who="admin"),
    Shot("outbox-empty", "/desk/tower/outbox", who="hotel.manager"),
    Shot("posters", f"{DESK}/posters", who="hotel.desk"),
    Shot("party", "/p/{party}"),
    Shot("return-note", f"{DESK}/complaints/{{product}}/returns/{{note}}/print", who="hotel.desk"),
    Shot("paper-return-note", f"{DESK}/complaints/{{product}}/returns/{{note}}/print", who="hotel.desk", paper=True),
    Shot("notices", "/s/hotel/notices"),
    Shot("notices-none", "/s/tower/notices"),
    Shot("paper-notices", "/s/hotel/notices", paper=True),
    Shot("boards", f"{DESK}/reports/boards", who="hotel.manager"),
    Shot("boards-refused", f"{DESK}/reports/boards", who="hotel.manager", prepare=sent_as_it_is),
    Shot("board", f"{DESK}/reports/boards/{{board}}", who="hotel.manager"),
    Shot("charts", "/", prepare=drawn),
    Shot("paper-charts", "/", prepare=drawn, paper=True),
    Shot("paper-posters", f"{DESK}/posters", who="hotel.desk", paper=True),
    Shot("paper-item", f"{DESK}/items/{{planned}}", who="hotel.desk", paper=True),
    Shot("paper-follow", "{answered.link}", paper=True),
    Shot("paper-booking", "{visit-tomorrow.link}", paper=True),
)
