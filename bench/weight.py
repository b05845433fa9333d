"""What a phone fetches when its owner scans a code: the complaint form's first visit, counted by Chromium."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from bench.chromium import PHONE, chromium
from bench.ground import PORTAL, Ground, served
from bench.people import SITE
from bench.results import Figure
from bench.sizes import Sizes

FORM = f"/s/{SITE}/complaints/new?place=1203"
KB = 1024
# A browser that shows no tabs may ask for no icon; a person's does.
ICON = "() => fetch(document.querySelector('link[rel=icon]').href).then((answer) => answer.arrayBuffer()).then(() => true)"


@dataclass
class Fetched:
    """One answer: its address and kind, and the bytes that came over the line, with and without its head."""

    url: str
    kind: str = ""
    encoding: str = ""
    size: float = 0
    body: float = 0


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """The two figures; the engine makes no difference to them."""
    if engine != "sqlite":
        return [], []
    env = ground.environment(engine, "weight")
    ground.carry_out("bench.filling", "0", "0", env=env)
    with served(*PORTAL, env=env) as portal, chromium() as browser:
        context = browser.new_context(base_url=portal.url, viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN")
        page = context.new_page()
        fetched = _watch(page)
        page.goto(FORM, wait_until="networkidle")
        if not any("/icons/" in one.url for one in fetched.values()):
            page.evaluate(ICON)
        page.wait_for_timeout(300)
        found = list(fetched.values())
    sent = [one for one in found if urlsplit(one.url).scheme not in ("data", "blob")]
    hosts = {urlsplit(one.url).netloc for one in sent}
    first = sum(one.size for one in found if one.kind in ("text/html", "text/css"))
    detail = ", ".join(f"{_name(one.url)} {one.body / KB:.1f}" for one in sorted(found, key=lambda one: -one.size))
    return [
        Figure("The form's first visit, HTML + CSS with their heads", "", first / KB, " KB", most=14),
        Figure("… everything, with its heads", "", sum(one.size for one in found) / KB, " KB", most=45,
               detail=f"bodies: {detail}"),
        Figure("… hosts asked", "", len(hosts), most=1),
        Figure("… answers that did not come in brotli", "", sum(one.encoding != "br" for one in sent), most=0),
    ], []  # fmt: skip


def _watch(page: Page) -> dict[str, Fetched]:
    """What the page fetches from here on, filled in as it arrives."""
    fetched: dict[str, Fetched] = {}
    session = page.context.new_cdp_session(page)

    def answered(event: dict[str, Any]) -> None:
        answer = event["response"]
        headers = {name.lower(): text for name, text in answer["headers"].items()}
        one = fetched[event["requestId"]] = Fetched(answer["url"], answer["mimeType"], headers.get("content-encoding", ""))
        one.body = float(headers.get("content-length", 0))

    def arrived(event: dict[str, Any]) -> None:
        fetched[event["requestId"]].size = event["encodedDataLength"]

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", arrived)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return fetched


def _name(url: str) -> str:
    return "the page" if "/static/" not in url else url.rpartition("/")[2]
