"""Facts are found by their site and when; what happens to an item marks it as to be counted anew, and so is all there is."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T12:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Facts by site and minute, and the mark that each event leaves"
INDEXES = (
    "CREATE INDEX fact_received ON fact (site, received, id)",
    "CREATE INDEX fact_kept ON fact (site) WHERE kept = 1",
    "CREATE INDEX fact_again ON fact (site) WHERE round > 1",
    "CREATE INDEX fact_closed ON fact (site, closed, id) WHERE closed IS NOT NULL",
)
MARK = "INSERT INTO uncounted (id, subject) VALUES (NEW.id, NEW.subject)"
ALL = "INSERT INTO uncounted (id, subject) SELECT id, id FROM work_item"


def statements() -> list[str]:
    """What to run on the engine at hand."""
    if engine_finder().engine_type == "sqlite":
        trigger = [f"CREATE TRIGGER event_uncounted AFTER INSERT ON event BEGIN {MARK}; END"]
    else:
        body = f"BEGIN {MARK}; RETURN NULL; END"
        trigger = [
            f"CREATE FUNCTION mark_uncounted() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            "CREATE TRIGGER event_uncounted AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION mark_uncounted()",
        ]
    return [*INDEXES, *trigger, ALL]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        for statement in statements():
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
