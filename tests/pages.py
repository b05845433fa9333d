"""The checking client: it goes through the portal as a person does, and inspects every page it meets."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement as Element

Files = list[tuple[str, tuple[str, bytes, str]]]
STEPS = 4
_FILLED = "input, select, textarea, button"
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


class Browser:
    """A client whose answers are pages."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> "Page":
        """Fetch a page, of which one expects this status."""
        page = Page(self, await self.client.get(path, headers={"accept": "text/html", **(headers or {})}))
        assert page.status == status, f"GET {path}: {page.status} instead of {status}\n{page.text()[:600]}"
        return page

    async def post(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        files: Files | None = None,
        headers: Mapping[str, str] | None = None,
        follow: bool = True,
    ) -> "Page":
        """Post fields as a form does; a 303 is followed, to the page one sees then."""
        given = {"accept": "text/html", "origin": _origin(self.client), "sec-fetch-site": "same-origin", **(headers or {})}
        response = await self.client.post(path, data=dict(fields), files=files, headers=given)
        seen = response
        for _step in range(STEPS if follow else 0):
            if seen.status_code != 303:
                break
            seen = await self.client.get(seen.headers["location"], headers={"accept": "text/html"})
        page = Page(self, seen)
        page.before = response if seen is not response else None
        return page


