"""Whoever is to do something about a cause finds the item by it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T11:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Open corrective actions by whose they are"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(
            "CREATE INDEX corrective_action_open ON corrective_action (owner) WHERE effect IS NULL"
        )

    manager.add_raw(run)
    return manager
