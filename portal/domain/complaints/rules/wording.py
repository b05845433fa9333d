"""What may be said to a customer: no forbidden phrase, no apology before it is known whose fault it was, and templates."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from portal.domain.complaints.tables import Liability
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site

# The equivalents of "I don't know" and "that is not my business" (DUTY-23), where a site says nothing else.
PHRASES = (
    "不知道", "不清楚", "不归我管", "不关我的事", "这不是我的事", "I don't know", "not my business", "not my job",
)  # fmt: skip
APOLOGIES = (
    "抱歉", "对不起", "对不住", "致歉", "道歉", "歉意", "赔礼", "赔罪", "sorry", "apolog",
)  # fmt: skip
PLACEHOLDERS = ("number", "name", "place", "handler", "site")
AFTER_LIABILITY = "after_liability"
TELLING = 6  # so long a piece of a template is known again
_MARK = re.compile(r"\{([^{}]*)\}")
# Two signs are the surname, and the mask shows one.
_COMPOUND = frozenset({
    "欧阳", "司马", "上官", "诸葛", "司徒", "慕容", "皇甫", "尉迟", "公孙", "令狐", "长孙", "宇文", "东方", "夏侯", "端木",
})  # fmt: skip


def forbidden(text: str, phrases: Iterable[str]) -> str:
    """The first of these phrases that a text contains, however it is written; empty for none (DUTY-23)."""
    said = folded(text)
    return next((phrase for phrase in phrases if (meant := folded(phrase)) and meant in said), "")


def apology(text: str, templates: Iterable[str] = ()) -> str:
    """The word of apology that a text contains, or a sentence of the template it is; empty for none (CMP-22)."""
    said = folded(text)
    for body in templates:
        pieces = [piece.strip() for piece in re.split(r"[\n。！!.?？]", _MARK.sub("\n", body))]
        telling = [piece for piece in pieces if len(folded(piece)) >= TELLING]
        if telling and all(folded(piece) in said for piece in telling):
            return telling[0]
    return next((word for word in APOLOGIES if folded(word) in said), "")


def may_apologise(site: Site, liability: str) -> bool:
    """Whether words of apology may leave this house now (CMP-22, CMP-23, X-15)."""
    after = site_rules.value(site, "complaint.apology") == AFTER_LIABILITY
    return not after or liability in (Liability.OURS, Liability.SHARED)


def folded(text: str) -> str:
    """A text without what does not change its words: case, width, spaces, the shape of an apostrophe."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")


def unknown(body: str) -> list[str]:
    """What stands in braces in a template and means nothing."""
    return [found for found in _MARK.findall(body) if found not in PLACEHOLDERS]


def filled(body: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled in; what a value holds is not read again."""
    return _MARK.sub(lambda mark: values.get(mark[1], mark[0]), body)


def called(name: str, language: str) -> str:
    """How a template calls a customer: by the surname where the mask shows all of it, else without a name."""
    if language == "en":
        return "guest"
    shown = re.match(r"[\u3400-\u9fff]", name) and name[:2] not in _COMPOUND
    return f"{name[0]}先生/女士" if shown else "您"
