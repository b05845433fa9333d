"""Passwords: Argon2id, a few at a time, and the same time spent whether the name exists or not."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import argon2

Result = TypeVar("Result")

_hasher = argon2.PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
_turns: dict[int, asyncio.Semaphore] = {}


async def hashed(password: str) -> str:
    """What is stored of a password."""
    return await _in_turn(_hasher.hash, password)


async def matches(stored: str, password: str) -> bool:
    """Whether the password is the stored one; an empty `stored` takes the same time and is never matched."""
    return await _in_turn(_verify, stored or _nobody(), password) and bool(stored)


async def _in_turn(work: Callable[..., Result], *args: str) -> Result:
    # 19 MB each: two at a time, so that a burst of sign-ins does not take the machine. A semaphore belongs to its loop.
    loop = asyncio.get_running_loop()
    async with _turns.setdefault(id(loop), asyncio.Semaphore(2)):
        return await asyncio.to_thread(work, *args)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
