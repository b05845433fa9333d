"""A booking's code is its own at its site."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T14:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A booking's code is its own at its site"

STATEMENTS = ("CREATE UNIQUE INDEX booking_code ON booking (site, code) WHERE code <> ''",)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
