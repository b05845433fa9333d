"""An index that no column declares: who was called lately."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T15:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Who was called lately"

STATEMENTS = ("CREATE INDEX arrival_called ON arrival (site, called_at) WHERE called_at IS NOT NULL",)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
