"""From a deed on one tablet to the change on the other's screen, in two browsers."""

from collections.abc import Iterator
from itertools import count, islice

from playwright.sync_api import Browser, Page

from bench.chromium import TABLET, chromium
from bench.ground import PORTAL, Ground, served
from bench.people import DESK, PASSWORD, SECOND, SITE
from bench.results import Figure, milliseconds
from bench.sizes import Sizes

QUEUE, ITEM = f"/desk/{SITE}/queue", f"/desk/{SITE}/items/"
FILE = (f"/s/{SITE}/complaints/new", f"/s/{SITE}/complaints", {"kind": "complaint", "body": "电梯停了", "anonymous": "1"})
# Send the form with this action from the page that holds it; the moment of its answer, a redirect that is not followed.
DEED = """async ([page, action, fields]) => {
  const parsed = new DOMParser().parseFromString(await (await fetch(page)).text(), "text/html");
  const form = parsed.querySelector(`form[action="${action}"]`);
  const body = new FormData(form);
  for (const [name, text] of Object.entries(fields)) body.set(name, text);
  const sent = form.enctype === "multipart/form-data" ? body : new URLSearchParams(body);
  const answer = await fetch(action, { method: "POST", body: sent, redirect: "manual" });
  const at = performance.timeOrigin + performance.now();
  if (answer.type !== "opaqueredirect") throw new Error(`${action}: ${answer.status}`);
  return at;
}"""
# The moment at which the list has an item of this owner, or this many items.
WATCH = """([number, owner, count]) => {
  window.seen = new Promise((resolve) => {
    const there = () => number
      ? document.querySelector(`[data-number="${number}"]`)?.dataset.owner === owner
      : document.querySelectorAll("#queue [data-number]").length === count;
    const observer = new MutationObserver(() => {
      if (!there()) return;
      observer.disconnect();
      resolve(performance.timeOrigin + performance.now());
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}"""
SEEN = """() => Promise.race([
  window.seen, new Promise((_, reject) => setTimeout(() => reject(new Error("not seen")), 10000)),
])"""
NUMBERS = "() => [...document.querySelectorAll('#queue [data-number]')].map((item) => item.dataset.number)"


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """The figure on one engine."""
    env = ground.environment(engine, "live", PORTAL_WORKER="on")
    ground.carry_out("bench.filling", "0", "0", env=env)
    with served(*PORTAL, env=env) as portal, chromium() as browser:
        doer, watcher = _tablet(browser, portal.url, DESK), _tablet(browser, portal.url, SECOND)
        seconds = list(islice(_changes(doer, watcher), sizes.changes))
    worst = sorted(seconds)[-max(1, round(len(seconds) * 0.05))]
    detail = f"{len(seconds)} changes, {milliseconds(seconds)}, longest {max(seconds) * 1000:.0f} ms"
    return [Figure("A deed to the other tablet's screen, p95", engine, worst, " s", most=1, detail=detail)], []


def _tablet(browser: Browser, url: str, username: str) -> Page:
    """Somebody's tablet on the queue page, following."""
    page = browser.new_context(base_url=url, viewport=TABLET, has_touch=True, locale="zh-CN").new_page()
    page.goto(f"/sign-in?next={QUEUE}")
    page.fill('[name="username"]', username)
    page.fill('[name="password"]', PASSWORD)
    page.click('form[action="/sign-in"] [type="submit"]')
    page.wait_for_url(f"**{QUEUE}")
    page.wait_for_timeout(1000)  # the stream opens, and the page has asked once
    return page


def _changes(doer: Page, watcher: Page) -> Iterator[float]:
    """Filings, claims and releases without end; the seconds from each one's answer to its sight."""
    for there in count(1):
        yield _deed(doer, watcher, FILE, ("", "", there))
        number = max(watcher.evaluate(NUMBERS))
        yield _deed(doer, watcher, (ITEM + number, f"{ITEM}{number}/claim", {}), (number, DESK, 0))
        yield _deed(doer, watcher, (ITEM + number, f"{ITEM}{number}/release", {"reason": "换班"}), (number, "", 0))


def _deed(doer: Page, watcher: Page, deed: tuple[str, str, dict[str, str]], expected: tuple[str, str, int]) -> float:
    watcher.evaluate(WATCH, list(expected))
    done = float(doer.evaluate(DEED, list(deed)))
    return (float(watcher.evaluate(SEEN)) - done) / 1000
