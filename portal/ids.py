"""Identities that the application makes: keys of rows, and secrets of links and cookies."""

import hashlib
import os
import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562): sorts by the millisecond of its making, 74 bits are random."""
    stamp = time.time_ns() // 1_000_000
    value = stamp << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_token() -> str:
    """A secret of 168 bits for a link or a cookie, 28 characters safe in addresses."""
    return secrets.token_urlsafe(21)


def token_hash(token: str) -> str:
    """What of a token stands in the database, so that a reader of the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
