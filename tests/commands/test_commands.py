"""From an empty machine to a first site and its staff, by commands; and what each refuses in a sentence."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.ground import environment
from tests.ground.processes import PORTAL, command

SECRET = "a good password"
SITE = ["create-site", "hotel", "--code", "HT", "--kind", "hotel", "--name-zh", "海湾酒店", "--name-en", "Bay Hotel"]
DESK = ["create-staff", "hotel.wang", "--site", "hotel", "--role", "desk", "--name", "王芳", "--surname", "王",
        "--email", "wang@bay.example"]  # fmt: skip
STDIN = "--password-stdin"


def test_from_nothing_to_a_first_site_and_its_staff(missing: str, tmp_path: Path) -> None:
    env = environment.surroundings(missing, tmp_path)

    steps = [
        command("migrate", env=env),
        command("migrate", env=env),
        command(*SITE, env=env),
        command(*DESK, STDIN, env=env, typed=f"{SECRET}\n"),
        command("create-admin", "admin", "--name", "冯宁", "--surname", "冯", env={**env, "PORTAL_PASSWORD": SECRET}),
        command("check", env=env),
    ]

    # The tests' own PostgreSQL does not sync to the disk, which `check` rightly minds.
    looked = 1 if environment.ENGINE == "postgres" and not environment.PROVE else 0
    assert [step.returncode for step in steps] == [0, 0, 0, 0, 0, looked], [step.stderr for step in steps]
    first, second, site, desk, admin, check = (step.stdout for step in steps)
    assert "migrations ran" in first
    assert second.strip() == "The database is up to date."
    assert "/s/hotel" in site
    assert "hotel.wang may sign in as desk at hotel." in desk
    assert "admin may sign in as administrator." in admin
    assert "sites: hotel" in check
    assert check.count("BAD") == 3 * looked
    assert not any(SECRET in step.stdout + step.stderr for step in steps)


def test_check_tells_no_secret_and_fails_where_something_is_wrong(missing: str, tmp_path: Path) -> None:
    keys = {"PORTAL_SMTP_URL": "smtps://care:mail-secret@mail.example", "PORTAL_MAIL_FROM": "care@bay.example",
            "PORTAL_SMS_URL": "https://sms.example/send?key=url-secret", "PORTAL_SMS_KEY": "sms-secret"}  # fmt: skip
    env = environment.surroundings(missing, tmp_path, **keys)
    result = command("check", env=env)

    assert result.returncode == 1
    assert "mail.example:465" in result.stdout
    assert "BAD the schema is not up to date: portal migrate" in result.stdout
    secrets = ("mail-secret", "url-secret", "sms-secret", env["PORTAL_SECRET_KEY"], *env["PORTAL_ENCRYPTION_KEY"].split())
    for secret in secrets:
        assert secret not in result.stdout


def test_a_command_before_the_migrations_says_so(missing: str, tmp_path: Path) -> None:
    result = command(*SITE, env=environment.surroundings(missing, tmp_path))

    assert result.returncode == 2
    assert result.stderr.strip() == "Error: The database is not up to date. Run `portal migrate` first."


def test_refusals_are_sentences(own: str, tmp_path: Path) -> None:
    env = environment.surroundings(own, tmp_path)
    command(*SITE, env=env)

    again = command(*SITE, env=env)
    nowhere = command(*[word.replace("hotel", "inn") for word in DESK], STDIN, env=env, typed=SECRET)
    short = command(*DESK, STDIN, env=env, typed="short")
    no_password = command(*DESK, env=env)
    twice = command(*DESK, "--role", "auditor", STDIN, env=env, typed=SECRET)
    zone = command("create-site", "inn", *SITE[2:], "--zone", "Asia/Qingdao", env=env)
    demo = command("demo", env=env)

    refused = (again, nowhere, short, no_password, twice, zone, demo)
    assert [result.returncode for result in refused] == [2] * 7
    assert "already" in again.stderr
    assert "There is no site 'inn' (known: hotel)." in nowhere.stderr
    assert "password: At least 10 characters." in short.stderr
    assert "--password-stdin" in no_password.stderr
    assert "auditor has no other role" in twice.stderr
    assert "IANA" in zone.stderr
    assert "needs an empty database" in demo.stderr
    assert not any("Traceback" in result.stderr for result in refused)


@pytest.mark.parametrize("words", [["run"], ["work"], ["migrate"], ["check"], ["demo"], SITE])
def test_bad_settings_end_every_command_with_one_sentence(words: list[str], tmp_path: Path) -> None:
    env = environment.surroundings("nothing", tmp_path, PORTAL_ENV="production", PORTAL_RATE_LIMITS="")

    result = command(*words, env=env)

    assert result.returncode == 2
    assert result.stderr.strip() == "Error: production needs PORTAL_BASE_URL."


def test_a_database_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    env = environment.surroundings("x", tmp_path, PORTAL_DATABASE_URL="postgresql://nobody@127.0.0.1:9/portal")

    result = command("migrate", env=env)

    assert result.returncode == 2
    assert result.stderr.startswith("Error: PostgreSQL cannot be reached at its address")


def test_production_makes_no_demonstration(own: str, tmp_path: Path) -> None:
    env = production(own, tmp_path)

    result = command("demo", env=env)

    assert result.returncode == 2
    assert "may not exist in production" in result.stderr


@pytest.mark.only_sqlite
def test_on_sqlite_there_is_no_worker_of_its_own(own: str, tmp_path: Path) -> None:
    result = command("work", env=environment.surroundings(own, tmp_path))

    assert result.returncode == 2
    assert "inside `portal run`" in result.stderr


@pytest.mark.only_postgres
def test_a_worker_of_its_own_ends_within_a_second(own: str, tmp_path: Path) -> None:
    env = environment.surroundings(own, tmp_path)
    with subprocess.Popen([*PORTAL, "work"], env=env, stderr=subprocess.PIPE, cwd=environment.ROOT) as process:
        assert process.stderr is not None
        assert b"the worker has begun" in process.stderr.readline()

        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0

    assert time.monotonic() - asked < 2


def production(name: str, home: Path, **more: str) -> dict[str, str]:
    """The surroundings of an installation in earnest."""
    return environment.surroundings(
        name, home, PORTAL_ENV="production", PORTAL_RATE_LIMITS="", PORTAL_BASE_URL="https://portal.example", **more
    )
