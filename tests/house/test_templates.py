"""Templates compile and obey: regions are one element with their own id, and nothing in them needs an inline script."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from portal.settings import ROOT
from portal.web import templates

FOLDER = ROOT / "portal" / "templates"
PAGES = sorted(FOLDER.rglob("*.html"))
NAMES = [path.relative_to(FOLDER).as_posix() for path in PAGES]
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CHINESE = re.compile(r"[\u3400-\u9fff]+")
OWN_NAMES = {"中文"}  # a language is named in itself
VERBS = ("hx-get", "hx-post")


class Tags(HTMLParser):
    """The elements of a source whose Jinja was taken out, with their depth."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str, dict[str, str]]] = []
        self.depth = 0
        self.loose = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((self.depth, tag, {name: value or "" for name, value in attrs}))
        self.depth += tag not in VOID

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID

    def handle_data(self, data: str) -> None:
        if self.depth == 0:
            self.loose += data.strip()


def plain(source: str) -> str:
    """A source without its Jinja: expressions become a letter, statements and comments nothing."""
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}", "x", source, flags=re.DOTALL)


def blocks(source: str) -> dict[str, str]:
    """The blocks that a source defines, by name, with what is in them."""
    found: dict[str, str] = {}
    opened: list[tuple[str, int]] = []
    for mark in re.finditer(r"\{%-?\s*(block\s+(\w+)[^%]*|endblock[^%]*)-?%\}", source):
        if mark[2]:
            opened.append((mark[2], mark.end()))
        else:
            name, start = opened.pop()
            found[name] = source[start : mark.start()]
    return found


def fragments() -> list[tuple[str, str]]:
    """Every template and the fragment of it that a controller names."""
    found = set()
    for path in sorted((ROOT / "portal" / "controllers").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            for keyword in node.keywords:
                if keyword.arg == "fragment" and isinstance(keyword.value, ast.Constant):
                    found.add((str(node.args[0].value), str(keyword.value.value)))
    return sorted(found)


def names_pages() -> list[str]:
    """Every template that a controller or the error pages name."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "portal").rglob("*.py")]
    return sorted({name for source in sources for name in re.findall(r'"([a-z_]+/[a-z_]+\.html)"', source)})


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str) -> None:
    templates.environment().get_template(name)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_it_needs_nothing_that_the_policy_forbids(path: Path) -> None:
    for _depth, tag, attributes in Tags(plain(path.read_text(encoding="utf-8"))).found:
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        assert not [name for name in attributes if name == "style" or name.startswith(("on", "hx-on"))], (tag, attributes)
        assert not [value for value in attributes.values() if value.strip().lower().startswith(("js:", "javascript:"))]
        assert "[" not in attributes.get("hx-trigger", "")
        assert "hx-boost" not in attributes


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_whatever_asks_says_where_the_answer_goes(path: Path) -> None:
    for _depth, tag, attributes in Tags(plain(path.read_text(encoding="utf-8"))).found:
        if any(verb in attributes for verb in VERBS):
            assert {"hx-target", "hx-swap"} <= set(attributes), (tag, attributes)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_its_words_are_messages(path: Path) -> None:
    words = CHINESE.findall(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))

    assert set(words) <= OWN_NAMES


@pytest.mark.parametrize(("name", "fragment"), fragments())
def test_a_region_is_one_element_of_its_own_name(name: str, fragment: str) -> None:
    inside = blocks((FOLDER / name).read_text(encoding="utf-8"))
    assert fragment in inside, f"{name} does not define the block {fragment} itself"
    body = inside[fragment]
    tags = Tags(plain(body))
    roots = [attributes for depth, _tag, attributes in tags.found if depth == 0]

    assert [root.get("id") for root in roots] == [fragment.replace("_", "-")]
    assert tags.loose == ""
    assert "super()" not in body
    assert not re.search(r"\{%-?\s*(import|from)\s", body)


def test_every_page_that_is_named_is_there() -> None:
    assert [name for name in names_pages() if name not in NAMES] == []


def test_components_are_pure_and_one_to_a_file() -> None:
    for path in (FOLDER / "components").glob("*.html"):
        source = path.read_text(encoding="utf-8")
        macros = re.findall(r"\{%-?\s*macro\s+(\w+)", source)
        assert path.stem in macros, f"{path.name} defines no macro of its name"
        assert not re.search(r"\brequest\b|\burl_for\b", source), path.name
