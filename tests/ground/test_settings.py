"""Settings: what development makes by itself, and what production refuses to begin without."""

import base64
import dataclasses
import sqlite3
import stat
from pathlib import Path

import pytest

from portal import engines, settings
from portal.settings import BadSettings, read

KEY = "x" * 40
RING = "1:" + base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "PORTAL_ENV": "production",
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_SECRET_KEY": KEY,
    "PORTAL_ENCRYPTION_KEY": RING,
}


def test_development_needs_nothing_and_keeps_its_keys(tmp_path: Path) -> None:
    env = {"PORTAL_VAR": str(tmp_path / "var")}

    first, second = read(env), read(env)

    assert first == second
    assert not first.production
    assert not first.secure
    assert first.base_url == "http://127.0.0.1:8000"
    assert first.hosts == {"127.0.0.1:8000"}
    assert first.sqlite_path == tmp_path / "var" / "portal.db"
    for name in ("secret_key", "encryption_key"):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = read({"PORTAL_VAR": str(tmp_path / "one")}), read({"PORTAL_VAR": str(tmp_path / "other")})

    assert one.secret_key != other.secret_key
    assert one.encryption_keys != other.encryption_keys


def test_production_begins_with_its_four_settings() -> None:
    found = read(PRODUCTION)

    assert found.production
    assert found.secure
    assert found.rate_limits
    assert found.hosts == {"portal.example"}


@pytest.mark.parametrize("name", ["PORTAL_BASE_URL", "PORTAL_SECRET_KEY", "PORTAL_ENCRYPTION_KEY"])
def test_production_refuses_to_begin_without(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read({**PRODUCTION, name: " "})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORTAL_BASE_URL", "http://portal.example", "https"),
        ("PORTAL_RATE_LIMITS", "off", "PORTAL_RATE_LIMITS"),
        ("PORTAL_SECRET_KEY", "short", "32 characters"),
        ("PORTAL_ENCRYPTION_KEY", "no number", "PORTAL_ENCRYPTION_KEY"),
        ("PORTAL_ENCRYPTION_KEY", "1:c2hvcnQ=", "32 bytes"),
        ("PORTAL_ENV", "prod", "PORTAL_ENV"),
        ("PORTAL_PORT", "eighty", "PORTAL_PORT"),
        ("PORTAL_LIMIT_SIGN_IN_ACCOUNT", "5", "PORTAL_LIMIT_SIGN_IN_ACCOUNT"),
        ("PORTAL_DATABASE_URL", "mysql://somewhere/else", "PORTAL_DATABASE_URL"),
    ],
)
def test_what_cannot_be_right_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(BadSettings, match=words):
        read({**PRODUCTION, name: value})


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "ring").write_text(f"{RING}\n")
    env = {
        "PORTAL_ENV": "production",
        "PORTAL_BASE_URL": "https://portal.example/",
        "PORTAL_SECRET_KEY_FILE": str(tmp_path / "key"),
        "PORTAL_ENCRYPTION_KEY_FILE": str(tmp_path / "ring"),
    }

    assert read(env) == read(PRODUCTION)
    with pytest.raises(BadSettings, match="PORTAL_SECRET_KEY_FILE"):
        read({**env, "PORTAL_SECRET_KEY_FILE": str(tmp_path / "nowhere")})


def test_a_host_is_bound_allowed_and_printed(tmp_path: Path) -> None:
    found = read({"PORTAL_VAR": str(tmp_path), "PORTAL_HOST": "192.168.1.20", "PORTAL_PORT": "8080"})

    assert (found.host, found.port) == ("192.168.1.20", 8080)
    assert found.base_url == "http://192.168.1.20:8080"
    assert found.hosts == {"192.168.1.20:8080"}


def test_the_common_name_of_a_database_is_understood(tmp_path: Path) -> None:
    found = read({"PORTAL_VAR": str(tmp_path), "DATABASE_URL": "postgresql://portal@db/portal"})

    assert found.database_url == "postgresql://portal@db/portal"
    assert found.sqlite_path is None


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(ValueError, match="sqlite:///path"):
        engines.make("mysql://somewhere/else")


def test_the_embedded_library_has_no_wal_reset_race() -> None:
    assert sqlite3.sqlite_version_info >= (3, 51, 3)


def test_nobody_changes_settings_that_were_read() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.current().port = 1  # type: ignore[misc]  # that is the point
