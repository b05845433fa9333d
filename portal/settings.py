"""The installation's settings: read once from the environment, never from anywhere else."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = "production"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class BadSettings(Exception):
    """A setting is missing or cannot be right; the message says which, and what it needs."""


@dataclass(frozen=True)
class Limits:
    """How many tries are taken in how many seconds."""

    sign_in_account: tuple[int, int] = (5, 60)
    sign_in_address: tuple[int, int] = (30, 60)
    link_guesses: tuple[int, int] = (20, 60)
    filings_address: tuple[int, int] = (120, 600)
    deeds_link: tuple[int, int] = (30, 600)


@dataclass(frozen=True)
class Smtp:
    """The server that takes our e-mail: `tls` from the first byte on, or else `starttls` before anything is said."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations."""

    environment: str
    host: str
    port: int
    base_url: str
    hosts: frozenset[str]
    database_url: str
    files: Path
    secret_key: bytes
    encryption_keys: dict[int, bytes]
    trusted_proxies: str
    rate_limits: bool
    limits: Limits
    worker: bool
    organisation: str
    smtp: Smtp | None
    mail_from: str
    sms_url: str
    sms_key: str = field(repr=False)

    @property
    def production(self) -> bool:
        return self.environment == PRODUCTION

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the embedded database, or None where PostgreSQL serves."""
        scheme, _, path = self.database_url.partition("://")
        return Path(path) if scheme == "sqlite" else None


@cache
def current() -> Settings:
    """The settings of this process."""
    return read(os.environ)


def read(env: Mapping[str, str]) -> Settings:
    """Settings from an environment; raises BadSettings where one is missing or wrong."""
    environment = text(env, "PORTAL_ENV", "development")
    if environment not in ("development", PRODUCTION):
        raise BadSettings("PORTAL_ENV is development or production")
    var = Path(text(env, "PORTAL_VAR", str(ROOT / "var"))).absolute()
    host, port = text(env, "PORTAL_HOST", "127.0.0.1"), number(env, "PORTAL_PORT", 8000)
    base_url = text(env, "PORTAL_BASE_URL", "" if environment == PRODUCTION else f"http://{_name(host)}:{port}")
    key, keys = secret(env, "PORTAL_SECRET_KEY"), secret(env, "PORTAL_ENCRYPTION_KEY")
    if environment == PRODUCTION:
        _check_production(base_url, key, keys)
    else:
        key = key or _kept(var / "secret_key", lambda: secrets.token_urlsafe(48))
        keys = keys or _kept(var / "encryption_key", lambda: _first_key(var))
    if len(key) < 32:
        raise BadSettings("PORTAL_SECRET_KEY needs at least 32 characters")
    database_url = text(env, "PORTAL_DATABASE_URL", text(env, "DATABASE_URL", f"sqlite://{var / 'portal.db'}"))
    if not database_url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise BadSettings("PORTAL_DATABASE_URL is sqlite:///path/to/file or postgresql://user@host/database")
    defaults = Limits()
    return Settings(
        environment=environment,
        host=host,
        port=port,
        base_url=base_url.rstrip("/"),
        hosts=frozenset({urlsplit(base_url).netloc, *text(env, "PORTAL_HOSTS", "").replace(",", " ").split()}),
        database_url=database_url,
        files=Path(text(env, "PORTAL_FILES", str(var / "files"))),
        secret_key=key.encode(),
        encryption_keys=_keyring(keys),
        trusted_proxies=text(env, "PORTAL_TRUSTED_PROXIES", ""),
        rate_limits=_switch(env, "PORTAL_RATE_LIMITS", forbidden=environment == PRODUCTION),
        limits=Limits(**{
            name: _rate(env, f"PORTAL_LIMIT_{name.upper()}", getattr(defaults, name)) for name in vars(defaults)
        }),
        worker=text(env, "PORTAL_WORKER", "on") != "off",
        organisation=text(env, "PORTAL_ORGANISATION", "客情 Keqing"),
        smtp=_smtp(secret(env, "PORTAL_SMTP_URL"), production=environment == PRODUCTION),
        mail_from=_sender(text(env, "PORTAL_MAIL_FROM", ""), needed=bool(secret(env, "PORTAL_SMTP_URL"))),
        sms_url=_webhook(text(env, "PORTAL_SMS_URL", ""), production=environment == PRODUCTION),
        sms_key=secret(env, "PORTAL_SMS_KEY"),
    )


def text(env: Mapping[str, str], name: str, default: str) -> str:
    """A word; an empty one counts as not given."""
    return env.get(name, "").strip() or default


def number(env: Mapping[str, str], name: str, default: int) -> int:
    """A whole number."""
    try:
        return int(text(env, name, str(default)))
    except ValueError as error:
        raise BadSettings(f"{name} is a whole number") from error


def secret(env: Mapping[str, str], name: str) -> str:
    """A secret, given itself or as the file that holds it (`…_FILE`); empty if neither."""
    path = env.get(f"{name}_FILE", "")
    if not path:
        return env.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(f"{name}_FILE cannot be read: {error.strerror}") from error


def _check_production(base_url: str, key: str, keys: str) -> None:
    missing = {"PORTAL_BASE_URL": base_url, "PORTAL_SECRET_KEY": key, "PORTAL_ENCRYPTION_KEY": keys}
    for name, value in missing.items():
        if not value:
            raise BadSettings(f"production needs {name}")
    if not base_url.startswith("https://"):
        raise BadSettings("production needs an https PORTAL_BASE_URL")


def _switch(env: Mapping[str, str], name: str, *, forbidden: bool) -> bool:
    on = text(env, name, "on") != "off"
    if forbidden and not on:
        raise BadSettings(f"{name}=off is not for production")
    return on


def _rate(env: Mapping[str, str], name: str, default: tuple[int, int]) -> tuple[int, int]:
    typed = text(env, name, "{}/{}".format(*default))
    try:
        tries, seconds = (int(part) for part in typed.split("/"))
    except ValueError as error:
        raise BadSettings(f"{name} is tries/seconds, for example 5/60") from error
    return tries, seconds


def _smtp(url: str, *, production: bool) -> Smtp | None:
    """A mail server from its address; words for guests do not cross a network in the clear, and no password ever does."""
    if not url:
        return None
    parts, port = _parts(url, "PORTAL_SMTP_URL")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.query not in ("", "starttls=no"):
        raise BadSettings("PORTAL_SMTP_URL is smtps://user:password@host, or smtp://… (with ?starttls=no for a near relay)")
    tls, starttls = parts.scheme == "smtps", parts.scheme == "smtp" and not parts.query
    if not tls and not starttls and (parts.password or (production and parts.hostname not in LOOPBACK)):
        raise BadSettings("PORTAL_SMTP_URL with starttls=no takes no password, and in production only this machine")
    return Smtp(parts.hostname, port or (465 if tls else 587), unquote(parts.username or ""),
                unquote(parts.password or ""), tls, starttls)  # fmt: skip


def _sender(typed: str, *, needed: bool) -> str:
    if needed and "@" not in parseaddr(typed)[1]:
        raise BadSettings("PORTAL_SMTP_URL needs PORTAL_MAIL_FROM, the address that e-mail comes from")
    return typed


def _webhook(url: str, *, production: bool) -> str:
    """Where text messages are posted to: the one address that the portal calls, named here and nowhere else (P38)."""
    if not url:
        return ""
    parts, _port = _parts(url, "PORTAL_SMS_URL")
    near = not production and parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or near):
        raise BadSettings("PORTAL_SMS_URL is an https address")
    return url


def _parts(url: str, name: str) -> tuple[SplitResult, int | None]:
    try:
        return (parts := urlsplit(url)), parts.port
    except ValueError as error:
        raise BadSettings(f"{name} is no address") from error


def _keyring(typed: str) -> dict[int, bytes]:
    ring = {}
    try:
        for item in typed.replace(",", " ").split():
            number_, _, body = item.partition(":")
            ring[int(number_)] = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise BadSettings("PORTAL_ENCRYPTION_KEY is number:base64, several separated by a space") from error
    if not ring or any(len(value) != 32 for value in ring.values()):
        raise BadSettings("PORTAL_ENCRYPTION_KEY needs keys of 32 bytes in base64, each as number:key")
    return ring


def _first_key(var: Path) -> str:
    """A key for a new installation; never a second one beside a database that was sealed with a lost one."""
    if (var / "portal.db").exists():
        raise BadSettings(f"{var / 'encryption_key'} is gone, and {var / 'portal.db'} was sealed with it: bring it back")
    return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, make: Callable[[], str]) -> str:
    """A development key: made once, readable by its owner alone."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        value = make()
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(value)
        except FileExistsError:
            return path.read_text(encoding="utf-8").strip()
        return value


def _name(host: str) -> str:
    """The host as people reach it: all addresses (0.0.0.0) are reached by the loopback one."""
    return "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104  # compared, not bound
