"""One export of each sort at a time for one person, and one that runs; what the worker looks for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T13:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One export at a time, exports by whose turn it is"

STATEMENTS = (
    "CREATE UNIQUE INDEX export_one_open ON export (person, personal)"
    " WHERE stage = 'asked' OR stage = 'waiting' OR stage = 'running'",
    "CREATE UNIQUE INDEX export_one_running ON export (person) WHERE stage = 'running'",
    "CREATE INDEX export_expiring ON export (expires_at) WHERE stage = 'asked' OR stage = 'waiting' OR stage = 'done'",
    "CREATE INDEX export_owned ON export (person, id)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
