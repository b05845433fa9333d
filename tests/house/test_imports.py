"""Imports point down and inward (pyproject.toml, tool.importlinter), and stand on top of their files."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from portal.settings import ROOT

FILES = sorted((ROOT / "portal").rglob("*.py"))


def test_every_contract_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert not broken, capsys.readouterr().out


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_begins_with_one_docstring_and_has_its_imports_on_top(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [
        node
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.If)
        for node in ast.walk(outer)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    names = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}

    assert ast.get_docstring(tree), "no docstring"
    assert inside == [], "an import inside a function or a condition"
    assert "__future__" not in names


def test_notices_about_items_go_through_the_one_place_that_knows_whom_they_are_kept_from() -> None:
    careless = [path.as_posix() for path in FILES if "events.tell(" in path.read_text(encoding="utf-8")]

    assert [path.rpartition("/")[2] for path in careless] == [
        "asking.py", "making.py", "digest.py", "telling.py", "saving.py",  # of files, and of reports
    ]


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name == "__init__.py"], ids=lambda path: path.parent.name
)
def test_a_package_says_what_it_is_for_and_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.parent.name == "controllers" or path.parent == ROOT / "portal":
        return  # the lists of doors; the stand-in for old SQLite libraries

    assert len(tree.body) == 1
