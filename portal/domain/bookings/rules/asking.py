"""What a type asks besides: further fields, some of them only where another was answered so.

They are kept with the type as JSON, `[{"key", "label": {"zh", "en"}, "kind", "required", "options": [{"value", "zh",
"en"}], "only_if": {"key", "value"}}]`. What a visitor answers is kept in the words that he was asked in, so that a type
may ask otherwise later.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.domain.sites.tables import named
from portal.i18n.translations import N_, _, gettext

PREFIX = "ask-"  # of the names of their inputs
LONGEST = 300  # characters of an answer
MOST = 8  # fields of a type, and options of a field
YES, NO = "yes", "no"
YES_NO = ((YES, N_("Yes")), (NO, N_("No")))


class Kind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    YES = "yes"


@dataclass(frozen=True)
class Option:
    """One of a few answers; `value` is what its input sends."""

    value: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        return named(self.zh, self.en)


@dataclass(frozen=True)
class Ask:
    """A further field; with `only_key` it is asked only where that earlier field was answered with `only_value`."""

    key: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT
    required: bool = False
    options: tuple[Option, ...] = ()
    only_key: str = ""
    only_value: str = ""

    @property
    def input(self) -> str:
        """The name of its input."""
        return PREFIX + self.key

    @property
    def label(self) -> str:
        return named(self.zh, self.en)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen, each with its words; nothing where it is typed."""
        if self.kind == Kind.YES:
            return [(value, gettext(word)) for value, word in YES_NO]
        return [(option.value, option.name) for option in self.options]


def parse(text: str) -> tuple[Ask, ...]:
    """The fields of a type, as they are kept."""
    return tuple(_field(one) for one in json.loads(text or "[]"))


def written(asks: Iterable[Ask]) -> str:
    """The fields, to be kept."""
    return json.dumps([_kept(ask) for ask in asks], ensure_ascii=False)


def under(asks: Iterable[Ask], key: str, value: str) -> list[Ask]:
    """The fields that are asked where this one is answered so."""
    return [ask for ask in asks if ask.only_key == key and ask.only_value == value]


def visible(asks: Iterable[Ask], answers: Mapping[str, str]) -> list[Ask]:
    """The fields that are asked, given the answers by key; a condition looks at an earlier field that is asked itself."""
    found: dict[str, Ask] = {}
    for ask in asks:
        if not ask.only_key or (ask.only_key in found and answers.get(ask.only_key, "") == ask.only_value):
            found[ask.key] = ask
    return list(found.values())


def validate(asks: Sequence[Ask], typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The answers by key, and what is wrong by input; what was typed into a field that is not asked counts for nothing."""
    given = {ask.key: typed.get(ask.input, "").strip() for ask in asks}
    asked = visible(asks, given)
    wrong = {ask.input: error for ask in asked if (error := _error(ask, given[ask.key]))}
    return {ask.key: given[ask.key] for ask in asked if given[ask.key]}, wrong


def kept(asks: Iterable[Ask], answers: Mapping[str, str]) -> str:
    """The answers, to be kept with the booking, in the words of both languages; "" where there are none."""
    rows = []
    for ask in asks:
        if value := answers.get(ask.key, ""):
            row = {"key": ask.key, "zh": ask.zh, "en": ask.en, "value": value}
            if ask.kind == Kind.YES:
                row["kind"] = ask.kind
            for option in (one for one in ask.options if one.value == value):
                row |= {"value_zh": option.zh, "value_en": option.en}
            rows.append(row)
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def told(text: str) -> list[tuple[str, str]]:
    """What was asked and answered, in the reader's language, from what is kept with a booking."""
    return [(named(one["zh"], one["en"]), _answer(one)) for one in json.loads(text or "[]")]


def answers(text: str) -> dict[str, str]:
    """The answers by key, from what is kept with a booking: to fill in the same fields again."""
    return {one["key"]: one["value"] for one in json.loads(text or "[]")}


def _field(one: Mapping[str, Any]) -> Ask:
    only = one.get("only_if") or {}
    options = tuple(
        Option(option.get("value") or option["zh"], option["zh"], option.get("en", ""))
        for option in one.get("options") or ()
    )
    label = one["label"]
    return Ask(one["key"], label["zh"], label.get("en", ""), Kind(one["kind"]), bool(one.get("required")), options,
               only.get("key", ""), only.get("value", ""))  # fmt: skip


def _kept(ask: Ask) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": ask.key, "label": {"zh": ask.zh, "en": ask.en}, "kind": ask.kind, "required": ask.required,
    }  # fmt: skip
    if ask.options:
        row["options"] = [{"value": option.value, "zh": option.zh, "en": option.en} for option in ask.options]
    if ask.only_key:
        row["only_if"] = {"key": ask.only_key, "value": ask.only_value}
    return row


def _error(ask: Ask, value: str) -> str:
    if not value:
        return _("%(label)s: please fill this in") % {"label": ask.label} if ask.required else ""
    if ask.kind != Kind.TEXT and value not in dict(ask.choices):
        return _("%(label)s: choose one of these") % {"label": ask.label}
    if len(value) > LONGEST:
        return _("%(label)s: at most %(max_length)s characters") % {"label": ask.label, "max_length": LONGEST}
    return ""


def _answer(one: Mapping[str, str]) -> str:
    if one.get("kind") == Kind.YES:
        said = dict(YES_NO)[one["value"]]
        return gettext(said)
    return named(one["value_zh"], one["value_en"]) if "value_zh" in one else one["value"]
