"""Indexes and triggers that no column declares: the queue's order, the open clocks, and records that nobody may change."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The queue's order, open clocks, insert-only records"

INDEXES = (
    "CREATE INDEX work_item_open ON work_item (site, on_time, severity, tier, due_at, arrived_at, id)"
    " WHERE closed_at IS NULL",
    "CREATE INDEX work_item_owned ON work_item (owner) WHERE closed_at IS NULL",
    "CREATE INDEX work_item_filed ON work_item (filed_by) WHERE closed_at IS NULL",
    "CREATE INDEX work_item_closed ON work_item (site, closed_at, id) WHERE closed_at IS NOT NULL",
    "CREATE INDEX clock_to_warn ON clock (warn_at) WHERE stopped_at IS NULL AND warned_at IS NULL",
    "CREATE INDEX clock_to_miss ON clock (due_at) WHERE stopped_at IS NULL AND missed_at IS NULL",
    "CREATE UNIQUE INDEX membership_organisation ON membership (account, role) WHERE site IS NULL",
    "CREATE INDEX delivery_open ON delivery (recipient, due_at) WHERE done_at IS NULL",
)
# The access log may lose old rows (the retention job removes months past their time), an event never.
KEPT = (("event", "UPDATE"), ("event", "DELETE"), ("access_entry", "UPDATE"))
PG_REFUSAL = """
CREATE OR REPLACE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RAISE EXCEPTION ''% is insert-only'', TG_TABLE_NAME; END'
"""
# Younger than half a year, no job may remove it (the shortest time the access log is kept anywhere).
YOUNG = {
    "sqlite": "CREATE TRIGGER access_entry_no_delete BEFORE DELETE ON access_entry"
    " WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%S', 'now', '-180 days')"
    " BEGIN SELECT RAISE(ABORT, 'access_entry is insert-only'); END",
    "postgres": "CREATE TRIGGER access_entry_no_delete BEFORE DELETE ON access_entry FOR EACH ROW"
    " WHEN (OLD.at > now() - interval '180 days') EXECUTE FUNCTION insert_only()",
}


def statements() -> list[str]:
    """What to run on the engine at hand."""
    if engine_finder().engine_type == "sqlite":
        return [*INDEXES, *(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            for table, verb in KEPT
        ), YOUNG["sqlite"]]
    return [*INDEXES, PG_REFUSAL, *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION insert_only()"
        for table, verb in KEPT
    ), YOUNG["postgres"], *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION insert_only()"
        for table in ("event", "access_entry")
    )]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in statements():
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
