"""What an input finds, for somebody: the newest items of the site that he may see, each with where it was found."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal import database, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules import rights
from portal.domain.customers import rules as customers
from portal.domain.customers.services import PHONE
from portal.domain.queues.queries import items, sight
from portal.domain.queues.queries.items import Card
from portal.domain.queues.tables import Series
from portal.domain.search import rules
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.i18n.labels import label

MOST, LIKELY = 50, 8  # items that are shown; places that a part of a name may mean
_OFTEN = 1_000  # a token that is found so often is frequent; the longer ago it takes to find them, the rarer it is
_KNOWN = "SELECT i.id FROM work_item i WHERE i.number IN (%s) AND %s"
_CALLED = """
SELECT i.id FROM customer k JOIN complaint c ON c.customer = k.id JOIN work_item i ON i.id = c.item
WHERE k.phone_index = {} AND %s ORDER BY i.id DESC LIMIT %d
"""
# Conditions, and no joins: so what leads does so on either engine, whatever it guesses.
_HAS = "EXISTS (SELECT 1 FROM posting h WHERE h.token IN (%s) AND h.item = %s AND h.kinds & {} <> 0)"
_WHERE = """
SELECT p.item, p.kinds FROM work_item i CROSS JOIN posting p WHERE i.id IN (%s) AND p.token IN (%s) AND p.item = i.id
"""


@dataclass(frozen=True)
class Hit:
    """An item that was found, and in words where."""

    card: Card
    where: list[str]


async def found(staff: Staff, site: Site, text: str) -> tuple[list[Hit], bool]:
    """What an input finds, newest first, and whether there is more than is shown."""
    hits: dict[UUID, list[str]] = defaultdict(list)
    for item in await _by_number(staff, site, text):
        hits[item].append(label("found", "number"))
    for item in await _by_phone(staff, site, text):
        hits[item].append(label("found", "phone"))
    among = await _places(site, text)
    for item, bits in [*await _with(staff, site, among, either=True), *await _with(staff, site, _tokens(site, text))]:
        places = [label("found", "place")] if bits & rules.PLACE else []
        hits[item] += [word for word in (*places, *(label("entry", kind) for kind in rules.kinds(bits)))
                       if word not in hits[item]]  # fmt: skip
    marks = ", ".join("{}" for _item in hits) or "NULL"
    cards = await items.among(staff, site, marks, *hits, most=MOST + 1)
    return [Hit(card, hits[card.id]) for card in cards[:MOST]], len(cards) > MOST


async def lacks() -> bool:
    """Whether something that was written is not in the index yet."""
    return bool(await database.rows("SELECT id FROM unindexed LIMIT 1"))


def token(site: UUID, word: str) -> int:
    """What of a word stands in a site's index: 64 keyed bits."""
    return int.from_bytes(bytes.fromhex(sealing.index(word, f"search:{site}")[:16]), "big", signed=True)


def place_token(site: UUID, place: UUID) -> int:
    """What of a place of the list stands there, whatever it is called; no word begins so."""
    return token(site, f"\0{place}")


async def _by_number(staff: Staff, site: Site, text: str) -> list[UUID]:
    tail = rules.tail(text, site.code)
    if tail is None:
        return []
    years = await Series.select(Series.year).where(Series.site == site.id)
    numbers = tail.numbers(site.code, [row["year"] for row in years])
    where, args = sight.visible(staff, site)
    marks = ", ".join("{}" for _number in numbers) or "NULL"
    return [row["id"] for row in await database.rows(_KNOWN % (marks, where), *numbers, *args)]


async def _by_phone(staff: Staff, site: Site, text: str) -> list[UUID]:
    """What was filed with this phone, however it is spelled; not for those who have no use for contacts."""
    phone = customers.phone(text)
    if phone is None or not rights.reads_contact(staff.roles_at(site)):
        return []
    where, args = sight.visible(staff, site)
    rows = await database.rows(_CALLED % (where, MOST + 1), sealing.index(phone, PHONE), *args)
    return [row["id"] for row in rows]


