"""Indexes that no column declares: the shared line's order, the day of a book, the line at the door."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T14:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The order of the shared line, days of a book, the line at the door"

STATEMENTS = (
    "DROP INDEX work_item_open",
    "CREATE INDEX work_item_open ON work_item (site, on_time, severity, tier, due_at, arrived_at, id)"
    " WHERE closed_at IS NULL AND line = 'complaints'",
    "DROP INDEX work_item_closed",
    "CREATE INDEX work_item_closed ON work_item (site, closed_at, id)"
    " WHERE closed_at IS NOT NULL AND line = 'complaints'",
    "CREATE INDEX work_item_at_the_door ON work_item (site, due_at, id) WHERE closed_at IS NULL AND line = 'arrivals'",
    "CREATE INDEX reservation_taken ON reservation (type, begins_at)",
    "CREATE INDEX engagement_taken ON engagement (resource, begins_at)",
    "CREATE INDEX booking_day ON booking (site, day, begins_at)",
    "CREATE INDEX booking_asked ON booking (asked_until) WHERE asked_until IS NOT NULL",
    "CREATE INDEX arrival_day ON arrival (site, day, came_at)",
    "CREATE UNIQUE INDEX arrival_ticket ON arrival (type, day, ticket)",
    "CREATE UNIQUE INDEX arrival_phone ON arrival (type, phone_index) WHERE phone_index <> '' AND ended_at IS NULL",
    "CREATE UNIQUE INDEX arrival_booking ON arrival (booking) WHERE booking IS NOT NULL AND ended_at IS NULL",
    "CREATE INDEX alarm_open ON alarm (site, raised_at) WHERE answered_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
