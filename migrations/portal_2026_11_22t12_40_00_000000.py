"""The index of words, and a trigger that says of every entry that it is not in it yet; those of before are said here."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T12:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The index of words"

# Its key is all that is asked for: SQLite keeps the rows in it, PostgreSQL answers from it alone.
POSTING = "CREATE TABLE posting (token BIGINT NOT NULL, item UUID NOT NULL, kinds INTEGER NOT NULL, PRIMARY KEY (token, item)"
SQLITE = (
    f"{POSTING}) WITHOUT ROWID",
    "CREATE TRIGGER entry_unindexed AFTER INSERT ON entry BEGIN INSERT INTO unindexed (id) VALUES (NEW.id); END",
)
POSTGRES = (
    f"{POSTING} INCLUDE (kinds))",
    "CREATE OR REPLACE FUNCTION unindexed() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN INSERT INTO unindexed (id) VALUES (NEW.id); RETURN NULL; END'",
    "CREATE TRIGGER entry_unindexed AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION unindexed()",
)
BEFORE = "INSERT INTO unindexed (id) SELECT id FROM entry"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in (*(SQLITE if engine_finder().engine_type == "sqlite" else POSTGRES), BEFORE):
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
