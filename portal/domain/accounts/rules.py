"""Who may be what."""

import re
import unicodedata
from datetime import timedelta

from portal.domain.accounts.tables import Role

ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(seconds=30)
PASSWORD_LENGTH = 10

ORGANISATION = frozenset({Role.ADMIN, Role.OWNER})
# These see or decide without taking part, so nobody is one of them and something else (GB/T 35273, 7.1).
ALONE = frozenset({Role.ADMIN, Role.AUDITOR})
_EMAIL = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]{1,180}\.[^@\s<>\"',;.]{2,24}")


def may_combine(roles: frozenset[Role]) -> bool:
    """Whether one person may have all of these roles."""
    return len(roles) < 2 or not roles & ALONE


def email(typed: str) -> str | None:
    """An e-mail address in its one form, or None."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    return typed.lower() if _EMAIL.fullmatch(typed) else None
