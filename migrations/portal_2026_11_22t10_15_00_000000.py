"""Indexes that no column declares: one pause of an item at a time, and the clocks reckoned before something changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T10:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One pause at a time, the edition of open clocks"

INDEXES = (
    "CREATE UNIQUE INDEX pause_going ON pause (item) WHERE ended_at IS NULL",
    "CREATE INDEX clock_edition ON clock (edition) WHERE stopped_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in INDEXES:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
