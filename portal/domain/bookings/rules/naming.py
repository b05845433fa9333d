"""How a visitor is addressed where others may read it: 李先生, or 李** for somebody without a salutation."""

from portal.domain.bookings.tables import Salutation
from portal.domain.customers import rules as customers
from portal.i18n.translations import _

# Surnames of two characters; every other Chinese one has a single.
COMPOUND = frozenset((
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "夏侯", "宇文", "长孙", "南宫",
    "端木", "百里", "轩辕", "司空", "独孤", "呼延", "澹台", "申屠", "太史", "濮阳", "拓跋", "赫连", "闻人", "公冶", "淳于",
))  # fmt: skip


def addressed(name: str, salutation: str) -> str:
    """Surname and salutation; without one the first character and two stars. Nothing for somebody without a name."""
    if not name:
        return ""
    if salutation == Salutation.MR:
        return _("Mr %(surname)s") % {"surname": surname(name)}
    if salutation == Salutation.MS:
        return _("Ms %(surname)s") % {"surname": surname(name)}
    return customers.masked_name(name)


def surname(name: str) -> str:
    """The family name: the first character of a Chinese name, or two; the last word of any other."""
    if name[:2] in COMPOUND:
        return name[:2]
    if name[0] >= "\u2e80":
        return name[0]
    return name.rsplit(maxsplit=1)[-1]
