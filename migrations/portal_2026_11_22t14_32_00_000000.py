"""Indexes that no column declares: what the clock looks for among bookings."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T14:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Open bookings by their time, and who waits for a place"

STATEMENTS = (
    "CREATE INDEX work_item_booked ON work_item (due_at) WHERE closed_at IS NULL AND line = 'bookings'",
    "CREATE INDEX work_item_in_line ON work_item (site)"
    " WHERE closed_at IS NULL AND line = 'bookings' AND state = 'waiting'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
