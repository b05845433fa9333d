"""`portal run` as its operator meets it: one process on SQLite, plain words, and an end that hurts nobody."""

import signal
import time
from pathlib import Path

import httpx
import pytest

from tests import factories
from tests.commands.test_commands import production
from tests.ground import environment
from tests.ground.processes import command, free_port, operated, portal, start, wait


def test_it_serves_and_says_where(staffed: str) -> None:
    with operated(staffed) as running:
        text = running.output

        assert httpx.get(f"{running.url}/healthz").status_code == 200
        assert "server" not in httpx.get(f"{running.url}/healthz").headers
        assert f"{running.url}/s/hotel  海湾酒店 · Bay Hotel" in text
        assert f"{running.url}/sign-in" in text
        assert "Traceback" not in text


@pytest.mark.only_sqlite
def test_on_sqlite_a_second_process_is_refused_and_the_first_goes_on(staffed: str) -> None:
    """P12."""
    with portal(staffed) as first:
        port = str(free_port())

        second = command("run", env=first.surroundings | {"PORTAL_PORT": port})

        assert second.returncode == 2
        assert f"Another portal (process {first.process.pid}) serves" in second.stderr
        assert "Traceback" not in second.stderr
        assert httpx.get(f"{first.url}/healthz").status_code == 200


@pytest.mark.only_sqlite
def test_on_sqlite_the_lock_dies_with_its_process(staffed: str) -> None:
    first = start(staffed)
    wait(first)
    first.process.kill()
    first.process.wait()

    with portal(staffed) as second:
        assert httpx.get(f"{second.url}/healthz").status_code == 200


@pytest.mark.only_postgres
def test_on_postgresql_several_processes_serve(staffed: str) -> None:
    with portal(staffed) as first, portal(staffed) as second:
        assert [httpx.get(f"{each.url}/healthz").status_code for each in (first, second)] == [200, 200]


def test_a_port_that_is_taken_is_a_sentence(staffed: str, tmp_path: Path) -> None:
    with portal(staffed) as first:
        home = tmp_path / "other"
        port = first.url.rpartition(":")[2]
        other = environment.surroundings("nothing", home, PORTAL_PORT=port)
        result = command("run", env=other)

        assert result.returncode == 2
        assert f"Port {port} on 127.0.0.1 cannot be used" in result.stderr


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_soon_when_asked(staffed: str, sign: signal.Signals) -> None:
    running = start(staffed, PORTAL_WORKER="on")
    wait(running)

    asked = time.monotonic()
    code = running.stop(sign)

    assert time.monotonic() - asked < 3
    assert code == (0 if sign == signal.SIGINT else -signal.SIGTERM)
    assert "Traceback" not in running.output


@pytest.mark.usefixtures("committed")
async def test_production_does_not_start_with_demonstration_accounts(tmp_path: Path) -> None:
    name = environment.WORKER  # the database of this very test
    await factories.make_account(username="hotel.desk", demo=True)

    result = command("run", env=production(name, tmp_path, PORTAL_PORT=str(free_port())))

    assert result.returncode == 2
    assert "demonstration accounts" in result.stderr


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("key", ["2:YW5vdGhlciBrZXkgZm9yIHRlc3RzLCAzMiBieXRlcyE=", ""])
async def test_it_does_not_start_with_another_key_than_the_database_was_sealed_with(tmp_path: Path, key: str) -> None:
    """Where the key is lost, a new one must not seal beside the old one; an empty one is made anew in development."""
    await factories.make_complaint(await factories.make_site(slug="hotel"))
    more = {"PORTAL_PORT": str(free_port()), "PORTAL_ENCRYPTION_KEY": key}

    result = command("run", env=environment.surroundings(environment.WORKER, tmp_path, **more))

    assert result.returncode == 2
    assert "The encryption key is not the one that this database was sealed with." in result.stderr


def test_keys_and_files_of_development_are_the_owners_alone(staffed: str, tmp_path: Path) -> None:
    env = environment.surroundings(staffed, tmp_path / "var")
    for name in ("PORTAL_SECRET_KEY", "PORTAL_ENCRYPTION_KEY"):
        del env[name]

    assert command("check", env=env).returncode in (0, 1)

    for name in ("secret_key", "encryption_key"):
        assert (tmp_path / "var" / name).stat().st_mode & 0o777 == 0o600
