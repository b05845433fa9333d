"""What the operator does with an account: a new password, taking it away, giving it back."""

import asyncio
import json
from pathlib import Path

from portal.domain.accounts import services
from portal.domain.accounts.tables import Account, Role
from portal.errors import Conflict
from tests import factories
from tests.ground import environment, forks
from tests.ground.processes import command

NEW = "from the operator"
STDIN = "--password-stdin"
TELL = """
import asyncio, json, sys
from portal import database
from portal.domain.accounts.tables import Session
from portal.domain.accounts import services
async def tell():
    await database.open_pool()
    token = await services.sign_in(sys.argv[1], sys.argv[2], ended=None, address="")
    open_ones = await Session.count().where(Session.ended_at.is_null())
    await database.close_pool()
    print(json.dumps([token is not None, open_ones]))
asyncio.run(tell())
"""


def sign_in(username: str, password: str, *, env: dict[str, str]) -> tuple[bool, int]:
    """Whether somebody may sign in, and how many sessions are open then, as another process sees it."""
    told = forks.run("-c", TELL, username, password, env=env)
    done, opened = json.loads(told.stdout)
    return done, opened


def test_a_forgotten_password_is_set_anew_and_everybody_signed_out(staffed: str, tmp_path: Path) -> None:
    env = environment.surroundings(staffed, tmp_path)
    assert sign_in("hotel.desk", factories.PASSWORD, env=env) == (True, 1)

    by_stdin = command("set-password", "hotel.desk", STDIN, env=env, typed=f"{NEW}\n")
    refused = sign_in("hotel.desk", factories.PASSWORD, env=env)
    taken = sign_in("hotel.desk", NEW, env=env)
    by_environment = command("set-password", "admin", env={**env, "PORTAL_PASSWORD": NEW})

    assert by_stdin.returncode == 0, by_stdin.stderr
    assert by_stdin.stdout.strip() == "hotel.desk has a new password, and is signed out everywhere."
    assert (refused, taken) == ((False, 0), (True, 1))
    assert (by_environment.returncode, NEW in by_environment.stdout + by_stdin.stdout) == (0, False)


def test_an_account_of_the_whole_organisation_is_taken_away_and_given_back(staffed: str, tmp_path: Path) -> None:
    env = environment.surroundings(staffed, tmp_path)
    assert sign_in("owner", factories.PASSWORD, env=env) == (True, 1)

    gone = command("disable", "owner", env=env)
    refused = sign_in("owner", factories.PASSWORD, env=env)
    back = command("enable", "owner", env=env)

    assert (gone.returncode, gone.stdout.strip()) == (0, "owner is signed out, and can no longer sign in.")
    assert refused == (False, 0)
    assert (back.returncode, back.stdout.strip()) == (0, "owner may sign in again.")
    assert sign_in("owner", factories.PASSWORD, env=env) == (True, 1)


def test_what_cannot_be_is_a_sentence(staffed: str, tmp_path: Path) -> None:
    env = environment.surroundings(staffed, tmp_path)

    refused = [
        command("set-password", "nobody", STDIN, env=env, typed=NEW),
        command("set-password", "hotel.desk", STDIN, env=env, typed="short"),
        command("set-password", "hotel.desk", env=env),
        command("disable", "nobody", env=env),
        command("disable", "admin", env=env),
        command("enable", "owner", env=env),
    ]

    assert [result.returncode for result in refused] == [2] * 6
    assert [result.stderr.strip() for result in refused] == [
        "Error: There is no account of this name.",
        "Error: password: At least 10 characters.",
        "Error: No password: use --password-stdin, or set PORTAL_PASSWORD or PORTAL_PASSWORD_FILE.",
        "Error: There is no account of this name.",
        "Error: This is the last administrator who may sign in.",
        "Error: This account is not disabled.",
    ]


async def test_of_two_who_disable_the_last_two_administrators_at_once_one_is_told_no(committed: None) -> None:
    """P06."""
    names = ("first", "second")
    for name in names:
        await factories.make_account(username=name, roles=[(None, Role.ADMIN)])

    for _round in range(5):
        done = await asyncio.gather(*(services.disable(name, site=None, by=None) for name in names), return_exceptions=True)
        assert [type(one) for one in done if not isinstance(one, Account)] == [Conflict]
        for one in done:
            if isinstance(one, Account):
                await services.enable(one.username, site=None, by=None)
