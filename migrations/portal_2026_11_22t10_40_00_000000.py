"""Messages that leave the house: their state, which events were gone through, and the addresses of staff."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Column, Text, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.engine import engine_finder

ID = "2026-11-22T10:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The outbox, and addresses of staff"

USUAL = {
    "default": "", "null": False, "primary_key": False, "unique": False, "index": False,
    "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False,
}
COLUMNS: tuple[tuple[str, str, type[Column], dict[str, Any]], ...] = (
    ("Heard", "id", UUID, {"default": None, "primary_key": True}),
    ("Delivery", "site", UUID, {"default": None, "null": True}),
    ("Delivery", "audience", Varchar, {"length": 10}),
    ("Delivery", "state", Varchar, {"length": 10}),
    ("Delivery", "outcome", Varchar, {"length": 30}),
    ("Account", "email", Text, {}),
)
AFTERWARDS = (
    "CREATE INDEX delivery_waiting ON delivery (channel, due_at) WHERE state = 'waiting'",
    "CREATE INDEX delivery_outbox ON delivery (site, id) WHERE state <> ''",
    "CREATE INDEX delivery_dead ON delivery (site, id) WHERE state = 'dead'",
    "INSERT INTO heard (id) SELECT id FROM event",  # nobody is told now of what happened before there were messages
)


class Manager(MigrationManager):
    """Piccolo runs raw statements before there are the new columns; these stand on them."""

    async def _run_add_columns(self, backwards: bool = False) -> None:
        await super()._run_add_columns(backwards=backwards)
        for statement in AFTERWARDS:
            await engine_finder().run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = Manager(migration_id=ID, app_name="portal", description=DESCRIPTION)
    manager.add_table(class_name="Heard", tablename="heard", schema=None, columns=None)
    for table, name, column, own in COLUMNS:
        manager.add_column(
            table_class_name=table, tablename=table.lower(), column_name=name, db_column_name=name,
            column_class_name=column.__name__, column_class=column, params=USUAL | own, schema=None,
        )
    return manager
