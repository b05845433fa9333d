"""How people are reached, and how much of them is shown."""

import re
import unicodedata
from datetime import timedelta

import phonenumbers

from portal.domain.accounts import rules as accounts

DEFAULT_REGION = "CN"
KEPT = ("companions", "needs", "plate")  # what may be kept for the next time
KEPT_FOR = timedelta(days=365)
CODE_DIGITS, CODE_TRIES, CODE_LIFE = 6, 5, timedelta(minutes=10)
PROVEN_FOR = timedelta(hours=1)
_LONG_NUMBER = re.compile(r"[+＋]?\d(?:[ \u3000\-－–]?\d){6,}")
email = accounts.email  # one form for everybody's


def phone(typed: str) -> str | None:
    """A phone number in its one form (E.164), or None; without a country it is a Chinese one."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", typed), DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def masked_name(name: str) -> str:
    """The first character and two stars: 张**; the first letter of a Latin name."""
    return f"{name[0]}**" if name else ""


def masked_phone(number: str) -> str:
    """138****5678: the first three and the last four of a Chinese mobile, the last two of any other number."""
    if not number:
        return ""
    local = number.removeprefix("+86")
    if local != number and len(local) == 11:
        return f"{local[:3]}****{local[-4:]}"
    return f"{number[:3]}****{number[-2:]}"


def without_numbers(text: str) -> str:
    """A text for lists: runs of seven digits and more, which may be a phone or an identity, keep their first three."""
    return _LONG_NUMBER.sub(lambda found: found[0][:3] + "****", text)


def masked_email(address: str) -> str:
    """l***@example.com"""
    name, _, host = address.partition("@")
    return f"{name[0]}***@{host}" if name else ""


def readable_phone(number: str) -> str:
    """138 0013 8000 for a Chinese number, the international form for any other."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    if parsed.country_code == 86:
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def masked_document(number: str) -> str:
    """3****1234: the first and the last four of a document's number, or fewer of a short one."""
    return f"{number[0]}****{number[-4:] if len(number) > 8 else number[-2:]}" if number else ""


def masked_plate(plate: str) -> str:
    """京****8: the first and the last character of a number plate."""
    return f"{plate[0]}****{plate[-1]}" if plate else ""
