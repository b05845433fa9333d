"""Static files: addresses by content, stylesheets in one piece, and what the browser is told about them."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import brotli
import httpx
import pytest
from litestar import Litestar

from portal.web.assets import Assets, smaller

FILES = {
    "css/customer.css": """@layer base, pages;
@import url("base.css") layer(base);
@import url("pages/form.css") layer(pages);
""",
    "css/base.css": "/* why: ink */\nbody {\n  color: #111;\n}\n",
    "css/pages/form.css": '@import "more.css" print;\n.form { background: url("../../images/line.svg#a"); }\n',
    "css/pages/more.css": ".more { content: '/* kept */ {  }'; }",
    "images/line.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "images/dot.png": "not text",
    "js/app.js": 'import "./behaviours/live.js";\n',
    "js/behaviours/live.js": "export {};\n" * 50,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
async def client(root: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar([Assets(root).handler()], openapi_config=None)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx and Litestar name the same messages apart
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.anyio
async def test_a_stylesheet_comes_in_one_piece_with_its_layers(root: Path, client: httpx.AsyncClient) -> None:
    assets = Assets(root)

    answer = await client.get(assets("css/customer.css"))

    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.text == (
        "@layer base, pages;@layer base{body {color: #111;}}"
        "@layer pages{@media print{.more { content: '/* kept */ {  }'; }}"
        f'.form {{ background: url("{assets("images/line.svg")}#a"); }}}}'
    )


@pytest.mark.anyio
async def test_an_asset_is_kept_for_a_year_and_packed_for_who_can_unpack_it(root: Path, client: httpx.AsyncClient) -> None:
    address, raw = Assets(root)("js/behaviours/live.js"), FILES["js/behaviours/live.js"].encode()

    for accepted, encoding, unpack in (
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ):
        async with client.stream("GET", address, headers={"Accept-Encoding": accepted}) as answer:
            body = b"".join([part async for part in answer.aiter_raw()])

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers.get("content-encoding") == encoding
        assert unpack(body) == raw


@pytest.mark.anyio
async def test_only_known_addresses_are_answered(root: Path, client: httpx.AsyncClient) -> None:
    known = Assets(root)("images/dot.png")

    assert (await client.head(known)).status_code == 200
    assert (await client.head(known)).content == b""
    assert (await client.get(known.replace("/static/", "/static/0"))).status_code == 404
    assert (await client.get(known + "/../../../pyproject.toml")).status_code == 404
    assert (await client.post(known)).status_code == 405


def test_scripts_share_one_hash_so_that_they_find_each_other(root: Path) -> None:
    before = Assets(root)
    (root / "js/behaviours/live.js").write_text("changed")
    after = Assets(root)

    assert before("js/app.js").removesuffix("app.js") + "behaviours/live.js" == before("js/behaviours/live.js")
    assert before("js/app.js") != after("js/app.js")
    assert before("css/customer.css") == after("css/customer.css")


def test_a_changed_import_changes_the_address(root: Path) -> None:
    before = Assets(root)("css/customer.css")
    (root / "css/pages/more.css").write_text(".more {}")

    assert Assets(root)("css/customer.css") != before


def test_a_missing_or_circular_import_stops_the_start(root: Path) -> None:
    (root / "css/base.css").write_text("@import 'customer.css';")
    with pytest.raises(ValueError, match="imports itself"):
        Assets(root)

    (root / "css/base.css").unlink()
    with pytest.raises(KeyError):
        Assets(root)


def test_an_unknown_name_is_a_mistake_in_the_template(root: Path) -> None:
    with pytest.raises(KeyError):
        Assets(root)("css/nowhere.css")


@pytest.mark.parametrize(
    ("css", "small"),
    [
        ("a,\nb {\n  color: red;\n\n  margin: 0 auto\n}\n", "a,b {color: red;margin: 0 auto}"),
        ("a\n  b { }", "a b { }"),
        ('a::after { content: "\\"/* */"; }/* gone */', 'a::after { content: "\\"/* */"; }'),
        ("a { background: url(data:image/svg+xml;/*,x*/) }", "a { background: url(data:image/svg+xml;/*,x*/) }"),
        ("a { margin: calc(1px +\n 2px); }", "a { margin: calc(1px + 2px); }"),
    ],
)
def test_only_what_nobody_reads_is_left_out(css: str, small: str) -> None:
    assert smaller(css) == small
