"""What the operator's commands share: the open database, refusals in one sentence, and passwords nobody else can read."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from portal import database, schema, settings
from portal.errors import Invalid, PortalError

Result = TypeVar("Result")


class Refused(click.ClickException):
    """It cannot be done, for a reason that stands in the message."""

    exit_code = 2


def carry_out(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Do something with the database, which must be there and up to date; a refusal ends the command with its sentence."""
    return asyncio.run(_refusing(_with_database(work)))


def prepare(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Do something before the database is up to date, or there."""
    return asyncio.run(_refusing(work()))


def password(*, from_stdin: bool) -> str:
    """A new password: typed twice, or from standard input, or from PORTAL_PASSWORD (or …_FILE).

    It is not an option, since everybody on the machine can read the command line.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given = settings.secret(os.environ, "PORTAL_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refused("No password: use --password-stdin, or set PORTAL_PASSWORD or PORTAL_PASSWORD_FILE.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


async def _with_database(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    await schema.create_database()
    if not await schema.is_current():
        raise Refused("The database is not up to date. Run `portal migrate` first.")
    await database.open_pool()
    try:
        return await work()
    finally:
        await database.close_pool()


async def _refusing(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        with database.translated():
            return await work
    except Invalid as error:
        raise Refused("\n".join(f"{name}: {message}" for name, message in error.fields.items())) from error
    except PortalError as error:
        raise Refused(error.message or type(error).__name__) from error
