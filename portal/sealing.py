"""Sealed fields: AES-256-GCM bound to a place in a row; and keyed indexes that find equal values without opening them."""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal import settings

VERSION = "v1"


class Unreadable(Exception):
    """A sealed value does not open here: moved, changed, or sealed with a key that is not in the ring."""


def seal(text: str, place: str) -> str:
    """Seal a text for one place ("complaint.name:<row>"); an empty text stays empty, so that absence shows."""
    if not text:
        return ""
    number, cipher = _newest()
    nonce = os.urandom(12)
    body = nonce + cipher.encrypt(nonce, text.encode(), place.encode())
    return f"{VERSION}|{number}|{base64.urlsafe_b64encode(body).decode()}"


def unseal(cell: str, place: str) -> str:
    """Open what `seal` made for the same place; raises Unreadable for anything else."""
    if not cell:
        return ""
    try:
        version, number, body = cell.split("|")
        raw = base64.urlsafe_b64decode(body)
        opened = _cipher(int(number)).decrypt(raw[:12], raw[12:], place.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise Unreadable(place) from error
    if version != VERSION:
        raise Unreadable(place)
    return opened


def seal_bytes(data: bytes, place: str) -> bytes:
    """Seal a file; the key's number stands in its first two bytes."""
    number, cipher = _newest()
    nonce = os.urandom(12)
    return number.to_bytes(2, "big") + nonce + cipher.encrypt(nonce, data, place.encode())


def unseal_bytes(data: bytes, place: str) -> bytes:
    """Open what `seal_bytes` made for the same place."""
    try:
        return _cipher(int.from_bytes(data[:2], "big")).decrypt(data[2:14], data[14:], place.encode())
    except (KeyError, InvalidTag) as error:
        raise Unreadable(place) from error


def index(value: str, purpose: str) -> str:
    """128 keyed bits that equal values of one purpose ("customer.phone") share; empty for an empty value."""
    if not value:
        return ""
    return hmac.new(_index_key(purpose), value.encode(), hashlib.sha256).hexdigest()[:32]


@cache
def _newest() -> tuple[int, AESGCM]:
    number = max(settings.current().encryption_keys)
    return number, _cipher(number)


@cache
def _cipher(number: int) -> AESGCM:
    return AESGCM(_derived(settings.current().encryption_keys[number], "field"))


@cache
def _index_key(purpose: str) -> bytes:
    # The oldest key of the ring, so that a newer one does not make every index anew.
    ring = settings.current().encryption_keys
    return _derived(ring[min(ring)], f"index:{purpose}")


def _derived(key: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use.encode()).derive(key)
