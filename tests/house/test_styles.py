"""Style sheets obey: layers, logical properties, no ids, no !important, and one list of contents."""

import re
from pathlib import Path

import pytest

from portal.settings import ROOT

FOLDER = ROOT / "portal" / "static" / "css"
SHEETS = sorted(FOLDER.rglob("*.css"))
IDS = [path.relative_to(FOLDER).as_posix() for path in SHEETS]
SURFACES = ("customer.css", "staff.css")
LAYERS = ["reset", "tokens", "base", "layout", "components", "pages", "utilities"]
PHYSICAL = re.compile(
    r"(?:^|[\s;{])("
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)"
    r")\s*:"
)
SIDES = re.compile(r"(?:text-align|float|clear)\s*:\s*(?:left|right)\b")


def source(path: Path) -> str:
    """A sheet without its comments and the conditions of its media queries."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"@(media|container|supports)[^{]*", r"@\1 ", text)


def selectors(path: Path) -> list[str]:
    found = re.findall(r"([^{};]+)\{", source(path))
    return [selector.strip() for selector in found if not selector.strip().startswith("@")]


@pytest.mark.parametrize("path", SHEETS, ids=IDS)
def test_it_is_logical(path: Path) -> None:
    assert [found[1] for found in PHYSICAL.finditer(source(path))] == []
    assert SIDES.findall(source(path)) == []


@pytest.mark.parametrize("path", SHEETS, ids=IDS)
def test_it_shouts_at_nobody(path: Path) -> None:
    assert "!important" not in source(path)
    assert [selector for selector in selectors(path) if re.search(r"#[a-zA-Z]", selector)] == []


@pytest.mark.parametrize("path", SHEETS, ids=IDS)
def test_old_kernels_keep_their_colours(path: Path) -> None:
    assert not re.search(r"light-dark\(|oklch\(|oklab\(|color-mix\(", source(path))


@pytest.mark.parametrize("path", SHEETS, ids=IDS)
def test_it_is_nested_two_deep_at_most(path: Path) -> None:
    depth = deepest = 0
    for letter in source(path):
        depth += (letter == "{") - (letter == "}")
        deepest = max(deepest, depth)

    assert depth == 0, "an unclosed block"
    assert deepest <= 3


@pytest.mark.parametrize("path", SHEETS, ids=IDS)
def test_colours_are_named_in_one_place(path: Path) -> None:
    if path.name == "tokens.css":
        return
    colours = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", source(path))

    assert set(colours) <= {"#ffffff", "#000000"}  # what a camera or a printer needs is never themed


def test_every_sheet_has_its_place_in_the_contents_and_the_layers() -> None:
    wanted = {name for name in IDS if name not in ("app.css", *SURFACES)}

    contents = imports("app.css")
    assert {name for name, _layer in contents} == wanted
    for surface in SURFACES:
        assert set(imports(surface)) <= set(contents)
        assert {layer for _name, layer in imports(surface)} <= set(LAYERS)
    for name, layer in contents:
        folder = name.partition("/")[0] if "/" in name else ""
        assert not folder or layer == folder, (name, layer)
    for name in ("app.css", *SURFACES):
        sheet = (FOLDER / name).read_text(encoding="utf-8")
        declared = re.search(r"@layer ([^;]+);", sheet)
        order = [layer.strip() for layer in declared[1].split(",")] if declared else first_seen(name)
        assert order == [layer for layer in LAYERS if layer in order], name


def test_utilities_stay_few() -> None:
    defined = {part.strip() for selector in selectors(FOLDER / "utilities.css") for part in selector.split(",")}

    assert len([selector for selector in defined if re.fullmatch(r"\.[\w-]+", selector)]) < 30


def imports(name: str) -> list[tuple[str, str]]:
    return re.findall(r'@import url\("([^"]+)"\) layer\((\w+)\);', (FOLDER / name).read_text(encoding="utf-8"))


def first_seen(name: str) -> list[str]:
    """The order of layers that the order of imports makes."""
    return list(dict.fromkeys(layer for _name, layer in imports(name)))