class Page:
    """A page that was fetched, inspected, and can be asked and filled in. `before` is the answer that led here."""

    def __init__(self, browser: Browser, response: httpx.Response) -> None:
        self.browser, self.response = browser, response
        self.before: httpx.Response | None = None
        self.status = response.status_code
        self.path = response.request.url.raw_path.decode()
        self.location = response.headers.get("location", "")
        is_html = response.headers.get("content-type", "").startswith("text/html") and response.text.strip() != ""
        self.tree: Element = html.document_fromstring(response.text) if is_html else html.Element("html")
        if is_html:
            inspect(self.tree, response, whole="<html" in response.text[:400].lower())

    def css(self, selector: str) -> list[Element]:
        """All elements of a selector."""
        return select(self.tree, selector)

    def one(self, selector: str) -> Element:
        """The one element of a selector."""
        found = self.css(selector)
        assert len(found) == 1, f"{len(found)} of {selector!r} on {self.path}"
        return found[0]

    def text(self, selector: str = "body") -> str:
        """What one reads in an element (all of the page), its white space made single."""
        return " ".join(" ".join(words_of(element)) for element in self.css(selector))

    def form(self, action: str) -> dict[str, str]:
        """What the form with this action would send as it stands, its form_token with it."""
        return dict(fields_of(self._form(action)))

    def forms(self) -> list[str]:
        """The actions of all forms of the page."""
        return [form.get("action", "") for form in self.css("form")]

    def errors(self) -> dict[str, str]:
        """The message beside each field that has one."""
        found = {}
        for field in self.css('[aria-invalid="true"][name]'):
            ids = (field.get("aria-describedby") or "").split()
            said = (" ".join(words_of(element)) for name in ids for element in self.css(f'[id="{name}"]'))
            found[field.get("name")] = " ".join(said)
        return found

    async def submit(
        self, action: str, *, files: Files | None = None, follow: bool = True, headers: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> "Page":  # fmt: skip
        """Fill in the form with this action and send it; each field must be one of it (None takes it away)."""
        form = self._form(action)
        known = {element.get("name") for element in select(form, _FILLED)}
        assert set(fields) <= known, f"the form {action} has no {sorted(set(fields) - known)}"
        filled = {**dict(fields_of(form)), **fields}
        typed = {name: value for name, value in filled.items() if value is not None}
        if (form.get("method") or "get").lower() == "get":
            query = str(httpx.QueryParams(typed))
            return await self.browser.get(f"{action.partition('?')[0]}?{query}", headers=headers)
        multipart = form.get("enctype") == "multipart/form-data"
        # An empty file field is what a browser sends when no file was chosen; it also makes the body multipart.
        unchosen = [(name, ("", b"", "application/octet-stream")) for name in _file_names(form)] if multipart else None
        sent = files or unchosen
        return await self.browser.post(action, typed, files=sent, headers=headers, follow=follow)

    def _form(self, action: str) -> Element:
        found = [form for form in self.css("form") if form.get("action") == action]
        assert len(found) == 1, f"{len(found)} forms to {action} on {self.path}; there are {self.forms()}"
        return found[0]


def select(element: Element, selector: str) -> list[Element]:
    """All elements of a selector in another, itself among them."""
    return list(_compiled(selector)(element))


@cache
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def fields_of(form: Element) -> Iterator[tuple[str, str]]:
    """What a form would send as it stands, in order, without its files and buttons."""
    for field in select(form, "input, select, textarea"):
        name, kind = field.get("name"), (field.get("type") or "text").lower()
        if not name or field.get("disabled") is not None or kind in ("file", "submit", "button", "image", "reset"):
            continue
        if field.tag == "textarea":
            yield name, (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            options = select(field, "option")
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            yield from ((name, option.get("value", option.text or "")) for option in chosen)
        elif kind not in ("checkbox", "radio") or field.get("checked") is not None:
            yield name, field.get("value", "on" if kind in ("checkbox", "radio") else "")


def words_of(element: Element) -> Iterator[str]:
    """The words of an element, without its scripts and styles."""
    for text in element.itertext():
        parent = text.getparent() if hasattr(text, "getparent") else None
        if (parent is None or parent.tag not in ("script", "style", "template")) and text.strip():
            yield " ".join(text.split())


def inspect(tree: Element, response: httpx.Response, *, whole: bool = True) -> None:
    """Fail where a page breaks a rule of the house; a fragment (`whole=False`) has no head to look at."""
    where = f"{response.request.method} {response.request.url.path}"
    problems = list(_problems(tree, response, whole=whole))
    assert not problems, f"{where} ({response.status_code}):\n  " + "\n  ".join(problems)


def _problems(tree: Element, response: httpx.Response, *, whole: bool) -> Iterator[str]:
    if whole:
        yield from _head(tree)
    ids = Counter(element.get("id") for element in tree.iter("*") if element.get("id") is not None)
    for name, count in ids.items():
        if count > 1 or not name or " " in name:
            yield f"id {name!r} is there {count} times"
    yield from _labels(tree)
    yield from _forms(tree)
    yield from _inline(tree)
    yield from _hosts(tree, response)
    for image in select(tree, "img:not([alt])"):
        yield f"an image without alt: {image.get('src')}"
    for link in select(tree, "a[href], button"):
        if not (" ".join(words_of(link)) or link.get("aria-label") or select(link, "img[alt]:not([alt='']), svg > title")):
            yield f"a link or button without words: {html.tostring(link, encoding='unicode')[:120]}"
    for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
        for element in select(tree, f"[{name}]"):
            for target in (element.get(name) or "").split():
                if target not in ids and whole:
                    yield f"{name}={target!r} names nothing"


def _head(tree: Element) -> Iterator[str]:
    titles, heads = select(tree, "head > title"), select(tree, "h1")
    if len(titles) != 1 or not " ".join(words_of(titles[0])):
        yield "no title"
    if len(heads) != 1 or not " ".join(words_of(heads[0])):
        yield f"{len(heads)} h1"
    if not tree.get("lang") or tree.get("dir") not in ("ltr", "rtl"):
        yield "no lang or dir on html"
    if len(select(tree, "main")) != 1:
        yield f"{len(select(tree, 'main'))} main"
    viewport = select(tree, 'meta[name="viewport"]')
    if len(viewport) != 1 or re.search("user-scalable|maximum-scale", viewport[0].get("content", "")):
        yield "no viewport, or one that forbids zooming"


def _labels(tree: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in select(tree, "label[for]")}
    for field in select(tree, "input, select, textarea"):
        if (field.get("type") or "").lower() in _UNLABELLED:
            continue
        around = next(field.iterancestors("label"), None) is not None
        if not (around or field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")):
            yield f"{field.tag} {field.get('name')!r} has no label"


def _forms(tree: Element) -> Iterator[str]:
    for form in select(tree, "form"):
        action, method = form.get("action"), (form.get("method") or "get").lower()
        if not action:
            yield "a form without action"
        if method not in ("get", "post"):
            yield f"form {action}: method {method}"
        tokens = select(form, 'input[type="hidden"][name="form_token"]')
        if method == "post" and (len(tokens) != 1 or not tokens[0].get("value")):
            yield f"form {action}: {len(tokens)} form_token"
        if method == "get" and tokens:
            yield f"form {action}: a form_token in an address"
        if method == "post" and select(form, 'input[type="file"]') and form.get("enctype") != "multipart/form-data":
            yield f"form {action}: files, but not multipart"


def _inline(tree: Element) -> Iterator[str]:
    for element in tree.iter("*"):
        if element.tag == "style":
            yield "an inline style sheet"
        if element.tag == "script" and not element.get("src"):
            yield "an inline script"
        for name, value in element.attrib.items():
            if name == "style" or (name.startswith("on") and name not in ("on",)) or name.startswith("hx-on"):
                yield f"<{element.tag} {name}=…>"
            if value.strip().lower().startswith(("javascript:", "js:")):
                yield f"<{element.tag} {name}={value[:30]!r}>"
            if name == "hx-trigger" and "[" in value:
                yield f"a trigger filter: {value!r}"


def _hosts(tree: Element, response: httpx.Response) -> Iterator[str]:
    whole = str(response.request.url)
    here = urlsplit(whole)
    for element in tree.iter("*"):
        for name in ("href", "src", "action", "formaction", "poster", "srcset", "hx-get", "hx-post", "data"):
            value = element.get(name)
            if not value or value.startswith(("tel:", "mailto:", "data:", "blob:", "#")) or element.tag in ("data",):
                continue
            on_this_host = value[0] == "/" and value[1:2] != "/"
            if not on_this_host and urlsplit(urljoin(whole, value)).netloc != here.netloc:
                yield f"<{element.tag} {name}={value!r}> leads to another host"


def _file_names(form: Element) -> list[str]:
    return [field.get("name") for field in select(form, 'input[type="file"][name]')]


def _origin(client: httpx.AsyncClient) -> str:
    return f"{client.base_url.scheme}://{client.base_url.netloc.decode()}"
