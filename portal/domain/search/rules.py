"""What counts as a word, where it was said, and what an input may mean."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.accounts.tables import Role
from portal.domain.queues.rules import Reach, reach
from portal.domain.queues.tables import PUBLIC, EntryKind

SHORTEST, LONGEST = 2, 100  # characters of an input
PREFIX, STEM = 3, 12  # letters from which on a word is found by its beginning, and of it that are looked at
WORDS_MOST = 12  # of one input

# In which kinds of entries a token stands: one bit each, so a new kind is added at the end. PLACE is where it happened.
KINDS = (
    EntryKind.FILING, EntryKind.ASKED, EntryKind.MESSAGE_IN, EntryKind.MESSAGE_OUT, EntryKind.NOTE, EntryKind.CAUSE,
    EntryKind.WISH, EntryKind.PLAN, EntryKind.REPLY, EntryKind.REASON, EntryKind.REJECTION, EntryKind.COMMENT,
    EntryKind.VISIT, EntryKind.CONTACT, EntryKind.MERGED, EntryKind.QUESTION, EntryKind.PARTY_IN, EntryKind.PARTY_OUT,
    EntryKind.NEEDS, EntryKind.OPINION, EntryKind.FACTS, EntryKind.SUMMARY, EntryKind.PAPERS, EntryKind.RECOMMENDED,
)  # fmt: skip
BITS = {kind.value: 1 << place for place, kind in enumerate(KINDS)}
PLACE = 1 << 30

_PAIRED = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003fffd"
_RUN = re.compile(rf"[{_PAIRED}]+|(?:(?![{_PAIRED}])[^\W_])+")
_IS_PAIRED = re.compile(f"[{_PAIRED}]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")  # what a copied number may bring along
# A phone or an identity, however it is spaced; it leaves a gap, so that nothing is read across it.
_LONG_NUMBER = re.compile(r"\d(?:[\s\-‐-―−./·()+]{0,3}\d){5,}")
_NUMBER = re.compile(r"(?:[A-Z]{2}-)?(?:(\d{4})-)?0*(\d{1,9})")


@dataclass(frozen=True)
class Tail:
    """What an input says of a number: its last digits, and perhaps its year."""

    digits: str
    year: int | None

    def numbers(self, code: str, years: Iterable[int]) -> list[str]:
        """The whole numbers of a site that end so."""
        among = [self.year] if self.year else list(years)
        return [f"{code}-{year}-{self.digits.zfill(6)}" for year in among]


def folded(text: str) -> str:
    """A text without what makes no difference to who searches: width, case, what is not seen, blanks around it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()).strip()


def indexed(text: str) -> set[str]:
    """The tokens by which a text is found; none of a run of six digits or more."""
    return {token for run in _runs(text) for token in (_pairs(run) if _IS_PAIRED.match(run) else _beginnings(run))}


def asked(text: str) -> list[str]:
    """The tokens of an input, every one of which an item must have: of Chinese as many pairs as it takes to cover it."""
    found = [token for run in _runs(text) for token in (_cover(run) if _IS_PAIRED.match(run) else [run[:STEM]])]
    return list(dict.fromkeys(found))[:WORDS_MOST]


def tail(text: str, code: str) -> Tail | None:
    """The number that an input is, whole or its end: HT-2026-000123, 2026-000123, 000123, 123; another site's is none."""
    typed = folded(text).upper().removeprefix("#")
    found = _NUMBER.fullmatch(typed)
    if found is None or (typed[:1].isalpha() and not typed.startswith(f"{code}-")):
        return None
    return Tail(found[2], int(found[1]) if found[1] else None)


def mask(*, notes: bool) -> int:
    """The bits of the kinds of entries that somebody reads, with the place."""
    return PLACE | sum(bit for kind, bit in BITS.items() if notes or kind in PUBLIC)


def narrow(roles: frozenset[Role]) -> bool:
    """Whether somebody sees so little that it is looked through for the words, and not the other way about."""
    return not reach(roles) & {Reach.ALL, Reach.UNIT}


def kinds(bits: int) -> list[str]:
    """The kinds of entries that some bits name."""
    return [kind for kind, bit in BITS.items() if bits & bit]


def _runs(text: str) -> list[str]:
    return _RUN.findall(_LONG_NUMBER.sub(" ", folded(text)))


def _pairs(run: str) -> list[str]:
    """Neighbours in twos: Chinese is written without gaps, and two characters are a word."""
    return [run[start : start + 2] for start in range(len(run) - 1)]


def _cover(run: str) -> list[str]:
    pairs = _pairs(run)
    return pairs[::2] + (pairs[-1:] if len(run) % 2 else [])


def _beginnings(word: str) -> list[str]:
    """A word, and its beginnings; a number is found whole."""
    if word.isdigit() or len(word) < PREFIX:
        return [word]
    return [word[:length] for length in range(PREFIX, min(len(word), STEM) + 1)]
