"""The words of a page in the reader's language, found in the catalogues next to this file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("zh-CN", "en")
DEFAULT = LANGUAGES[0]
TAGS = {"zh": "zh-CN", "en": "en"}
FOLDERS = {"zh-CN": "zh_CN", "en": "en"}

Key = str | tuple[str, str]


@dataclass(frozen=True)
class Words:
    """One language's catalogue: single words and plurals, under the message id, or context and message id."""

    single: dict[Key, str] = field(default_factory=dict)
    plural: dict[Key, tuple[str, ...]] = field(default_factory=dict)


_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def language() -> str:
    """The language this request, job or test speaks."""
    return _language.get()


def set_language(lang: str) -> None:
    """Speak this language from here on; unknown ones become the default."""
    _language.set(lang if lang in LANGUAGES else DEFAULT)


@contextmanager
def use(lang: str) -> Iterator[None]:
    """Speak this language inside the block: a message is written in its receiver's language."""
    token = _language.set(lang if lang in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


def negotiated(accept_language: str) -> str:
    """The portal's language nearest to what a browser asks for; Chinese of any region, and all else, is zh-CN."""
    wishes: list[tuple[float, int, str]] = []
    for place, wish in enumerate(accept_language.lower().split(",")):
        tag, _sep, weight = wish.partition(";q=")
        with suppress(ValueError):
            wishes.append((-float(weight or 1), place, tag.strip().split("-")[0]))
    for weighed, _place, tag in sorted(wishes):
        if tag in TAGS and weighed < 0:
            return TAGS[tag]
    return DEFAULT


def gettext(message: str) -> str:
    """The message in the reader's language; itself where no translation is."""
    return words(_language.get()).single.get(message, message)


_ = gettext


def pgettext(context: str, message: str) -> str:
    """The message as it is meant in this context: one English word may be two Chinese ones."""
    return words(_language.get()).single.get((context, message), message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message in the form this number asks for."""
    return _counted(singular, singular, plural, n)


def npgettext(context: str, singular: str, plural: str, n: int) -> str:
    """The message in the form this number asks for, as it is meant in this context."""
    return _counted((context, singular), singular, plural, n)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for a marker)
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


def NP_(context: str, message: str) -> tuple[str, str]:  # noqa: N802
    """Mark a message with its context for the catalogue; it is translated where it is shown."""
    return context, message


@cache
def words(lang: str) -> Words:
    """One language's catalogue, read once; nothing is compiled beforehand."""
    found = Words()
    path = catalogue_path(lang)
    if not path.exists():
        return found
    with path.open("rb") as file:
        for message in read_po(file, locale=FOLDERS[lang]):
            if message.fuzzy or not message.id:
                continue
            text = message.id if isinstance(message.id, str) else message.id[0]
            key: Key = (message.context, text) if message.context else text
            if isinstance(message.id, str):
                found.single[key] = str(message.string) or message.id
            elif message.string and all(message.string):
                found.plural[key] = tuple(message.string)
    return found


def catalogue_path(lang: str) -> Path:
    """Where one language's catalogue stands."""
    return LOCALES / FOLDERS[lang] / "LC_MESSAGES" / "portal.po"


def _counted(key: Key, singular: str, plural: str, n: int) -> str:
    forms = words(_language.get()).plural.get(key) or (singular, plural)
    return forms[0] if n == 1 or len(forms) == 1 else forms[1]