async def _places(site: Site, text: str) -> list[int]:
    """The tokens of the place that is called so, in either language; else of those whose name has it in it."""
    typed = rules.folded(text)
    listed = await sites.places(site.id)
    named = {one.id: [rules.folded(name) for name in (one.code, one.name_zh, one.name_en)] for one in listed}
    exact = [one for one, names in named.items() if typed in names]
    within = [one for one, names in named.items() if any(typed in name for name in names[1:])]
    return [place_token(site.id, one) for one in exact or within[:LIKELY]]


def _tokens(site: Site, text: str) -> list[int]:
    return [token(site.id, word) for word in rules.asked(text)]


async def _with(staff: Staff, site: Site, tokens: list[int], *, either: bool = False) -> list[tuple[UUID, int]]:
    """The newest items that have all of these tokens (`either`: one of them), with the bits of where."""
    if not tokens:
        return []
    often = await _frequencies(tokens)
    groups = [tokens] if either else [[one] for one in sorted(tokens, key=lambda one: often[one])]
    least = max(often.values()) if either else min(often.values())
    if not least[0]:
        return []
    mask = rules.mask(notes=rights.reads_notes(staff.roles_at(site)))
    first = _mine_first if least[0] == _OFTEN and rules.narrow(staff.roles_at(site)) else _words_first
    sql, args = first(groups, mask, *sight.visible(staff, site))
    return await _bits(tokens, [row["item"] for row in await database.rows(sql, *args)], mask)


def _words_first(groups: list[list[int]], mask: int, where: str, args: list[Any]) -> tuple[str, list[Any]]:
    """Go through what has the rarest token, the newest first, until enough is found."""
    leads, *others = (", ".join("{}" for _token in group) for group in groups)
    has = "".join(f" AND {_HAS % (some, 'p.item')}" for some in others)
    sql = (f"SELECT p.item FROM posting p WHERE p.token IN ({leads}) AND p.kinds & {{}} <> 0{has} AND EXISTS "
           f"(SELECT 1 FROM work_item i WHERE i.id = p.item AND {where}) ORDER BY p.item DESC LIMIT {MOST + 1}")  # fmt: skip
    return sql, [*(value for group in groups for value in (*group, mask)), *args]


def _mine_first(groups: list[list[int]], mask: int, where: str, args: list[Any]) -> tuple[str, list[Any]]:
    """Go through the few items that somebody sees."""
    has = " AND ".join(_HAS % (", ".join("{}" for _token in group), "m.item") for group in groups)
    mine = f"(WITH mine AS MATERIALIZED (SELECT i.id AS item FROM work_item i WHERE {where}) SELECT item FROM mine) m"
    sql = f"SELECT m.item FROM {mine} WHERE {has} ORDER BY m.item DESC LIMIT {MOST + 1}"
    return sql, [*args, *(value for group in groups for value in (*group, mask))]


async def _bits(tokens: list[int], found: list[UUID], mask: int) -> list[tuple[UUID, int]]:
    """Where each of these items has any of the tokens."""
    if not found:
        return []
    sql = _WHERE % tuple(", ".join("{}" for _one in these) for these in (found, tokens))
    bits = dict.fromkeys(found, 0)
    for row in await database.rows(sql, *found, *tokens):
        bits[row["item"]] |= row["kinds"] & mask
    return list(bits.items())


async def _frequencies(tokens: list[int]) -> dict[int, tuple[int, str]]:
    """How often each of these stands in the index, as far as that is counted, and from which item on so often."""
    count = f"(SELECT count(*) FROM (SELECT 1 FROM posting WHERE token = {{}} LIMIT {_OFTEN}) x) AS n%d"
    since = f"(SELECT item FROM posting WHERE token = {{}} ORDER BY item DESC LIMIT 1 OFFSET {_OFTEN - 1}) AS since%d"
    parts = ", ".join(f"{count}, {since}" % (at, at) for at, _one in enumerate(tokens))
    row = (await database.rows(f"SELECT {parts}", *(one for one in tokens for _part in range(2))))[0]
    return {one: (row[f"n{at}"], str(row[f"since{at}"] or "")) for at, one in enumerate(tokens)}
