"""Reports of wrongdoing filed before they were kept from all but the managers; and who has looked at an item."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T11:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Earlier reports of wrongdoing are restricted, looks at items"

STATEMENTS = (
    "UPDATE work_item SET restricted = true, circle = circle + 1 WHERE kind = 'report'",
    "CREATE INDEX access_entry_opened ON access_entry (subject, id) WHERE action = 'open' AND result = 'done'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
