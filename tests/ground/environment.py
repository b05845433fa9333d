"""The surroundings of the portal under test: an environment for each test process, set before anything reads it."""

import os
import tempfile
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgres")
ENGINE = os.environ.get("PORTAL_TEST_ENGINE", "sqlite")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
PROVE = os.environ.get("PORTAL_PROVE", "") == "1"
KEYS = "1:b25lIGtleSBmb3IgdGVzdHMsIDMyIGJ5dGVzIGxvbmc= 2:dHdvIGtleXMgZm9yIHRlc3RzLCAzMiBieXRlcyAuLi4="
_RUN = "PORTAL_TEST_RUN"
_OURS = ("PORTAL_TEST_ENGINE", _RUN, "PORTAL_PROVE")

if ENGINE not in ENGINES:
    raise SystemExit(f"PORTAL_TEST_ENGINE is one of {', '.join(ENGINES)}")
if _RUN not in os.environ:
    os.environ[_RUN] = tempfile.mkdtemp(prefix="portal-test-", dir="/tmp")  # short: a socket stands in it

RUN = Path(os.environ[_RUN])
POSTGRES = RUN / "postgres"
HOME = RUN / WORKER


def database_url(name: str) -> str:
    """The address of a database of this run."""
    return postgres.url(POSTGRES, name) if ENGINE == "postgres" else f"sqlite://{RUN / name}.db"


def surroundings(name: str, home: Path, **more: str) -> dict[str, str]:
    """The environment of a portal with the database `name` and its files in `home`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_") and key != "DATABASE_URL"}
    ours = {key: os.environ[key] for key in _OURS if key in os.environ}
    return kept | ours | {
        "PORTAL_DATABASE_URL": database_url(name),
        "PORTAL_VAR": str(home),
        "PORTAL_FILES": str(home / "files"),
        "PORTAL_SECRET_KEY": "a key for tests alone, of more than 32 characters",
        "PORTAL_ENCRYPTION_KEY": KEYS,
        "PORTAL_RATE_LIMITS": "off",
        "PORTAL_WORKER": "off",
    } | more  # fmt: skip


def take_place() -> None:
    """Make this process one of the run: its folder, its environment and nothing of the caller's."""
    HOME.mkdir(parents=True, exist_ok=True)
    RUN.chmod(0o755)
    ours = surroundings(WORKER, HOME)
    os.environ.clear()
    os.environ.update(ours)


take_place()
