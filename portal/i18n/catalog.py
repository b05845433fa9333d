"""Keeps the catalogues complete: `python -m portal.i18n.catalog` gathers all words, `--check` fails where one is missing."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from portal.i18n.translations import FOLDERS, LANGUAGES, catalogue_path

PORTAL = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "NP_": ((1, "c"), 2),
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SOURCES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("**/*.py", extract_python),
    ("templates/**/*.html", babel_extract),
    ("templates/**/*.txt", babel_extract),
    ("templates/**/*.svg", babel_extract),
)
OPTIONS = {
    "silent": "false",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "encoding": "utf-8",
}
SOURCE_LANGUAGE = "en"
HEADER = """\
# {name} words of the portal.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {folder}\\n"
"MIME-Version: 1.0\\n"
"Plural-Forms: {plurals};\\n"

"""


def main(arguments: list[str]) -> int:
    """Update both catalogues, or with `--check` only say what is not right; 1 where something is missing."""
    found = gathered(PORTAL)
    faults = []
    for lang in LANGUAGES:
        path = catalogue_path(lang)
        before = path.read_text() if path.exists() else ""
        updated, obsolete = merged(found, before, lang)
        text = written(updated, lang)
        if "--check" in arguments:
            faults += [f"{lang}: not in the portal any more: {name}" for name in obsolete]
            faults += [f"{lang}: not up to date, run python -m portal.i18n.catalog"] if text != before else []
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            for name in obsolete:
                click.echo(f"{lang}: dropped: {name}")
        faults += [f"{lang}: {fault}" for fault in missing(updated)]
    for fault in faults:
        click.echo(fault)
    return 1 if faults else 0


def gathered(root: Path) -> list[tuple[str | tuple[str, ...], str | None]]:
    """Every message said under this folder, with its context; what cannot be read stops here."""
    messages: dict[tuple[str | tuple[str, ...], str | None], None] = {}
    for pattern, method in SOURCES:
        for path in sorted(root.glob(pattern)):
            for message, context in _said(path, method):
                messages[message, context] = None
    return list(messages)


def merged(found: list[tuple[str | tuple[str, ...], str | None]], before: str, lang: str) -> tuple[Catalog, list[str]]:
    """A catalogue of exactly what was found, with the translations there were; and the messages nobody says any more."""
    old = read_po(io.StringIO(before), locale=FOLDERS[lang])
    new = Catalog(locale=FOLDERS[lang])
    for message, context in found:
        known = old.get(message if isinstance(message, str) else message[0], context)
        translation = _own(message) if lang == SOURCE_LANGUAGE else _kept(known, message)
        new.add(message, translation, context=context, flags=known.flags if known else ())
    kept = {(_first(message), message.context or None) for message in new}
    gone = [_first(message) for message in old if (_first(message), message.context or None) not in kept]
    return new, gone


def missing(catalog: Catalog) -> Iterator[str]:
    """What is said and has no translation, or an uncertain one, or one that loses or invents a placeholder."""
    for message in catalog:
        if not message.id:
            continue
        strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if not all(strings):
            yield f"missing: {_first(message)}"
        elif message.fuzzy:
            yield f"fuzzy: {_first(message)}"
        yield from (f"{error}: {_first(message)}" for error in message.check(catalog))


def written(catalog: Catalog, lang: str) -> str:
    """The file: sorted and without places and dates, so that a change shows as itself."""
    out = io.BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    name = {"zh-CN": "Chinese", "en": "English"}[lang]
    return HEADER.format(name=name, folder=FOLDERS[lang], plurals=catalog.plural_forms.rstrip(";")) + out.getvalue().decode()


def _said(path: Path, method: Callable[..., Any]) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    with path.open("rb") as file:
        for _line, message, _comments, context in extract(method, file, KEYWORDS, (), OPTIONS):
            yield message, context


def _own(message: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return message


def _kept(known: Message | None, message: str | tuple[str, ...]) -> Any:
    if known is None or isinstance(known.string, str) != isinstance(message, str):
        return "" if isinstance(message, str) else ("",)
    return known.string


def _first(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0]) if message.id else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
