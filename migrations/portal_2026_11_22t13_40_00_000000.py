"""For the same customers one notice hangs in a quarter."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T13:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One notice hangs for the same customers in a quarter"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(
            "CREATE UNIQUE INDEX board_hanging ON board (site, quarter, tiers) WHERE state = 'published'"
        )

    manager.add_raw(run)
    return manager
