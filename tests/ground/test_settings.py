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


@pytest.mark.parametrize(
    ("url", "smtp"),
    [
        ("smtps://care%40bay.example:p%2Fw@mail.example", ("mail.example", 465, "care@bay.example", "p/w", True, False)),
        ("smtp://mail.example", ("mail.example", 587, "", "", False, True)),
        ("smtp://127.0.0.1:25?starttls=no", ("127.0.0.1", 25, "", "", False, False)),
    ],
)
def test_a_mail_server_is_named_by_its_address(url: str, smtp: tuple[object, ...]) -> None:
    found = read(PRODUCTION | {"PORTAL_SMTP_URL": url, "PORTAL_MAIL_FROM": "Bay Hotel <care@bay.example>"}).smtp

    assert found is not None
    assert dataclasses.astuple(found) == smtp
    assert "p/w" not in repr(found)


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORTAL_SMTP_URL": "mail.example"},
        {"PORTAL_SMTP_URL": "smtp://mail.example:port"},
        {"PORTAL_SMTP_URL": "smtp://mail.example?starttls=no"},
        {"PORTAL_SMTP_URL": "smtp://care:word@127.0.0.1?starttls=no"},
        {"PORTAL_SMTP_URL": "smtps://mail.example", "PORTAL_MAIL_FROM": "Bay Hotel"},
        {"PORTAL_SMS_URL": "http://sms.example/send"},
        {"PORTAL_SMS_URL": "http://127.0.0.1/send"},
        {"PORTAL_SMS_URL": "file:///etc/passwd"},
    ],
)
def test_words_for_guests_leave_by_no_way_that_others_can_read(wrong: dict[str, str]) -> None:
    """P38: the address that text messages are posted to is an https one, and the installation's own word."""
    with pytest.raises(BadSettings):
        read(PRODUCTION | {"PORTAL_MAIL_FROM": "care@bay.example"} | wrong)


def test_a_gateway_on_this_machine_needs_no_https_in_development(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9000/send"

    assert read({"PORTAL_VAR": str(tmp_path), "PORTAL_SMS_URL": url}).sms_url == url
